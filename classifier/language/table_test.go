package language

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"replyby/samples"
)

var update = flag.Bool("update", false, "make trigrams.tsv anew from the corpora")

// sentences reads the public sentence files: odd lines train, even lines test.
func sentences(t testing.TB) (train, test map[string][]string) {
	t.Helper()
	train, test = map[string][]string{}, map[string][]string{}
	for code := range strings.FieldsSeq(codes) {
		b := samples.Read(t, "h-language/pemistahl+lingua-rs/"+code+"-sentences.txt")
		for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			if i%2 == 0 {
				train[code] = append(train[code], line)
			} else {
				test[code] = append(test[code], line)
			}
		}
	}
	return train, test
}

// own reads text written for this project: code, tab, sentence.
func own(t testing.TB, file string) map[string][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		if code, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			out[code] = append(out[code], text)
		}
	}
	return out
}

// TestMakeTable writes the table with -update; without, it checks that the
// table has its shape.
func TestMakeTable(t *testing.T) {
	if *update {
		train, _ := sentences(t)
		for code, lines := range own(t, "own.tsv") {
			for range 3 { // support mail is what we read
				train[code] = append(train[code], lines...)
			}
		}
		if err := os.WriteFile("trigrams.tsv", []byte(makeTable(train)), 0o644); err != nil {
			t.Fatal(err)
		}
		table = makeTable(train)
	}
	if n := len(New().rows); n < 4000 {
		t.Fatalf("the table has %d trigrams, want at least 4000", n)
	}
	if len(table) > 512<<10 {
		t.Fatalf("the table has %d bytes, want at most 512 KiB", len(table))
	}
}

// makeTable counts trigrams and writes what each costs in each language:
// minus log2 of its smoothed share, in eighths of a bit.
func makeTable(train map[string][]string) string {
	const smooth, space = 0.05, 20000
	names := strings.Fields(codes)
	counts := map[string]*[columns]float64{}
	var totals [columns]float64
	for k, code := range names {
		for _, line := range train[code] {
			letters, _ := prepare(nil, line)
			for i := 0; i+3 <= len(letters); i++ {
				tri := string(letters[i : i+3])
				if counts[tri] == nil {
					counts[tri] = &[columns]float64{}
				}
				counts[tri][k]++
				totals[k]++
			}
		}
	}
	var lines []string
	for tri, c := range counts {
		sum := 0.0
		for _, n := range c {
			sum += n
		}
		if sum < 2 {
			continue
		}
		line := tri + "\t"
		for k, n := range c {
			bits := -math.Log2((n + smooth) / (totals[k] + smooth*space))
			line += fmt.Sprintf("%02x", min(255, int(math.Round(bits*8))))
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// TestAccuracy: at least 97 of 100 texts over 60 characters right, on
// sentences the table has not seen.
func TestAccuracy(t *testing.T) {
	_, test := sentences(t)
	d := New()
	right, all, sureWrong, sures := 0, 0, 0, 0
	for k, code := range strings.Fields(codes) {
		good, n := 0, 0
		for _, line := range test[code] {
			if len([]rune(line)) <= 60 {
				continue
			}
			n++
			got, sure := d.Detect(line)
			if got == code {
				good++
			}
			if sure {
				sures++
				if got != code {
					sureWrong++
					t.Logf("sure but wrong: %s for %s", got, code)
				}
			}
		}
		t.Logf("%s: %d of %d", code, good, n)
		if k < answers {
			right, all = right+good, all+n
		}
	}
	t.Logf("%d of %d, sure %d, sure and wrong %d", right, all, sures, sureWrong)
	if float64(right) < 0.97*float64(all) {
		t.Errorf("%d of %d right, want 97 %%", right, all)
	}
	if float64(sureWrong) > 0.01*float64(sures) {
		t.Errorf("%d of %d sure answers are wrong, want at most 1 %%", sureWrong, sures)
	}
}
