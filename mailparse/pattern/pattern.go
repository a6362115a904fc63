// Package pattern is regular expressions that are tried only on text that may match.
//
// A mail is held against dozens of expressions and matches hardly any. To learn that costs an expression far more than a search
// for a few words. So each Pattern knows words of which one stands in whatever it matches, and passes over text that holds none.
// Nobody keeps these words: they are derived from the expression, as the filter of RE2 does.
//
// It promises the answers of package regexp, for any expression and any text.
package pattern

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// Pattern is a compiled expression. It is safe for concurrent use.
type Pattern struct {
	re    *regexp.Regexp
	words func() []word // what matches holds one of them. None where nothing is known
}

// word is a folded word and the letters it is made of.
type word struct {
	text    string
	letters letters
}

// MustCompile is Compile for an expression known to be one.
func MustCompile(expr string) *Pattern {
	p, err := Compile(expr)
	if err != nil {
		panic(err)
	}
	return p
}

// Compile takes the syntax of package regexp, and gives its errors.
func Compile(expr string) (*Pattern, error) {
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, err
	}
	if prefix, _ := re.LiteralPrefix(); len(prefix) >= enough { // which package regexp looks for by itself, without folding
		return &Pattern{re: re, words: func() []word { return nil }}, nil
	}
	// Words are derived when they are first needed: a program that reads no mail starts without them.
	return &Pattern{re: re, words: sync.OnceValue(func() []word { return derive(expr) })}, nil
}

// enough is how many octets of a literal beginning are rare.
const enough = 4

func derive(expr string) (words []word) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	for _, text := range distinct(of(tree.Simplify()).words()) {
		words = append(words, word{text, lettersOf(text)})
	}
	return words
}

// MatchString reports whether s holds a match.
func (p *Pattern) MatchString(s string) bool {
	return p.may(s) && p.re.MatchString(s)
}

// FindString returns the leftmost match, "" if there is none.
func (p *Pattern) FindString(s string) string {
	if !p.may(s) {
		return ""
	}
	return p.re.FindString(s)
}

// ReplaceAllString returns s with every match replaced; $1 stands for the first group.
func (p *Pattern) ReplaceAllString(s, with string) string {
	if !p.may(s) {
		return s
	}
	return p.re.ReplaceAllString(s, with)
}

// may is the cheap question: whether s holds one of the words.
func (p *Pattern) may(s string) bool {
	words := p.words()
	if len(words) == 0 {
		return true
	}
	folded := !isASCII(s)
	if folded {
		s = fold(s)
	}
	has := lettersOf(s)
	for _, w := range words {
		if w.letters&^has != 0 {
			continue
		}
		if !folded {
			s, folded = fold(s), true
		}
		if strings.Contains(s, w.text) {
			return true
		}
	}
	return false
}

// letters is a set of bytes, capitals as small letters, of which some share a bit. A text that lacks letters of a word need not be
// searched for it, and not even folded.
type letters uint64

func lettersOf(s string) (set letters) {
	for i := range len(s) {
		b := s[i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		set |= 1 << (b & 63)
	}
	return set
}
