package calendar

import "math"

// Never stands for an instant that does not come.
const Never = math.MinInt64

// LastDay is where every search gives up, in the year 2599. A calendar is open
// at least once a year, so only absurd amounts get there.
const LastDay = 230_000

// Walk steps through a calendar day by day, counting in Unix seconds and civil days.
// It is a scratch value: one per computation, never shared.
type Walk struct {
	Zone
	Whole []Window // the openings of the loaded day before closures
	Net   []Window // the same less what is shut
	cal   *Calendar
	shut  []Window // merged, what this walk counts as closed
}

// Walk starts a walk on which these windows, sorted and disjoint, count as shut:
// Closed for the people in the calendar, Excused for a contract, nil for neither.
func (c *Calendar) Walk(shut []Window) *Walk {
	return &Walk{Zone: Zone{loc: c.loc}, cal: c, shut: shut}
}

// Load places the openings of a civil day in time. Clock changes may shorten,
// lengthen or swallow an opening; they never let two overlap or leave the day.
func (w *Walk) Load(day int) {
	w.Whole, w.Net = w.Whole[:0], w.Net[:0]
	spans := w.cal.spans(day)
	if len(spans) == 0 {
		return
	}
	midnight := int64(day) * DaySeconds
	least, most := w.Midnight(day), w.Midnight(day+1)
	for _, s := range spans {
		o := Window{max(least, w.Instant(midnight+s.from)), min(most, w.Instant(midnight+s.to))}
		if o.From < o.To {
			w.Whole = append(w.Whole, o)
			w.subtract(o)
			least = o.To
		}
	}
}

// subtract appends to Net what the closures leave of an opening.
func (w *Walk) subtract(o Window) {
	for _, s := range w.shut {
		if s.To <= o.From {
			continue
		}
		if s.From >= o.To {
			break
		}
		if o.From < s.From {
			w.Net = append(w.Net, Window{o.From, s.From})
		}
		o.From = s.To
	}
	if o.From < o.To {
		w.Net = append(w.Net, o)
	}
}

// NextOpen returns at when it is open, else the next opening.
func (w *Walk) NextOpen(at int64) int64 {
	for day := w.Day(at); day < LastDay; day++ {
		w.Load(day)
		for _, n := range w.Net {
			if at < n.To {
				return max(at, n.From)
			}
		}
	}
	return Never
}

// Add returns when d open seconds have passed since at.
func (w *Walk) Add(at, d int64) int64 {
	if d == 0 {
		return at
	}
	for day := w.Day(at); day < LastDay; day++ {
		w.Load(day)
		for _, n := range w.Net {
			from := max(at, n.From)
			if from >= n.To {
				continue
			}
			if from+d <= n.To {
				return from + d
			}
			d -= n.To - from
		}
	}
	return Never
}

// Sub returns the latest instant from which d open seconds lead to at.
func (w *Walk) Sub(at, d int64) int64 {
	if d == 0 {
		return at
	}
	for day := w.Day(at); day > -LastDay; day-- {
		w.Load(day)
		for i := len(w.Net) - 1; i >= 0; i-- {
			n := w.Net[i]
			to := min(at, n.To)
			if to <= n.From {
				continue
			}
			if to-d >= n.From {
				return to - d
			}
			d -= to - n.From
		}
	}
	return Never
}

// Between returns the open seconds in [a, b).
func (w *Walk) Between(a, b int64) int64 {
	var sum int64
	for day, last := w.Day(a), w.Day(b); day <= last; day++ {
		w.Load(day)
		for _, n := range w.Net {
			sum += max(0, min(b, n.To)-max(a, n.From))
		}
	}
	return sum
}

// LastOpen returns the last instant of open time in (after, until], Never when
// there is none: the closing of the last opening, or until inside one.
func (w *Walk) LastOpen(after, until int64) int64 {
	for day, first := w.Day(until), w.Day(after); day >= first; day-- {
		w.Load(day)
		for i := len(w.Net) - 1; i >= 0; i-- {
			if n := w.Net[i]; n.From < until && n.To > after {
				return min(n.To, until)
			}
		}
	}
	return Never
}

// Works reports whether a civil day is a working day: it has openings, and
// closures leave something of them.
func (w *Walk) Works(day int) bool {
	w.Load(day)
	return len(w.Net) > 0
}

// Workday returns the nth working day after a civil day.
func (w *Walk) Workday(day int, n int64) int {
	for n > 0 && day < LastDay {
		if day++; w.Works(day) {
			n--
		}
	}
	return day
}
