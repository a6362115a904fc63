package sla

import "math"

// never stands for an instant that does not come.
const never = math.MinInt64

// lastDay is where every search gives up, in the year 2599. A calendar is open
// at least once a year, so only absurd amounts get there.
const lastDay = 230_000

// walk steps through a calendar day by day. net holds the openings of the loaded
// day less what is shut; whole holds the same openings before closures.
type walk struct {
	zone
	cal   *Calendar
	shut  []window // merged, what this walk counts as closed
	whole []window
	net   []window
}

func (c *Calendar) walk(shut []window) *walk {
	return &walk{zone: zone{loc: c.loc}, cal: c, shut: shut}
}

// load places the openings of a civil day in time. Clock changes may shorten,
// lengthen or swallow an opening; they never let two overlap or leave the day.
func (w *walk) load(day int) {
	w.whole, w.net = w.whole[:0], w.net[:0]
	spans := w.cal.spans(day)
	if len(spans) == 0 {
		return
	}
	midnight := int64(day) * daySeconds
	least, most := w.midnight(day), w.midnight(day+1)
	for _, s := range spans {
		o := window{max(least, w.instant(midnight+s.from)), min(most, w.instant(midnight+s.to))}
		if o.from < o.to {
			w.whole = append(w.whole, o)
			w.subtract(o)
			least = o.to
		}
	}
}

// subtract appends to net what the closures leave of an opening.
func (w *walk) subtract(o window) {
	for _, s := range w.shut {
		if s.to <= o.from {
			continue
		}
		if s.from >= o.to {
			break
		}
		if o.from < s.from {
			w.net = append(w.net, window{o.from, s.from})
		}
		o.from = s.to
	}
	if o.from < o.to {
		w.net = append(w.net, o)
	}
}

// nextOpen returns at when it is open, else the next opening.
func (w *walk) nextOpen(at int64) int64 {
	for day := w.day(at); day < lastDay; day++ {
		w.load(day)
		for _, n := range w.net {
			if at < n.to {
				return max(at, n.from)
			}
		}
	}
	return never
}

// add returns when d open seconds have passed since at.
func (w *walk) add(at, d int64) int64 {
	if d == 0 {
		return at
	}
	for day := w.day(at); day < lastDay; day++ {
		w.load(day)
		for _, n := range w.net {
			from := max(at, n.from)
			if from >= n.to {
				continue
			}
			if from+d <= n.to {
				return from + d
			}
			d -= n.to - from
		}
	}
	return never
}

// sub returns the latest instant from which d open seconds lead to at.
func (w *walk) sub(at, d int64) int64 {
	if d == 0 {
		return at
	}
	for day := w.day(at); day > -lastDay; day-- {
		w.load(day)
		for i := len(w.net) - 1; i >= 0; i-- {
			n := w.net[i]
			to := min(at, n.to)
			if to <= n.from {
				continue
			}
			if to-d >= n.from {
				return to - d
			}
			d -= to - n.from
		}
	}
	return never
}

// between returns the open seconds in [a, b).
func (w *walk) between(a, b int64) int64 {
	var sum int64
	for day, last := w.day(a), w.day(b); day <= last; day++ {
		w.load(day)
		for _, n := range w.net {
			sum += max(0, min(b, n.to)-max(a, n.from))
		}
	}
	return sum
}

// lastOpen returns the last instant of open time in (after, until], never when
// there is none: the closing of the last opening, or until inside one.
func (w *walk) lastOpen(after, until int64) int64 {
	for day, first := w.day(until), w.day(after); day >= first; day-- {
		w.load(day)
		for i := len(w.net) - 1; i >= 0; i-- {
			if n := w.net[i]; n.from < until && n.to > after {
				return min(n.to, until)
			}
		}
	}
	return never
}

// works tells whether a civil day is a working day: it has openings, and
// closures leave something of them.
func (w *walk) works(day int) bool {
	w.load(day)
	return len(w.net) > 0
}

// workday returns the nth working day after a civil day.
func (w *walk) workday(day int, n int64) int {
	for n > 0 && day < lastDay {
		if day++; w.works(day) {
			n--
		}
	}
	return day
}
