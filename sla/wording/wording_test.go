package wording

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestUnknownLanguage(t *testing.T) {
	for _, lang := range []string{"", "de", "xx-it", "italiano"} {
		if _, err := In(lang); !errors.Is(err, ErrLanguage) {
			t.Errorf("In(%q): %v, want ErrLanguage", lang, err)
		}
	}
}

func TestInstants(t *testing.T) {
	cases := []struct{ lang, zone, at, instant, due, short, shortDue string }{
		{"it", "Europe/Rome", "2026-11-24T17:00:00Z",
			"martedì 24 novembre 2026, ore 18:00 (ora italiana)", "martedì 24 novembre 2026, ore 18:00 (ora italiana)",
			"mar 24 nov 18:00", "mar 24 nov 18:00"},
		{"it", "Europe/Rome", "2026-11-23T23:00:00Z",
			"martedì 24 novembre 2026, ore 00:00 (ora italiana)", "lunedì 23 novembre 2026, fine giornata (ora italiana)",
			"mar 24 nov 00:00", "lun 23 nov, fine giornata"},
		{"es-MX", "Europe/Madrid", "2026-12-01T08:05:09Z",
			"martes 1 de diciembre de 2026, a las 09:05:09 (hora peninsular española)", "martes 1 de diciembre de 2026, a las 09:05:09 (hora peninsular española)",
			"mar 1 dic 09:05:09", "mar 1 dic 09:05:09"},
		{"fr", "Europe/Paris", "2026-08-01T08:00:00Z",
			"samedi 1er août 2026 à 10:00 (heure de Paris)", "samedi 1er août 2026 à 10:00 (heure de Paris)",
			"sam 1er août 10:00", "sam 1er août 10:00"},
		{"en", "America/Sao_Paulo", "2027-01-01T03:00:00Z",
			"Friday 1 January 2027, 00:00 (Sao Paulo time)", "Thursday 31 December 2026, end of day (Sao Paulo time)",
			"Fri 1 Jan 00:00", "Thu 31 Dec, end of day"},
		{"EN", "Europe/Rome", "2026-10-25T00:30:00Z",
			"Sunday 25 October 2026, 02:30 (Italian time, UTC+02:00)", "Sunday 25 October 2026, 02:30 (Italian time, UTC+02:00)",
			"Sun 25 Oct 02:30", "Sun 25 Oct 02:30"},
		{"en", "Europe/Rome", "2026-10-25T01:30:00Z",
			"Sunday 25 October 2026, 02:30 (Italian time, UTC+01:00)", "Sunday 25 October 2026, 02:30 (Italian time, UTC+01:00)",
			"Sun 25 Oct 02:30", "Sun 25 Oct 02:30"},
	}
	for _, c := range cases {
		w, err := In(c.lang)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]string{
			{w.Instant(at, loc), c.instant}, {w.Due(at, loc), c.due},
			{w.Short(at, loc), c.short}, {w.ShortDue(at, loc), c.shortDue},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s %s: got %q, want %q", c.lang, c.at, pair[0], pair[1])
			}
		}
	}
}

func TestDuration(t *testing.T) {
	cases := map[time.Duration]string{
		0: "0 s", time.Second: "1 s", 30 * time.Minute: "30 min", 4 * time.Hour: "4 h",
		3*time.Hour + 59*time.Minute + 59*time.Second: "3 h 59 min 59 s", -90 * time.Minute: "-1 h 30 min",
	}
	for d, want := range cases {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%d) = %q, want %q", d, got, want)
		}
	}
}

// TestHours holds that whoever reads opening hours finds the days in his own language, whatever the desk's is.
func TestHours(t *testing.T) {
	for lang, want := range map[string]string{
		"it": "lun-gio 09:00-13:00 14:00-18:00, dom 10:00-12:00", "es": "lun-jue 09:00-13:00 14:00-18:00, dom 10:00-12:00",
		"fr": "lun-jeu 09:00-13:00 14:00-18:00, dim 10:00-12:00", "en": "Mon-Thu 09:00-13:00 14:00-18:00, Sun 10:00-12:00",
	} {
		w, err := In(lang)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Hours("mon-thu 09:00-13:00 14:00-18:00, Sun 10:00-12:00"); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
