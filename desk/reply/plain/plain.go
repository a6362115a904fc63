// Package plain makes what looks the same to a reader the same to a program: blanks, full-width and accented letters,
// capitals, and characters nobody sees.
//
// It is stricter than the plain package of the classifier: what a person has crossed out must not become a command, so the marks that cross
// letters out stay. It knows nothing of commands and dates. All functions are pure, take any bytes and work in linear time.
package plain

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Line is a line as a reader sees it: every run of blanks (no-break, full-width, tabs) is one space, and invisible characters
// at the edges of words are gone. Those inside a word stay, for [Hidden] to find.
func Line(s string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), unicode.IsSpace)
	words = slices.DeleteFunc(words, func(w string) bool { return strings.TrimFunc(w, Invisible) == "" })
	for i, w := range words {
		words[i] = strings.TrimFunc(w, Invisible)
	}
	return strings.Join(words, " ")
}

// Fold makes words comparable: lower case, without accents and invisible characters, full-width letters as plain ones.
// Marks that cross letters out stay: what is crossed out says something else.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case Invisible(r) || accent(r):
			return -1
		case r == '’' || r == '‘' || r == 'ʼ':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")))
}

// Lists reports whether a word stands in a list of words between blanks.
func Lists(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

// Hidden reports whether a text holds a character nobody sees, other than a blank.
func Hidden(s string) bool { return strings.ContainsFunc(s, Invisible) }

// Reversed reports whether a text turns the direction of reading, so that it may look other than it is (Unicode TR 36, 3.1; the
// marks that iOS and Windows put around pasted names and numbers run left to right and are not meant).
func Reversed(s string) bool { return strings.ContainsAny(s, "\u200f\u061c\u202b\u202e\u2067") }

// Invisible reports whether a character leaves no trace on a screen: controls, format characters (zero-width, soft hyphen, bidi,
// tags), variation selectors, joiners and the Hangul fillers.
func Invisible(r rune) bool {
	switch {
	case unicode.Is(unicode.Cf, r), unicode.IsControl(r) && !unicode.IsSpace(r), unicode.Is(unicode.Variation_Selector, r):
		return true
	}
	return r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == '\u2800'
}

// accent reports whether a combining mark is one that the four languages write.
func accent(r rune) bool {
	return strings.ContainsRune("\u0300\u0301\u0302\u0303\u0307\u0308\u030a\u0327", r)
}
