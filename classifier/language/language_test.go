package language

import (
	"testing"
	"unicode/utf8"
)

func TestHeldOut(t *testing.T) {
	d := New()
	for code, lines := range own(t, "held.tsv") {
		for _, line := range lines {
			if got, sure := d.Detect(line); got != code || !sure {
				t.Errorf("%q: got %s sure=%v, want %s", line, got, sure, code)
			}
		}
	}
}

// TestNotSure: little text, other scripts and what has no language.
func TestNotSure(t *testing.T) {
	d := New()
	for _, s := range []string{"", "ok", "12345", "Sito?", "https://www.example.com/it/carrello?a=1", "\xff\xfe\xfd",
		"Здравствуйте, сайт не работает с сегодняшнего утра", "您好，网站打不开了，请帮忙看看", "admin@example.com 500"} {
		if got, sure := d.Detect(s); sure {
			t.Errorf("%q: sure of %s", s, got)
		}
	}
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{"Buongiorno", "\xff", "Здравствуйте", "ＡＢＣ ａｂｃ", "a.b.c"} {
		f.Add(s)
	}
	d := New()
	f.Fuzz(func(t *testing.T, s string) {
		code, sure := d.Detect(s)
		if sure && code == "" || !utf8.ValidString(code) {
			t.Errorf("code %q sure %v", code, sure)
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	d := New()
	text := ""
	for _, lines := range own(b, "own.tsv") {
		for _, l := range lines {
			text += l + "\n"
		}
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		d.Detect(text)
	}
}
