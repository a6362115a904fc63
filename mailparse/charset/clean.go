package charset

import (
	"strings"
	"unicode/utf8"
)

// Sanitise makes text safe to store and print: valid UTF-8, lines ended by LF alone, no byte order mark at its head, and
// no control characters (C0, DEL, C1) but TAB and LF. A lone CR is a line end; a form feed or vertical tab is one too.
func Sanitise(text string) string {
	text = strings.TrimPrefix(text, "\uFEFF")
	i := firstUnclean(text)
	if i == len(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	out.WriteString(text[:i])
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\r' || r == '\f' || r == '\v':
			if r != '\r' || i+1 == len(text) || text[i+1] != '\n' {
				out.WriteByte('\n')
			}
		case r == '\t' || r == '\n' || r >= 0x20 && r < 0x7f || r >= 0xa0:
			out.WriteRune(r)
		}
		i += size
	}
	return out.String()
}

// firstUnclean returns the offset of the first byte Sanitise has to look at twice, len(text) if there is none.
func firstUnclean(text string) int {
	for i := 0; i < len(text); {
		b := text[i]
		if b >= 0x20 && b < 0x7f || b == '\n' || b == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r < 0xa0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}
