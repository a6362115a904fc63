package sla

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The laws are tested against a brute-force oracle that knows nothing of windows,
// offsets or clock changes: it asks the zone database what the wall shows, second
// by second of civil time, and counts. Run more cases with rapid's own flag:
//
//	go test ./sla -run TestLaws -rapid.checks=1000000 -timeout 4h

// lawZone is a zone and the days around which its clocks did something odd.
type lawZone struct {
	name  string
	dates []string
}

func lawZones() []lawZone {
	return []lawZone{
		{"Europe/Rome", []string{"2026-10-25", "2027-03-28", "2026-12-24"}},
		{"Europe/Madrid", []string{"2026-10-25", "2027-03-28"}},
		{"Europe/Paris", []string{"2026-10-25", "2027-03-28"}},
		{"Atlantic/Canary", []string{"2026-10-25", "2027-03-28"}},
		{"Australia/Lord_Howe", []string{"2026-04-05", "2026-10-04"}},
		{"Africa/Casablanca", []string{"2026-02-15", "2026-03-22"}},
		{"Pacific/Apia", []string{"2011-12-30", "2011-09-24"}},
		{"America/Sao_Paulo", []string{"2018-11-04", "2019-02-17"}},
		{"America/St_Johns", []string{"2010-11-07", "2011-03-13"}},
		{"UTC", []string{"2040-12-31"}},
	}
}

// wallTable maps the wall clock of a stretch of days to the first instant that
// shows it, by asking what every second of UTC looks like on that wall.
type wallTable struct {
	base  int64   // wall second of the first entry
	first []int64 // by wall second since base: instant, 0 where skipped
}

// tables are expensive (a million seconds each), so they are built once per test.
type tables map[string]*wallTable

const aroundDays = 9 // days of wall clock in a table, beginning four before its date

func (ts tables) at(loc *time.Location, day string) *wallTable {
	key := loc.String() + day
	if t, ok := ts[key]; ok {
		return t
	}
	mid, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	base := mid.Unix() - 4*86400
	t := &wallTable{base: base, first: make([]int64, aroundDays*86400)}
	var lastBefore int64
	end := base + aroundDays*86400 + 15*3600
	for minute := base - 15*3600; minute < end; minute += 60 { // no clock here changed within a minute
		_, off := time.Unix(minute, 0).In(loc).Zone()
		for at := minute; at < minute+60; at++ {
			if i := at + int64(off) - base; i >= 0 && i < int64(len(t.first)) && t.first[i] == 0 {
				t.first[i] = at
			}
		}
	}
	// A wall clock that never showed is read with the offset before the gap.
	for i := range t.first {
		if t.first[i] != 0 {
			lastBefore = int64(i) - t.first[i]
		} else {
			t.first[i] = int64(i) - lastBefore
		}
	}
	ts[key] = t
	return t
}

func (t *wallTable) instant(day int, sec int64) int64 { return t.first[int64(day)*86400-t.base+sec] }

// bruteOpen returns the first n open seconds from an instant on, fewer where the
// table ends: the oracle's idea of a calendar. shut tells which seconds a closure takes.
func (t *wallTable) bruteOpen(hours []string, shut func(int64) bool, after int64, n int) []int64 {
	var open []int64
	last := int64(-1 << 62)
	firstDay := int(t.base / 86400)
	for d := firstDay; d < firstDay+aroundDays-1; d++ {
		date := time.Unix(int64(d)*86400, 0).UTC()
		if bruteHoliday(date) {
			continue
		}
		dayStart, dayEnd := t.instant(d, 0), t.instant(d+1, 0)
		for _, s := range bruteSpans(hours, date.Weekday()) {
			from, to := max(dayStart, t.instant(d, s[0])), min(dayEnd, t.instant(d, s[1]))
			from = max(from, last+1)
			last = max(last, to-1)
			for at := max(from, after); at < to; at++ {
				if shut(at) {
					continue
				}
				if open = append(open, at); len(open) == n {
					return open
				}
			}
		}
	}
	return open
}

// bruteHoliday knows the Italian holidays that fall into the tables.
func bruteHoliday(date time.Time) bool {
	switch date.Format("01-02") {
	case "01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "11-01", "12-08", "12-25", "12-26":
		return true
	case "10-04":
		return date.Year() >= 2026
	}
	easter := map[int]string{2010: "04-04", 2011: "04-24", 2018: "04-01", 2019: "04-21", 2026: "04-05", 2027: "03-28", 2040: "04-01"}[date.Year()]
	return easter == date.Format("01-02") || easter == date.AddDate(0, 0, -1).Format("01-02")
}

// bruteSpans reads opening lines of the form "mon-fri 09:00-13:00 14:00-18:00".
func bruteSpans(lines []string, weekday time.Weekday) [][2]int64 {
	var spans [][2]int64
	for _, line := range lines {
		words := strings.Fields(strings.Replace(line, "24x7", "mon-sun 00:00-24:00", 1))
		days := map[string]bool{"mon-fri": weekday >= 1 && weekday <= 5, "sat": weekday == 6, "mon-sun": true}
		if !days[words[0]] {
			continue
		}
		for _, word := range words[1:] {
			var h, m, toH, toM int64
			if _, err := fmt.Sscanf(word, "%d:%d-%d:%d", &h, &m, &toH, &toM); err != nil {
				panic(err)
			}
			spans = append(spans, [2]int64{h*3600 + m*60, toH*3600 + toM*60})
		}
	}
	slices.SortFunc(spans, func(a, b [2]int64) int { return int(a[0] - b[0]) })
	return spans
}

// scene is one random calendar in one random stretch of time.
type scene struct {
	zone     lawZone
	date     string
	table    *wallTable
	cal      *Calendar
	closures []Closure
	open     []string
	received int64
}

func drawScene(t *rapid.T, ts tables, base map[string]*Calendar) scene {
	z := rapid.SampledFrom(lawZones()).Draw(t, "zone")
	s := scene{zone: z, date: rapid.SampledFrom(z.dates).Draw(t, "date")}
	s.open = rapid.SampledFrom([][]string{
		{"24x7"}, {"mon-fri 15:00-18:00"}, {"mon-sun 00:00-06:00"}, {"mon-fri 00:00-24:00"},
		{"mon-sun 22:00-24:00 00:00-03:00"}, {"mon-fri 09:00-13:00 14:00-18:00", "sat 02:15-02:45 03:10-03:20"},
		{"mon-sun 02:00-02:30 02:30-03:00 23:30-24:00"},
	}).Draw(t, "open")
	key := fmt.Sprint(z.name, s.open)
	if base[key] == nil {
		cal, err := NewCalendar(Spec{Name: key, Timezone: z.name, Open: s.open, Holidays: []string{"IT"}})
		if err != nil {
			t.Fatal(err)
		}
		base[key] = cal
	}
	s.closures = drawClosures(t, s.date)
	cal, err := base[key].WithClosures(s.closures)
	if err != nil {
		t.Fatal(err)
	}
	s.cal, s.table = cal, ts.at(cal.Zone(), s.date)
	s.received = s.table.instant(int(s.table.base/86400)+1, 0) + int64(rapid.IntRange(0, 4*86400).Draw(t, "received"))
	return s
}

// drawClosures draws up to two closures near a date, notified before, during or never.
func drawClosures(t *rapid.T, day string) []Closure {
	mid, _ := time.Parse(time.DateOnly, day)
	var closures []Closure
	for range rapid.IntRange(0, 2).Draw(t, "closures") {
		from := mid.Add(time.Duration(rapid.IntRange(-4*24*60, 3*24*60).Draw(t, "from")) * time.Minute)
		c := Closure{From: from.Format("2006-01-02T15:04"), To: from.Add(time.Duration(rapid.IntRange(1, 2*24*60).Draw(t, "long")) * time.Minute).Format("2006-01-02T15:04")}
		if rapid.Bool().Draw(t, "whole days") {
			c.From, c.To = from.Format(time.DateOnly), from.AddDate(0, 0, 2).Format(time.DateOnly)
		}
		if rapid.Bool().Draw(t, "notified") {
			c.NotifiedAt = from.Add(time.Duration(rapid.IntRange(-48, 48).Draw(t, "notice")) * time.Hour)
		}
		closures = append(closures, c)
	}
	return closures
}

// stretch is a closure in the oracle's eyes: from its start, excused from its notice, to its end.
type stretch struct{ from, excused, to int64 }

func (s scene) stretches() []stretch {
	var list []stretch
	for _, c := range s.closures {
		x := stretch{from: s.bruteEdge(c.From, false), to: s.bruteEdge(c.To, true)}
		if x.excused = x.to; !c.NotifiedAt.IsZero() {
			x.excused = max(x.from, c.NotifiedAt.Unix())
		}
		list = append(list, x)
	}
	return list
}

// bruteShut is the oracle's idea of what a closure takes: every closure (all), or
// the notified part of it.
func (s scene) bruteShut(all bool) func(int64) bool {
	list := s.stretches()
	return func(at int64) bool {
		for _, x := range list {
			if at >= x.from && at < x.to && (all || at >= x.excused) {
				return true
			}
		}
		return false
	}
}

func (s scene) bruteEdge(text string, end bool) int64 {
	layout := "2006-01-02T15:04"
	if len(text) == 10 {
		layout = time.DateOnly
	}
	wall, _ := time.Parse(layout, text)
	if len(text) == 10 && end {
		wall = wall.AddDate(0, 0, 1)
	}
	i := wall.Unix() - s.table.base
	return s.table.first[min(max(i, 0), int64(len(s.table.first)-1))]
}

// TestLawsOracle compares Add, Between, IsOpen, NextOpen, elapsed_working and
// act_by with counting seconds.
func TestLawsOracle(t *testing.T) {
	ts, base := tables{}, map[string]*Calendar{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t, ts, base)
		rest := s.table.bruteOpen(s.open, s.bruteShut(true), s.received, drawSeconds(t))
		at := time.Unix(s.received, 0)
		if len(rest) == 0 {
			t.Skip("no open second left in this table")
		}
		if got := s.cal.NextOpen(at).Unix(); got != rest[0] {
			t.Fatalf("NextOpen(%v) = %v, want %v", at, got, rest[0])
		}
		if got, want := s.cal.IsOpen(at), rest[0] == s.received; got != want {
			t.Fatalf("IsOpen(%v) = %v", at, got)
		}
		n := len(rest)
		due := s.cal.Add(at, time.Duration(n)*time.Second)
		if due.Unix() != rest[n-1]+1 {
			t.Fatalf("Add(%v, %ds) = %v, want %v", at, n, due, time.Unix(rest[n-1]+1, 0))
		}
		if got := s.cal.Between(at, due); got != time.Duration(n)*time.Second {
			t.Fatalf("Between(%v, %v) = %v, want %ds", at, due, got, n)
		}
		if back := s.cal.Add(due, -time.Duration(n)*time.Second); back.Unix() != rest[0] {
			t.Fatalf("going back from %v by %ds: %v, want %v", due, n, back, rest[0])
		}
		if got := s.cal.LastOpen(at, due.Add(2*time.Hour)); got.Before(due) || got.After(due.Add(2*time.Hour)) {
			t.Fatalf("last open instant within 2 h of %v: %v", due, got)
		}
		s.checkElapsed(t)
	})
}

// drawSeconds draws an amount of open time, mostly short: every second of it is counted.
func drawSeconds(t *rapid.T) int {
	return rapid.OneOf(rapid.IntRange(1, 7200), rapid.IntRange(1, 7200), rapid.IntRange(1, 100_000)).Draw(t, "seconds")
}

// checkElapsed compares elapsed_working under suspend with the oracle.
func (s scene) checkElapsed(t *rapid.T) {
	rest := s.table.bruteOpen(s.open, s.bruteShut(false), s.received, drawSeconds(t))
	n := len(rest)
	if n == 0 {
		return
	}
	due, err := Term{n, "s", "elapsed_working", "suspend"}.Due(s.cal, nil, time.Unix(s.received, 0))
	if err != nil || due.Unix() != rest[n-1]+1 {
		t.Fatalf("elapsed_working %ds from %d: %v (%v), want %v", n, s.received, due, err, time.Unix(rest[n-1]+1, 0))
	}
}

// drawTerm draws any reading with an amount that stays within sense.
func drawTerm(t *rapid.T) Term {
	r := rapid.SampledFrom([]Reading{
		"elapsed_working", "window_end", "window_end_min30", "elapsed_clock", "workday_clock", "workday_close",
		"workday_end", "calendar_clock", "calendar_end", "calendar_end_roll",
	}).Draw(t, "reading")
	u := Unit("wd")
	switch r.counts() {
	case Unit("h").counts():
		u = rapid.SampledFrom([]Unit{"h", "min", "s"}).Draw(t, "unit")
	case Unit("cd").counts():
		u = "cd"
	}
	mode := rapid.SampledFrom([]Mode{"suspend", "received_inside", "ignore"}).Draw(t, "mode")
	return Term{rapid.IntRange(1, 40).Draw(t, "amount"), u, r, mode}
}

func (term Term) mustDue(t *rapid.T, cal *Calendar, at time.Time) time.Time {
	due, err := term.Due(cal, nil, at)
	if err != nil || due.IsZero() {
		t.Fatalf("%v from %v: %v, %v", term, at, due, err)
	}
	return due
}

// TestLawsTerms checks what every reading promises, whatever the calendar.
func TestLawsTerms(t *testing.T) {
	ts, base := tables{}, map[string]*Calendar{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t, ts, base)
		term := drawTerm(t)
		at := time.Unix(s.received, 0).UTC()
		due := term.mustDue(t, s.cal, at)
		if due.Before(at) {
			t.Fatalf("%v: received %v, due %v: before receipt", term, at, due)
		}
		zone := time.FixedZone("any", rapid.IntRange(-14*4, 14*4).Draw(t, "offset")*900)
		if other := term.mustDue(t, s.cal, at.In(zone)); !other.Equal(due) {
			t.Fatalf("%v: %v written as %v gives %v, not %v", term, at, at.In(zone), other, due)
		}
		longer := term
		longer.Amount += rapid.IntRange(1, 40).Draw(t, "more")
		if later := longer.mustDue(t, s.cal, at); later.Before(due) {
			t.Fatalf("%v: longer by %d is due earlier: %v < %v", term, longer.Amount-term.Amount, later, due)
		}
		without, err := s.cal.WithClosures(nil)
		if err != nil {
			t.Fatal(err)
		}
		if free := term.mustDue(t, without, at); due.Before(free) {
			t.Fatalf("%v from %v: a closure makes it due earlier: %v < %v", term, at, due, free)
		}
		s.checkMonotonic(t, term, at, due)
	})
}

// checkMonotonic: who writes later is not due earlier. Readings that keep the wall
// clock keep this but for the hour that a clock change swaps: 02:30 that does not
// exist stands for 03:30, after 03:00.
func (s scene) checkMonotonic(t *rapid.T, term Term, at, due time.Time) {
	next := at.Add(time.Duration(rapid.OneOf(rapid.IntRange(1, 7200), rapid.IntRange(1, 3*86400)).Draw(t, "later")) * time.Second)
	later := term.mustDue(t, s.cal, next)
	swap := time.Duration(0)
	if term.Reading == "workday_clock" || term.Reading == "calendar_clock" {
		swap = s.clockChange(at, later.Add(48*time.Hour))
	}
	if later.Before(due.Add(-swap)) {
		t.Fatalf("%v: received %v due %v, but received %v due %v", term, at, due, next, later)
	}
}

// clockChange returns the largest clock change between two instants, half an hour
// apart at the closest.
func (s scene) clockChange(from, to time.Time) time.Duration {
	var most time.Duration
	_, before := from.In(s.cal.Zone()).Zone()
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		_, off := at.In(s.cal.Zone()).Zone()
		most = max(most, (time.Duration(off-before) * time.Second).Abs())
		before = off
	}
	return most
}
