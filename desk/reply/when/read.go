package when

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// none marks an hour or a weekday that was not named.
const none = -1

// reading is what a text has said so far. Days are dates at 00:00 UTC: they have no zone until a time of day joins them.
type reading struct {
	now  time.Time
	zone *time.Location
	toks []token
	next int // the token to read next

	day          time.Time
	weekday      int
	nth          int  // a day of the month
	loose        bool // which may have been meant as an hour
	hour, minute int
	bare         bool // the hour came without minutes and without its half of the day
	part         string
	span         time.Duration

	at, the, within, by, before, coming bool // words that say what the next number is, or wait for their noun
}

// read takes in all tokens.
func (r *reading) read() error {
	for r.next < len(r.toks) {
		t := r.toks[r.next]
		r.next++
		var err error
		switch t.kind {
		case word:
			err = r.word(t)
		case date:
			err = r.date(t.a, t.b, t.c)
		case clock:
			err = r.clockOrSpan(t)
		case dotted:
			err = r.dotted(t)
		case ordinal, number:
			err = r.number(t)
		case offset:
			r.zone = time.FixedZone("", t.a*60)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// peek is the token to come, or an empty word.
func (r *reading) peek() token {
	if r.next < len(r.toks) {
		return r.toks[r.next]
	}
	return token{}
}

// follows takes the next token if it has one of those meanings.
func (r *reading) follows(meanings ...string) (string, bool) {
	t := r.peek()
	if !t.is(meanings...) {
		return "", false
	}
	r.next++
	return t.text, true
}

func (r *reading) word(t token) error {
	if n, ok := place(dayNames, t.text); ok {
		return r.fromToday(0, n)
	}
	if n, ok := place(weekdayNames, t.text); ok {
		return r.onWeekday(n)
	}
	if n, ok := place(monthNames, t.text); ok {
		return r.inMonth(n + 1)
	}
	if _, ok := partEnd(t.text); ok {
		if r.part != "" {
			return twice("parts of the day")
		}
		r.part = t.text
		return nil
	}
	switch t.text {
	case "noon":
		return r.time(12, 0)
	case "midnight":
		return r.time(24, 0)
	case "yesterday":
		return r.fromToday(0, -1)
	case "monthend":
		return r.set(time.Date(r.now.Year(), r.now.Month()+1, 0, 0, 0, 0, 0, time.UTC))
	case "mar":
		return r.mar()
	}
	return r.small(t)
}

// small reads the words that say what another word or number is.
func (r *reading) small(t token) error {
	switch t.text {
	case "at", "h", "hours":
		r.at = true
	case "the", "days":
		r.the = true
	case "in":
		r.within = true
	case "by":
		r.within, r.by = true, true
	case "before":
		r.before = true
	case "next", "this":
		r.coming = true
	case "half", "quarter":
		return r.fraction(t.text)
	case "utc":
		r.zone = time.UTC
	case "workdays":
		return fmt.Errorf("%w: working days are not counted here, name the day", ErrUnreadable)
	case "vague":
		return fmt.Errorf("%w: it names no day", ErrUnreadable)
	default:
		return fmt.Errorf("%w: %q", ErrUnreadable, t.text)
	}
	return nil
}

// mar is short for a month in all four languages, and for Tuesday in three.
func (r *reading) mar() error {
	if day := r.peek().kind; (day == number || day == ordinal) && !r.dayNumber() {
		return fmt.Errorf("%w: mar is March and Tuesday", ErrAmbiguous)
	}
	return r.onWeekday(int(time.Tuesday))
}

// number reads a whole number by what stands around it.
func (r *reading) number(t token) error {
	if r.peek().is("mar") {
		r.toks[r.next].text = "march"
	}
	if m, ok := r.follows(strings.Fields(monthNames)...); ok {
		n, _ := place(monthNames, m)
		return r.date(r.year(), n+1, t.a)
	}
	if half, ok := r.follows("am", "pm"); ok {
		return r.halfDay(t.a, 0, half)
	}
	if unit, ok := r.follows("days", "weeks", "months", "minutes"); ok {
		return r.count(t.a, unit)
	}
	if unit, ok := r.follows("h", "hours"); ok {
		return r.hours(t, unit)
	}
	switch {
	case r.peek().is("workdays"):
		return nil // the error is made there
	case t.kind == ordinal, r.the && !r.at:
		return r.dayOfMonth(t.a, false)
	case r.at, !r.day.IsZero() && r.hour == none:
		r.bare = true
		return r.time(t.a, 0)
	case r.weekday != none:
		return r.dayOfMonth(t.a, true)
	}
	return fmt.Errorf("%w: is %s a day or an hour? write 24/11 or 17:00", ErrAmbiguous, t.text)
}

// hours reads a number before "h" or "hours": a time of day or, behind "in", a span.
func (r *reading) hours(t token, unit string) error {
	minute := 0
	if m := r.peek(); m.kind == number && len(m.text) == 2 && !r.dayNumber() && !r.hourNumber() {
		minute = m.a
		r.next++
	}
	const alsoSpan = 20 // "24h" alone is how spans are written, too
	switch named := !r.day.IsZero() || r.weekday != none || r.nth > 0; {
	case r.by && !r.at && unit == "h" && t.a > r.now.Hour() && t.a < 24:
		return fmt.Errorf("%w: %s hours from now, or at that hour?", ErrAmbiguous, t.text)
	case r.within && !r.at:
		return r.elapse(time.Duration(t.a)*time.Hour + time.Duration(minute)*time.Minute)
	case !r.at && !named && (unit == "hours" || t.a >= alsoSpan && minute == 0 && r.next == len(r.toks)):
		return fmt.Errorf("%w: %s hours from now, or at that hour?", ErrAmbiguous, t.text)
	}
	return r.time(t.a, minute)
}

// dayNumber reports whether the number to come belongs to a month.
func (r *reading) dayNumber() bool {
	return r.next+1 < len(r.toks) && r.toks[r.next+1].is(strings.Fields(monthNames)...)
}

// hourNumber reports whether the number to come is an hour.
func (r *reading) hourNumber() bool {
	return r.next+1 < len(r.toks) && r.toks[r.next+1].is("h", "hours")
}

// year takes the year behind a month, if one is there.
func (r *reading) year() int {
	if y := r.peek(); y.kind == number && len(y.text) == 4 {
		r.next++
		return y.a
	}
	return 0
}

// inMonth reads a month before its day ("Nov 24").
func (r *reading) inMonth(month int) error {
	d := r.peek()
	if d.kind != number && d.kind != ordinal || d.kind == number && len(d.text) > 2 {
		return fmt.Errorf("%w: on which day of the month?", ErrUnreadable)
	}
	r.next++
	return r.date(r.year(), month, d.a)
}

// count reads a span. Days, weeks and months name a day; only minutes count from the moment.
func (r *reading) count(n int, unit string) error {
	switch unit {
	case "minutes":
		return r.elapse(time.Duration(n) * time.Minute)
	case "months":
		return r.fromToday(n, 0)
	case "weeks":
		n *= 7
	}
	return r.fromToday(0, n)
}

func (r *reading) clockOrSpan(t token) error {
	switch half, ok := r.follows("am", "pm"); {
	case ok:
		return r.halfDay(t.a, t.b, half)
	case r.within && !r.at && slices.Contains([]byte(t.text), 'h'):
		return r.elapse(time.Duration(t.a)*time.Hour + time.Duration(t.b)*time.Minute)
	}
	return r.time(t.a, t.b)
}

// dotted reads 24.11 as a date and 17.30 as a time. What can be both is a time behind a day or "at", and a date if a time
// comes later.
func (r *reading) dotted(t token) error {
	isDate := t.b >= 1 && t.b <= 12 && t.a >= 1 && t.a <= 31
	isTime := t.a <= 23 && t.b <= 59 && t.text[len(t.text)-3] == '.'
	named := !r.day.IsZero() || r.weekday != none || r.nth > 0
	switch {
	case r.at || named:
		return r.time(t.a, t.b)
	case isDate && isTime && r.next == len(r.toks):
		return fmt.Errorf("%w: is %s a date or a time? write %d/%d or %d:%02d", ErrAmbiguous, t.text, t.a, t.b, t.a, t.b)
	case isTime && !isDate:
		return r.time(t.a, t.b)
	}
	return r.date(0, t.b, t.a)
}

// fraction reads "and a half" behind an hour or a span of hours.
func (r *reading) fraction(which string) error {
	minutes := 30
	if which == "quarter" {
		minutes = 15
	}
	switch {
	case r.span > 0 && r.span%time.Hour == 0:
		r.span += time.Duration(minutes) * time.Minute
	case r.hour != none && r.minute == 0:
		r.minute = minutes
	default:
		return ErrUnreadable
	}
	return nil
}
