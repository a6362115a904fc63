package reply

import (
	"os"
	"strings"
	"testing"

	"replyby/desk/reply/verb"
)

// everything is the whole vocabulary.
func everything() []verb.Verb {
	var all []verb.Verb
	for _, r := range grammar() {
		all = append(all, r.verb)
	}
	return all
}

func lines(t testing.TB, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// Of the first lines of ordinary answers none is a command, and at most one in fifty comes back with a question; nor does the
// first word of any, alone on its line, unless it is a verb.
func TestOpeningsAreWords(t *testing.T) {
	names := lexiconOf(grammar())
	for _, lang := range []string{"it", "es", "fr", "en"} {
		all := lines(t, "testdata/openings."+lang+".txt")
		if len(all) < 200 {
			t.Errorf("%s: only %d openings", lang, len(all))
		}
		var doubts []string
		for _, line := range all {
			r := Parse(line, now(t))
			if len(r.Commands) > 0 {
				t.Errorf("%s: %q is read as %v", lang, line, r.Commands)
			}
			if r.Doubt != nil {
				doubts = append(doubts, line)
			}
			first, _, _ := strings.Cut(line, " ")
			r = Parse(first, now(t))
			if _, is := names[part(first, 1).name]; !is && (len(r.Commands) > 0 || r.Doubt != nil) {
				t.Errorf("%s: the word %q is read as %v, %+v", lang, first, r.Commands, r.Doubt)
			}
		}
		t.Logf("%s: %d openings, %d doubts: %q", lang, len(all), len(doubts), doubts)
		if len(doubts)*50 > len(all) {
			t.Errorf("%s: %d doubts in %d openings", lang, len(doubts), len(all))
		}
	}
}

// An everyday word is on its list because it would else be taken for a slip of the pen, and never because it is a verb.
func TestEverydayWords(t *testing.T) {
	for _, w := range strings.Fields(everyday) {
		near := false
		for _, r := range grammar() {
			for _, n := range r.names.all() {
				near = near || oneEdit([]rune(w), []rune(n))
				if n == w {
					t.Errorf("%q is %s", w, r.verb)
				}
			}
		}
		if !near || w != part(w, 1).name {
			t.Errorf("%q is near no verb", w)
		}
		if r := Parse(w, now(t)); len(r.Commands) > 0 || r.Doubt != nil {
			t.Errorf("%q: %+v", w, r)
		}
	}
}
