package sla

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/sla/wording"
)

// Line tells the count in one line, for a mail: "Fri 20 Nov 17:30-18:00 30 min;
// Mon 23 Nov 15:00-18:00 3 h; Tue 24 Nov 15:00-15:30 30 min -> limit Tue 24 Nov
// 15:30". Ordinary days off are left out, holidays and closures are not. what names
// the instant: "target", "limit" or "act_by".
func (c Count) Line(w wording.Words, what string) string {
	say := phrases(w.Lang())
	var parts []string
	switch {
	case c.Unit == "wd" || c.Unit == "cd":
		parts = c.summary(w, say)
	case c.Reading.plain() == "elapsed_clock":
		parts = []string{c.onTheClock(w, say)}
	default:
		parts = c.parts(w, say, false)
	}
	if !c.Before.IsZero() {
		parts = append(parts, say["service"]+" "+w.ShortDue(c.Before, c.loc))
	}
	return strings.Join(parts, say[";"]) + " -> " + say[what] + " " + c.ends(say, w.ShortDue)
}

// Text tells the count one day to a line, and ends with the instant in full.
func (c Count) Text(w wording.Words, what string) string {
	say := phrases(w.Lang())
	lines := c.parts(w, say, true)
	if c.Reading.plain() == "elapsed_clock" {
		lines = []string{c.onTheClock(w, say)}
	}
	if len(c.Days) == maxDays {
		lines = append(lines, "...")
	}
	if !c.Before.IsZero() {
		lines = append(lines, say["service"]+" "+w.ShortDue(c.Before, c.loc))
	}
	return say["received"] + say[":"] + w.Instant(c.Received, c.loc) + "\n  " +
		strings.Join(lines, "\n  ") + "\n" + say[what] + say[":"] + c.ends(say, w.Due) + "\n"
}

// onTheClock prints a count that asks no opening hours.
func (c Count) onTheClock(w wording.Words, say map[string]string) string {
	length := time.Duration(int64(c.Amount)*c.Unit.seconds()) * time.Second
	return w.Short(c.Received, c.loc) + " + " + wording.Duration(length) + " " + say["clock"]
}

// ends prints the due instant, or that there is none.
func (c Count) ends(say map[string]string, print func(time.Time, *time.Location) string) string {
	if c.Due.IsZero() {
		return say["none"]
	}
	return print(c.Due, c.loc)
}

// run is a day of a count, or several of which the same is to be said.
type run struct{ first, last Day }

// runs joins the days off, of one holiday or of one closure that follow each other.
func runs(days []Day) []run {
	var list []run
	for _, d := range days {
		if n := len(list); n > 0 && d.Number == 0 && len(d.Open) == 0 {
			if last := &list[n-1].last; last.Number == 0 && len(last.Open) == 0 && d.Why == last.Why && d.Name == last.Name &&
				(d.Why == "off" || d.Why == "holiday" || d.Why == "closure") {
				*last = d
				continue
			}
		}
		list = append(list, run{d, d})
	}
	return list
}

// tell prints a run and what it counts.
func (c Count) tell(w wording.Words, say map[string]string, r run) string {
	text := c.shortDate(w, r.first)
	if r.last.Date != r.first.Date {
		text += " - " + c.shortDate(w, r.last)
	}
	return text + " " + c.what(r.first, say)
}

// working lists the days of a count that are not ordinary days off.
func (c Count) working() []Day {
	return slices.DeleteFunc(slices.Clone(c.Days), func(d Day) bool { return d.Why == "off" })
}

// parts prints the days of a count, with or without the ordinary days off.
func (c Count) parts(w wording.Words, say map[string]string, daysOff bool) []string {
	days := c.Days
	if !daysOff {
		days = c.working()
	}
	var parts []string
	for _, r := range runs(days) {
		parts = append(parts, c.tell(w, say, r))
	}
	return parts
}

// what prints what a day counts, or why it does not.
func (c Count) what(d Day, say map[string]string) string {
	switch {
	case d.Number > 0:
		return fmt.Sprintf("%d/%d", d.Number, c.Amount)
	case d.Why == "short":
		return c.hours(d) + " (" + say["short"] + ")"
	case d.Why != "":
		text := say[d.Why]
		if d.Name != "" {
			text += " (" + d.Name + ")"
		}
		return text
	case len(d.Open) > 0:
		return c.hours(d)
	}
	return say["uncounted"]
}

// hours prints the open time a day counts: "15:00-18:00 3 h".
func (c Count) hours(d Day) string {
	var text []string
	var sum time.Duration
	for _, s := range d.Open {
		text = append(text, c.clock(s.From, false)+"-"+c.clock(s.To, true))
		sum += s.To.Sub(s.From)
	}
	return strings.Join(text, " ") + " " + wording.Duration(sum)
}

// clock prints a time of day; the end of a span at midnight is 24:00.
func (c Count) clock(t time.Time, end bool) string {
	layout := "15:04"
	if t.In(c.loc).Second() != 0 {
		layout = "15:04:05"
	}
	if text := t.In(c.loc).Format(layout); !end || text != "00:00" {
		return text
	}
	return "24:00"
}

// summary prints a count of days: how many, from which to which, and every day
// it skips for a holiday or closure.
func (c Count) summary(w wording.Words, say map[string]string) []string {
	var counted []Day
	var skipped []string
	for _, r := range runs(c.working()) {
		switch {
		case r.first.Number > 0:
			counted = append(counted, r.first)
		case r.first.Why == "holiday" || r.first.Why == "closure":
			skipped = append(skipped, c.tell(w, say, r))
		}
	}
	unit := string(c.Unit)
	if c.Amount == 1 {
		unit = "1" + unit
	}
	text := fmt.Sprintf("%d %s", c.Amount, say[unit])
	if n := len(counted); n == 1 {
		text += say[":"] + c.shortDate(w, counted[0])
	} else if n > 1 {
		text += say[":"] + c.shortDate(w, counted[0]) + " - " + c.shortDate(w, counted[n-1])
	}
	if len(skipped) > 0 {
		return []string{text, say["skipped"] + " " + strings.Join(skipped, ", ")}
	}
	return []string{text}
}

func (c Count) shortDate(w wording.Words, d Day) string {
	t, err := time.Parse(time.DateOnly, d.Date)
	if err != nil {
		return d.Date
	}
	return w.ShortDate(t, time.UTC)
}

// phrases are the words of an explanation by key.
func phrases(lang string) map[string]string {
	switch lang {
	case "it":
		return map[string]string{
			"received": "ricevuto", "target": "obiettivo", "limit": "limite", "act_by": "agire entro", "none": "nessun orario di servizio utile",
			"off": "non lavorativo", "holiday": "festivo", "closure": "chiusura", "after_hours": "dopo l'orario", "receipt": "giorno di ricezione, non conta",
			"short": "meno di 30 minuti, non conta", "uncounted": "non conta", "skipped": "non contano:", "wd": "giorni lavorativi", "cd": "giorni di calendario", "1wd": "giorno lavorativo", "1cd": "giorno di calendario",
			"service": "ultimo orario di servizio prima di", "clock": "di orologio", ":": ": ", ";": "; ",
		}
	case "es":
		return map[string]string{
			"received": "recibido", "target": "objetivo", "limit": "límite", "act_by": "actuar antes de", "none": "no queda horario de servicio",
			"off": "no laborable", "holiday": "festivo", "closure": "cierre", "after_hours": "fuera de horario", "receipt": "día de recepción, no cuenta",
			"short": "menos de 30 minutos, no cuenta", "uncounted": "no cuenta", "skipped": "no cuentan:", "wd": "días laborables", "cd": "días naturales", "1wd": "día laborable", "1cd": "día natural",
			"service": "último horario de servicio antes de", "clock": "de reloj", ":": ": ", ";": "; ",
		}
	case "fr":
		return map[string]string{
			"received": "reçu", "target": "objectif", "limit": "limite", "act_by": "agir avant", "none": "plus d'horaire de service",
			"off": "non ouvré", "holiday": "jour férié", "closure": "fermeture", "after_hours": "hors horaires", "receipt": "jour de réception, ne compte pas",
			"short": "moins de 30 minutes, ne compte pas", "uncounted": "ne compte pas", "skipped": "ne comptent pas :", "wd": "jours ouvrés", "cd": "jours calendaires", "1wd": "jour ouvré", "1cd": "jour calendaire",
			"service": "dernières heures de service avant", "clock": "d'horloge", ":": " : ", ";": " ; ",
		}
	}
	return map[string]string{
		"received": "received", "target": "target", "limit": "limit", "act_by": "act by", "none": "no service hours left",
		"off": "not a working day", "holiday": "public holiday", "closure": "closure", "after_hours": "after hours", "receipt": "day of receipt, does not count",
		"short": "under 30 minutes left, skipped", "uncounted": "does not count", "skipped": "not counted:", "wd": "working days", "cd": "calendar days", "1wd": "working day", "1cd": "calendar day",
		"service": "last service hours before", "clock": "on the clock", ":": ": ", ";": "; ",
	}
}
