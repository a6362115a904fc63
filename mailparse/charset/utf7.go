package charset

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// decodeUTF7 reads RFC 2152 text. UTF-7 is decoded for reading only; addresses, commands and names of things never are.
func decodeUTF7(data []byte) string {
	text := string(data)
	var out strings.Builder
	for {
		plus := strings.IndexByte(text, '+')
		if plus < 0 {
			break
		}
		out.WriteString(text[:plus])
		text = text[plus+1:]
		end := 0
		for end < len(text) && isBase64(text[end]) {
			end++
		}
		out.WriteString(shiftedUTF7(text[:end]))
		if text = text[end:]; strings.HasPrefix(text, "-") {
			text = text[1:]
		}
	}
	out.WriteString(text)
	return out.String()
}

func isBase64(b byte) bool {
	return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/'
}

// shiftedUTF7 decodes one base64 run of UTF-16 units; an empty run is the plus sign itself.
func shiftedUTF7(run string) string {
	if run == "" {
		return "+"
	}
	raw, _ := base64.RawStdEncoding.DecodeString(run[:len(run)-len(run)%4])
	if tail, err := base64.RawStdEncoding.DecodeString(run[len(run)-len(run)%4:]); err == nil {
		raw = append(raw, tail...)
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units))
}
