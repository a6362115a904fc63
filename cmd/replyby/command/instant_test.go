package command

import (
	"testing"
	"time"
)

// An instant is read as the same whether it is written with its offset or as local time, and what is none has a hint.
func FuzzInstant(f *testing.F) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{"", "now", "20/11/2026", "2026-11-31", "2026-11-20T17:30", "2026-11-20 17:30:05", "2026-11-20T17:30:00+01:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := Instant("at", text, rome)
		if err != nil {
			if Hint(err) == "" {
				t.Errorf("%q: %v has no hint", text, err)
			}
			return
		}
		at = at.UTC() // offsets of old have seconds, which no offset can be written with
		if at.Year() < 1 || at.Year() > 9999 {
			return // RFC 3339, section 1: years of four digits
		}
		if again, err := Instant("at", at.Format(time.RFC3339Nano), rome); err != nil || !again.Equal(at) {
			t.Errorf("%q is %s, which is %s, %v", text, at, again, err)
		}
	})
}
