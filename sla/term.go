package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/sla/calendar"
)

// ErrTerm marks a term that means nothing: an amount, unit, reading or mode that
// does not exist or does not fit the others.
var ErrTerm = errors.New("sla: bad term")

// Unit is what an amount counts: "h", "min", "s" of time, "wd" working days,
// "cd" calendar days.
type Unit string

// Reading is one way to read a term, by the name it has in the configuration.
//
// Of hours, minutes and seconds:
//
//	elapsed_working   that much open time after receipt
//	window_end        end of the first opening after receipt, never later than elapsed_working
//	window_end_min30  the same, skipping an opening with under 30 minutes left
//	elapsed_clock     that much time on the clock; outside opening hours, the last
//	                  open instant before; if there is none, the next opening
//
// Of working days (a day with any open time left):
//
//	workday_clock     the same wall clock n working days on; from a day off or from
//	                  midnight sharp, the end of the nth working day
//	workday_close     closing of the nth working day after the day of receipt
//	workday_end       24:00 of that day (Reg. 1182/71 art. 3; c.c. art. 2963)
//
// Of calendar days, closures notwithstanding:
//
//	calendar_clock    the same wall clock n days on
//	calendar_end      24:00 of the nth day after the day of receipt (Código Civil art. 5)
//	calendar_end_roll the same, moved on to a working day
//
// And of any: act_by:<reading>, the last instant of the desk's own service hours
// before it, if there is one after receipt.
type Reading string

// Mode is what closures do to a term: "suspend" stops the clock during the
// notified part of a closure, "received_inside" does so only for a request that
// arrived in it, or so shortly before that nobody was in between (of act_by
// readings by the desk's own hours, of others by those counted), "ignore" (or "") never.
type Mode string

// Term is an amount of time and how to read it.
type Term struct {
	Amount   int
	Unit     Unit
	Reading  Reading
	Closures Mode
}

const (
	actBy        = "act_by:"
	skipUnder    = 30 * 60 // window_end_min30 skips an opening with less left, seconds
	maxTerm      = 3660    // ten years of days; longer is a slip
	suspended    = Mode("suspend")
	receivedIn   = Mode("received_inside")
	closuresPass = Mode("ignore")
)

// Check returns an error wrapping ErrTerm when the term means nothing.
func (t Term) Check() error {
	kind := t.Reading.counts()
	if kind == "" {
		return fmt.Errorf("%w: unknown reading %q", ErrTerm, t.Reading)
	}
	if t.Unit.counts() == "" {
		return fmt.Errorf("%w: unknown unit %q: use h, min, s, wd (working days) or cd (calendar days)", ErrTerm, t.Unit)
	}
	if kind != t.Unit.counts() {
		return fmt.Errorf("%w: reading %s counts %s, not %q", ErrTerm, t.Reading, kind, t.Unit)
	}
	if t.Amount <= 0 {
		return fmt.Errorf("%w: amount %d must be at least 1", ErrTerm, t.Amount)
	}
	if t.Amount > t.Unit.maxAmount() {
		return fmt.Errorf("%w: amount %d %s is over ten years", ErrTerm, t.Amount, t.Unit)
	}
	switch t.Closures {
	case suspended, receivedIn, closuresPass, "":
		return nil
	}
	return fmt.Errorf("%w: unknown mode for closures %q: use suspend, received_inside or ignore", ErrTerm, t.Closures)
}

// counts says in words what the unit is of, "" for an unknown unit.
func (u Unit) counts() string {
	switch u {
	case "h", "min", "s":
		return "hours, minutes or seconds"
	case "wd":
		return "working days"
	case "cd":
		return "calendar days"
	}
	return ""
}

// seconds returns the length of one unit of time.
func (u Unit) seconds() int64 {
	switch u {
	case "h":
		return 3600
	case "min":
		return 60
	}
	return 1
}

// maxAmount is ten years in this unit.
func (u Unit) maxAmount() int {
	if u == "wd" || u == "cd" {
		return maxTerm
	}
	return maxTerm * calendar.DaySeconds / int(u.seconds())
}

// plain returns the reading itself, without act_by.
func (r Reading) plain() Reading { return Reading(strings.TrimPrefix(string(r), actBy)) }

// counts says in words which units the reading takes, "" for an unknown reading.
func (r Reading) counts() string {
	switch r.plain() {
	case "elapsed_working", "window_end", "window_end_min30", "elapsed_clock":
		return Unit("h").counts()
	case "workday_clock", "workday_close", "workday_end":
		return Unit("wd").counts()
	case "calendar_clock", "calendar_end", "calendar_end_roll":
		return Unit("cd").counts()
	}
	return ""
}

// Due returns the first late second of the term for a request received at that
// instant, counted in cal. service is the desk's own calendar and asked only for
// act_by readings. The zero time means there is none: no service hours are left,
// or the term ends after the year 2599. Errors wrap ErrTerm.
func (t Term) Due(cal, service *Calendar, received time.Time) (time.Time, error) {
	if err := t.Check(); err != nil {
		return time.Time{}, err
	}
	at := received.Unix()
	due := t.bounded(cal, service, at)
	if t.Reading.plain() != t.Reading && due != calendar.Never {
		if service == nil {
			return time.Time{}, fmt.Errorf("%w: reading %s needs the desk's service calendar", ErrTerm, t.Reading)
		}
		due = service.Walk(service.Closed()).LastOpen(at, due)
	}
	return calendar.At(due), nil
}

// stops returns the closures that stop this term's clock.
func (t Term) stops(cal, service *Calendar, received int64) []calendar.Window {
	switch t.Closures {
	case suspended:
		return cal.Excused()
	case receivedIn:
		hours := cal
		if t.Reading.plain() != t.Reading && service != nil {
			hours = service
		}
		return t.arrivedIn(cal.Excused(), hours.Walk(nil), received)
	}
	return nil
}

// arrivedIn returns the closures that a request arrived in, of those in order. One that begins before anybody is in again counts too: on
// the weekend before it nobody could have answered either.
func (t Term) arrivedIn(closures []calendar.Window, hours *calendar.Walk, at int64) []calendar.Window {
	first := slices.IndexFunc(closures, func(s calendar.Window) bool { return at < s.To })
	if first < 0 {
		return nil
	}
	end := first
	for ; end < len(closures) && !t.answerable(hours, at, closures[end].From); end++ {
		at = closures[end].To
	}
	return closures[first:end]
}

// answerable reports whether somebody is in from one instant to before another, for so long without a break as the reading wants left of an
// opening.
func (t Term) answerable(hours *calendar.Walk, from, to int64) bool {
	need := int64(1)
	if t.Reading.plain() == "window_end_min30" {
		need = skipUnder
	}
	var end, left int64 // of the opening so far, as in windowEnd
	for day := hours.Day(from); day < calendar.LastDay; day++ {
		hours.Load(day)
		for _, o := range hours.Whole {
			if o.From >= to {
				return false
			}
			if o.From != end {
				left = 0
			}
			end, left = o.To, left+max(0, min(o.To, to)-max(o.From, from))
			if left >= need {
				return true
			}
		}
	}
	return false
}

// bounded computes the plain reading of a checked term, or Never if it ends after
// the last day that calendars cover.
func (t Term) bounded(cal, service *Calendar, received int64) int64 {
	if received >= calendar.LastDay*calendar.DaySeconds {
		return calendar.Never
	}
	if due := t.read(cal, service, received); due < calendar.LastDay*calendar.DaySeconds {
		return due
	}
	return calendar.Never
}

// read computes the plain reading for a receipt before the last day that
// calendars cover.
func (t Term) read(cal, service *Calendar, received int64) int64 {
	w := newClockwork(cal, t.stops(cal, service, received))
	amount := int64(t.Amount)
	switch t.Reading.plain() {
	case "elapsed_working":
		return w.Add(received, amount*t.Unit.seconds())
	case "window_end":
		return w.windowEnd(received, amount*t.Unit.seconds(), 1)
	case "window_end_min30":
		return w.windowEnd(received, amount*t.Unit.seconds(), skipUnder)
	case "elapsed_clock":
		return w.elapsedClock(received, amount*t.Unit.seconds())
	case "workday_clock":
		return w.workdayClock(received, amount)
	case "workday_close":
		return w.closing(w.Workday(w.Day(received), amount))
	case "workday_end":
		return w.Midnight(w.Workday(w.Day(received), amount) + 1)
	case "calendar_clock":
		return w.sameClock(received, w.Day(received), w.Day(received)+t.Amount)
	case "calendar_end":
		return w.Midnight(w.Day(received) + t.Amount + 1)
	default: // calendar_end_roll
		return w.Midnight(w.Workday(w.Day(received)+t.Amount-1, 1) + 1)
	}
}
