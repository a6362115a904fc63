package htmltext

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Stroke stands behind each character that a page shows struck out (U+0336): its writer took it back.
const Stroke = '\u0336'

// struck is the outermost element that strikes its text out, and how deep we are inside elements of its name.
type struck struct {
	name  string
	depth int
}

func (s *struck) open(name string, styled bool) {
	switch {
	case s.name == name:
		s.depth++
	case s.name == "" && (styled || name == "s" || name == "strike" || name == "del"):
		s.name, s.depth = name, 1
	}
}

func (s *struck) end(name string) {
	if name != s.name {
		return
	}
	if s.depth--; s.depth == 0 {
		s.name = ""
	}
}

// mark strikes a text out, where it stands in such an element.
func (s *struck) mark(text []byte) []byte {
	if s.name == "" {
		return text
	}
	var out []byte
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		out = append(out, text[:n]...)
		if !unicode.IsSpace(r) {
			out = utf8.AppendRune(out, Stroke)
		}
		text = text[n:]
	}
	return out
}

// strikes looks for text-decoration: line-through in one of its forms.
func strikes(style []byte) bool { return bytes.Contains(bytes.ToLower(style), []byte("line-through")) }
