package outbound

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"replyby/store"
	"replyby/ticket"
)

// envelope is a letter as one SMTP transaction.
type envelope struct {
	from  string
	to    []string
	bytes []byte
	utf8  bool // SMTPUTF8 is needed (RFC 6531)
	eight bool // 8BITMIME is needed (RFC 6152)
}

// newEnvelope is the one gate to the wire: what does not fit is refused here
// and never offered.
func newEnvelope(sender string, l store.Letter) (envelope, error) {
	e := envelope{from: sender, to: recipients(l), bytes: l.Bytes}
	if e.from == "" {
		e.from = l.From
	}
	if len(e.to) == 0 {
		return e, fmt.Errorf("it has no recipients")
	}
	for _, address := range append([]string{e.from}, e.to...) {
		if !validAddress(address) {
			return e, fmt.Errorf("address %q does not fit the grammar", address)
		}
		e.utf8 = e.utf8 || !isASCII(address)
	}
	if ticket.Sum(e.bytes) != l.Hash {
		return e, fmt.Errorf("its bytes are not those that were approved")
	}
	if err := checkLines(e.bytes); err != nil {
		return e, err
	}
	head, _, _ := bytes.Cut(e.bytes, []byte("\r\n\r\n"))
	e.utf8 = e.utf8 || !isASCII(string(head))
	e.eight = !isASCII(string(e.bytes))
	return e, nil
}

// recipients are all of To and Bcc, each once.
func recipients(l store.Letter) []string {
	var out []string
	seen := map[string]bool{}
	for _, list := range [][]string{l.To, l.Bcc} {
		for _, address := range list {
			local, domain, _ := strings.Cut(address, "@")
			if key := local + "@" + strings.ToLower(domain); !seen[key] {
				seen[key] = true
				out = append(out, address)
			}
		}
	}
	return out
}

// checkLines demands lines that end in CRLF, none over 998 octets, no NUL
// (RFC 5322, sections 2.1.1 and 2.3). Lone CR or LF would let text pass for the
// end of the letter on some servers.
func checkLines(b []byte) error {
	for n := 1; len(b) > 0; n++ {
		line, rest, found := bytes.Cut(b, []byte("\n"))
		text := bytes.TrimSuffix(line, []byte("\r"))
		switch {
		case found && len(text) == len(line), bytes.ContainsAny(text, "\r\x00"), !found && len(text) != len(line):
			return fmt.Errorf("line %d holds a lone CR, LF or NUL", n)
		case len(text) > 998:
			return fmt.Errorf("line %d has %d octets, 998 are allowed", n, len(text))
		}
		b = rest
	}
	return nil
}

// validAddress is the grammar of addresses we put into commands: a dot-atom or
// its SMTPUTF8 form, "@", and a domain or address literal (RFC 5321, section
// 4.1.2; RFC 6531, section 3.3). Quoted local parts are left out on purpose.
func validAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && len(local) <= 64 && len(domain) <= 255 && isLocal(local) && (isDomain(domain) || isLiteral(domain))
}

func isLocal(s string) bool {
	return dotted(s, func(r rune) bool { return !strings.ContainsRune(`()<>[]:;@\,"`, r) })
}

func isDomain(s string) bool {
	return dotted(s, func(r rune) bool {
		return r >= utf8.RuneSelf || r == '-' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
	})
}

func isLiteral(s string) bool {
	inner, ok := strings.CutPrefix(s, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	_, err := netip.ParseAddr(strings.TrimPrefix(inner, "IPv6:"))
	return ok && closed && err == nil
}

// dotted reports whether s is atoms of allowed, visible characters with single dots between.
func dotted(s string, allowed func(rune) bool) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		if part == "" {
			return false
		}
		for _, r := range part {
			if !allowed(r) || !unicode.IsGraphic(r) || unicode.IsSpace(r) {
				return false
			}
		}
	}
	return true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendStuffed appends the content of DATA: leading dots doubled (RFC 5321,
// section 4.5.2), a line end at the end, without the final dot.
func appendStuffed(out, b []byte) []byte {
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		if line[0] == '.' {
			out = append(out, '.')
		}
		out = append(out, bytes.TrimSuffix(line, []byte("\r"))...)
		out = append(out, '\r', '\n')
		b = rest
	}
	return out
}
