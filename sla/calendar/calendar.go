package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"replyby/sla/holiday"
)

// ErrSpec marks every error of a calendar's specification.
var ErrSpec = errors.New("calendar: bad calendar")

// Spec is a calendar as it is written in the configuration.
type Spec struct {
	Name     string
	Timezone string            // IANA name, such as "Europe/Rome"
	Open     []string          // "mon-fri 09:00-13:00 14:00-18:00", one or more lines; "24x7"
	Holidays []string          // see package holiday: "IT", "ES-MD", "2026-12-07 Sant'Ambrogio", "local.ics"
	Feeds    map[string][]byte // bytes of the .ics files Holidays names, read by the caller
	Closures []Closure
}

// Calendar is opening hours in one zone, less holidays, less closures. It never
// changes once made and may be shared between goroutines.
//
// Its own methods (IsOpen, NextOpen, Add, Between) tell the time of the people
// in it: every closure shuts it, announced or not. What a contract may count on
// is the business of Term.
type Calendar struct {
	name     string
	loc      *time.Location
	week     week
	holidays *holiday.Set
	closures []Closure
	shuts    []shut
	closed   []Window // every closure, merged
	excused  []Window // the parts of closures a contract excuses, merged
	version  string
	base     [2]string // the parts of the fingerprint that closures do not change
}

// New checks a specification and builds its calendar. Errors wrap
// ErrSpec and name the line, span, entry or closure at fault.
func New(s Spec) (*Calendar, error) {
	c, err := build(s)
	if err != nil {
		return nil, fmt.Errorf("%w %q: %w", ErrSpec, s.Name, err)
	}
	return c, nil
}

func build(s Spec) (*Calendar, error) {
	loc, err := loadZone(s.Timezone)
	if err != nil {
		return nil, err
	}
	c := &Calendar{name: s.Name, loc: loc}
	if c.week, err = parseWeek(s.Open); err != nil {
		return nil, err
	}
	if c.holidays, err = holiday.Parse(s.Holidays, s.Feeds); err != nil {
		return nil, err
	}
	if err := c.everOpen(); err != nil {
		return nil, err
	}
	c.base = [2]string{fmt.Sprint(c.loc, " ", c.week, " ", c.holidays.Days()), c.clockChanges()}
	return c.WithClosures(s.Closures)
}

// clockChanges lists when the zone's offset changes, as this program knows it.
func (c *Calendar) clockChanges() string {
	var b strings.Builder
	z := Zone{loc: c.loc}
	for at := Date(civil(2020, 1, 1)).Unix(); at < Date(civil(2051, 1, 1)).Unix(); at = z.hi {
		fmt.Fprintln(&b, at, z.offset(at))
	}
	return b.String()
}

// loadZone refuses what time.LoadLocation would read as UTC or as the machine's
// own zone: a contract names its zone.
func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("timezone %q: give an IANA name, such as Europe/Rome", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		if iana, ok := holiday.WindowsZone(name); ok {
			return nil, fmt.Errorf("timezone %q is a Windows name: write %q", name, iana)
		}
		return nil, fmt.Errorf("timezone %q is unknown: give an IANA name, such as Europe/Rome", name)
	}
	return loc, nil
}

// everOpen refuses a calendar whose holidays leave no opening for a year on end.
func (c *Calendar) everOpen() error {
	last := civil(2020, 1, 1)
	for day := last; day < civil(2051, 1, 1); day++ {
		if len(c.spans(day)) > 0 {
			last = day
		} else if day-last > 366 {
			return fmt.Errorf("never open for a year from %s: its holidays cover every open weekday", Date(last).Format(time.DateOnly))
		}
	}
	return nil
}

// WithClosures returns the same calendar with these closures instead of its own.
func (c *Calendar) WithClosures(closures []Closure) (*Calendar, error) {
	n := *c
	n.closures, n.shuts = slices.Clone(closures), nil
	z := Zone{loc: c.loc}
	var all, excused []Window
	for i, closure := range closures {
		s, err := closure.place(&z)
		if err != nil {
			return nil, fmt.Errorf("closure %d: %w", i+1, err)
		}
		n.shuts = append(n.shuts, s)
		all = append(all, s.Window)
		excused = append(excused, Window{s.excused, s.To})
	}
	n.closed, n.excused = merge(all), merge(excused)
	n.version = n.fingerprint()
	return &n, nil
}

// fingerprint hashes all that decides an answer: hours, holidays, closures and
// the zone's clock changes as this program knows them.
func (c *Calendar) fingerprint() string {
	h := sha256.New()
	fmt.Fprintln(h, c.base[0], c.closed, c.excused)
	io.WriteString(h, c.base[1])
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// Name returns the calendar's name.
func (c *Calendar) Name() string { return c.name }

// Zone returns the zone the calendar's wall clock stands in.
func (c *Calendar) Zone() *time.Location { return c.loc }

// Version returns 12 hexadecimal digits that differ wherever two calendars
// answer differently between 2020 and 2050.
func (c *Calendar) Version() string { return c.version }

// spans returns the openings of a civil day on the wall clock, before closures.
func (c *Calendar) spans(day int) []span {
	open := c.week[weekday(day)]
	if len(open) == 0 {
		return nil
	}
	if _, ok := c.holidays.On(day); ok {
		return nil
	}
	return open
}

// Holiday returns the name of the public or local holiday on the local date of t.
func (c *Calendar) Holiday(t time.Time) (name string, ok bool) {
	z := Zone{loc: c.loc}
	return c.holidays.On(z.Day(t.Unix()))
}

// IsOpen reports whether somebody is in at t. Openings are half-open: 15:00:00 is
// in, 18:00:00 is out.
func (c *Calendar) IsOpen(t time.Time) bool {
	at := t.Unix()
	w := c.Walk(c.closed)
	w.Load(w.Day(at))
	return slices.ContainsFunc(w.Net, func(n Window) bool { return n.From <= at && at < n.To })
}

// NextOpen returns t itself when somebody is in, else the next opening.
func (c *Calendar) NextOpen(t time.Time) time.Time {
	w := c.Walk(c.closed)
	return At(w.NextOpen(t.Unix()))
}

// Add returns the instant at which d of open time has passed since t; a negative
// d goes back. A time that ends exactly at closing ends at closing, not at the
// next opening. Both are counted in whole seconds.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	w := c.Walk(c.closed)
	if d < 0 {
		return At(w.Sub(t.Unix(), -int64(d/time.Second)))
	}
	return At(w.Add(t.Unix(), int64(d/time.Second)))
}

// Between returns the open time from a to b, in whole seconds; negative when b
// is before a.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	w := c.Walk(c.closed)
	return time.Duration(w.Between(a.Unix(), b.Unix())) * time.Second
}

// LastOpen returns the last instant of open time in (after, until]; the zero time
// when there is none, or not within the year before until.
func (c *Calendar) LastOpen(after, until time.Time) time.Time {
	if until.IsZero() {
		return time.Time{}
	}
	first := max(after.Unix(), until.Unix()-maxClosure)
	return At(c.Walk(c.closed).LastOpen(first, until.Unix()))
}

// At turns Unix seconds into the form instants leave this package in.
// Never becomes the zero time.
func At(at int64) time.Time {
	if at == Never {
		return time.Time{}
	}
	return time.Unix(at, 0).UTC()
}

// Closures lists the closures as they were given.
func (c *Calendar) Closures() []Closure { return slices.Clone(c.closures) }

// Closed returns when closures shut the calendar, whether they were notified or not.
func (c *Calendar) Closed() []Window { return c.closed }

// Excused returns the notified parts of its closures, merged: what a contract excuses.
func (c *Calendar) Excused() []Window { return c.excused }

// WorksOn reports whether a weekday has any opening in the weekly hours.
func (c *Calendar) WorksOn(d time.Weekday) bool { return len(c.week[d]) > 0 }

// Label returns name and version, as stored beside what was computed with it.
func (c *Calendar) Label() string { return c.name + "@" + c.version }
