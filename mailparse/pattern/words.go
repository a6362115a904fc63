package pattern

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on the words kept: to search for more is no saving.
const (
	most = 200 // of a whole expression
	few  = 16  // that are made longer by what stands behind them
	long = 5   // bytes: a longer word is no rarer, fewer words are found absent sooner
)

// matches is what is known of the texts that a part of an expression matches.
type matches struct {
	all   []string // each of them, folded, where they are few; else nil
	holds []string // words of which each holds one; nil where nothing is known
}

// words returns the better of what is known.
func (m matches) words() []string { return better(m.holds, m.all) }

// of works from the leaves of the expression upwards. What it does not know may match anything.
func of(re *syntax.Regexp) matches {
	switch re.Op {
	case syntax.OpLiteral:
		return matches{all: []string{fold(string(re.Rune))}}
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return matches{all: []string{""}}
	case syntax.OpCharClass:
		return matches{all: members(re.Rune)}
	case syntax.OpCapture:
		return of(re.Sub[0])
	case syntax.OpPlus:
		return matches{holds: of(re.Sub[0]).words()}
	case syntax.OpQuest:
		return either([]matches{of(re.Sub[0]), {all: []string{""}}})
	case syntax.OpAlternate:
		return either(each(re.Sub))
	case syntax.OpConcat:
		return sequence(each(re.Sub))
	}
	return matches{}
}

func each(subs []*syntax.Regexp) []matches {
	var known []matches
	for _, sub := range subs {
		known = append(known, of(sub))
	}
	return known
}

// either joins alternatives: to know something of the whole, it has to be known of each.
func either(parts []matches) matches {
	whole := matches{all: []string{}, holds: []string{}}
	for _, part := range parts {
		whole.all = union(whole.all, part.all)
		whole.holds = union(whole.holds, part.words())
	}
	return whole
}

func union(a, b []string) []string {
	if a == nil || len(b) == 0 || len(a)+len(b) > most {
		return nil
	}
	return slices.Concat(a, b)
}

// sequence joins what stands one behind the other: neighbours of which all is known make longer words.
func sequence(parts []matches) matches {
	run, entire := []string{""}, true
	var holds []string
	for _, part := range parts {
		if joined := product(run, part.all); joined != nil {
			run = joined
			continue
		}
		entire = false
		holds = better(better(holds, run), part.holds)
		if run = part.all; run == nil {
			run = []string{""}
		}
	}
	if entire {
		return matches{all: run}
	}
	return matches{holds: better(holds, run)}
}

// product returns every word of a with every word of b behind it; nil if b is not known or they are too many.
func product(a, b []string) []string {
	if b == nil || len(a)*len(b) > few {
		return nil
	}
	out := make([]string, 0, len(a)*len(b))
	for _, first := range a {
		for _, second := range b {
			out = append(out, first+second)
		}
	}
	return out
}

// members lists the characters of a class, given as pairs of first and last; nil if they are many.
func members(pairs []rune) []string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if int(pairs[i+1]-pairs[i]) >= few-len(all) {
			return nil
		}
		for r := pairs[i]; r <= pairs[i+1]; r++ {
			all = append(all, fold(string(r)))
		}
	}
	return distinct(all)
}

// better returns the list that more texts fail, or sooner: the one whose shortest word is longer, or else the shorter list. A
// list with an empty word says nothing.
func better(a, b []string) []string {
	switch short, other := min(shortest(a), long), min(shortest(b), long); {
	case other == 0 && short == 0:
		return nil
	case other > short, other == short && len(b) < len(a):
		return b
	}
	return a
}

func shortest(words []string) int {
	if len(words) == 0 {
		return 0
	}
	return len(slices.MinFunc(words, func(a, b string) int { return len(a) - len(b) }))
}

// distinct leaves out the words that hold another one.
func distinct(words []string) []string {
	var out []string
	for i, word := range words {
		if !slices.ContainsFunc(words[:i], func(w string) bool { return strings.Contains(word, w) }) &&
			!slices.ContainsFunc(words[i+1:], func(w string) bool { return strings.Contains(word, w) && w != word }) {
			out = append(out, word)
		}
	}
	return out
}

// fold makes every spelling of a letter that package regexp takes for the same under (?i) one, and foreign bytes what it takes
// them for.
func fold(s string) string {
	if !isASCII(s) {
		return strings.Map(foldRune, s)
	}
	return strings.ToLower(s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldRune returns the first of a letter's spellings, in ASCII the small one: K stands for the sign of Kelvin, too.
func foldRune(r rune) rune {
	first := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		first = min(first, other)
	}
	if first >= 'A' && first <= 'Z' {
		return first + 'a' - 'A'
	}
	return first
}
