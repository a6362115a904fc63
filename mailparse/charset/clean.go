package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Sanitise makes text safe to store and print: valid UTF-8, lines ended by LF alone, no byte order mark at its head, and
// no control characters (C0, DEL, C1) but TAB and LF. A lone CR is a line end; a form feed or vertical tab is one too.
func Sanitise(text string) string {
	text = strings.TrimPrefix(text, "\uFEFF")
	if clean := cleanLen(text); clean < len(text) {
		return cleaned([]byte(text), clean)
	}
	return text
}

// sanitise is Sanitise of bytes, which are copied once.
func sanitise(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if clean := cleanLen(data); clean < len(data) {
		return cleaned(data, clean)
	}
	return string(data)
}

// cleaned copies runs of clean text, of which the first is known, and looks at what stands between them.
func cleaned(text []byte, run int) string {
	var out strings.Builder
	out.Grow(len(text))
	for {
		out.Write(text[:run])
		if text = text[run:]; len(text) == 0 {
			return out.String()
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '\r' && len(text) > 1 && text[1] == '\n':
		case r == '\r' || r == '\f' || r == '\v':
			out.WriteByte('\n')
		case r == utf8.RuneError:
			out.WriteRune(r)
		}
		text = text[size:]
		run = cleanLen(text)
	}
}

// cleanLen returns how many bytes of text can stay as they are.
func cleanLen[T string | []byte](text T) int {
	for i := 0; i < len(text); {
		if b := text[i]; b >= 0x20 && b < 0x7f || b == '\n' || b == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(string(text[i:min(len(text), i+utf8.UTFMax)]))
		if r < 0xa0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}
