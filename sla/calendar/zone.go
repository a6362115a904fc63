package calendar

import (
	"math"
	"time"
)

// DaySeconds is the length of a civil day on the wall clock. Real days may differ.
const DaySeconds = 86_400

// reach is further than any two offsets of one zone ever lay apart (Samoa and
// Kwajalein changed by 24 h when they crossed the date line).
const reach = 26 * 3600

// Zone converts between instants (Unix seconds, UTC) and the wall clock of one
// IANA zone (seconds since 1970-01-01 00:00 on that wall). It remembers the last
// period of constant offset it met, so a walk over many days asks the zone
// database once per clock change. It is a scratch value: one per computation.
type Zone struct {
	loc    *time.Location
	lo, hi int64 // the remembered period [lo, hi)
	off    int64 // its offset, seconds east of UTC
}

// offset returns the seconds east of UTC in force at an instant and makes its
// period the remembered one.
func (z *Zone) offset(at int64) int64 {
	if z.lo <= at && at < z.hi {
		return z.off
	}
	t := time.Unix(at, 0).In(z.loc)
	_, off := t.Zone()
	start, end := t.ZoneBounds()
	z.lo, z.hi, z.off = math.MinInt64, math.MaxInt64, int64(off)
	if !start.IsZero() {
		z.lo = start.Unix()
	}
	if !end.IsZero() {
		z.hi = end.Unix()
	}
	if z.hi <= at {
		// QUIRK: time.ZoneBounds, Go 1.26: past the zone's table (from 2038) every
		// year has 365 days, so on 31 December of a leap year the period ends
		// before the instant asked for. That day has the offset of the one before.
		z.hi = (at/DaySeconds + 1) * DaySeconds
	}
	return z.off
}

// Instant returns when the wall clock shows wall: the earlier instant where it
// shows it twice (autumn), shifted forward by the gap where it never does
// (spring). time.Date guarantees neither.
func (z *Zone) Instant(wall int64) int64 {
	at := wall - z.off
	if at > z.lo+reach && at < z.hi-reach {
		return at
	}
	return z.search(wall)
}

// search does the work of Instant near a clock change: it tries every period of
// constant offset that could show the wall clock, in order of time.
func (z *Zone) search(wall int64) int64 {
	best := wall - z.offset(wall-reach)
	for {
		at := wall - z.off
		if at < z.lo {
			return best // in the gap before this period
		}
		if at < z.hi {
			return at
		}
		best = at
		z.offset(z.hi)
	}
}

// Wall returns what the wall clock shows at an instant.
func (z *Zone) Wall(at int64) int64 { return at + z.offset(at) }

// Day returns the civil day (days since 1970-01-01) an instant belongs to: the
// day d with Instant(d 00:00) <= at < Instant(d+1 00:00). It differs from the
// date on the wall only where a clock change moves midnight itself.
func (z *Zone) Day(at int64) int {
	wall := z.Wall(at)
	day := int(wall / DaySeconds)
	if wall < 0 && wall%DaySeconds != 0 {
		day--
	}
	for at < z.Midnight(day) {
		day--
	}
	for at >= z.Midnight(day+1) {
		day++
	}
	return day
}

// Midnight returns the first instant of a civil day.
func (z *Zone) Midnight(day int) int64 { return z.Instant(int64(day) * DaySeconds) }

// civil returns the day number of a Gregorian date.
func civil(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / DaySeconds)
}

// Date returns the first instant of a civil day as if it were UTC, which is good
// for its year, month, day and weekday and for nothing else.
func Date(day int) time.Time { return time.Unix(int64(day)*DaySeconds, 0).UTC() }

// weekday returns the weekday of a civil day. 1970-01-01 was a Thursday.
func weekday(day int) time.Weekday { return time.Weekday(((day+4)%7 + 7) % 7) }
