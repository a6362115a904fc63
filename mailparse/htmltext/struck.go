package htmltext

import (
	"bytes"
	"strings"
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

// Unstruck is a text without what is struck out in it. A line that is wholly struck out goes with it.
func Unstruck(text string) string {
	if !strings.ContainsRune(text, Stroke) {
		return text
	}
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.ContainsRune(line, Stroke) {
			kept = append(kept, line)
		} else if rest := unstruck(line); rest != "" {
			kept = append(kept, rest)
		} else if len(kept) > 0 && kept[len(kept)-1] == "" {
			kept = kept[:len(kept)-1]
		}
	}
	return strings.Join(kept, "\n")
}

func unstruck(line string) string {
	var kept []rune
	for _, r := range line {
		if r == Stroke {
			kept = kept[:max(len(kept)-1, 0)]
			continue
		}
		kept = append(kept, r)
	}
	return strings.Join(strings.Fields(string(kept)), " ")
}
