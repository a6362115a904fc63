package reply

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// now is Monday 23 November 2026, 15:00 in Rome.
func now(t *testing.T) time.Time {
	t.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 23, 15, 0, 0, 0, rome)
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, text, verbs, words string }{
		{"verb and words", "ok\n\nCi penso io.\nA dopo", "ok", "Ci penso io.\nA dopo"},
		{"capitals and a full stop", "OK.\nCi penso io", "ok", "Ci penso io"},
		{"synonym", "Enviar\nVoy a verlo", "ok", "Voy a verlo"},
		{"accented synonym", "résolu\nC'est réglé", "fixed", "C'est réglé"},
		{"several", "take\nurgent\nok\nCi penso io", "take urgent ok", "Ci penso io"},
		{"all recipients", "ok all\nCi penso io", "ok", "Ci penso io"},
		{"no verb", "Ci penso io\nok", "", "Ci penso io\nok"},
		{"ok in a sentence is words", "ok, la guardo domani", "", "ok, la guardo domani"},
		{"take in a sentence is words", "take a look at the log first", "", "take a look at the log first"},
		{"note keeps its words", "note il cliente ha chiamato", "note", ""},
		{"invisible characters", "o\u200bk\nsì", "ok", "sì"},
		{"no-break space", "eta\u00a0domani 17:00", "eta", ""},
		{"windows line ends", "ok\r\nVa bene così\r\n", "ok", "Va bene così"},
		{"nothing", " \n\n", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Parse(c.text, now(t))
			if r.Doubt != nil {
				t.Fatalf("doubt %+v", *r.Doubt)
			}
			var verbs []string
			for _, k := range r.Commands {
				verbs = append(verbs, string(k.Verb))
			}
			if got := strings.Join(verbs, " "); got != c.verbs || r.Words != c.words {
				t.Errorf("verbs %q words %q, want %q and %q", got, r.Words, c.verbs, c.words)
			}
		})
	}
}

func TestDoubts(t *testing.T) {
	for _, c := range []struct {
		text    string
		nearest Verb
	}{
		{"okk\nCi penso io", OK},
		{"tkae", Take},
		{"clsoe", Close},
		{"eta quando posso", ETA},
		{"eta 2026-02-30 10:00", ETA},
		{"eta ieri", ETA},
		{"eta 2026-11-20 10:00", ETA},
		{"ok\nfixd\nfatto", Fixed},
		{strings.Repeat("take\n", 200), ""},
	} {
		r := Parse(c.text, now(t))
		if r.Doubt == nil || len(r.Commands) != 0 || r.Words != "" {
			t.Errorf("%.20q: %+v, want a doubt and nothing else", c.text, r)
			continue
		}
		if r.Doubt.Nearest != c.nearest {
			t.Errorf("%.20q: nearest %q, want %q", c.text, r.Doubt.Nearest, c.nearest)
		}
	}
}

func TestWhen(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-24 17:00":          "2026-11-24T17:00:00+01:00",
		"2026-11-24T17:00:00Z":      "2026-11-24T17:00:00Z",
		"2026-11-24":                "2026-11-24T18:00:00+01:00",
		"24/11 17:30":               "2026-11-24T17:30:00+01:00",
		"24/11 ore 18":              "2026-11-24T18:00:00+01:00",
		"24.11.2026 9:05":           "2026-11-24T09:05:00+01:00",
		"07/01 10:00":               "2027-01-07T10:00:00+01:00",
		"domani 17:00":              "2026-11-24T17:00:00+01:00",
		"mañana a las 9":            "2026-11-24T09:00:00+01:00",
		"vendredi 17h":              "2026-11-27T17:00:00+01:00",
		"lunedì 10:00":              "2026-11-30T10:00:00+01:00",
		"tomorrow 5pm":              "2026-11-24T17:00:00+01:00",
		"17:45":                     "2026-11-23T17:45:00+01:00",
		"2027-03-28 02:30":          "2027-03-28T03:30:00+02:00", // does not exist: moved on by the gap
		"oggi alle 18:00":           "2026-11-23T18:00:00+01:00",
		"2026-11-24T10:00:00-05:00": "2026-11-24T10:00:00-05:00",
	} {
		at, err := When(text, now(t))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if w, _ := time.Parse(time.RFC3339, want); !at.Equal(w) {
			t.Errorf("%s: %s, want %s", text, at.Format(time.RFC3339), want)
		}
	}
}

func TestSynonymsAreUnique(t *testing.T) {
	owner := map[string]Verb{}
	for _, s := range grammar() {
		if s.names[0] != string(s.verb) {
			t.Errorf("%s: the first name is %s", s.verb, s.names[0])
		}
		for _, n := range s.names {
			if other, taken := owner[n]; taken {
				t.Errorf("%q means %s and %s", n, other, s.verb)
			}
			if n != fold(n) || strings.ContainsAny(n, " .,") {
				t.Errorf("%q can never be read", n)
			}
			owner[n] = s.verb
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"ok\nciao", "eta domani 17:00", "okk", "\x00\xff", "take\ntake"} {
		f.Add(s)
	}
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		r := Parse(s, at)
		if r.Doubt != nil && (len(r.Commands) > 0 || r.Words != "") {
			t.Errorf("a doubt with effects: %+v", r)
		}
		for _, c := range r.Commands {
			if !c.At.IsZero() && !c.At.After(at) {
				t.Errorf("%q promises the past", c.Line)
			}
		}
	})
}
