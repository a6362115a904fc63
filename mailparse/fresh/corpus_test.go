package fresh_test

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"replyby/mailparse"
	"replyby/mailparse/fresh"
	"replyby/samples"
)

// reply is one file of the reply corpora.
type reply struct {
	file, source string
	text         string
	want         string // expected fresh text
	labelled     bool   // want is known
}

func replies(t *testing.T) []reply {
	t.Helper()
	var out []reply
	for _, s := range samples.All(t) {
		if s.Category != "d-reply" {
			continue
		}
		r := reply{file: s.File, source: s.Source, text: asText(s.Kind, string(samples.Read(t, s.File)))}
		for _, e := range s.Expected {
			base := path.Base(e)
			if strings.HasPrefix(base, "elided") || strings.HasPrefix(base, "before") || strings.HasPrefix(base, "embedded__") ||
				strings.HasSuffix(base, "_sender") || strings.HasSuffix(base, "_signature") {
				continue
			}
			r.labelled = true
			r.want = string(samples.Read(t, e))
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
