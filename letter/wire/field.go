package wire

import (
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of RFC 5322, 2.1.1, and RFC 2047, 2.
const (
	lineMax    = 998
	lineWanted = 78
	wordMax    = 75
)

// Field is one header field: a name and the atoms of its value. Lines are folded between atoms only, so an atom (an
// address, a message id, a token) always stays whole.
type Field struct {
	Name  string
	Atoms []string
}

// Text is an unstructured field such as Subject. Words that need it are encoded (RFC 2047); tail, such as a token, follows
// after a space and is never encoded.
func Text(name, value, tail string) Field {
	f := Field{Name: name}
	switch {
	case value == "":
	case bad(value) != "":
		f.Atoms = []string{value} // left to the choke point
	case plain(value):
		f.Atoms = strings.Split(value, " ")
	default:
		f.Atoms = encoded(value)
	}
	if tail != "" {
		f.Atoms = append(f.Atoms, tail)
	}
	return f
}

// IDs is a field of message ids such as References; ids come with or without angle brackets. Those that have no plain
// form are left out: they come from strangers' mail, and a broken reference must not keep us from answering.
func IDs(name string, ids ...string) Field {
	f := Field{Name: name}
	for _, id := range ids {
		if id = strings.Trim(id, "<>"); idForm.MatchString(id) {
			f.Atoms = append(f.Atoms, "<"+id+">")
		}
	}
	return f
}

// Mailboxes is an address field; names and addr-specs come in pairs.
func Mailboxes(name string, pairs ...[2]string) Field {
	f := Field{Name: name}
	for i, p := range pairs {
		comma := ","
		if i == len(pairs)-1 {
			comma = ""
		}
		if p[0] != "" && bad(p[0]) != "" {
			f.Atoms = append(f.Atoms, p[0]) // left to the choke point
			continue
		}
		f.Atoms = append(f.Atoms, phrase(p[0])...)
		if p[0] == "" {
			f.Atoms = append(f.Atoms, p[1]+comma)
		} else {
			f.Atoms = append(f.Atoms, "<"+p[1]+">"+comma)
		}
	}
	return f
}

// Address forms: RFC 5321, 4.1.2 narrowed to what mail systems in use accept, ASCII only and without quoted local parts, so
// that no address means two things to two programs.
var (
	addressForm = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@" +
		`[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
	idForm       = regexp.MustCompile(`^[!-;=?-~]{1,250}$`)
	nameForm     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,60}$`)
	boundaryForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,60}$`)
	composite    = regexp.MustCompile(`(?i)^(multipart|message)/`) // RFC 2046, 5 forbids base64 for these
	typeForm     = regexp.MustCompile(`^[a-zA-Z0-9.+-]{1,60}/[a-zA-Z0-9.+-]{1,80}$`)
)

// CheckAddress refuses what is not one plain addr-spec. Errors wrap [ErrRefused].
func CheckAddress(addr string) error {
	local, _, _ := strings.Cut(addr, "@")
	if len(addr) > 254 || len(local) > 64 || !addressForm.MatchString(addr) {
		return fmt.Errorf("%w: %.80q is not a plain mail address", ErrRefused, addr)
	}
	return nil
}

// check is the choke point: nothing else decides what may stand in a header.
func (f Field) check() error {
	if !nameForm.MatchString(f.Name) {
		return fmt.Errorf("%w: field name %.40q", ErrRefused, f.Name)
	}
	total := 0
	for _, a := range f.Atoms {
		if why := bad(a); why != "" {
			return fmt.Errorf("%w: %s: %s", ErrRefused, f.Name, why)
		}
		total += len(a) + 1
	}
	if total == 0 {
		return fmt.Errorf("%w: %s is empty", ErrRefused, f.Name)
	}
	return nil
}

// bad says what is wrong with a header value; "" when nothing is.
func bad(s string) string {
	switch {
	case len(s) > lineMax:
		return fmt.Sprintf("value of %d octets, more than %d", len(s), lineMax)
	case !utf8.ValidString(s):
		return "value is not UTF-8"
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }):
		return "value has a line break, a NUL or another control character"
	}
	return ""
}

func (m Message) check() error {
	if !boundaryForm.MatchString(m.Boundary) {
		return fmt.Errorf("%w: boundary %.80q", ErrRefused, m.Boundary)
	}
	if strings.ContainsRune(m.Text, 0) || strings.ContainsRune(m.HTML, 0) {
		return fmt.Errorf("%w: the text has a NUL", ErrRefused)
	}
	if !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML) {
		return fmt.Errorf("%w: the text is not UTF-8", ErrRefused)
	}
	seen := []string{"mime-version", "content-type", "content-transfer-encoding"}
	for _, f := range m.Header {
		if err := f.check(); err != nil {
			return err
		}
		name := strings.ToLower(f.Name)
		if slices.Contains(seen, name) {
			return fmt.Errorf("%w: field %s given twice", ErrRefused, f.Name)
		}
		seen = append(seen, name)
	}
	return nil
}

// raw writes the field, folded before an atom that would pass the wanted length.
func (f Field) raw() []byte {
	var b strings.Builder
	b.WriteString(f.Name + ":")
	n := b.Len()
	for i, a := range f.Atoms {
		if i > 0 && a != "" && n+1+len(a) > lineWanted {
			b.WriteString("\r\n")
			n = 0
		}
		b.WriteString(" " + a)
		n += 1 + len(a)
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// plain reports whether a value can stand in a header as it is. What merely looks like an encoded word must be encoded, or the
// reader would see something else than was written.
func plain(s string) bool {
	return s != "" && s == strings.Join(strings.Fields(s), " ") && !strings.Contains(s, "=?") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// phrase writes a display name (RFC 5322, 3.2.5): quoted, or encoded, also where a quote in it would have to be escaped: not every
// reader undoes that.
func phrase(s string) []string {
	switch {
	case s == "":
		return nil
	case !plain(s) || len(s) > 60 || strings.ContainsAny(s, `"\`):
		return encoded(s)
	}
	return []string{`"` + s + `"`}
}

// encoded writes s in encoded words of at most 75 characters, cut between runes (RFC 2047, 4.2 and 5). The Q encoding of
// only letters and digits is valid in every field.
func encoded(s string) []string {
	const open, end = "=?utf-8?q?", "?="
	var words []string
	var b strings.Builder
	for _, r := range s {
		q := quoted(r)
		if b.Len()+len(open)+len(q)+len(end) > wordMax {
			words = append(words, open+b.String()+end)
			b.Reset()
		}
		b.WriteString(q)
	}
	return append(words, open+b.String()+end)
}

func quoted(r rune) string {
	switch {
	case r == ' ':
		return "_"
	case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return string(r)
	}
	var b strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&b, "=%02X", c)
	}
	return b.String()
}

// contentType and disposition name a file; a name that is not plain ASCII is written in the form of RFC 2231.
func (f File) contentType() Field {
	kind := "application/octet-stream"
	if f.isMail() || typeForm.MatchString(f.Type) && !composite.MatchString(f.Type) {
		kind = strings.ToLower(f.Type)
	}
	return Field{"Content-Type", []string{kind}}
}

func (f File) disposition() Field {
	v := mime.FormatMediaType("attachment", map[string]string{"filename": FileName(f.Name)})
	return Field{"Content-Disposition", strings.Split(v, " ")}
}

// FileName makes a name that is only a name: no folders, no controls or invisible characters, of bearable length, accents as all but Macs write them.
func FileName(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "_"))
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || strings.ContainsRune(`<>:"|?*;`, r) {
			return '_'
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:40]) + "~" + string(r[len(r)-19:])
	}
	if s = strings.Trim(s, ". "); s == "" {
		return "file"
	}
	return s
}

// Percent encodes everything but unreserved characters (RFC 3986, 2.3), octet by octet.
func Percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
