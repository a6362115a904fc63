// Package plain folds text to plain lower-case letters, so that rules compare
// words and not their typography: full-width, bold and circled letters,
// accents, soft hyphens, zero-width and direction marks all vanish
// (Unicode TR15 forms NFKC and NFD).
//
// It drops every combining mark: a rule that misses a word costs more than one
// that matches too much. The plain package below desk/reply, which reads the
// commands of staff, keeps marks that cross letters out.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s in lower case without accents and invisible characters, with
// typographic apostrophes and blanks made ordinary. It never fails; s need not
// be valid UTF-8.
func Fold(s string) string {
	if IsASCII(s) {
		return strings.ToLower(s)
	}
	// Invalid UTF-8 has sent norm into an endless loop before (CVE-2026-56852).
	s = norm.NFKD.String(strings.ToValidUTF8(s, "\ufffd"))
	return strings.ToLower(strings.Map(foldRune, s))
}

// IsASCII reports whether Fold of s does no more than lower its letters.
func IsASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return r
	case r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == '´' || r == '′':
		return '\''
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == '\u00ad':
		return -1
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}
