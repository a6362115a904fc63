// Package language guesses in which language a customer wrote, among those the
// product speaks: it, es, fr, en, de, pt.
//
// It weighs trigrams of letters against a table of how often each occurs in
// nine languages; Catalan, Dutch and Romanian are there so that their texts are
// not taken for a neighbour with confidence. The table (trigrams.tsv) is made
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
	"strings"
	"unicode"
	"unicode/utf8"
)

// codes are the columns of the table; the first six can be answers.
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

// Bounds of a sure answer: letters read, and by how many eighths of a bit per
// trigram the second-best language must cost more.
const (
	fewest    = 20
	most      = 600
	marginAll = 90 // in sum
)

// Detect returns the likeliest language of text, and whether that is sure
// enough to answer in it. Without enough Latin letters it returns "".
func (d *Detector) Detect(text string) (code string, sure bool) {
	var room [most + 100]rune
	read := prepare(room[:0], text)
	const shortest = 6
	if len(read) < shortest {
		return "", false
	}
	var sums [columns]int
	for i := 0; i+3 <= len(read); i++ {
		costs := d.costs([3]rune(read[i : i+3]))
		for k := range sums {
			sums[k] += int(costs[k])
		}
	}
	best, second := rank(sums)
	if best >= answers {
		nearest, _ := rank([columns]int(append(append([]int{}, sums[:answers]...), maxCosts()...)))
		return codeOf(nearest), false
	}
	return codeOf(best), len(read) >= fewest && sums[second]-sums[best] >= marginAll
}

// maxCosts fills the columns that cannot be answers.
func maxCosts() []int {
	const never = 1 << 30
	return []int{never, never, never}
}

func rank(sums [columns]int) (best, second int) {
	second = -1
	for k := 1; k < columns; k++ {
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
// no language. Text in other scripts yields nothing.
func prepare(out []rune, text string) []rune {
	out = append(out, ' ')
	foreign := 0
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
		return nil
	}
	return out
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
