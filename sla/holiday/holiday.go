// Package holiday knows which local dates are public holidays: national days of
// a few countries, regional and local days kept as data, single dates written in
// the configuration, and all-day events of local iCalendar files (RFC 5545).
//
// It answers with dates only. What a holiday does to a clock is not its concern.
// Public holidays of Spanish regions are decided every year and published in the
// BOE; they are data here and end where the data ends (see Set.Unknown).
package holiday

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The years computed in advance; years outside are computed when asked for.
const (
	firstYear = 2020
	lastYear  = 2050
	firstDay  = 18_262 // 2020-01-01
	endDay    = 29_585 // 2051-01-01
)

// Set is a set of holidays. It never changes once made and may be shared.
type Set struct {
	rules []rule
	once  []once         // single days of feeds
	days  map[int]string // by day since 1970-01-01, of the years computed in advance
	dated map[string]int // region code -> last year its data covers
}

// rule returns the day (since 1970-01-01) of one holiday in a year, if it falls there.
type rule struct {
	name string
	on   func(year int) (day int, ok bool)
}

// once is a single day.
type once struct {
	day  int
	name string
}

// Parse reads the entries of a calendar's holidays key:
//
//	"IT"                        national days of a country
//	"IT-32", "ES-MD", "FR-67"   national days and those of a region (ISO 3166-2)
//	"2026-12-07 Sant'Ambrogio"  one day
//	"12-07 Sant'Ambrogio"       the same day every year
//	"local.ics"                 all-day events of a local file, its bytes in feeds
//
// Every error names the entry.
func Parse(entries []string, feeds map[string][]byte) (*Set, error) {
	s := &Set{dated: map[string]int{}}
	for _, entry := range entries {
		if err := s.add(entry, feeds); err != nil {
			return nil, fmt.Errorf("holidays entry %q: %w", entry, err)
		}
	}
	s.days = map[int]string{}
	for _, o := range s.once {
		s.days[o.day] = o.name
	}
	for year := firstYear; year <= lastYear; year++ {
		for _, r := range s.rules {
			s.put(r, year)
		}
	}
	return s, nil
}

func (s *Set) add(entry string, feeds map[string][]byte) error {
	entry = strings.TrimSpace(entry)
	switch {
	case strings.HasSuffix(strings.ToLower(entry), ".ics"):
		return s.addFeed(entry, feeds)
	case entry != "" && entry[0] >= '0' && entry[0] <= '9':
		return s.addDate(entry)
	default:
		return s.addCode(entry)
	}
}

// addDate reads "2026-12-07 name" and "12-07 name".
func (s *Set) addDate(entry string) error {
	when, name, _ := strings.Cut(entry, " ")
	name = strings.TrimSpace(name)
	if name == "" {
		name = when
	}
	r, err := dateRule(when)
	if err != nil {
		return err
	}
	s.rules = append(s.rules, rule{name, r})
	return nil
}

// put enters a rule's day of a year. Where two fall on one day the first entry names it.
func (s *Set) put(r rule, year int) {
	day, ok := r.on(year)
	if !ok {
		return
	}
	if _, taken := s.days[day]; !taken {
		s.days[day] = r.name
	}
}

// On returns the name of the holiday on a day (days since 1970-01-01), if any.
func (s *Set) On(day int) (name string, ok bool) {
	name, ok = s.days[day]
	if ok || len(s.rules) == 0 || day >= firstDay && day < endDay {
		return name, ok
	}
	year := time.Unix(int64(day)*86400, 0).UTC().Year()
	for _, r := range s.rules {
		if on, ok := r.on(year); ok && on == day {
			return r.name, true
		}
	}
	return "", false
}

// Unknown returns a sentence for each region whose holidays of a year are decided
// yearly and not among the data.
func (s *Set) Unknown(year int) []string {
	var missing []string
	for _, region := range slices.Sorted(maps.Keys(s.dated)) {
		if last := s.dated[region]; year > last {
			missing = append(missing, fmt.Sprintf("holidays of %s are known up to %d: add those of %d as dates", region, last, year))
		}
	}
	return missing
}

// Days returns every holiday of the years 2020 to 2050, sorted, as days since
// 1970-01-01: enough to tell two sets apart.
func (s *Set) Days() []int { return slices.Sorted(maps.Keys(s.days)) }

// dateRule reads "2026-12-07" (once) or "12-07" (every year).
func dateRule(when string) (func(int) (int, bool), error) {
	if t, err := time.Parse("2006-01-02", when); err == nil {
		day := int(t.Unix() / 86400)
		return func(year int) (int, bool) { return day, year == t.Year() }, nil
	}
	t, err := time.Parse("2006-01-02", "2000-"+when) // a leap year, for 02-29
	if err != nil {
		return nil, fmt.Errorf("%q is no date: want 2026-12-07 or, for every year, 12-07", when)
	}
	return func(year int) (int, bool) {
		day := time.Date(year, t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
		return int(day.Unix() / 86400), day.Day() == t.Day()
	}, nil
}

// easterRule reads "easter+50": days after Easter Sunday.
func easterRule(when string) (func(int) (int, bool), error) {
	offset, err := strconv.Atoi(strings.TrimPrefix(when, "easter"))
	if err != nil {
		return nil, fmt.Errorf("%q: want easter and a signed number of days", when)
	}
	return func(year int) (int, bool) { return easter(year) + offset, true }, nil
}

// dayOf returns a Gregorian date as days since 1970-01-01.
func dayOf(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
