package command

import (
	"strings"
	"unicode"
)

// Printable takes out of a stranger's words what would move the cursor or turn the direction of a line.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// Line makes words of strangers fit for one line of a terminal: Printable, and of at most so many runes.
func Line(s string, runes int) string {
	r := []rune(strings.Join(strings.Fields(Printable(s)), " "))
	if len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return string(r)
}

// OrDash stands for what is missing in a column.
func OrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
