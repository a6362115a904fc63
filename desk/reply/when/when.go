// Package when reads instants as people write them in Italian, Spanish, French and English.
//
// It promises that an instant it returns lies after now and at most two years ahead, in UTC, truncated to microseconds, and
// that what can mean two things is an error and no guess. Everything is read in the zone of now:
//
//   - days: 2026-11-24, 24/11, 24/11/26, 24.11.2026, 24 novembre, le 24 novembre, Nov 24, the 24th, a weekday, oggi, mañana,
//     après-demain, day after tomorrow, fine mese. Day comes before month in all four languages. A day without a year is the
//     next one of that name; a weekday is the first after today, with "next" or without. A weekday beside a date must agree.
//   - times: 17:00, 17h30, 5pm, ore 18, alle 17, a las 10:30, à 10 h, noon; behind a day or "alle" also 17.30. Parts of the day
//     stand for their end: morning and noon 12:00, afternoon and end of day 18:00, evening 21:00, night 23:00, midnight 24:00.
//     A day alone means 18:00, a time alone means today. A bare 1 to 6 needs its half of the day.
//   - spans: in 2 hours, fra un'ora e mezza, dans 2h30 count from now; tra 3 giorni, in a week count days and mean 18:00 of that
//     day unless a time is named.
//
// RFC 3339 is read with its own zone, as is "17:00 UTC" and "17:00 +01:00"; "15:00-16:00" is a range of hours and no instant. A bare
// "24h" can be a span. A time that a clock change leaves out is moved on by
// as much as the clocks are; of a time that occurs twice the earlier instant is meant, since a promise kept early is kept.
//
// It knows no holidays: working days cannot be counted here.
package when

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"replyby/desk/reply/plain"
	"replyby/sla/wording"
)

// Why a text names no instant that can be promised.
var (
	ErrUnreadable = errors.New("cannot read this as a date; write for example 2026-11-24 17:00")
	ErrAmbiguous  = errors.New("this can mean two things")
	ErrImpossible = errors.New("there is no such day or time")
	ErrPast       = errors.New("this is past")
	ErrFar        = errors.New("this is more than two years ahead")
)

// maxText bounds what is read, in bytes. No date in words comes near it.
const maxText = 200

// Parse reads a text that is wholly an instant, in the zone of now. Its errors wrap one of the five of this package.
func Parse(s string, now time.Time) (time.Time, error) {
	if len(s) > maxText {
		return time.Time{}, ErrUnreadable
	}
	s = plain.Line(s)
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return promised(at, now)
	}
	text, echo := echoed(s)
	toks, err := scan(text)
	if err != nil {
		return time.Time{}, err
	}
	r := reading{now: now, toks: toks, zone: now.Location(), hour: none, weekday: none}
	if err := r.read(); err != nil {
		return time.Time{}, err
	}
	at, err := r.resolve()
	if err != nil {
		return time.Time{}, err
	}
	if echo != "" && !says(echo, at, now.Location()) {
		return time.Time{}, fmt.Errorf("%w: %q", ErrUnreadable, echo)
	}
	return promised(at, now)
}

func promised(at, now time.Time) (time.Time, error) {
	at = at.UTC().Truncate(time.Microsecond)
	switch said := at.In(now.Location()).Format("2006-01-02 15:04"); {
	case !at.After(now):
		return time.Time{}, fmt.Errorf("%w: %s", ErrPast, said)
	case at.After(now.AddDate(2, 0, 0)):
		return time.Time{}, fmt.Errorf("%w: %s", ErrFar, said)
	}
	return at, nil
}

// echoed parts a date from the zone in brackets that our own letters print behind it, and that people copy.
func echoed(s string) (text, echo string) {
	if i := strings.LastIndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		return s[:i], s[i:]
	}
	return s, ""
}

// says reports whether our letters print an instant with that zone in brackets, in one of their languages.
func says(echo string, at time.Time, loc *time.Location) bool {
	for _, lang := range []string{"it", "es", "fr", "en"} {
		w, err := wording.In(lang)
		if err == nil && strings.HasSuffix(plain.Fold(w.Instant(at, loc)), plain.Fold(echo)) {
			return true
		}
	}
	return false
}

// wall is the instant at which the clocks of a zone show that date and time; the minute may run past the hour and the hour
// to 24. Where none does (spring) the time is moved on by as much as the clocks are, and where two do (autumn) it is the
// earlier: time.Date promises neither.
func wall(day time.Time, hour, minute int, loc *time.Location) time.Time {
	y, m, d := day.Date()
	shown := time.Date(y, m, d, hour, minute, 0, 0, time.UTC)
	east := func(at time.Time) time.Duration {
		_, seconds := at.In(loc).Zone()
		return time.Duration(seconds) * time.Second
	}
	before := shown.Add(-east(shown.AddDate(0, 0, -1)))
	after := shown.Add(-east(shown.AddDate(0, 0, 1)))
	if after.Before(before) && shown.Equal(after.Add(east(after))) {
		return after
	}
	if shown.Equal(before.Add(east(before))) || !shown.Equal(after.Add(east(after))) {
		return before
	}
	return after
}
