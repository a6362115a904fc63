package header

import (
	"strings"

	"replyby/mailparse/problem"
)

// Address is one mailbox. Name is decoded for reading. Addr is the addr-spec as written, never decoded, with its domain in
// lower case; daemons may have one without "@".
type Address struct {
	Name, Addr string
}

// ASCII reports whether Addr is plain ASCII; one that is not can never be compared with an enrolled address.
func (a Address) ASCII() bool {
	for i := 0; i < len(a.Addr); i++ {
		if a.Addr[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Local returns the part of Addr before the last "@".
func (a Address) Local() string {
	local, _ := cutAddr(a.Addr)
	return local
}

// Domain returns the part of Addr behind the last "@" in lower case, "" if there is none.
func (a Address) Domain() string {
	_, domain := cutAddr(a.Addr)
	return domain
}

// String returns the address as a person reads it. It is for display, not for a header.
func (a Address) String() string {
	if a.Name == "" {
		return a.Addr
	}
	return a.Name + " <" + a.Addr + ">"
}

func cutAddr(addr string) (local, domain string) {
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return addr, ""
	}
	return addr[:at], addr[at+1:]
}

// Addresses returns the mailboxes of every field called name, in order. Members of a group count, except where a person is
// expected (From, Sender, Reply-To): there a group gives nothing and is a Problem.
func (h *Header) Addresses(name string, report *problem.List) []Address {
	var all []Address
	for raw := range h.Values(name) {
		list := parseAddresses(raw, h.Charset)
		if list.guessed {
			report.Add(problem.AddressSyntax, name)
		}
		if list.group && onePerson(name) {
			report.Add(problem.AddressGroup, name)
			continue
		}
		all = append(all, list.found...)
	}
	return all
}

// onePerson reports the fields in which a group makes no sense (RFC 6854 allows it; what it is for does not come here).
func onePerson(name string) bool {
	return !strings.EqualFold(name, "To") && !strings.EqualFold(name, "Cc")
}

// ParseAddresses reads one address list (RFC 5322, 3.4), group members included.
func ParseAddresses(raw string) []Address {
	return parseAddresses(raw, "").found
}

// addressList walks over one raw value. phrase gathers words outside angle brackets, angle what stood inside them.
type addressList struct {
	raw, charset   string
	found          []Address
	phrase         []string
	quoted         bool // the last word of phrase came from quotes
	comment, angle string
	hasAngle       bool
	group, guessed bool
	noQuote        bool // no closing quote follows: a quote is an ordinary character
	noComment      bool
}

func parseAddresses(raw, fallback string) addressList {
	l := addressList{raw: raw, charset: fallback}
	for l.raw != "" {
		l.step()
	}
	l.flush()
	return l
}

// step consumes one token.
func (l *addressList) step() {
	switch c := l.raw[0]; c {
	case ' ', '\t', '\r', '\n', 0:
		l.raw = l.raw[1:]
	case ',', ';':
		l.raw = l.raw[1:]
		l.flush()
	case ':':
		l.raw = l.raw[1:]
		l.group = true
		l.phrase = nil
	case '"':
		l.readQuoted()
	case '(':
		l.readComment()
	case '<':
		l.readAngle()
	default:
		l.readAtom()
	}
}

func (l *addressList) readQuoted() {
	end := closing(l.raw, closingQuote, &l.noQuote)
	if end < 0 {
		l.skip()
		return
	}
	word := l.raw[1:end]
	rest := l.raw[end+1:]
	if strings.HasPrefix(rest, "@") { // a quoted local part
		stop := atomEnd(rest)
		l.phrase = append(l.phrase, l.raw[:end+1]+rest[:stop])
		l.raw = rest[stop:]
		return
	}
	l.phrase = append(l.phrase, unescape(word))
	l.quoted, l.raw = true, rest
}

// skip passes a character that opens something which never ends.
func (l *addressList) skip() {
	l.raw, l.guessed = l.raw[1:], true
}

// closing looks for the end of what s opens, unless it is known that none follows: looking each time would be quadratic.
func closing(s string, find func(string) int, none *bool) int {
	if *none {
		return -1
	}
	end := find(s)
	*none = end < 0
	return end
}

// closingQuote returns the offset of the quote that ends the quoted string at the start of s, -1 if there is none.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func unescape(s string) string {
	if !strings.Contains(s, "\\") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		out = append(out, s[i])
	}
	return string(out)
}

func (l *addressList) readComment() {
	end := closing(l.raw, closingParen, &l.noComment)
	if end < 0 {
		l.skip()
		return
	}
	l.comment = unescape(l.raw[1:end])
	l.raw = l.raw[end+1:]
}

// closingParen returns the offset of the parenthesis that ends the comment at the start of s, -1 if there is none.
func closingParen(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// readAngle takes <addr-spec>. A second pair of brackets without a comma between starts the next address.
func (l *addressList) readAngle() {
	if l.hasAngle {
		l.guessed = true
		l.flush()
	}
	l.raw = strings.TrimLeft(l.raw, "< ")
	l.hasAngle = true
	end := angleEnd(l.raw)
	if end == len(l.raw) || l.raw[end] != '>' {
		l.guessed = true
	}
	l.angle = strings.TrimSpace(l.raw[:end])
	l.raw = strings.TrimLeft(l.raw[end:], "> ")
}

// angleEnd finds the closing bracket, or where the address must have ended if there is none.
func angleEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '>', '<':
			return i
		case '"':
			if n := closingQuote(s[i:min(len(s), i+200)]); n > 0 {
				i += n
			}
		}
	}
	return len(s)
}

// readAtom takes one word up to a blank or a special; an encoded word is one word whatever it holds.
func (l *addressList) readAtom() {
	stop := atomEnd(l.raw)
	if encoded(l.raw) {
		const longest = 1000 // of an encoded word; RFC 2047 allows 75
		if _, size := readWord(l.raw[:min(len(l.raw), longest)]); size > 0 {
			stop = size
		}
	}
	l.phrase = append(l.phrase, l.raw[:stop])
	l.quoted = false
	l.raw = l.raw[stop:]
}

func atomEnd(s string) int {
	if end := strings.IndexAny(s[1:], " \t\r\n,;:<(\"\x00"); end >= 0 {
		return end + 1
	}
	return len(s)
}

// flush ends the address being gathered.
func (l *addressList) flush() {
	addr, name := l.angle, l.phrase
	switch {
	case l.hasAngle && addr == "" && len(name) == 0:
	case !l.hasAngle || !strings.Contains(addr, "@"):
		if bare, at := l.bareAddress(); at >= 0 {
			l.guessed = l.guessed || len(name) > 1 || l.hasAngle
			addr, name = bare, append(append([]string{}, name[:at]...), name[at+1:]...)
		}
	}
	if addr = cleanAddr(addr); addr != "" {
		l.found = append(l.found, Address{Name: l.name(name), Addr: addr})
	} else if len(l.phrase) > 0 {
		l.guessed = true
	}
	l.phrase, l.quoted, l.comment, l.angle, l.hasAngle = nil, false, "", "", false
}

// bareAddress finds the addr-spec among words outside brackets: the last one with an "@", else a word standing alone.
// Encoded words are for reading and never searched.
func (l *addressList) bareAddress() (string, int) {
	for i := len(l.phrase) - 1; i >= 0; i-- {
		if w := l.phrase[i]; strings.Contains(strings.Trim(w, "@"), "@") && !encoded(w) {
			return w, i
		}
	}
	if len(l.phrase) == 1 && !l.quoted && !l.hasAngle && !encoded(l.phrase[0]) {
		return l.phrase[0], 0
	}
	return "", -1
}

func encoded(word string) bool {
	return strings.HasPrefix(word, "=?")
}

// name joins the words of a phrase, or falls back to the comment behind the address.
func (l *addressList) name(words []string) string {
	text := strings.Join(words, " ")
	if text == "" {
		text = l.comment
	}
	return strings.Trim(decodeText(text, l.charset), "\"' ")
}

// cleanAddr strips a route (RFC 5322, 4.4), blanks and stray brackets, and lowers the domain.
func cleanAddr(addr string) string {
	addr = oneLine(strings.Trim(withoutRoute(addr), " \t<>,;:'"))
	if !strings.HasPrefix(addr, "\"") {
		addr = withoutBlanks(addr)
	}
	local, domain := cutAddr(addr)
	lower := strings.ToLower(domain)
	switch {
	case domain == "":
		return strings.TrimSuffix(local, "@")
	case lower == domain:
		return addr
	}
	return local + "@" + lower
}

// withoutRoute drops what may stand before an addr-spec: an obsolete route, or the scheme of a link.
func withoutRoute(addr string) string {
	const scheme = "mailto:"
	if len(addr) > len(scheme) && strings.EqualFold(addr[:len(scheme)], scheme) {
		return addr[len(scheme):]
	}
	if _, rest, ok := strings.Cut(addr, ":"); ok && strings.HasPrefix(addr, "@") {
		return rest
	}
	return addr
}
