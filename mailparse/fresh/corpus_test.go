package fresh_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"replyby/mailparse"
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

// reply is one file of the reply corpora.
type reply struct {
	file, source string
	text         string
	want         string // expected fresh text
	labelled     bool   // want is known
}

func replies(t *testing.T) []reply {
	t.Helper()
	dir := corpora(t)
	var out []reply
	for line := range strings.Lines(read(t, filepath.Join(dir, "MANIFEST.tsv"))) {
		f := strings.Split(line, "\t")
		if len(f) < 11 || f[5] != "d-reply" {
			continue
		}
		r := reply{file: f[0], source: f[1], text: asText(f[6], read(t, filepath.Join(dir, f[0])))}
		for e := range strings.SplitSeq(f[9], ";") {
			base := filepath.Base(e)
			if e == "" || strings.HasPrefix(base, "elided") || strings.HasPrefix(base, "before") || strings.HasPrefix(base, "embedded__") ||
				strings.HasSuffix(base, "_sender") || strings.HasSuffix(base, "_signature") {
				continue
			}
			r.labelled = true
			r.want = read(t, filepath.Join(dir, e))
			if strings.HasSuffix(e, ".html") {
				r.want = asText("reply-html", r.want)
			}
		}
		out = append(out, r)
	}
	return out
}

// asText reads a file the way its mail would be read.
func asText(kind, content string) string {
	switch kind {
	case "message":
		return mailparse.Parse([]byte(content)).Text
	case "reply-html":
		return mailparse.Parse([]byte("MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + content)).Text
	}
	return content
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

var historyRE = regexp.MustCompile(`(?m)^\s{0,2}>`)

// TestReplies prints a table per source and asserts on all of them together.
// The sources differ: two keep signatures, and one keeps quotes between which
// somebody answered, which we never do.
func TestReplies(t *testing.T) {
	type tally struct{ exact, withSignature, all int }
	per := map[string]*tally{}
	exact, all := 0, 0
	for _, r := range replies(t) {
		got := fresh.Cut(r.text)
		if historyRE.MatchString(got.Text) && !got.Uncertain {
			t.Errorf("%s: quoted lines are left: %.200q", r.file, got.Text)
		}
		if !r.labelled {
			t.Logf("unlabelled %s: uncertain=%v %.150q ... %q", r.file, got.Uncertain, got.Text, got.Reasons)
			continue
		}
		if per[r.source] == nil {
			per[r.source] = &tally{}
		}
		c := per[r.source]
		c.all++
		all++
		switch want := fold(r.want); want {
		case fold(got.Text):
			c.exact++
			exact++
		case fold(got.Text + "\n" + got.Signature):
			c.withSignature++
			exact++
		default:
			t.Logf("%s:\n got %.300q ... %.100q\nwant %.300q ... %.100q\nreasons %q", r.file, got.Text, tail(got.Text), r.want, tail(r.want), got.Reasons)
		}
	}
	for s, c := range per {
		t.Logf("%-32s exact %d, exact with its signature %d, of %d", s, c.exact, c.withSignature, c.all)
	}
	if float64(exact) < 0.9*float64(all) {
		t.Errorf("%d of %d exact, want 90 %%", exact, all)
	}
}

func tail(s string) string { return s[max(0, len(s)-100):] }
