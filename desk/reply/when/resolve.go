package when

import (
	"fmt"
	"time"
)

// dayEnd is the hour meant when a day is named without a time.
const dayEnd = 18

// partEnd is the hour at which a part of the day ends: what is promised for the afternoon is due when it is over.
func partEnd(part string) (hour int, ok bool) {
	switch part {
	case "morning":
		return 12, true
	case "afternoon", "dayend":
		return dayEnd, true
	case "evening":
		return 21, true
	case "night":
		return 23, true
	}
	return 0, false
}

func twice(what string) error { return fmt.Errorf("%w: it names two %s", ErrAmbiguous, what) }

func impossible(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrImpossible, fmt.Sprintf(format, args...))
}

// today is the day of now, without a zone.
func (r *reading) today() time.Time {
	y, m, d := r.now.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// set names the day.
func (r *reading) set(day time.Time) error {
	if !r.day.IsZero() {
		return twice("days")
	}
	r.day = day
	return nil
}

// maxAhead is more days, and more months, than a promise may lie ahead; it keeps dates within what calendars hold.
const maxAhead = 1000

// fromToday names a day so many months and days ahead. A day that a month does not have is its last.
func (r *reading) fromToday(months, days int) error {
	if months > maxAhead || days > maxAhead {
		return ErrFar
	}
	day := r.today().AddDate(0, months, days)
	if months > 0 && day.Day() != r.now.Day() {
		day = day.AddDate(0, 0, -day.Day())
	}
	return r.set(day)
}

// date names a day by its numbers. Year 0 is this year, or the next if the day is past; two digits are of this century.
func (r *reading) date(year, month, day int) error {
	if month < 1 || month > 12 {
		return impossible("month %d; the day comes before the month", month)
	}
	unsaid := year == 0
	switch {
	case unsaid:
		year = r.now.Year()
	case year < 100:
		year += 2000
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if unsaid && (int(r.now.Month()) > month || int(r.now.Month()) == month && r.now.Day() > day) {
		at = time.Date(year+1, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	}
	if at.Day() != day || int(at.Month()) != month {
		return impossible("%d/%d/%d", day, month, at.Year())
	}
	return r.set(at)
}

func (r *reading) onWeekday(n int) error {
	if r.weekday != none {
		return twice("weekdays")
	}
	r.weekday = n
	return nil
}

func (r *reading) dayOfMonth(n int, loose bool) error {
	if r.nth > 0 || !r.day.IsZero() {
		return twice("days")
	}
	if n < 1 || n > 31 {
		return impossible("day %d of a month", n)
	}
	r.nth, r.loose, r.the = n, loose, false
	return nil
}

// time names the time of day.
func (r *reading) time(hour, minute int) error {
	if r.hour != none {
		return twice("times")
	}
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		return impossible("%d:%02d", hour, minute)
	}
	r.hour, r.minute, r.at = hour, minute, false
	return nil
}

func (r *reading) halfDay(hour, minute int, half string) error {
	if hour < 1 || hour > 12 {
		return impossible("%d %s", hour, half)
	}
	if hour %= 12; half == "pm" {
		hour += 12
	}
	return r.time(hour, minute)
}

func (r *reading) elapse(d time.Duration) error {
	if r.span > 0 {
		return twice("spans")
	}
	r.span = d
	return nil
}

// resolve makes an instant of what was read.
func (r *reading) resolve() (time.Time, error) {
	if r.span > 0 {
		if !r.day.IsZero() || r.weekday != none || r.nth > 0 || r.hour != none || r.part != "" {
			return time.Time{}, twice("instants")
		}
		return r.now.Add(r.span).Truncate(time.Minute), nil
	}
	day, err := r.dayMeant()
	if err != nil {
		return time.Time{}, err
	}
	hour, err := r.hourOfDay()
	if err != nil {
		return time.Time{}, err
	}
	return wall(day, hour, r.minute, r.zone), nil
}

// dayMeant is the day meant by all that was said of it.
func (r *reading) dayMeant() (time.Time, error) {
	day := r.day
	switch {
	case r.coming && r.weekday == none:
		return day, fmt.Errorf("%w: next what?", ErrUnreadable)
	case r.nth > 0:
		if day = r.nextNth(); r.loose && int(day.Weekday()) != r.weekday {
			return day, fmt.Errorf("%w: is %d a day or an hour? write %d:00", ErrAmbiguous, r.nth, r.nth)
		}
	case day.IsZero() && r.weekday != none:
		ahead := (r.weekday - int(r.today().Weekday()) + 7) % 7
		if ahead == 0 {
			ahead = 7
		}
		return r.today().AddDate(0, 0, ahead), nil
	case day.IsZero() && (r.hour != none || r.part != ""):
		return r.today(), nil
	case day.IsZero():
		return day, ErrUnreadable
	}
	if r.weekday != none && int(day.Weekday()) != r.weekday {
		return day, impossible("%s is a %s", day.Format("2 January 2006"), day.Weekday())
	}
	return day, nil
}

// nextNth is the next day with that number in its month, today included.
func (r *reading) nextNth() time.Time {
	day := r.today()
	for day.Day() != r.nth {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// hourOfDay is the hour meant by the time and the part of the day.
func (r *reading) hourOfDay() (int, error) {
	switch {
	case r.hour == none && r.before:
		return 0, fmt.Errorf("%w: before that day, or on it? name the day", ErrAmbiguous)
	case r.hour == none && r.part == "":
		return dayEnd, nil
	case r.hour == none:
		end, _ := partEnd(r.part)
		return end, nil
	case r.part == "" && r.bare && r.hour >= 1 && r.hour <= 6:
		return 0, fmt.Errorf("%w: %d:00 or %d:00?", ErrAmbiguous, r.hour, r.hour+12)
	}
	return r.inPart()
}

// inPart is the hour named, in the half of the day that its part says ("las 5 de la tarde").
func (r *reading) inPart() (int, error) {
	switch r.part {
	case "morning":
		if r.hour > 12 {
			return 0, impossible("%d:%02d in the morning", r.hour, r.minute)
		}
	case "afternoon":
		if r.hour < 12 {
			return r.hour + 12, nil
		}
	case "evening", "night":
		switch {
		case r.hour == 12:
			return 24, nil
		case r.hour > 5 && r.hour < 12, r.part == "evening" && r.hour < 12:
			return r.hour + 12, nil
		}
	}
	return r.hour, nil
}
