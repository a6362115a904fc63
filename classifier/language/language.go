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
	costs map[[3]rune]row
}

// New reads the embedded table.
func New() *Detector {
	d := &Detector{costs: map[[3]rune]row{}}
	for line := range strings.Lines(table) {
		trigram, values, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		var r row
		letters := []rune(trigram)
		if b, err := hex.DecodeString(values); ok && err == nil && len(b) == columns && len(letters) == 3 {
			copy(r[:], b)
			d.costs[[3]rune(letters)] = r
		}
	}
	return d
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
	letters := prepare(text)
	const shortest = 6
	if len(letters) < shortest {
		return "", false
	}
	var sums [columns]int
	for i := 0; i+3 <= len(letters); i++ {
		r, known := d.costs[[3]rune(letters[i:i+3])]
		for k := range sums {
			if known {
				sums[k] += int(r[k])
			} else {
				sums[k] += unseen
			}
		}
	}
	best, second := rank(sums)
	if best >= answers {
		nearest, _ := rank([columns]int(append(append([]int{}, sums[:answers]...), maxCosts()...)))
		return codeOf(nearest), false
	}
	return codeOf(best), len(letters) >= fewest && sums[second]-sums[best] >= marginAll
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

func codeOf(k int) string { return strings.Fields(codes)[k] }

// prepare keeps words of Latin letters in lower case, one blank between them
// and around. Links, addresses, numbers and words with digits go: they have no
// language. Text in other scripts yields nothing.
func prepare(text string) []rune {
	out := []rune{' '}
	foreign := 0
	for word := range strings.FieldsSeq(text) {
		if len(out) > most {
			break
		}
		if strings.ContainsAny(word, "@/\\_<>={}0123456789") {
			continue
		}
		start := len(out)
		for _, r := range word {
			switch {
			case r >= 'a' && r <= 'z':
				out = append(out, r)
			case unicode.Is(unicode.Latin, r):
				out = append(out, unicode.ToLower(r))
			case unicode.IsLetter(r):
				foreign++
			case len(out) > start && out[len(out)-1] != ' ':
				out = append(out, ' ')
			}
		}
		if len(out) > start && out[len(out)-1] != ' ' {
			out = append(out, ' ')
		}
	}
	if foreign > len(out) {
		return nil
	}
	return out
}
