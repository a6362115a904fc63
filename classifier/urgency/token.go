package urgency

import (
	"regexp"
	"strings"
	"unicode"

	"replyby/classifier/plain"
	"replyby/mailparse/pattern"
)

type kind uint8

const (
	word   kind = iota // a run of letters
	mark               // punctuation a denial does not reach across
	masked             // part of a product's name
)

type token struct {
	kind      kind
	text      string
	stretched bool // three or more equal letters were made one
	disguised bool // letters of two scripts or digits for letters, and then a term
}

// prefixRE: marks of replies and forwards in nine languages, of certified
// mail, and ticket tags in brackets.
var prefixRE = pattern.MustCompile(`(?i)^\s*(?:(?:re|r|rif|i|fw|fwd|tr|rv|aw|wg|enc|res|ref|antw|sv|vs)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]|posta certificata:|anomalia messaggio:|\[(?:ticket\s*)?#?[a-z]{0,8}-?\d{1,12}\])\s*`)

// strip removes the marks of replies, forwards, certified mail and tickets
// from the start of a subject.
func strip(subject string) string {
	const most = 50
	for range most {
		rest := prefixRE.ReplaceAllString(subject, "")
		if rest == subject {
			break
		}
		subject = rest
	}
	return strings.TrimSpace(subject)
}

var spamRE = pattern.MustCompile(`(?i)^\s*(?:\*{2,}\s*(?:possible |probable )?spam\s*\*{2,}|[\[{(]\s*(?:possible |probable )?spam\s*\??\s*[\])}]|spam\s*:)`)

func spamTag(subject string) string { return strings.TrimSpace(spamRE.FindString(subject)) }

// tokenize folds s and splits it into words and the marks that bound a
// phrase. Hyphens, underscores, apostrophes and blanks part words without
// bounding; a dash between blanks bounds.
func tokenize(s string) []token {
	const longest = 2000 // bytes: what is behind it is no subject
	if len(s) > longest {
		s = s[:longest]
	}
	s = expandElisions(joinSpaced(plain.Fold(s)))
	const usual = 12 // words and marks of a subject
	tokens := make([]token, 0, usual)
	runes := []rune(s)
	for i := 0; i < len(runes); {
		r := runes[i]
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n := i
			for n < len(runes) && (unicode.IsLetter(runes[n]) || unicode.IsDigit(runes[n])) {
				n++
			}
			tokens = readRun(tokens, runes[i:n])
			i = n
			continue
		case isDash(r) && spaced(runes, i):
			tokens = append(tokens, token{kind: mark, text: "-"})
		case r == ' ' || r == '\t' || r == '_' || r == '\'' || isDash(r):
		default:
			tokens = append(tokens, token{kind: mark, text: string(r)})
		}
		i++
	}
	return tokens
}

func isDash(r rune) bool { return r == '-' || r == '–' || r == '—' }

func spaced(runes []rune, i int) bool {
	return (i == 0 || runes[i-1] == ' ') && (i+1 == len(runes) || runes[i+1] == ' ')
}

// readRun appends the tokens of a run of letters and digits. Digits part words,
// unless the whole run is a term in disguise.
func readRun(tokens []token, run []rune) []token {
	if plainer := undisguise(run); len(plainer) > 4 && plainer != string(run) && listed(family, plainer) {
		return append(tokens, token{text: plainer, disguised: true, kind: word})
	}
	for i := 0; i < len(run); {
		n := i
		digits := unicode.IsDigit(run[i])
		for n < len(run) && unicode.IsDigit(run[n]) == digits {
			n++
		}
		text, stretched := unstretch(run[i:n])
		tokens = append(tokens, token{text: text, stretched: stretched, kind: word})
		i = n
	}
	return tokens
}

// undisguise writes the Latin letters that look like the Cyrillic, Greek ones
// or digits in a run, if it has any Latin letter beside them; else "".
func undisguise(run []rune) string {
	latin, strange := false, false
	for _, r := range run {
		latin = latin || r >= 'a' && r <= 'z'
		strange = strange || r < 'a' || r > 'z'
	}
	if !latin || !strange {
		return ""
	}
	var b strings.Builder
	for _, r := range run {
		if look, ok := lookalike(r); ok {
			r = look
		}
		b.WriteRune(r)
	}
	return b.String()
}

func lookalike(r rune) (rune, bool) {
	const pairs = "е=e э=e о=o а=a р=p с=c у=y х=x і=i г=r т=t п=n н=n ε=e η=n ν=v τ=t υ=u ο=o ι=i 3=e 1=i 0=o 4=a 6=g 7=t 5=s"
	i := strings.Index(pairs, string(r)+"=")
	if i < 0 {
		return 0, false
	}
	return rune(pairs[i+len(string(r))+1]), true
}

// unstretch makes three or more equal letters one.
func unstretch(run []rune) (text string, stretched bool) {
	if !stretches(run) {
		return string(run), false
	}
	var b strings.Builder
	for i := 0; i < len(run); {
		n := i
		for n < len(run) && run[n] == run[i] {
			n++
		}
		if n-i >= 3 {
			b.WriteRune(run[i])
		} else {
			b.WriteString(string(run[i:n]))
		}
		i = n
	}
	return b.String(), true
}

func stretches(run []rune) bool {
	for i := 2; i < len(run); i++ {
		if run[i] == run[i-1] && run[i] == run[i-2] {
			return true
		}
	}
	return false
}

var elisionRE = regexp.MustCompile(`\bn'|n't\b`)

// expandElisions makes the denials that hide in an apostrophe words of their own.
func expandElisions(s string) string {
	if !strings.Contains(s, "'") {
		return s
	}
	return elisionRE.ReplaceAllStringFunc(s, func(m string) string {
		if m == "n'" {
			return "ne "
		}
		return " not"
	})
}

// joinSpaced joins four or more single letters parted by the same separator.
func joinSpaced(s string) string {
	runes := []rune(s)
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(runes); {
		n := spacedRun(runes, i)
		if n == 0 {
			b.WriteRune(runes[i])
			i++
			continue
		}
		for k := i; k < i+n; k += 2 {
			b.WriteRune(runes[k])
		}
		i += n
	}
	return b.String()
}

// spacedRun returns the length in runes of a spaced-out word at i, or 0.
func spacedRun(runes []rune, i int) int {
	if i > 0 && unicode.IsLetter(runes[i-1]) || !unicode.IsLetter(runes[i]) {
		return 0
	}
	letters, k := 1, i
	for k+2 < len(runes) && strings.ContainsRune(" .-_", runes[k+1]) && runes[k+1] == runes[i+1] && unicode.IsLetter(runes[k+2]) {
		if k+3 < len(runes) && unicode.IsLetter(runes[k+3]) {
			break // a longer word begins there
		}
		letters++
		k += 2
	}
	if letters < 4 {
		return 0
	}
	return k + 1 - i
}

// maskProducts takes the words of product names out of the reading.
func maskProducts(tokens []token, products [][]string) {
	for i := range tokens {
		for _, p := range products {
			if sameWords(tokens[i:], p) {
				for k := range p {
					tokens[i+k].kind = masked
				}
			}
		}
	}
}

func sameWords(tokens []token, words []string) bool {
	if len(tokens) < len(words) {
		return false
	}
	for i, w := range words {
		if tokens[i].kind != word || tokens[i].text != w {
			return false
		}
	}
	return true
}

func wordsOf(s string) []string {
	var words []string
	for _, t := range tokenize(s) {
		if t.kind == word {
			words = append(words, t.text)
		}
	}
	return words
}
