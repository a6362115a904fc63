package pattern

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestWords shows what is derived.
func TestWords(t *testing.T) {
	for expr, want := range map[string][]string{
		`failed`:                          {"failed"},
		`(?i)Fail(ed|ure)`:                {"failed", "failure"},
		`(?i)^re\s*[:：]`:                  {"re"},
		`fail|failure|failed`:             {"fail"},
		`^(?:i am|i'm) out of`:            {"i am out of", "i'm out of"},
		`you have (?:a )?new voice ?mail`: {"you have a new voice mail", "you have a new voicemail", "you have new voice mail", "you have new voicemail"},
		`^[\s>]*(?:-{2,}|_{3}).*original`: {"original"},
		`(?:wrote|writes)\s*:`:            {"wrote", "writes"},
		`(?i)k[eé]ep`:                     {"keep", "kÉep"},
		`(?:spam)+!`:                      {"spam"},
		`\bx\b|y`:                         {"x", "y"},
		`a?`:                              nil,
		`.*`:                              nil,
		`\d{4}-\d{2}`:                     {"-"},
		`a|[xy]`:                          {"a", "x", "y"},
		`a|\w`:                            nil,
		`[a-z]+`:                          nil,
	} {
		var got []string
		for _, w := range derive(expr) {
			got = append(got, w.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}

// An expression that begins with a word is left to package regexp, which looks for that word without folding the text.
func TestBeginning(t *testing.T) {
	for expr, want := range map[string]int{`Order \d+`: 0, `(?i)Order \d+`: 1, `\d+ Order`: 1, `ab\d|cd\d`: 20} {
		if got := len(MustCompile(expr).words()); got != want {
			t.Errorf("%s: %d words, want %d", expr, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][]string{{"k", "K", "\u212a"}, {"s", "S", "ſ"}, {"é", "É"}, {"σ", "ς", "Σ"}, {"\ufffd", "\xff"}} {
		for _, s := range same {
			if fold(s+"è") != fold(same[0]+"È") {
				t.Errorf("%q and %q fold differently", s, same[0])
			}
		}
	}
}

// agree holds a Pattern against package regexp on one text.
func agree(t interface{ Errorf(string, ...any) }, expr, s string) {
	p, re := MustCompile(expr), regexp.MustCompile(expr)
	if p.MatchString(s) != re.MatchString(s) || p.FindString(s) != re.FindString(s) || p.ReplaceAllString(s, "<$0>") != re.ReplaceAllString(s, "<$0>") {
		t.Errorf("%q on %q (%d words): not the answer of package regexp", expr, s, len(p.words()))
	}
}

// expressions are built from the pieces expressions on mail are made of.
func expressions() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{"wrote", "sk", "ß", "é", "K", "I", "i̇", "a", ":", "：", " ", `\s`, `\d`, ".", "[eé]", "[a-z]", "[^a]", "^", "$", `\b`, "\ufffd", ""})
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		if rapid.Bool().Draw(t, "fold") {
			b.WriteString("(?i)")
		}
		for range rapid.IntRange(1, 4).Draw(t, "parts") {
			words := rapid.SliceOfN(piece, 1, 4).Draw(t, "words")
			times := rapid.SampledFrom([]string{"", "", "?", "*", "+", "{2}", "{0,2}"}).Draw(t, "times")
			b.WriteString("(?:" + strings.Join(words, "|") + ")" + times)
			b.WriteString(piece.Draw(t, "then"))
		}
		return b.String()
	})
}

// TestLaw: what a random expression matches is never passed over, in whatever case it is written.
func TestLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expr := expressions().Draw(t, "expr")
		core := rapid.StringMatching(expr).Draw(t, "core")
		noise := rapid.SampledFrom([]string{"", "x", " ", "\xff", "K", "ſ"})
		s := noise.Draw(t, "before") + core + noise.Draw(t, "behind")
		agree(t, expr, s)
		agree(t, expr, strings.ToUpper(s))
		agree(t, expr, strings.ToLower(s))
		agree(t, expr, strings.NewReplacer("k", "\u212a", "s", "ſ").Replace(s))
	})
}

func FuzzMatch(f *testing.F) {
	f.Add(`(?i)fail(ed|ure)|^x`, "Delivery FAILED")
	f.Add(`(?i)s[kß]+é`, "ſ\u212aÉ")
	f.Fuzz(func(t *testing.T, expr, s string) {
		if len(expr) > 200 {
			return
		}
		if _, err := regexp.Compile(expr); err == nil {
			agree(t, expr, s)
		}
	})
}
