package charset

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// Sanitise makes text safe to store and print: valid UTF-8, lines ended by LF alone, no byte order mark at its head, and
// no control characters (C0, DEL, C1) but TAB and LF. A lone CR is a line end; a form feed or vertical tab is one too.
func Sanitise(text string) string {
	text = strings.TrimPrefix(text, "\uFEFF")
	if clean := cleanLen([]byte(text)); clean < len(text) {
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
func cleanLen(text []byte) int {
	const word = 8
	for i := 0; i < len(text); {
		if i+word <= len(text) && printable(binary.LittleEndian.Uint64(text[i:])) {
			i += word
			continue
		}
		if b := text[i]; b >= 0x20 && b < 0x7f || b == '\n' || b == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r < 0xa0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

// printable reports that each of eight bytes is a printable character of ASCII. It may say no where a borrow reaches the next byte:
// then they are looked at one by one.
func printable(word uint64) bool {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	return (word|(word-0x20*each)|(word+each))&highest == 0
}
