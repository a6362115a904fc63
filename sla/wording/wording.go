// Package wording prints instants, dates and lengths of time the way people of
// four languages (it, es, fr, en) read them. It knows no deadlines and no mail.
package wording

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ErrLanguage marks a language this program has no words for.
var ErrLanguage = errors.New("wording: unknown language")

// Words are the words of one language. Get them from In; the zero Words is of no use.
type Words struct {
	lang       string
	weekdays   [7]string // Sunday first, as time.Weekday
	shortDays  [7]string
	months     [12]string
	shortMonth [12]string
	day        string // full date from weekday, day, month, year
	at         string // what stands between a date and a time of day
	dayEnd     string // the end of a day, after its date
	zone       string // a zone by its city
	first      string // the first of a month
	zones      map[string]string
}

// In returns the words of a language: "it", "es", "fr" or "en", also as the start
// of a longer tag ("fr-CA"). Errors wrap ErrLanguage.
func In(lang string) (Words, error) {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "it":
		return italian(), nil
	case "es":
		return spanish(), nil
	case "fr":
		return french(), nil
	case "en":
		return english(), nil
	}
	return Words{}, fmt.Errorf("%w %q: use it, es, fr or en", ErrLanguage, lang)
}

// Lang returns the language: "it", "es", "fr" or "en".
func (w Words) Lang() string { return w.lang }

// Instant prints weekday, date, time of day and zone, such as "martedì 24 novembre
// 2026, ore 18:00 (ora italiana)". A time of day that occurs twice on its date
// bears its offset from UTC.
func (w Words) Instant(t time.Time, loc *time.Location) string {
	return w.Date(t, loc) + w.at + clock(t.In(loc)) + " (" + w.zoneName(t, loc) + ")"
}

// Due prints a deadline like Instant, but one of 00:00 as the end of the day
// before: nobody reads "Tuesday 00:00" as Monday.
func (w Words) Due(t time.Time, loc *time.Location) string {
	if !isMidnight(t.In(loc)) {
		return w.Instant(t, loc)
	}
	return w.Date(t.Add(-time.Second), loc) + ", " + w.dayEnd + " (" + w.zoneName(t, loc) + ")"
}

// Short prints an instant without year and zone, such as "mar 24 nov 18:00".
func (w Words) Short(t time.Time, loc *time.Location) string {
	return w.ShortDate(t, loc) + " " + clock(t.In(loc))
}

// ShortDue prints a deadline like Short, 00:00 as the end of the day before.
func (w Words) ShortDue(t time.Time, loc *time.Location) string {
	if !isMidnight(t.In(loc)) {
		return w.Short(t, loc)
	}
	return w.ShortDate(t.Add(-time.Second), loc) + ", " + w.dayEnd
}

// Date prints weekday, day, month and year, such as "martedì 24 novembre 2026".
func (w Words) Date(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return fmt.Sprintf(w.day, w.weekdays[t.Weekday()], w.ordinal(t.Day()), w.months[t.Month()-1], t.Year())
}

// ShortDate prints weekday, day and month, such as "mar 24 nov".
func (w Words) ShortDate(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return w.shortDays[t.Weekday()] + " " + w.ordinal(t.Day()) + " " + w.shortMonth[t.Month()-1]
}

// Hours prints opening hours as a configuration has them, "mon-fri 15:00-18:00", with the names of the days of the language.
func (w Words) Hours(open string) string {
	var pairs []string
	for d, day := range english().shortDays {
		pairs = append(pairs, strings.ToLower(day), w.shortDays[d])
	}
	return strings.NewReplacer(pairs...).Replace(strings.ToLower(open))
}

// Month prints the name of a month.
func (w Words) Month(m time.Month) string { return w.months[m-1] }

func (w Words) ordinal(day int) string {
	if day == 1 && w.first != "" {
		return w.first
	}
	return strconv.Itoa(day)
}

// zoneName names a zone for people who live in it.
func (w Words) zoneName(t time.Time, loc *time.Location) string {
	name, ok := w.zones[loc.String()]
	if !ok {
		city := loc.String()[strings.LastIndex(loc.String(), "/")+1:]
		name = fmt.Sprintf(w.zone, strings.ReplaceAll(city, "_", " "))
	}
	if ambiguous(t, loc) {
		name += ", UTC" + t.In(loc).Format("-07:00")
	}
	return name
}

// ambiguous reports whether the wall clock of t occurs twice on its date.
func ambiguous(t time.Time, loc *time.Location) bool {
	const wall = "2006-01-02 15:04:05"
	local := t.In(loc)
	for _, near := range []time.Time{t.Add(-3 * time.Hour), t.Add(3 * time.Hour)} {
		_, off := local.Zone()
		_, other := near.In(loc).Zone()
		twin := t.Add(time.Duration(off-other) * time.Second)
		if off != other && twin.In(loc).Format(wall) == local.Format(wall) {
			return true
		}
	}
	return false
}

func isMidnight(local time.Time) bool {
	h, m, s := local.Clock()
	return h == 0 && m == 0 && s == 0
}

// clock prints a time of day; seconds only where there are any.
func clock(local time.Time) string {
	if local.Second() != 0 {
		return local.Format("15:04:05")
	}
	return local.Format("15:04")
}

// Duration prints a length of time in hours, minutes and seconds, such as
// "3 h 30 min". The symbols are the same in all four languages.
func Duration(d time.Duration) string {
	sec := int64(d.Abs() / time.Second)
	var parts []string
	if h := sec / 3600; h > 0 {
		parts = append(parts, fmt.Sprintf("%d h", h))
	}
	if m := sec / 60 % 60; m > 0 {
		parts = append(parts, fmt.Sprintf("%d min", m))
	}
	if s := sec % 60; s > 0 || sec == 0 {
		parts = append(parts, fmt.Sprintf("%d s", s))
	}
	text := strings.Join(parts, " ")
	if d < 0 {
		return "-" + text
	}
	return text
}
