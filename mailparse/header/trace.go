package header

import (
	"strings"
	"time"
)

// Hop is one Received line (RFC 5321, 4.4). From and By are the host names as claimed, With the protocol, all in lower
// case; At is zero if the date could not be read. Raw is the whole unfolded value.
type Hop struct {
	From, By, With string
	At             time.Time
	Raw            string
}

// Hops returns the Received lines, topmost (latest) first.
func (h *Header) Hops() []Hop {
	var hops []Hop
	if n := h.Count("Received"); n > 0 {
		hops = make([]Hop, 0, n)
	}
	for raw := range h.Values("Received") {
		hops = append(hops, parseHop(raw))
	}
	return hops
}

func parseHop(raw string) Hop {
	hop := Hop{Raw: oneLine(strings.ToValidUTF8(raw, "\uFFFD"))}
	clauses := withoutComments(hop.Raw)
	if semicolon := strings.LastIndexByte(clauses, ';'); semicolon >= 0 {
		hop.At, _ = Date(clauses[semicolon+1:])
		clauses = clauses[:semicolon]
	}
	var into *string // where the next word belongs
	for word := range strings.FieldsSeq(clauses) {
		if into == nil {
			into = hop.clause(word)
			continue
		}
		if *into == "" {
			*into = strings.Trim(strings.ToLower(word), "[]<>,")
		}
		into = nil
	}
	return hop
}

// clause returns where the word behind a keyword belongs, nil if word is no keyword of interest.
func (hop *Hop) clause(word string) *string {
	const longest = 5 // bytes: most words of a trace line are ids
	if len(word) > longest {
		return nil
	}
	switch strings.ToLower(word) {
	case "from":
		return &hop.From
	case "by":
		return &hop.By
	case "with":
		return &hop.With
	}
	return nil
}

// withoutComments drops parenthesised text, so that a host cannot smuggle clauses into its name's comment. An unclosed
// comment swallows the rest.
func withoutComments(raw string) string {
	if strings.IndexByte(raw, '(') < 0 {
		return raw
	}
	var out strings.Builder
	out.Grow(len(raw))
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\\' && depth > 0:
			i++
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			if depth--; depth == 0 {
				out.WriteByte(' ')
			}
		case depth == 0:
			out.WriteByte(c)
		}
	}
	return out.String()
}
