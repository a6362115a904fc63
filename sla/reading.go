package sla

import "replyby/sla/calendar"

// clockwork reads terms on a walk through a calendar.
type clockwork struct {
	*calendar.Walk
	cal  *Calendar
	shut []calendar.Window // what stops the clock
}

func newClockwork(cal *Calendar, shut []calendar.Window) clockwork {
	return clockwork{cal.Walk(shut), cal, shut}
}

// windowEnd returns the end of the first opening that has at least need seconds
// left, or the instant at which d open seconds have passed, whichever is first.
// Openings that touch (24x7, a night shift) are one. A closure takes from what is
// left of an opening but does not end it: nothing falls due earlier because the
// desk is shut.
func (w clockwork) windowEnd(received, d, need int64) int64 {
	limit := w.Add(received, d)
	var end, left int64 // of the opening so far: its closing, its open seconds left
	for day := w.Day(received); day < calendar.LastDay; day++ {
		w.Load(day)
		for _, o := range w.Whole {
			if o.From != end {
				if left >= need {
					return end
				}
				left = 0
			}
			if o.From >= limit {
				return limit
			}
			end, left = o.To, left+w.netIn(o, received)
			if left >= need && end >= limit {
				return limit
			}
		}
	}
	return limit
}

// netIn returns the open seconds of an opening of the loaded day after an instant.
func (w clockwork) netIn(o calendar.Window, after int64) int64 {
	var sum int64
	for _, n := range w.Net {
		if n.From >= o.From && n.To <= o.To {
			sum += max(0, n.To-max(after, n.From))
		}
	}
	return sum
}

// elapsedClock lets d seconds pass on the clock, standing still while shut. If
// that ends outside opening hours, it ends at the last open instant before, and
// if there was none since receipt, at the next opening. What would end inside a
// closure ends at the first opening after it.
func (w clockwork) elapsedClock(received, d int64) int64 {
	at := received
	for _, s := range w.shut {
		if s.To <= at {
			continue
		}
		if s.From >= at+d {
			break
		}
		d -= max(0, s.From-at)
		at = s.To
	}
	due := newClockwork(w.cal, nil).roll(received, at+d)
	for _, s := range w.shut {
		if s.From < due && due <= s.To {
			return w.NextOpen(due)
		}
	}
	return due
}

// roll moves an instant that is not open to the last open one after received,
// or on to the next opening.
func (w clockwork) roll(received, at int64) int64 {
	next := w.NextOpen(at)
	if next == at {
		return at
	}
	if last := w.LastOpen(received, at); last != calendar.Never {
		return last
	}
	return next
}

// workdayClock returns the same wall clock n working days on. A request of a day
// off, or of midnight sharp, has no part of a day behind it: it gets n whole
// working days.
func (w clockwork) workdayClock(received, n int64) int64 {
	day := w.Day(received)
	midnight := w.Midnight(day)
	if received == midnight {
		return w.Midnight(w.Workday(day-1, n) + 1)
	}
	if !w.Works(day) {
		return w.Midnight(w.Workday(day, n) + 1)
	}
	return w.sameClock(received, day, w.Workday(day, n))
}

// sameClock returns when the wall clock of an instant of one day shows on another.
// Where a clock change moves midnight itself, the wall may still show yesterday:
// such an instant stands just after midnight.
func (w clockwork) sameClock(received int64, day, due int) int64 {
	clock := min(w.Wall(received)-int64(day)*calendar.DaySeconds, calendar.DaySeconds)
	if clock < 0 {
		clock = 1
	}
	return w.Instant(int64(due)*calendar.DaySeconds + clock)
}

// closing returns when the last opening of a civil day ends by habit.
func (w clockwork) closing(day int) int64 {
	w.Load(day)
	if len(w.Whole) == 0 {
		return calendar.Never
	}
	return w.Whole[len(w.Whole)-1].To
}
