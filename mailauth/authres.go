package mailauth

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxResults bounds what is read out of one Authentication-Results field.
const maxResults = 100

// authRes is one Authentication-Results field (RFC 8601, section 2.2).
type authRes struct {
	id      string // authserv-id in lower case; empty in Exchange Online's form
	results []result
}

// result of one method, its properties keyed "ptype.property", all in lower
// case. A property that occurs twice is kept as "" and so proves nothing.
type result struct {
	method string
	value  string
	props  map[string]string
}

// parseAuthRes reads a field's value. Comments and quotes hide nothing from it
// and never become results.
func parseAuthRes(value string) (authRes, error) {
	tokens, ok := scan(value, ";=")
	if !ok {
		return authRes{}, errors.New("unbalanced quotes or comments")
	}
	var ar authRes
	for i, part := range split(tokens) {
		pairs, words := assignments(part)
		switch {
		case i == 0 && len(pairs) == 0 && len(words) > 0:
			ar.id = strings.ToLower(words[0]) // a version number may follow
		case len(pairs) > 0:
			ar.results = append(ar.results, newResult(pairs))
		}
		if len(ar.results) > maxResults {
			return authRes{}, errors.New("too many results")
		}
	}
	return ar, nil
}

// split cuts tokens at semicolons and drops the comments.
func split(tokens []token) [][]token {
	parts := [][]token{nil}
	for _, t := range tokens {
		last := len(parts) - 1
		switch {
		case t.is(";"):
			parts = append(parts, nil)
		case t.kind != comment:
			parts[last] = append(parts[last], t)
		}
	}
	return parts
}

// assignments reads "name=value" pairs, with or without blanks around the sign.
// An unquoted value runs on over further signs glued to it, as in base64.
func assignments(part []token) (pairs [][2]string, words []string) {
	for i := 0; i < len(part); i++ {
		if part[i].kind == special {
			continue
		}
		if i+1 >= len(part) || !part[i+1].is("=") {
			words = append(words, part[i].text)
			continue
		}
		pair := [2]string{strings.ToLower(part[i].text), ""}
		i++
		for i+1 < len(part) && (pair[1] == "" && part[i+1].kind != special || part[i+1].glued) {
			i++
			pair[1] += part[i].text
		}
		pairs = append(pairs, pair)
	}
	return pairs, words
}

func newResult(pairs [][2]string) result {
	method, _, _ := strings.Cut(pairs[0][0], "/") // "dkim/1" names a version
	r := result{method: method, value: strings.ToLower(pairs[0][1]), props: map[string]string{}}
	for _, p := range pairs[1:] {
		if _, twice := r.props[p[0]]; twice {
			p[1] = ""
		}
		r.props[p[0]] = strings.ToLower(p[1])
	}
	return r
}

// authres reads the topmost field of our provider. Those below may come from
// anybody, and so may one that lies below a Received line of a foreign host.
func (c *Checker) authres(m mail) finding {
	if len(c.cfg.AuthservID) == 0 && !c.cfg.MicrosoftResults {
		return finding{outcome: None, text: "no authserv-id is configured"}
	}
	for _, f := range c.ownTrace(m.header) {
		if !strings.EqualFold(f.name, "Authentication-Results") {
			continue
		}
		ar, err := parseAuthRes(f.value)
		if err != nil {
			return finding{outcome: Fail, text: fmt.Sprintf("unreadable results: %v", err)}
		}
		if ar.id == "" && c.cfg.MicrosoftResults || ar.id != "" && own(c.cfg.AuthservID, ar.id) {
			return ar.dmarc(m.domain)
		}
	}
	return finding{outcome: None, text: "no results of our provider"}
}

// ownTrace is the part of the header that our own servers wrote: all above the
// first Received line of a foreign host. Where no own hosts are known it is the
// whole header, and only the provider's removal of forgeries protects.
func (c *Checker) ownTrace(h header) header {
	hosts := c.cfg.OwnHosts
	if c.cfg.MicrosoftResults {
		hosts = append(microsoftHosts(), hosts...)
	}
	if len(hosts) == 0 {
		return h
	}
	for i, f := range h {
		if strings.EqualFold(f.name, "Received") {
			if r, err := parseReceived(f.value); err != nil || !own(hosts, r.by) {
				return h[:i]
			}
		}
	}
	return h
}

// of returns the results of one method.
func (ar authRes) of(method string) []result {
	return slices.DeleteFunc(slices.Clone(ar.results), func(r result) bool { return r.method != method })
}

// dmarc demands exactly one DMARC result, a pass for the From domain: DMARC is
// the only method that speaks of From itself (RFC 7489, section 11.2).
func (ar authRes) dmarc(from string) finding {
	found := ar.of("dmarc")
	if len(found) != 1 {
		return finding{outcome: Fail, text: fmt.Sprintf("%d dmarc results from %.80q", len(found), ar.id)}
	}
	r := found[0]
	text := fmt.Sprintf("%.80q says dmarc=%.20s header.from=%.80s", ar.id, r.value, r.props["header.from"])
	if r.value == "pass" && r.props["header.from"] == from {
		return finding{outcome: Pass, domain: from, text: text, signed: "*"}
	}
	return finding{outcome: Fail, text: text}
}
