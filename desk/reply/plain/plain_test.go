package plain

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"OK": "ok", "ＯＫ": "ok", "Résolu": "resolu", "MAÑANA": "manana", "aujourd’hui": "aujourd'hui", "o\u200bk": "ok",
		"o\u0336k\u0336": "o\u0336k\u0336", "оk": "оk" /* Cyrillic o */, "\xff": "\ufffd", "1º": "1o", "İ": "i",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"\ufeffok": "ok", "\u200b ok \u2060": "ok", "eta\u00a0domani\u202f17:00": "eta domani 17:00", "o\u200bk": "o\u200bk",
		"ok　all": "ok all", "\t \u00ad": "", "a\x00": "a", "👍\ufe0f ok": "👍 ok",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHiddenAndReversed(t *testing.T) {
	for in, want := range map[string][2]bool{
		"ok": {false, false}, "o\u200dk": {true, false}, "o\u00adk": {true, false}, "\u202eko": {true, true}, "\u2066ok\u2069": {true, false},
	} {
		if Hidden(in) != want[0] || Reversed(in) != want[1] {
			t.Errorf("%q: hidden %v reversed %v, want %v", in, Hidden(in), Reversed(in), want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"ok", "ＯＫ\u200b", "\xff\xfe", "e\u0301", "ﷺ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, o := Line(s), Fold(s)
		if !utf8.ValidString(l) || !utf8.ValidString(o) || Hidden(o) || strings.Contains(l, "\n") {
			t.Errorf("%q: line %q fold %q", s, l, o)
		}
		if Line(l) != l || Fold(o) != o {
			t.Errorf("%q: not stable: %q %q", s, Line(l), Fold(o))
		}
	})
}
