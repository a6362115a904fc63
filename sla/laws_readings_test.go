package sla

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// scheduled tells for every second of a stretch whether it lies in an opening, before
// closures: the oracle's walk, asked second by second.
func (s scene) scheduled(day int) (seconds []int64) {
	none := func(int64) bool { return false }
	from, to := s.table.instant(day, 0), s.table.instant(day+1, 0)
	for _, at := range s.table.bruteOpen(s.open, none, from, daySecondsMost) {
		if at >= to {
			break
		}
		seconds = append(seconds, at)
	}
	return seconds
}

const daySecondsMost = 100_000 // more than any civil day has

// bruteWorks tells whether any second of a day is open and not shut.
func (s scene) bruteWorks(day int, shut func(int64) bool) bool {
	for _, at := range s.scheduled(day) {
		if !shut(at) {
			return true
		}
	}
	return false
}

// bruteWorkday returns the nth working day after a day; false beyond the table.
func (s scene) bruteWorkday(day, n int, shut func(int64) bool) (int, bool) {
	last := int(s.table.base/86400) + aroundDays - 3
	for day++; day <= last; day++ {
		if s.bruteWorks(day, shut) {
			if n--; n == 0 {
				return day, true
			}
		}
	}
	return 0, false
}

// bruteWindowEnd goes on second by second until the amount is used up or an opening
// with at least need open seconds ends; false beyond the table.
func (s scene) bruteWindowEnd(amount, need int, shut func(int64) bool) (int64, bool) {
	none := func(int64) bool { return false }
	run, left, used := int64(0), 0, 0
	for _, at := range s.table.bruteOpen(s.open, none, s.received, 2*daySecondsMost) {
		if at != run && left >= need {
			return run, true
		}
		if at != run {
			left = s.leftIn(at, need, shut)
		}
		run = at + 1
		if shut(at) {
			continue
		}
		if used++; used == amount {
			return at + 1, true
		}
	}
	return 0, false
}

// leftIn counts the open seconds from an instant to the end of its opening, up to need.
func (s scene) leftIn(at int64, need int, shut func(int64) bool) int {
	none := func(int64) bool { return false }
	left := 0
	for next, seconds := at, s.table.bruteOpen(s.open, none, at, 2*daySecondsMost); len(seconds) > 0 && seconds[0] == next && left < need; next++ {
		if !shut(next) {
			left++
		}
		seconds = seconds[1:]
	}
	return left
}

// bruteDay returns the civil day of the receipt.
func (s scene) bruteDay() int {
	day := int(s.table.base / 86400)
	for s.table.instant(day+1, 0) <= s.received {
		day++
	}
	return day
}

// shutAround are the notified closures that a request arrived in, or before which nobody is in any more for so long on end, and those that
// touch them.
func (s scene) shutAround(need int) func(int64) bool {
	list, at := s.stretches(), s.received
	list = slices.DeleteFunc(list, func(x stretch) bool { return x.excused >= x.to })
	taken := make([]bool, len(list))
	touches := func(x stretch) bool {
		for i, y := range list {
			if taken[i] && x.excused <= y.to && x.to >= y.excused {
				return true
			}
		}
		return false
	}
	for range list {
		for i, x := range list {
			if !taken[i] && (touches(x) || x.to > s.received && !s.answerable(at, x.excused, need)) {
				taken[i], at = true, max(at, x.to)
			}
		}
	}
	return func(at int64) bool {
		return slices.ContainsFunc(list, func(x stretch) bool {
			return taken[slices.Index(list, x)] && at >= x.excused && at < x.to
		})
	}
}

// answerable tells whether somebody is in for so many seconds on end from one instant to before another, closures or not.
func (s scene) answerable(from, to int64, need int) bool {
	run, last := 0, int64(0)
	for _, at := range s.table.bruteOpen(s.open, func(at int64) bool { return at >= to }, from, 8*daySecondsMost) {
		if at != last+1 {
			run = 0
		}
		if run++; run == need {
			return true
		}
		last = at
	}
	return false
}

// bruteElapsedClock lets seconds pass that are not shut. Where that ends outside the
// openings, the last scheduled second since receipt ends it, else the next; and what
// ends in a closure ends when it is open again. False beyond the table.
func (s scene) bruteElapsedClock(amount int, shut func(int64) bool) (int64, bool) {
	last := s.table.instant(int(s.table.base/86400)+aroundDays-2, 0)
	due := s.received
	for ; amount > 0 && due < last; due++ {
		if !shut(due) {
			amount--
		}
	}
	none := func(int64) bool { return false }
	seconds := s.table.bruteOpen(s.open, none, s.received, 8*daySecondsMost)
	i, open := slices.BinarySearch(seconds, due)
	switch {
	case amount > 0 || i == len(seconds):
		return 0, false
	case !open && i > 0:
		due = seconds[i-1] + 1
	case !open:
		due = seconds[0]
	}
	if !shut(due - 1) {
		return due, true
	}
	rest := s.table.bruteOpen(s.open, shut, due, 1)
	if len(rest) == 0 {
		return 0, false
	}
	return rest[0], true
}

// brute reads a term by hand; false where the table ends.
func (s scene) brute(term Term) (int64, bool) {
	shut := func(int64) bool { return false }
	switch term.Closures {
	case suspended:
		shut = s.bruteShut(false)
	case receivedIn:
		need := 1
		if term.Reading == "window_end_min30" {
			need = 1800
		}
		shut = s.shutAround(need)
	}
	day := s.bruteDay()
	if term.Unit == "cd" && day+term.Amount >= int(s.table.base/86400)+aroundDays-2 {
		return 0, false
	}
	switch term.Reading {
	case "window_end":
		return s.bruteWindowEnd(term.Amount, 1, shut)
	case "window_end_min30":
		return s.bruteWindowEnd(term.Amount, 1800, shut)
	case "elapsed_clock":
		return s.bruteElapsedClock(term.Amount, shut)
	case "calendar_clock":
		return s.sameClock(day + term.Amount), true
	case "calendar_end":
		return s.table.instant(day+term.Amount+1, 0), true
	case "calendar_end_roll":
		due, ok := s.bruteWorkday(day+term.Amount-1, 1, shut)
		if !ok {
			return 0, false
		}
		return s.table.instant(due+1, 0), true
	case "workday_clock":
		switch {
		case s.received == s.table.instant(day, 0):
			day--
		case s.bruteWorks(day, shut):
			due, ok := s.bruteWorkday(day, term.Amount, shut)
			return s.sameClock(due), ok
		}
	}
	due, ok := s.bruteWorkday(day, term.Amount, shut)
	if !ok {
		return 0, false
	}
	if term.Reading == "workday_close" {
		seconds := s.scheduled(due)
		return seconds[len(seconds)-1] + 1, true
	}
	return s.table.instant(due+1, 0), true
}

// sameClock is when the wall clock of the receipt shows on another day.
func (s scene) sameClock(day int) int64 {
	h, m, sec := time.Unix(s.received, 0).In(s.cal.Zone()).Clock()
	return s.table.first[min(max(0, int64(day)*86400-s.table.base+int64(h*3600+m*60+sec)), int64(len(s.table.first)-1))]
}

// TestLawsReadings compares every reading but elapsed_working, which TestLawsOracle
// counts, with going through it second by second, in every mode of closures.
func TestLawsReadings(t *testing.T) {
	ts, base := tables{}, map[string]*Calendar{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t, ts, base)
		if s.zone.name == "America/St_Johns" {
			t.Skip("its clocks changed at midnight, where wall clock and civil day part")
		}
		term := Term{Closures: rapid.SampledFrom([]Mode{"suspend", "received_inside", "ignore"}).Draw(t, "mode")}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			term.Reading, term.Unit, term.Amount = rapid.SampledFrom([]Reading{"window_end", "window_end_min30", "elapsed_clock"}).Draw(t, "reading"), "s", drawSeconds(t)
		case 1:
			term.Reading = rapid.SampledFrom([]Reading{"workday_clock", "workday_close", "workday_end"}).Draw(t, "reading")
			term.Unit, term.Amount = "wd", rapid.IntRange(1, 3).Draw(t, "days")
		default:
			term.Reading = rapid.SampledFrom([]Reading{"calendar_clock", "calendar_end", "calendar_end_roll"}).Draw(t, "reading")
			term.Unit, term.Amount = "cd", rapid.IntRange(1, 3).Draw(t, "days")
		}
		want, ok := s.brute(term)
		if !ok {
			t.Skip("beyond the table")
		}
		if due := term.mustDue(t, s.cal, time.Unix(s.received, 0)); due.Unix() != want {
			t.Fatalf("%v from %v: due %v, want %v", term, time.Unix(s.received, 0).UTC(), due, time.Unix(want, 0).UTC())
		}
	})
}

// TestLawsCount: the count explained adds up to the term it explains.
func TestLawsCount(t *testing.T) {
	ts, base := tables{}, map[string]*Calendar{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t, ts, base)
		term := drawTerm(t)
		c, err := term.Count(s.cal, nil, time.Unix(s.received, 0))
		if err != nil {
			t.Fatal(err)
		}
		var sum time.Duration
		numbers := 0
		for _, d := range c.Days {
			for _, span := range d.Open {
				sum += span.To.Sub(span.From)
			}
			if d.Number > 0 {
				if numbers++; d.Number != numbers {
					t.Fatalf("%v: day %s is number %d, want %d", term, d.Date, d.Number, numbers)
				}
			}
		}
		want := time.Duration(int64(term.Amount)*term.Unit.seconds()) * time.Second
		if term.Reading == "elapsed_working" && sum != want {
			t.Fatalf("%v from %v: the count adds up to %v: %+v", term, c.Received, sum, c)
		}
		if (term.Unit == "wd" || term.Unit == "cd" && term.Reading != "calendar_end_roll") && numbers != term.Amount {
			t.Fatalf("%v from %v: the count has %d days: %+v", term, c.Received, numbers, c)
		}
	})
}
