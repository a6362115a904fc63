package sla

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"replyby/sla/wording"
)

func TestLine(t *testing.T) {
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", "-")
	shut := caseCalendar(t, "mb_15_18", "Europe/Rome", "2026-11-23T16:00..2026-11-23T17:00@2026-11-01T00:00:00Z|2026-11-24..2026-11-24@2026-11-01T00:00:00Z")
	summer := caseCalendar(t, "mb_15_18", "Europe/Rome", "2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00")
	told := rome(t, "2026-11-02 09:00")
	gaps, err := desk.WithClosures([]Closure{{Note: "away", From: "2026-11-23", To: "2026-11-23", NotifiedAt: told}, {Note: "away", From: "2026-11-25", To: "2026-11-25", NotifiedAt: told}})
	if err != nil {
		t.Fatal(err)
	}
	market := caseCalendar(t, "mp_mon_fri", "Europe/Rome", "-")
	marketIT := caseCalendar(t, "mp_mon_fri_it", "Europe/Rome", "-")
	night := caseCalendar(t, "night_7d", "Europe/Rome", "-")
	four := Term{4, "h", "elapsed_working", "suspend"}
	cases := []struct {
		lang, received, what string
		cal                  *Calendar
		term                 Term
		want                 string
	}{
		{"en", "2026-11-20T17:30:00+01:00", "limit", desk, four,
			"Fri 20 Nov 17:30-18:00 30 min; Mon 23 Nov 15:00-18:00 3 h; Tue 24 Nov 15:00-15:30 30 min -> limit Tue 24 Nov 15:30"},
		{"it", "2026-11-20T17:30:00+01:00", "limit", desk, four,
			"ven 20 nov 17:30-18:00 30 min; lun 23 nov 15:00-18:00 3 h; mar 24 nov 15:00-15:30 30 min -> limite mar 24 nov 15:30"},
		{"es", "2026-12-07T17:00:00+01:00", "limit", desk, four,
			"lun 7 dic 17:00-18:00 1 h; mar 8 dic festivo (Immacolata Concezione); mié 9 dic 15:00-18:00 3 h -> límite mié 9 dic 18:00"},
		{"fr", "2026-11-23T15:30:00+01:00", "limit", shut, four,
			"lun 23 nov 15:30-16:00 17:00-18:00 1 h 30 min ; mar 24 nov fermeture (2026-11-24 - 2026-11-24) ; mer 25 nov 15:00-17:30 2 h 30 min -> limite mer 25 nov 17:30"},
		{"en", "2026-08-07T17:00:00+02:00", "limit", summer, four,
			"Fri 7 Aug 17:00-18:00 1 h; Mon 10 Aug - Fri 21 Aug closure (2026-08-08 - 2026-08-23); Mon 24 Aug 15:00-18:00 3 h -> limit Mon 24 Aug 18:00"},
		{"it", "2026-08-07T17:00:00+02:00", "limit", summer, Term{1, "wd", "workday_clock", "suspend"},
			"1 giorno lavorativo: lun 24 ago; non contano: lun 10 ago - ven 21 ago chiusura (2026-08-08 - 2026-08-23) -> limite lun 24 ago 17:00"},
		{"en", "2026-11-20T10:00:00+01:00", "limit", gaps, Term{2, "wd", "workday_end", "suspend"},
			"2 working days: Tue 24 Nov - Thu 26 Nov; not counted: Mon 23 Nov closure (away), Wed 25 Nov closure (away) -> limit Thu 26 Nov, end of day"},
		{"en", "2026-11-23T18:00:00+01:00", "limit", desk, four,
			"Mon 23 Nov after hours; Tue 24 Nov 15:00-18:00 3 h; Wed 25 Nov 15:00-16:00 1 h -> limit Wed 25 Nov 16:00"},
		{"it", "2026-11-23T17:45:00+01:00", "target", desk, Term{4, "h", "window_end_min30", "suspend"},
			"lun 23 nov 17:45-18:00 15 min (meno di 30 minuti, non conta); mar 24 nov 15:00-18:00 3 h -> obiettivo mar 24 nov 18:00"},
		{"en", "2026-11-23T12:00:00+01:00", "limit", desk, Term{4, "h", "elapsed_clock", "suspend"},
			"Mon 23 Nov 12:00 + 4 h on the clock -> limit Mon 23 Nov 16:00"},
		{"it", "2026-11-20T10:00:00+01:00", "limit", market, Term{1, "wd", "workday_clock", "suspend"},
			"1 giorno lavorativo: lun 23 nov -> limite lun 23 nov 10:00"},
		{"it", "2026-11-23T10:00:00+01:00", "target", market, Term{1, "wd", "act_by:workday_clock", "suspend"},
			"1 giorno lavorativo: mar 24 nov; ultimo orario di servizio prima di mar 24 nov 10:00 -> obiettivo lun 23 nov 18:00"},
		{"en", "2026-12-24T18:30:00+01:00", "act_by", market, Term{1, "wd", "act_by:workday_clock", "suspend"},
			"1 working day: Fri 25 Dec; last service hours before Fri 25 Dec 18:30 -> act by no service hours left"},
		{"en", "2026-11-23T10:00:00+01:00", "limit", market, Term{30, "wd", "workday_end", "ignore"},
			"30 working days: Tue 24 Nov - Mon 4 Jan -> limit Mon 4 Jan, end of day"},
		{"es", "2026-11-23T10:00:00+01:00", "limit", marketIT, Term{30, "wd", "workday_end", "ignore"},
			"30 días laborables: mar 24 nov - vie 8 ene; no cuentan: mar 8 dic festivo (Immacolata Concezione), vie 25 dic festivo (Natale), vie 1 ene festivo (Capodanno), mié 6 ene festivo (Epifania) -> límite vie 8 ene, final del día"},
		{"fr", "2026-11-23T10:00:00+01:00", "target", market, Term{30, "cd", "calendar_end", "ignore"},
			"30 jours calendaires : mar 24 nov - mer 23 déc -> objectif mer 23 déc, fin de journée"},
		{"en", "2026-10-25T00:30:00+02:00", "limit", night, Term{6, "h", "elapsed_working", "suspend"},
			"Sun 25 Oct 00:30-05:30 6 h -> limit Sun 25 Oct 05:30"},
	}
	for _, c := range cases {
		at, err := time.Parse(time.RFC3339, c.received)
		if err != nil {
			t.Fatal(err)
		}
		w, err := wording.In(c.lang)
		if err != nil {
			t.Fatal(err)
		}
		count, err := c.term.Count(c.cal, desk, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := count.Line(w, c.what); got != c.want {
			t.Errorf("%s %v from %s:\ngot  %s\nwant %s", c.lang, c.term, c.received, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", "-")
	w, err := wording.In("it")
	if err != nil {
		t.Fatal(err)
	}
	count, err := Agency(desk).Ack.Limit.Count(desk, nil, rome(t, "2026-12-04 17:30"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `ricevuto: venerdì 4 dicembre 2026, ore 17:30 (ora italiana)
  ven 4 dic 17:30-18:00 30 min
  sab 5 dic - dom 6 dic non lavorativo
  lun 7 dic 15:00-18:00 3 h
  mar 8 dic festivo (Immacolata Concezione)
  mer 9 dic 15:00-15:30 30 min
limite: mercoledì 9 dicembre 2026, ore 15:30 (ora italiana)
`
	if got := count.Text(w, "limit"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	care := BusinessCare(caseCalendar(t, "mp_mon_fri", "Europe/Rome", "-"))
	if count, err = care.Fix.Limit.Count(care.Calendar, nil, rome(t, "2026-11-23 10:00")); err != nil {
		t.Fatal(err)
	}
	got := count.Text(w, "limit")
	for _, say := range []string{"lun 23 nov giorno di ricezione, non conta\n", "mar 24 nov 1/30\n", "lun 4 gen 30/30\n", "limite: lunedì 4 gennaio 2027, fine giornata (ora italiana)\n"} {
		if !strings.Contains(got, say) {
			t.Errorf("%q is missing in\n%s", say, got)
		}
	}
}

// TestCountJSON: the count goes to JSON and back without loss of what it says.
func TestCountJSON(t *testing.T) {
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", "-")
	count, err := Agency(desk).Ack.Limit.Count(desk, nil, rome(t, "2026-11-20 17:30"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(count)
	if err != nil {
		t.Fatal(err)
	}
	for _, say := range []string{`"due":"2026-11-24T14:30:00Z"`, `"date":"2026-11-21","why":"off"`, `"from":"2026-11-20T16:30:00Z","to":"2026-11-20T17:00:00Z"`, desk.Version()} {
		if !strings.Contains(string(data), say) {
			t.Errorf("%s is missing in %s", say, data)
		}
	}
}

// TestPhrases: every language has every phrase.
func TestPhrases(t *testing.T) {
	want := phrases("en")
	for _, lang := range []string{"it", "es", "fr"} {
		got := phrases(lang)
		for key := range want {
			if got[key] == "" {
				t.Errorf("%s has no phrase for %q", lang, key)
			}
		}
	}
}
