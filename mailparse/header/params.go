package header

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"replyby/mailparse/charset"
)

// Params reads a value with parameters, such as Content-Type (RFC 2045, 5.1): the first word in lower case, and the
// parameters by lower-case name, decoded. Of a name given twice the first counts. guessed says that a value broke RFC 2231:
// unquoted blanks, an encoded word, raw 8-bit bytes.
func Params(raw string) (value string, params map[string]string, guessed bool) {
	first, rest, _ := strings.Cut(raw, ";")
	value = mediaWord(first)
	p := paramReader{plain: map[string]string{}}
	for rest != "" {
		rest = p.next(rest)
	}
	p.joinExtended()
	return value, p.plain, p.guessed
}

func mediaWord(first string) string {
	first = strings.ToLower(strings.TrimSpace(withoutComments(first)))
	if i := strings.IndexAny(first, " \t,<>=:"); i >= 0 {
		first = first[:i]
	}
	return oneLine(strings.ToValidUTF8(strings.Trim(first, "\""), ""))
}

type paramReader struct {
	plain    map[string]string
	extended []piece
	guessed  bool
}

// piece is one section of an RFC 2231 parameter: name*index=, name*=, name*index*=.
type piece struct {
	name    string
	index   int
	encoded bool
	value   string
}

// next takes one name=value and returns what follows it.
func (p *paramReader) next(s string) string {
	s = strings.TrimLeft(s, " \t\r\n;")
	eq := strings.IndexAny(s, "=;")
	if eq < 0 {
		return ""
	}
	if s[eq] == ';' {
		return s[eq:]
	}
	name := strings.ToLower(strings.TrimSpace(s[:eq]))
	value, rest := p.value(strings.TrimLeft(s[eq+1:], " \t\r\n"))
	p.add(name, value)
	return rest
}

// value reads a quoted or bare value. Bare ones run to the semicolon, because mailers forget the quotes around blanks.
func (p *paramReader) value(s string) (value, rest string) {
	if strings.HasPrefix(s, `"`) {
		if end := closingQuote(s); end > 0 {
			_, rest, _ = strings.Cut(s[end+1:], ";")
			return unescapeName(s[1:end]), rest
		}
		p.guessed = true
		s = s[1:]
	}
	value, rest, _ = strings.Cut(s, ";")
	value = strings.TrimSpace(value)
	p.guessed = p.guessed || strings.Contains(value, " ")
	return value, rest
}

// unescapeName undoes quoting but keeps the backslashes of a Windows path.
func unescapeName(s string) string {
	if strings.Contains(s, `\"`) || strings.Contains(s, `\\`) {
		return unescape(s)
	}
	return s
}

func (p *paramReader) add(name, value string) {
	base, section, extended := strings.Cut(name, "*")
	if !extended {
		if _, ok := p.plain[name]; !ok && name != "" {
			p.plain[name] = p.decode(value)
		}
		return
	}
	encoded := section == "" || strings.HasSuffix(section, "*")
	index, err := strconv.Atoi(strings.TrimSuffix(section, "*"))
	if err != nil {
		index = 0
	}
	p.extended = append(p.extended, piece{base, index, encoded, value})
}

func (p *paramReader) decode(value string) string {
	text := Decode(value)
	p.guessed = p.guessed || text != value
	return text
}

// joinExtended puts the sections of RFC 2231 together; they win over a plain parameter of the same name.
func (p *paramReader) joinExtended() {
	slices.SortStableFunc(p.extended, func(a, b piece) int {
		return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.index, b.index))
	})
	for len(p.extended) > 0 {
		n := 1
		for n < len(p.extended) && p.extended[n].name == p.extended[0].name {
			n++
		}
		p.plain[p.extended[0].name] = joinPieces(p.extended[:n])
		p.extended = p.extended[n:]
	}
}

func joinPieces(pieces []piece) string {
	label := ""
	var data []byte
	for i, part := range pieces {
		value := part.value
		if part.encoded && i == 0 {
			if fields := strings.SplitN(value, "'", 3); len(fields) == 3 {
				label, value = fields[0], fields[2]
			}
		}
		if part.encoded {
			data = unhex(data, value, '%')
		} else {
			data = append(data, value...)
		}
	}
	return oneLine(charset.Decode(label, data, nil))
}
