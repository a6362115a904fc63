package when

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"replyby/sla/wording"
)

func in(t testing.TB, zone string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// now is Monday 23 November 2026, 15:00 in Rome.
func now(t testing.TB) time.Time {
	t.Helper()
	return time.Date(2026, 11, 23, 15, 0, 0, 0, in(t, "Europe/Rome"))
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]error{
		"":                              ErrUnreadable,
		"quando posso":                  ErrUnreadable,
		"soon":                          ErrUnreadable,
		"la settimana prossima":         ErrUnreadable,
		"next week":                     ErrUnreadable,
		"tra 3 giorni lavorativi":       ErrUnreadable,
		"dans deux jours ouvrés":        ErrUnreadable,
		"domani forse":                  ErrUnreadable,
		"domani 14-16":                  ErrUnreadable,
		"novembre":                      ErrUnreadable,
		"the":                           ErrUnreadable,
		"next":                          ErrUnreadable,
		"17:00 (ora di New York)":       ErrUnreadable,
		strings.Repeat("domani ", 1000): ErrUnreadable,

		"24":                        ErrAmbiguous, // a day or an hour
		"martedì 17":                ErrAmbiguous, // the 17th is no Tuesday
		"mar 24":                    ErrAmbiguous, // martedì or March
		"10.11":                     ErrAmbiguous, // 10 November or 10:11
		"2 ore":                     ErrAmbiguous, // from now, or two o'clock
		"17 heures":                 ErrAmbiguous,
		"domani alle 5":             ErrAmbiguous, // morning or afternoon
		"tomorrow at 5":             ErrAmbiguous,
		"before Friday":             ErrAmbiguous,
		"prima di venerdì":          ErrAmbiguous,
		"domani o dopodomani":       ErrUnreadable,
		"domani 24/11":              ErrAmbiguous, // twice the same day is still two
		"domani 17:00 18:00":        ErrAmbiguous,
		"tra 2 ore domani":          ErrAmbiguous,
		"lunedì martedì":            ErrAmbiguous,
		"mattina pomeriggio":        ErrAmbiguous,
		"11/24":                     ErrImpossible, // the day comes first
		"11/24/2026":                ErrImpossible,
		"30/02":                     ErrImpossible,
		"29/02":                     ErrImpossible, // of 2027
		"2026-02-30 10:00":          ErrImpossible,
		"31 novembre":               ErrImpossible,
		"32 novembre":               ErrImpossible,
		"il 32":                     ErrImpossible,
		"domani 25:00":              ErrImpossible,
		"domani 17:60":              ErrImpossible,
		"domani 24:01":              ErrImpossible,
		"tomorrow 13pm":             ErrImpossible,
		"domani alle 17 di mattina": ErrImpossible,
		"lunedì 24 novembre":        ErrImpossible, // it is a Tuesday
		"ieri":                      ErrPast,
		"yesterday 17:00":           ErrPast,
		"oggi alle 14":              ErrPast,
		"10:00":                     ErrPast,
		"stamattina":                ErrPast,
		"2026-11-20 10:00":          ErrPast,
		"2026-11-23 15:00":          ErrPast, // this very moment
		"24/11/2025":                ErrPast,
		"tra 0 minuti":              ErrUnreadable,
		"24/11/2028 16:00":          ErrFar,
		"2126-11-24":                ErrFar,
		"tra 30 mesi":               ErrFar,
		"in 9999 weeks":             ErrFar,
		"9999-12-31T23:59:59+00:00": ErrFar,
		"2026-11-20T10:00:00Z":      ErrPast,
		"2026-11-24T17:00:00x":      ErrUnreadable,
	} {
		if at, err := Parse(text, now(t)); !errors.Is(err, want) || !at.IsZero() {
			t.Errorf("%.30q: %v, %v; want %v", text, at, err, want)
		}
	}
}

func TestParse(t *testing.T) {
	for want, texts := range map[string][]string{
		"2026-11-23 17:45": {"17:45", "alle 17.45", "17h45", "17 h 45", "ore 17:45", "oggi 17:45", "a las 17:45", "à 17h45", "5:45pm", "5:45 p.m.", "at 5:45 PM", "17.45"},
		"2026-11-23 17:00": {"17h", "entro le 17", "hoy a las 17", "aujourd'hui à 17 heures", "aujourd’hui à 17 h", "before 5pm", "antes de las 17", "prima delle 17", "tra 2 ore", "fra due ore",
			"in 2 hours", "dentro de 2 horas", "dans deux heures", "entro 2 ore", "sous 2 h", "within two hours", "in 120 minutes", "en 2 horas", "dans 2h"},
		"2026-11-23 16:00": {"fra un'ora", "tra un’ora", "in an hour", "in one hour", "dans une heure", "dentro de una hora", "tra 60 minuti", "oggi alle 4 del pomeriggio"},
		"2026-11-23 15:30": {"fra mezz'ora", "tra mezz’ora", "in half an hour", "dans une demi-heure", "dentro de media hora", "30 minuti", "15h30"},
		"2026-11-23 16:30": {"tra un'ora e mezza", "in an hour and a half", "dans une heure et demie", "dans 1h30", "dentro de una hora y media"},
		"2026-11-23 18:00": {"oggi", "hoy", "today", "aujourd'hui", "in giornata", "fine giornata", "end of day", "EOD", "fin de journée", "final del día", "al final del día", "this afternoon", "oggi pomeriggio", "esta tarde", "cet après-midi", "entro oggi", "23/11"},
		"2026-11-23 21:00": {"stasera", "ce soir", "this evening", "oggi 21:00", "stasera alle 9"},
		"2026-11-23 23:00": {"esta noche", "tonight", "stanotte"},
		"2026-11-24 00:00": {"mezzanotte", "oggi a mezzanotte", "tonight at midnight", "24:00", "hoy a medianoche", "2026-11-24 00:00"},
		"2026-11-24 09:00": {"domani alle 9", "mañana a las 9", "demain à 9h", "domani mattina alle 9", "mañana a las 9 de la mañana", "tomorrow 9am", "9am tomorrow", "tomorrow at 9"},
		"2026-11-24 12:00": {"domani mattina", "domattina", "mañana por la mañana", "demain matin", "tomorrow morning", "tomorrow noon", "demain midi", "domani a mezzogiorno", "mañana al mediodía", "next tuesday noon", "mañana a mediodía"},
		"2026-11-24 17:00": {"domani 17:00", "domani alle 17", "domani alle ore 17", "domani 17", "domani, ore 17", "DOMANI 17.00", "ｄｏｍａｎｉ　17：00", "mañana 17:00", "demain 17h", "tomorrow 5pm", "tomorrow 5 p.m.", "mañana a las 5 de la tarde", "domani alle 5 del pomeriggio",
			"24/11 ore 17", "24/11 17:00", "24/11/26 17:00", "24/11/2026 alle 17", "24.11.2026 17.00", "24.11. 17:00", "24.11 17:00", "24-11-2026 17:00", "24 novembre alle 17", "le 24 novembre à 17 h", "24 de noviembre a las 17:00", "24 de noviembre de 2026 a las 17h", "Nov 24 5 pm",
			"November 24th, 2026, 5pm", "24th of November at 17:00", "24 nov 17:00", "martedì 17:00", "martedì 24 17:00", "martedì 24 novembre 17:00", "mar 24 nov 17:00", "mardi 24 novembre à 17h00", "tue 24 nov 17:00", "il 24 alle 17", "le 24 à 17h", "el 24 a las 17:00", "the 24th at 5pm",
			"2026-11-24 17:00", "2026-11-24T17:00", "2026-11-24T17:00+01:00", "2026-11-24T16:00Z", "2026-11-24 16:00 UTC", "2026-11-24 11:00 -05:00", "2026-11-24T17:00:00+01:00", "2026/11/24 17:00", "17:00 24/11", "alle 17 di domani", "17h demain", "el martes a las 17:00", "martes 17h", "mar. 24 nov. 17:00",
			"martedì 24 novembre 2026, ore 17:00 (ora italiana)", "domani – 17:00", "tra un giorno alle 17", "tomorrow at 5 in the afternoon", "17 hs mañana", "domani 17 hrs", "24/11 20:00 +04:00"},
		"2026-11-24 17:30": {"24/11 17:30", "demain 17h30", "demain 17 h 30", "domani alle 17 e mezza", "mañana a las 17 y media", "domani 17.30", "demain à 17 heures 30", "mañana a las 5 y media de la tarde"},
		"2026-11-24 18:00": {"domani", "mañana", "demain", "tomorrow", "2026-11-24", "24/11", "24.11", "24.11.2026", "24 novembre", "le 24 novembre", "24 de noviembre", "Nov 24", "martedì", "martedì pomeriggio", "mañana por la tarde", "demain après-midi", "next tuesday", "martedì prossimo", "el martes que viene", "mardi prochain",
			"entro martedì", "by Tuesday", "para el martes", "d'ici mardi", "pour mardi", "entro domani", "24/11 ore 18", "domani fine giornata", "fine giornata domani", "in 1 day", "il 24", "domani in giornata", "martedi", "por la tarde mañana", "martes tarde"},
		"2026-11-25 18:00": {"dopodomani", "pasado mañana", "après-demain", "the day after tomorrow", "tra due giorni", "dans deux jours", "dentro de 2 días", "in 2 days", "2 days", "mercoledì", "mié", "mer."},
		"2026-11-25 10:30": {"pasado mañana a las 10:30", "dopodomani 10:30", "après-demain à 10h30", "mercoledì alle 10.30"},
		"2026-11-26 18:00": {"tra 3 giorni", "in three days", "giovedì", "jeudi"},
		"2026-11-27 17:00": {"vendredi 17h", "venerdì alle 17", "viernes a las 17", "friday 5pm", "vendredi 17 heures", "viernes 17 horas"},
		"2026-11-27 17:30": {"vendredi 17h30"},
		"2026-11-27 18:00": {"entro venerdì", "venerdì", "by friday", "ven."},
		"2026-11-30 18:00": {"lunedì", "monday", "tra una settimana", "in a week", "dans une semaine", "dentro de una semana", "within 1 week", "fine mese", "fin de mes", "end of the month", "fin du mois", "in 7 days", "dans sept jours"},
		"2026-12-01 10:00": {"1º dicembre alle 10", "1er décembre à 10h", "primo dicembre 10:00", "primero de diciembre a las 10", "December 1st 10am", "1° dicembre 10:00", "martedì 1 10:00", "el 1 de diciembre a las 10"},
		"2026-12-11 10:00": {"11/12 10:00", "11.12. 10:00", "11 dicembre alle 10"},
		"2026-12-23 18:00": {"tra un mese", "in a month", "il 23 dicembre", "dans 1 mois"},
		"2027-01-07 10:00": {"07/01 10:00", "7 gennaio alle 10", "7/1 10:00"},
		"2027-03-28 03:30": {"2027-03-28 02:30"}, // does not exist: moved on by the gap
		"2028-02-29 18:00": {"29/02/2028"},
		"2028-11-23 15:00": {"23/11/2028 15:00"}, // two years to the minute
	} {
		for _, text := range texts {
			at, err := Parse(text, now(t))
			if got := at.In(now(t).Location()).Format("2006-01-02 15:04"); err != nil || got != want {
				t.Errorf("%q: %s, %v; want %s", text, got, err, want)
			}
		}
	}
}

// The clock of Rome shows 02:30 twice on 31 October 2027: at 00:30 and at 01:30 UTC. The program promises the earlier.
func TestFold(t *testing.T) {
	for zone, c := range map[string][2]string{
		"Europe/Rome":      {"2027-10-31 02:30", "2027-10-31T00:30:00Z"},
		"America/New_York": {"2027-11-07 01:30", "2027-11-07T05:30:00Z"},
		"Europe/London":    {"2027-10-31 01:00", "2027-10-31T00:00:00Z"},
	} {
		at, err := Parse(c[0], now(t).In(in(t, zone)))
		if err != nil || at.Format(time.RFC3339) != c[1] {
			t.Errorf("%s %s: %v, %v; want %s", zone, c[0], at, err, c[1])
		}
	}
}

// A range of hours is no time with an offset from UTC, two hours are no hour and minute, and what spans are written like is no clock: what
// can mean two things is an error.
func TestHoursAreNoZoneAndNoClock(t *testing.T) {
	for _, s := range []string{"domani 15:00-16:00", "oggi 16:00-17:00", "25/11 9:00–13:00", "25/11 9:00 -13:00", "2026-11-24 09:00-10:00", "2026-11-24 09:00 -10:00", "domani 15:00-17", "demain 17h-18h", "demain 17h 18h", "demain 17 h - 18 h",
		"demain 17h-18:00", "24h", "48h", "24 hrs", "20 hrs", "d'ici 17h", "entro 17h"} {
		if at, err := Parse(s, now(t)); !errors.Is(err, ErrAmbiguous) {
			t.Errorf("%q is read as %s, %v", s, at, err)
		}
	}
	for s, hours := range map[string]time.Duration{"d'ici 24h": 24, "d'ici 2 heures": 2, "in 24 hrs": 24, "dans 20h": 20} {
		if at, err := Parse(s, now(t)); err != nil || !at.Equal(now(t).Add(hours*time.Hour)) {
			t.Errorf("%q is read as %s, %v", s, at, err)
		}
	}
}

// The end of a month is a day of it, and a month on from the 31st is the last of a shorter month.
func TestMonthEnds(t *testing.T) {
	at := time.Date(2027, 1, 31, 9, 0, 0, 0, in(t, "Europe/Rome"))
	for text, want := range map[string]string{"tra un mese": "2027-02-28", "in 3 months": "2027-04-30", "il 30": "2027-03-30", "29/02/2028": "2028-02-29"} {
		got, err := Parse(text, at)
		if err != nil || got.Format("2006-01-02") != want {
			t.Errorf("%s: %v, %v; want %s", text, got, err, want)
		}
	}
}

// What our letters print can be copied into an answer and means the same: with zone in brackets where the hour occurs once.
func TestEchoIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		loc := in(t, rapid.SampledFrom([]string{"Europe/Rome", "Europe/Madrid", "Europe/Paris", "Atlantic/Canary", "America/New_York"}).Draw(rt, "zone"))
		w, err := wording.In(rapid.SampledFrom([]string{"it", "es", "fr", "en"}).Draw(rt, "language"))
		if err != nil {
			rt.Fatal(err)
		}
		base := now(t).In(loc)
		at := base.Add(time.Duration(rapid.IntRange(1, 700*24*60).Draw(rt, "minutes")) * time.Minute)
		said := w.Instant(at, loc)
		got, err := Parse(said, base)
		if strings.Contains(said, "UTC") && err != nil {
			return // the second of two equal hours: refused, and never taken for the first
		}
		if err != nil || !got.Equal(at) {
			rt.Fatalf("%q: %v, %v; want %v", said, got, err, at)
		}
	})
}

// wall agrees with the clocks: what it returns shows the time asked for, unless no instant does; none earlier shows it.
func TestWall(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		loc := in(t, rapid.SampledFrom([]string{"Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"}).Draw(rt, "zone"))
		day := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 400).Draw(rt, "day"))
		hour, minute := rapid.IntRange(0, 23).Draw(rt, "hour"), rapid.IntRange(0, 59).Draw(rt, "minute")
		at := wall(day, hour, minute, loc)
		want := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, time.UTC).Format("2006-01-02 15:04")
		shows := func(at time.Time) bool { return at.In(loc).Format("2006-01-02 15:04") == want }
		for m := -180; m <= 180; m++ {
			other := at.Add(time.Duration(m) * time.Minute)
			if shows(other) && (!shows(at) || other.Before(at)) {
				rt.Fatalf("%s in %v: %v, but %v shows it", want, loc, at, other)
			}
		}
		if before := at.Add(-3 * time.Hour).In(loc); !shows(at) {
			if _, off := before.Zone(); at.In(time.FixedZone("", off)).Format("2006-01-02 15:04") != want {
				rt.Fatalf("%s in %v is not moved on by the gap: %v", want, loc, at)
			}
		}
	})
}

func TestPhrasesCanBeRead(t *testing.T) {
	seen := map[string]string{}
	for line := range strings.Lines(table) {
		meaning, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		for p := range strings.SplitSeq(list, ", ") {
			if other, again := seen[p]; again {
				t.Errorf("%q means %s and %s", p, other, meaning)
			}
			seen[p] = meaning
			if n := len(strings.Fields(p)); p != separated(p) || n == 0 || n > longest || strings.Join(strings.Fields(p), " ") != p {
				t.Errorf("%q can never be read", p)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"domani 17:00", "mar 24 nov 17:00", "in 2 hours", "2026-11-24T17:00:00Z", "1er décembre", "17:00 +25:00", "\xff"} {
		f.Add(s)
	}
	at := now(f)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Parse(s, at)
		if err != nil {
			if !got.IsZero() {
				t.Errorf("%q: an instant and an error", s)
			}
			return
		}
		if !got.After(at) || got.After(at.AddDate(2, 0, 0)) || got.Location() != time.UTC || got.Nanosecond()%1000 != 0 {
			t.Errorf("%q: %v", s, got)
		}
	})
}
