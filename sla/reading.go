package sla

// windowEnd returns the end of the first opening that has at least need seconds
// left, or the instant at which d open seconds have passed, whichever is first.
// Openings that touch (24x7, a night shift) are one. A closure takes from what is
// left of an opening but does not end it: nothing falls due earlier because the
// desk is shut.
func (w *walk) windowEnd(received, d, need int64) int64 {
	limit := w.add(received, d)
	var end, left int64 // of the opening so far: its closing, its open seconds left
	for day := w.day(received); day < lastDay; day++ {
		w.load(day)
		for _, o := range w.whole {
			if o.from != end {
				if left >= need {
					return end
				}
				left = 0
			}
			if o.from >= limit {
				return limit
			}
			end, left = o.to, left+w.netIn(o, received)
			if left >= need && end >= limit {
				return limit
			}
		}
	}
	return limit
}

// netIn returns the open seconds of an opening of the loaded day after an instant.
func (w *walk) netIn(o window, after int64) int64 {
	var sum int64
	for _, n := range w.net {
		if n.from >= o.from && n.to <= o.to {
			sum += max(0, n.to-max(after, n.from))
		}
	}
	return sum
}

// elapsedClock lets d seconds pass on the clock, standing still while shut. If
// that ends outside opening hours, it ends at the last open instant before, and
// if there was none since receipt, at the next opening. What would end inside a
// closure ends at the first opening after it.
func (w *walk) elapsedClock(received, d int64) int64 {
	at := received
	for _, s := range w.shut {
		if s.to <= at {
			continue
		}
		if s.from >= at+d {
			break
		}
		d -= max(0, s.from-at)
		at = s.to
	}
	due := w.cal.walk(nil).roll(received, at+d)
	for _, s := range w.shut {
		if s.from < due && due < s.to {
			return w.nextOpen(due)
		}
	}
	return due
}

// roll moves an instant that is not open to the last open one after received,
// or on to the next opening.
func (w *walk) roll(received, at int64) int64 {
	next := w.nextOpen(at)
	if next == at {
		return at
	}
	if last := w.lastOpen(received, at); last != never {
		return last
	}
	return next
}

// workdayClock returns the same wall clock n working days on. A request of a day
// off, or of midnight sharp, has no part of a day behind it: it gets n whole
// working days.
func (w *walk) workdayClock(received, n int64) int64 {
	day := w.day(received)
	midnight := w.midnight(day)
	if received == midnight {
		return w.midnight(w.workday(day-1, n) + 1)
	}
	if !w.works(day) {
		return w.midnight(w.workday(day, n) + 1)
	}
	clock := w.wall(received) - int64(day)*daySeconds
	clock = min(max(clock, 0), daySeconds) // beyond only where a clock change moves midnight
	return w.instant(int64(w.workday(day, n))*daySeconds + clock)
}

// closing returns when the last opening of a civil day ends by habit.
func (w *walk) closing(day int) int64 {
	w.load(day)
	if len(w.whole) == 0 {
		return never
	}
	return w.whole[len(w.whole)-1].to
}
