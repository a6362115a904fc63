package mailauth

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Bounds of a header we are ready to judge. A person's mail client stays far
// below them.
const (
	maxHeaderBytes = 256 << 10
	maxFields      = 2000
)

// field of a header, unfolded, in the order in which the lines stand.
type field struct {
	name  string // as written
	value string // line ends removed, otherwise as written
}

type header []field

// once are the fields that occur at most once, those of mustOnce exactly once
// (RFC 5322, section 3.6; RFC 2045). A second one lets a signature cover one
// value while a reader shows the other (RFC 6376, section 8.15).
func once() []string {
	return []string{
		"From", "Date", "Message-ID", "Subject", "To", "Cc", "Bcc", "Reply-To", "Sender",
		"In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	}
}

func mustOnce() []string { return []string{"From", "Date", "Message-ID"} }

// splitHeader reads the fields up to the first empty line, in linear time. It
// refuses every form in which parsers disagree about what a field is: lines
// without colon, names with blanks, bare CR, blank continuation lines.
func splitHeader(raw []byte) (header, error) {
	var h header
	for seen := 0; ; {
		line, rest, found := bytes.Cut(raw, []byte("\n"))
		seen += len(line) + 1
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			break
		}
		if !found {
			return nil, errors.New("it does not end")
		}
		if seen > maxHeaderBytes || len(h) > maxFields {
			return nil, fmt.Errorf("larger than %d bytes or %d fields", maxHeaderBytes, maxFields)
		}
		var err error
		if h, err = h.add(line); err != nil {
			return nil, err
		}
		raw = rest
	}
	if len(h) == 0 {
		return nil, errors.New("empty")
	}
	return h.join(), h.unambiguous()
}

// add takes one line. Continuations become fields without a name, so that
// joining many of them later costs linear time.
func (h header) add(line []byte) (header, error) {
	if bytes.ContainsAny(line, "\r\x00") {
		return nil, errors.New("a line holds CR or NUL")
	}
	if line[0] == ' ' || line[0] == '\t' {
		if len(h) == 0 || len(bytes.TrimSpace(line)) == 0 {
			return nil, errors.New("a continuation line without content")
		}
		return append(h, field{value: string(line)}), nil
	}
	name, value, ok := strings.Cut(string(line), ":")
	if !ok || !isFieldName(name) {
		return nil, fmt.Errorf("malformed line %.40q", line)
	}
	return append(h, field{name, value}), nil
}

func isFieldName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// join unfolds: every nameless line belongs to the field above it.
func (h header) join() header {
	var out header
	for i := 0; i < len(h); {
		var value strings.Builder
		name := h[i].name
		for first := i; i < len(h) && (i == first || h[i].name == ""); i++ {
			value.WriteString(h[i].value)
		}
		out = append(out, field{name, strings.TrimSpace(value.String())})
	}
	return out
}

func (h header) unambiguous() error {
	count := map[string]int{}
	for _, f := range h {
		count[strings.ToLower(f.name)]++
	}
	for _, name := range once() {
		n := count[strings.ToLower(name)]
		if n > 1 {
			return fmt.Errorf("%d %s fields", n, name)
		}
		if n == 0 && slices.Contains(mustOnce(), name) {
			return fmt.Errorf("no %s field", name)
		}
	}
	return nil
}

// values of all fields of a name, topmost first.
func (h header) values(name string) []string {
	var out []string
	for _, f := range h {
		if strings.EqualFold(f.name, name) {
			out = append(out, f.value)
		}
	}
	return out
}

// author returns the one address in From, its domain in lower case. Groups,
// lists, quoted local parts, routes and anything but ASCII in the address are
// refused: each is read differently by some parser.
func (h header) author() (string, error) {
	value := h.values("From")[0]
	tokens, ok := scan(value, "<>,:;")
	if !ok {
		return "", errors.New("from: unbalanced quotes, comments or brackets")
	}
	addr, display, err := onlyAddress(tokens)
	if err != nil {
		return "", err
	}
	local, domain, _ := strings.Cut(addr, "@")
	if !isDotAtom(local) || !isDotAtom(domain) || !strings.Contains(domain, ".") {
		return "", fmt.Errorf("from: %q is no plain ASCII address", addr)
	}
	addr = local + "@" + strings.ToLower(domain)
	if strings.Contains(display, "@") && !strings.EqualFold(display, addr) {
		return "", errors.New("from: another address stands in the unquoted name")
	}
	return addr, nil
}

// onlyAddress accepts "addr", or words and then "<addr>"; comments count for
// nothing. It returns the address and the unquoted words before it.
func onlyAddress(tokens []token) (addr, display string, err error) {
	tokens = slices.DeleteFunc(tokens, func(t token) bool { return t.kind == comment })
	n := len(tokens)
	if n == 1 && tokens[0].kind == atom {
		return tokens[0].text, "", nil
	}
	if n < 3 || !tokens[n-3].is("<") || tokens[n-2].kind != atom || !tokens[n-1].is(">") {
		return "", "", errors.New("from: not one plain address")
	}
	var words []string
	for _, t := range tokens[:n-3] {
		if t.kind == special {
			return "", "", errors.New("from: more than one address, or a group")
		}
		if t.kind == atom {
			words = append(words, t.text)
		}
	}
	return tokens[n-2].text, strings.Join(words, " "), nil
}

// isDotAtom per RFC 5322, section 3.2.3, at most 253 octets.
func isDotAtom(s string) bool {
	if s == "" || len(s) > 253 || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..") {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`()<>[]:;@\,"`, r)
	}) < 0
}
