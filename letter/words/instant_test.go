package words

import (
	"testing"
	"time"
	_ "time/tzdata"
)

// TestShort holds how instants are said beside today: never a day off, a deadline of 00:00 as the end of the day before.
func TestShort(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04:05", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return x.UTC()
	}
	for _, c := range []struct{ lang, now, at, want string }{
		{"it", "2026-11-23 15:00:00", "2026-11-23 18:00:00", "oggi 18:00"},
		{"it", "2026-11-23 15:00:00", "2026-11-23 18:00:59", "oggi 18:00"},
		{"it", "2026-11-23 00:00:00", "2026-11-23 23:59:00", "oggi 23:59"},
		{"it", "2026-11-23 15:00:00", "2026-11-24 00:00:00", "oggi fine giornata"},
		{"es", "2026-11-23 23:59:00", "2026-11-24 00:01:00", "mañana 00:01"},
		{"fr", "2026-11-23 00:01:00", "2026-11-22 23:59:00", "hier 23:59"},
		{"en", "2026-11-23 15:00:00", "2026-11-25 10:00:00", "Wed 25 Nov 10:00"},
		{"en", "2026-11-23 15:00:00", "2027-11-23 15:00:00", "Tue 23 Nov 15:00"},
		{"en", "2026-10-24 23:30:00", "2026-10-25 02:30:00", "tomorrow 02:30"}, // the night the clocks go back
		{"en", "2026-10-25 23:30:00", "2026-10-26 00:30:00", "tomorrow 00:30"},
		{"en", "2026-03-28 23:30:00", "2026-03-29 03:30:00", "tomorrow 03:30"},
	} {
		if got := b.In(c.lang).At(at(c.now), zone).Short(at(c.at)); got != c.want {
			t.Errorf("%s at %s: %q, want %q", c.at, c.now, got, c.want)
		}
	}
}
