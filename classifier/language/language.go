// Package language guesses in which language a customer wrote: it, es, fr, en,
// de, pt, and of their neighbours ca, nl, ro where it is sure.
//
// It weighs trigrams of letters against a table of how often each occurs in
// these nine languages. A text that fits none of them is in another. The table (trigrams.tsv) is made
// by the test of this package from half of the sentences of a public corpus
// and from text written for this project; the other half is what it is
// measured on. It holds counts, no text.
//
// It promises an answer in microseconds and to say when it is not sure. It
// refuses to guess from addresses, top-level domains or names.
package language

import (
	_ "embed"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Other stands for every language that the table does not know.
const Other = "und" // RFC 5646, 4.1

// codes are the columns of the table; the first six can be guesses.
const (
	codes   = "it es fr en de pt ca nl ro"
	answers = 6
	columns = 9
)

//go:embed trigrams.tsv
var table string

// row is the cost of one trigram in each language, in eighths of a bit.
type row [columns]uint8

// unseen is the cost of a trigram the table does not hold.
const unseen = 136

// Detector holds the table. It is safe for concurrent use.
type Detector struct {
	rows   []row              // the first is that of all trigrams the table does not hold
	plain  []uint16           // which row a trigram of a to z and blanks has, by its place: most of any text
	others map[[3]rune]uint16 // and one with other letters
}

// letters are a to z and the blank.
const letters = 27

// New reads the embedded table.
func New() *Detector {
	d := &Detector{rows: make([]row, 1), plain: make([]uint16, letters*letters*letters), others: map[[3]rune]uint16{}}
	for k := range d.rows[0] {
		d.rows[0][k] = unseen
	}
	for line := range strings.Lines(table) {
		text, values, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		trigram := []rune(text)
		if b, err := hex.DecodeString(values); ok && err == nil && len(b) == columns && len(trigram) == 3 {
			d.add([3]rune(trigram), row(b))
		}
	}
	return d
}

func (d *Detector) add(trigram [3]rune, costs row) {
	if at := place(trigram); at >= 0 {
		d.plain[at] = uint16(len(d.rows))
	} else {
		d.others[trigram] = uint16(len(d.rows))
	}
	d.rows = append(d.rows, costs)
}

func (d *Detector) costs(trigram [3]rune) *row {
	if at := place(trigram); at >= 0 {
		return &d.rows[d.plain[at]]
	}
	return &d.rows[d.others[trigram]]
}

// place counts through all trigrams of plain letters, -1 for another.
func place(trigram [3]rune) int {
	n := 0
	for _, r := range trigram {
		switch n *= letters; {
		case r >= 'a' && r <= 'z':
			n += int(r-'a') + 1
		case r != ' ':
			return -1
		}
	}
	return n
}

// Bounds of a sure answer: letters read, and by how many eighths of a bit the
// second-best language must cost more.
const (
	fewest    = 20
	most      = 600
	marginAll = 90 // in sum
)

// Bounds of a text in none of the languages: of 3,600 sentences in the nine none costs more than 100 eighths of a bit per trigram, and those of
// twenty others up to 120. Names and technical words are dear in any language; then it still stands far apart from all others.
const (
	dearest   = 104 // per trigram
	farApart  = 4   // per trigram
	fewestOdd = 40
)

// ours are the first columns: the languages that letters are written in.
const ours = 4

// logged reports whether a text holds what programs write of their errors.
func logged(text string) bool {
	return slices.ContainsFunc([]string{"Fatal error", "Parse error", "Uncaught ", "Stack trace", "Exception", "SQLSTATE", "::get", " on line "},
		func(words string) bool { return strings.Contains(text, words) })
}

// Detect returns the likeliest language of text, and whether that is sure
// enough to answer in it. It is Other, and never sure, where enough text fits
// none. Without enough letters it returns "". Paragraphs, or else lines, that a
// customer pasted from a log do not count where the rest tells his language.
func (d *Detector) Detect(text string) (code string, sure bool) {
	if len(text) > 32*most { // so much holds enough letters, whatever links stand in it
		text = text[:32*most]
	}
	if logged(text) {
		for _, between := range []string{"\n\n", "\n"} {
			own := slices.DeleteFunc(strings.Split(text, between), logged)
			if code, sure = d.detect(strings.Join(own, between)); sure {
				return code, sure
			}
		}
	}
	return d.detect(text)
}

func (d *Detector) detect(text string) (code string, sure bool) {
	var room [most + 100]rune
	read, foreign := prepare(room[:0], text)
	const shortest = 6
	switch {
	case foreign >= fewest:
		return Other, false
	case foreign > 0, len(read) < shortest:
		return "", false
	}
	var sums [columns]int
	for i := 0; i+3 <= len(read); i++ {
		costs := d.costs([3]rune(read[i : i+3]))
		for k := range sums {
			sums[k] += int(costs[k])
		}
	}
	best, second := rank(sums[:])
	margin, n := sums[second]-sums[best], len(read)-2
	odd := sums[best] > dearest*n && margin < farApart*n
	enough := marginAll
	if best >= answers { // they are rare, and near to one of ours
		enough *= 2
	}
	switch sure = !odd && len(read) >= fewest && margin >= enough; {
	case odd && n >= fewestOdd, !sure && notOurs(sums[:], len(read)):
		return Other, false
	case best >= answers && !sure:
		best, _ = rank(sums[:answers])
	}
	return codeOf(best), sure
}

// notOurs reports whether a text is in none of ours for sure, though not in which other: it is between two of those, as Norwegian is between Dutch
// and German.
func notOurs(sums []int, letters int) bool {
	best, _ := rank(sums)
	near, _ := rank(sums[:ours])
	return letters >= fewest && best >= ours && sums[near]-sums[best] >= 2*marginAll
}

func rank(sums []int) (best, second int) {
	second = -1
	for k := 1; k < len(sums); k++ {
		if sums[k] < sums[best] {
			best, second = k, best
		} else if second < 0 || sums[k] < sums[second] {
			second = k
		}
	}
	return best, second
}

func codeOf(k int) string { return codes[3*k : 3*k+2] }

// prepare appends the words of Latin letters in lower case, one blank between
// them and around. Links, addresses, numbers and words with digits go: they have
// no language. Text mostly in other scripts yields how many letters of them there are, and no words.
func prepare(out []rune, text string) (words []rune, foreign int) {
	out = append(out, ' ')
	for word := range strings.FieldsSeq(text) {
		if len(out) > most {
			break
		}
		if hasLanguage(word) {
			var others int
			out, others = appendWord(out, word)
			foreign += others
		}
	}
	if foreign > len(out) {
		return nil, foreign
	}
	return out, 0
}

// appendWord appends what is Latin in a word and a blank, and counts the letters that are not.
func appendWord(out []rune, word string) (grown []rune, foreign int) {
	for _, r := range word {
		switch {
		case r >= 'a' && r <= 'z':
			out = append(out, r)
		case r >= 'A' && r <= 'Z':
			out = append(out, r+'a'-'A')
		case r >= utf8.RuneSelf && unicode.Is(unicode.Latin, r):
			out = append(out, unicode.ToLower(r))
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			foreign++
		case out[len(out)-1] != ' ':
			out = append(out, ' ')
		}
	}
	if out[len(out)-1] != ' ' {
		out = append(out, ' ')
	}
	return out, foreign
}

func hasLanguage(word string) bool {
	for i := range len(word) {
		switch b := word[i]; {
		case b >= '0' && b <= '9', b == '@', b == '/', b == '\\', b == '_', b == '<', b == '>', b == '=', b == '{', b == '}':
			return false
		}
	}
	return true
}
