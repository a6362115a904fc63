package mailauth

import "strings"

type kind byte

const (
	atom    kind = iota // a run without blanks, specials, quotes or comments
	quoted              // a quoted string, unescaped
	comment             // a comment's content, unescaped, inner brackets kept
	special             // one of the characters the caller asked for
)

// token of a structured field (RFC 5322, section 3.2). glued tells that no
// blank and no comment stands between it and the token before.
type token struct {
	kind  kind
	text  string
	glued bool
}

func (t token) is(sign string) bool { return t.kind == special && t.text == sign }

// scan cuts a field's value into tokens in linear time. It reports false when
// quotes or comments do not close, so that nobody hides text in one.
func scan(s, specials string) ([]token, bool) {
	var out []token
	glued := false
	for len(s) > 0 {
		t, n := next(s, specials)
		if n < 0 {
			return nil, false
		}
		s = s[n:]
		if t.text == "" && t.kind == atom {
			glued = false
			continue
		}
		t.glued = glued
		glued = t.kind != comment
		out = append(out, t)
	}
	return out, true
}

// next returns the token at the start of s and its length; an empty atom for
// blanks, a negative length when the token does not end.
func next(s, specials string) (token, int) {
	switch c := s[0]; {
	case c == ' ' || c == '\t':
		return token{}, len(s) - len(strings.TrimLeft(s, " \t"))
	case c == '"':
		return enclosed(s, quoted)
	case c == '(':
		return enclosed(s, comment)
	case c == ')':
		return token{}, -1
	case strings.IndexByte(specials, c) >= 0:
		return token{kind: special, text: s[:1]}, 1
	}
	end := strings.IndexAny(s, " \t\"()"+specials)
	if end < 0 {
		end = len(s)
	}
	return token{kind: atom, text: s[:end]}, end
}

// enclosed reads a quoted string, or a comment with the comments inside it.
func enclosed(s string, k kind) (token, int) {
	var text strings.Builder
	depth := 1
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s):
			i++
			c = s[i]
		case k == quoted && c == '"', k == comment && c == ')':
			depth--
		case k == comment && c == '(':
			depth++
		}
		if depth == 0 {
			return token{kind: k, text: text.String()}, i + 1
		}
		text.WriteByte(c)
	}
	return token{}, -1
}
