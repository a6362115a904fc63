package fresh_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/mailparse/fresh"
)

// corpora finds the mail corpora, which live outside the repository.
func corpora(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("REPLYBY_CORPORA")
	if dir == "" {
		dir = "../../../shared/data/corpora"
	}
	if _, err := os.Stat(filepath.Join(dir, "MANIFEST.tsv")); err != nil {
		t.Skipf("mail corpora not found in %s (set REPLYBY_CORPORA)", dir)
	}
	return dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestDiscourse(t *testing.T) {
	dir := filepath.Join(corpora(t), "d-reply/discourse+email_reply_trimmer")
	files, _ := filepath.Glob(filepath.Join(dir, "*.txt"))
	good := 0
	for _, f := range files {
		got := fresh.Cut(read(t, f))
		want := read(t, filepath.Join(dir, "expected", filepath.Base(f)))
		if fold(got.Text) == fold(want) {
			good++
			continue
		}
		t.Logf("%s:\n got %.300q\nwant %.300q\nreasons %q", filepath.Base(f), got.Text, want, got.Reasons)
	}
	t.Logf("%d of %d", good, len(files))
}
