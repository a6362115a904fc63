package lookup

import (
	"testing"
	"time"

	"replyby/cmd/replyby/command"
)

// A closure that is read comes back the same when it is written in its own form; one that is not says why.
func FuzzClosure(f *testing.F) {
	for _, text := range []string{
		"", "..", "@", "2026-08-08", "2026-08-08..2026-08-23@", "2026-08-08..2026-08-23@now", "2026-02-30..2026-03-01",
		"2026-08-08..2026-08-23", "2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00", "9999-12-31..0001-01-01",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseClosure(text)
		if err != nil {
			return
		}
		own := string(c.From) + ".." + string(c.To)
		if !c.NotifiedAt.IsZero() {
			own += "@" + c.NotifiedAt.Format(time.RFC3339Nano)
		}
		again, err := parseClosure(own)
		if err != nil || again.From != c.From || again.To != c.To || !again.NotifiedAt.Equal(c.NotifiedAt) {
			t.Errorf("%q is %v, and its own form %q is %v, %v", text, c, own, again, err)
		}
	})
}

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
		at, err := parseInstant(text, rome)
		if err != nil {
			if command.Hint(err) == "" {
				t.Errorf("%q: %v has no hint", text, err)
			}
			return
		}
		at = at.UTC() // offsets of old have seconds, which no offset can be written with
		if at.Year() < 1 || at.Year() > 9999 {
			return // RFC 3339, section 1: years of four digits
		}
		if again, err := parseInstant(at.Format(time.RFC3339Nano), rome); err != nil || !again.Equal(at) {
			t.Errorf("%q is %s, which is %s, %v", text, at, again, err)
		}
	})
}
