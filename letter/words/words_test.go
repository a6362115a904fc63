package words

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"no key":           {"  it ciao\n", "line 1"},
		"key twice":        {"a\n  it a\n  es a\n  fr a\n  en a\na\n", "line 6"},
		"language twice":   {"a\n  it a\n  it b\n", "line 3"},
		"unknown language": {"a\n  de a\n", "line 2"},
		"language missing": {"a\n  it a\n  es a\n  en a\n", `"a" has no fr`},
		"no words":         {"a\n  it\n  es a\n  fr a\n  en a\n", `"a" has no it`},
	} {
		if _, err := Parse(c.src); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

func book(t *testing.T) *Book {
	t.Helper()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCatalogue holds that a sentence asks for the same things in every language, and that each says it in its own way.
func TestCatalogue(t *testing.T) {
	b := book(t)
	hole := regexp.MustCompile(`\{[^}]*\}`)
	for _, key := range b.Keys() {
		want := ""
		for _, lang := range Languages() {
			holes := map[string]bool{}
			for _, h := range hole.FindAllString(b.lines[key][lang], -1) {
				holes[h] = true
			}
			got := ""
			for _, h := range strings.Fields("{what} {ref} {subject} {customer} {word} {verb} {names} {when} {time} {duty} {left} {late} {limit} {value} {detail} {n} {desk} {from} {to} {date} {hours} {name} {days} {head} {language} {done} {why} {one} {two} {domain}") {
				if holes[h] {
					got += h
				}
				delete(holes, h)
			}
			if len(holes) > 0 {
				t.Errorf("%s %s: nobody fills %v", key, lang, holes)
			}
			if lang == "it" {
				want = got
			}
			if got != want {
				t.Errorf("%s: %s has %s, it has %s", key, lang, got, want)
			}
		}
		if one, ok := strings.CutSuffix(key, ".one"); ok && b.lines[one+".many"] == nil {
			t.Errorf("%s has no plural", key)
		}
	}
}

// TestTypography holds the spaces and quotes each language writes.
func TestTypography(t *testing.T) {
	b := book(t)
	for _, key := range b.Keys() {
		if fr := b.lines[key]["fr"]; regexp.MustCompile(`[^ \d][?!;:»]( |$)`).MatchString(strings.ReplaceAll(fr, "...", "")) {
			t.Errorf("%s: French puts a space before ? ! ; : and »: %q", key, fr)
		}
		if es := b.lines[key]["es"]; strings.Count(es, "?") != strings.Count(es, "¿") || strings.Count(es, "!") != strings.Count(es, "¡") {
			t.Errorf("%s: Spanish opens ¿ and ¡: %q", key, es)
		}
		if es := b.lines[key]["es"]; strings.Contains(es, `"`) {
			t.Errorf("%s: Spanish quotes with « »: %q", key, es)
		}
		for _, lang := range Languages() {
			if s := b.lines[key][lang]; strings.Contains(s, "  ") || strings.Contains(s, "’") {
				t.Errorf("%s %s: two spaces or a curly apostrophe: %q", key, lang, s)
			}
		}
	}
}

// TestKeys holds that the catalogue and the code know the same keys: every key is said somewhere, every key said exists.
func TestKeys(t *testing.T) {
	b := book(t)
	code := ""
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		code += string(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(Say|Count|about)\((?:v, )?"([a-z0-9_.]+)"(\+)?`).FindAllStringSubmatch(code, -1) {
		key := m[2]
		if m[1] == "Count" && m[3] == "" {
			key += ".many"
		}
		if m[3] == "" && !strings.HasSuffix(m[2], ".") && b.lines[key] == nil {
			t.Errorf("the code says %q, the catalogue does not", key)
		}
	}
	// Families are said by a name that arrives with the mail.
	families := regexp.MustCompile(`^(account\.is|account\.put|act|care|done|dropped|does|form|refused\.because|refused\.then|notice\.what|notice\.todo|odd|coming|duty|category|carrier|contract|doubt|ground|related|review\.carried|review\.why|blank|left|language|note|review\.subject|summary\.why|summary\.how|summary\.subject|step|trouble|news|news\.subject|fetched|fetched\.subject)\.`)
	for _, key := range b.Keys() {
		stem := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".many")
		if !families.MatchString(key) && !strings.Contains(code, `"`+stem+`"`) {
			t.Errorf("nobody says %q", key)
		}
	}
}

func TestSay(t *testing.T) {
	b := book(t)
	v := b.In("it")
	if got := v.Say("review.nearest", "verb", "{verb} {x}"); got != `Volevi dire "{verb} {x}"?` {
		t.Errorf("a value was read as a text: %q", got)
	}
	if got := v.Say("no.such.key", "a", "b"); got != "no.such.key" || v.Has("no.such.key") {
		t.Errorf("unknown key said as %q", got)
	}
	if got := v.Say("duty.ack", "odd"); got != "Presa in carico" {
		t.Errorf("a lone argument: %q", got)
	}
	if b.In("de").Lang != "en" {
		t.Error("an unknown language does not speak English")
	}
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{{"fr", 0, "depuis 0 jour"}, {"fr", 1, "depuis 1 jour"}, {"fr", 2, "depuis 2 jours"}, {"it", 0, "da 0 giorni"}, {"it", 1, "da 1 giorno"}} {
		if got := b.In(c.lang).Count("digest.days", c.n); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

// TestSayOnce holds that a placeholder is filled wherever it stands, and that a value is never read again.
func TestSayOnce(t *testing.T) {
	b, err := Parse("a\n  it {n} {{n}} {x} {n\n  es {n}{value}\n  fr {value}\n  en -\n")
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"it": "{value} {{value}} {x} {n", "es": "{value}{n}", "fr": "{n}", "en": "-"} {
		if got := b.In(lang).Say("a", "n", "{value}", "value", "{n}", "odd"); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// The full stop of an abbreviation ends the sentence, too: half of the customers are an S.r.l., an S.L. or a Ltd.
func TestOneFullStop(t *testing.T) {
	for value, want := range map[string]string{"Verdi S.r.l.": "Nuova richiesta di Verdi S.r.l.", "Verdi": "Nuova richiesta di Verdi.", "e poi...": "Nuova richiesta di e poi....", "": "Nuova richiesta di ."} {
		if got := book(t).In("it").Say("review.why.new", "customer", value); got != want {
			t.Errorf("%q: %q", value, got)
		}
	}
}
