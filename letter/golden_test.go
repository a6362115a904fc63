package letter_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"replyby/letter/words"
)

var update = flag.Bool("update", false, "write testdata anew from what the package says now")

// TestGolden holds that every mail says, byte for byte, what it said when a person last looked at it: the text in all
// languages, the whole message in one.
func TestGolden(t *testing.T) {
	for _, lang := range words.Languages() {
		for name, r := range samples(t, lang) {
			golden(t, name+"."+lang+".txt", []byte("Subject: "+r.Subject+"\n\n"+r.Text))
			if lang == "it" {
				golden(t, name+".eml", r.Bytes)
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-update writes it anew):\n%s", name, d)
	}
}

// TestSameBytes holds that rendering depends on nothing but its arguments.
func TestSameBytes(t *testing.T) {
	a, b := samples(t, "fr"), samples(t, "fr")
	for name := range a {
		if string(a[name].Bytes) != string(b[name].Bytes) {
			t.Errorf("%s differs when written twice", name)
		}
	}
}

var pages = flag.String("pages", "", "write the HTML form of every mail into this folder, to look at in a browser")

// TestPages writes the pages that shots.sh takes pictures of.
func TestPages(t *testing.T) {
	if *pages == "" {
		t.Skip("nothing to write without -pages DIR")
	}
	for name, r := range samples(t, "it") {
		if err := os.WriteFile(filepath.Join(*pages, name+".html"), []byte(parse(t, r.Bytes).html), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkReview(b *testing.B) {
	w, r := writer(b), review(b, "it", "new")
	for b.Loop() {
		if _, err := w.Review(r, stamp("r1")); err != nil {
			b.Fatal(err)
		}
	}
}
