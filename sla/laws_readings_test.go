package sla

import (
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

// brute reads a term by hand; false where the table ends.
func (s scene) brute(term Term) (int64, bool) {
	shut := func(int64) bool { return false }
	if term.Closures == suspended {
		shut = s.bruteShut(false)
	}
	day := s.bruteDay()
	switch term.Reading {
	case "window_end":
		return s.bruteWindowEnd(term.Amount, 1, shut)
	case "window_end_min30":
		return s.bruteWindowEnd(term.Amount, 1800, shut)
	case "workday_clock":
		switch {
		case s.received == s.table.instant(day, 0):
			day--
		case s.bruteWorks(day, shut):
			h, m, sec := time.Unix(s.received, 0).In(s.cal.Zone()).Clock()
			if due, ok := s.bruteWorkday(day, term.Amount, shut); ok {
				return s.table.instant(due, int64(h*3600+m*60+sec)), true
			}
			return 0, false
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

// TestLawsReadings compares windows and working days with going through them second
// by second.
func TestLawsReadings(t *testing.T) {
	ts, base := tables{}, map[string]*Calendar{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t, ts, base)
		if s.zone.name == "America/St_Johns" {
			return // its clocks changed at midnight, where wall clock and civil day part
		}
		term := Term{Closures: rapid.SampledFrom([]Mode{"suspend", "ignore"}).Draw(t, "mode")}
		if rapid.Bool().Draw(t, "windows") {
			term.Reading, term.Unit, term.Amount = rapid.SampledFrom([]Reading{"window_end", "window_end_min30"}).Draw(t, "reading"), "s", drawSeconds(t)
		} else {
			term.Reading = rapid.SampledFrom([]Reading{"workday_clock", "workday_close", "workday_end"}).Draw(t, "reading")
			term.Unit, term.Amount = "wd", rapid.IntRange(1, 3).Draw(t, "days")
		}
		want, ok := s.brute(term)
		if !ok {
			return
		}
		if due := term.mustDue(t, s.cal, time.Unix(s.received, 0)); due.Unix() != want {
			t.Fatalf("%v from %v: due %v, want %v", term, time.Unix(s.received, 0).UTC(), due, time.Unix(want, 0).UTC())
		}
	})
}
