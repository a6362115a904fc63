package holiday

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	ical "github.com/emersion/go-ical"
)

// Caps on a feed: it is a list of days off, not a program to run.
const (
	maxFeed        = 1 << 20 // bytes
	maxOccurrences = 5_000   // of a whole file
	maxRules       = 100     // recurring events of a file; one that never matches costs 60 ms
)

// Event is one occurrence of an event of an iCalendar file, half-open. Where
// AllDay is set, From and To are civil dates at 00:00 UTC, else instants.
type Event struct {
	Name     string
	AllDay   bool
	From, To time.Time
}

// Events reads an iCalendar file (RFC 5545) and expands its recurring events up
// to 2050. loc is the zone of times written without one. Cancelled events are
// left out; TRANSP is not asked, because calendars write all-day events as
// transparent and the file was named on purpose. Every error names the event.
func Events(data []byte, loc *time.Location) ([]Event, error) {
	if len(data) > maxFeed {
		return nil, fmt.Errorf("%d bytes: at most %d are read", len(data), maxFeed)
	}
	events, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("no iCalendar file: %w", err)
	}
	if len(events) == 0 {
		return nil, errors.New("holds no event")
	}
	r := &reader{loc: loc, moved: map[string][]time.Time{}}
	return r.read(events)
}

// decode reads the events of every calendar in a file. The library panics on a
// line that ends inside a parameter; that too is only a bad file.
func decode(data []byte) (events []ical.Event, err error) {
	defer func() {
		if p := recover(); p != nil {
			events, err = nil, fmt.Errorf("a line is cut short (%v)", p)
		}
	}()
	for dec := ical.NewDecoder(bytes.NewReader(data)); ; {
		cal, err := dec.Decode()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		events = append(events, cal.Events()...)
	}
}

// reader gathers the occurrences of one file.
type reader struct {
	loc   *time.Location
	moved map[string][]time.Time // by UID: occurrences another event replaces
	rules int
	out   []Event
}

func (r *reader) read(events []ical.Event) ([]Event, error) {
	for i, e := range events {
		if err := r.noteMoved(e); err != nil {
			return nil, fmt.Errorf("event %d %s: %w", i+1, title(e), err)
		}
	}
	for i, e := range events {
		if err := r.add(e); err != nil {
			return nil, fmt.Errorf("event %d %s: %w", i+1, title(e), err)
		}
		if len(r.out) > maxOccurrences {
			return nil, fmt.Errorf("event %d %s: the file gives over %d days off", i+1, title(e), maxOccurrences)
		}
	}
	return r.out, nil
}

// noteMoved remembers which occurrence of a recurring event this one replaces.
func (r *reader) noteMoved(e ical.Event) error {
	prop := e.Props.Get(ical.PropRecurrenceID)
	if prop == nil {
		return nil
	}
	at, err := r.when(prop)
	if err != nil {
		return fmt.Errorf("RECURRENCE-ID: %w", err)
	}
	uid := text(e, ical.PropUID)
	r.moved[uid] = append(r.moved[uid], at)
	return nil
}

// add appends the occurrences of one event.
func (r *reader) add(e ical.Event) error {
	if text(e, ical.PropStatus) == "CANCELLED" {
		return nil
	}
	first, err := r.span(e)
	if err != nil {
		return err
	}
	if e.Props.Get(ical.PropRecurrenceRule) == nil && e.Props.Get(ical.PropRecurrenceDates) == nil {
		r.out = append(r.out, first)
		return nil
	}
	if r.rules++; r.rules > maxRules {
		return fmt.Errorf("over %d recurring events", maxRules)
	}
	starts, err := r.starts(e, first)
	if err != nil {
		return err
	}
	for _, start := range starts {
		next := first
		next.From, next.To = start, start.Add(first.To.Sub(first.From))
		r.out = append(r.out, next)
	}
	return nil
}

// span reads DTSTART and DTEND or DURATION. A date without an end is that day
// (RFC 5545, 3.6.1); a time without an end would be no time at all and is refused.
func (r *reader) span(e ical.Event) (Event, error) {
	start := e.Props.Get(ical.PropDateTimeStart)
	if start == nil {
		return Event{}, errors.New("it has no DTSTART")
	}
	from, err := r.when(start)
	if err != nil {
		return Event{}, fmt.Errorf("DTSTART: %w", err)
	}
	allDay := isDate(start)
	to, err := r.end(e, from, allDay)
	if err != nil {
		return Event{}, err
	}
	if !to.After(from) {
		return Event{}, fmt.Errorf("it ends (%s) when or before it starts (%s)", to.Format(time.RFC3339), from.Format(time.RFC3339))
	}
	if !allDay && atMidnight(from) && atMidnight(to) {
		// QUIRK: Outlook writes all-day events as times from midnight to midnight.
		allDay, from, to = true, civilDate(from), civilDate(to)
	}
	return Event{Name: name(e), AllDay: allDay, From: from, To: to}, nil
}

func (r *reader) end(e ical.Event, from time.Time, allDay bool) (time.Time, error) {
	if prop := e.Props.Get(ical.PropDateTimeEnd); prop != nil {
		to, err := r.when(prop)
		if err == nil && isDate(prop) != allDay {
			err = errors.New("a date and a time do not go together")
		}
		if err != nil {
			return time.Time{}, fmt.Errorf("DTEND: %w", err)
		}
		return to, nil
	}
	if prop := e.Props.Get(ical.PropDuration); prop != nil {
		d, err := prop.Duration()
		if err != nil {
			return time.Time{}, fmt.Errorf("DURATION: %w", err)
		}
		return from.Add(d), nil
	}
	if allDay {
		return from.AddDate(0, 0, 1), nil
	}
	return time.Time{}, errors.New("it has neither DTEND nor DURATION: say when it ends")
}

// when reads a date (as 00:00 UTC) or a time, of a year in which somebody works.
func (r *reader) when(prop *ical.Prop) (time.Time, error) {
	at, err := r.parse(prop)
	if err == nil && (at.Year() < 1900 || at.Year() > 2200) {
		err = fmt.Errorf("year %d: check it", at.Year())
	}
	return at, err
}

// parse reads a date or time. Windows zone names become IANA ones.
func (r *reader) parse(prop *ical.Prop) (time.Time, error) {
	if isDate(prop) {
		return time.Parse("20060102", prop.Value)
	}
	if tzid := prop.Params.Get(ical.PropTimezoneID); tzid != "" {
		if iana, ok := WindowsZone(tzid); ok {
			prop.Params.Set(ical.PropTimezoneID, iana)
		} else if _, err := time.LoadLocation(tzid); err != nil {
			return time.Time{}, fmt.Errorf("zone %q is unknown: write an IANA name, such as Europe/Rome", tzid)
		}
	}
	return prop.DateTime(r.loc)
}

func isDate(prop *ical.Prop) bool { return len(prop.Value) == len("20060102") }

func atMidnight(t time.Time) bool {
	h, m, s := t.Clock()
	return h == 0 && m == 0 && s == 0
}

// civilDate returns the date on the wall of t at 00:00 UTC.
func civilDate(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func text(e ical.Event, prop string) string {
	s, err := e.Props.Text(prop)
	if err != nil {
		return ""
	}
	return s
}

// name is the summary of an event, its UID where it has none.
func name(e ical.Event) string {
	if s := text(e, ical.PropSummary); s != "" {
		return s
	}
	return text(e, ical.PropUID)
}

// title names an event in an error.
func title(e ical.Event) string { return fmt.Sprintf("%.80q", name(e)) }

// addFeed adds the all-day events of a local iCalendar file.
func (s *Set) addFeed(file string, feeds map[string][]byte) error {
	data, ok := feeds[file]
	if !ok {
		return errors.New("the file was not read: its bytes are missing from the feeds")
	}
	events, err := Events(data, time.UTC)
	if err != nil {
		return err
	}
	for _, e := range events {
		if !e.AllDay {
			return fmt.Errorf("event %.80q of %s has times of day: holidays are whole days; make it a closure", e.Name, e.From.Format(time.DateOnly))
		}
		for day := e.From; day.Before(e.To); day = day.AddDate(0, 0, 1) {
			if len(s.once) >= maxOccurrences {
				return fmt.Errorf("event %.80q: over %d days off in all", e.Name, maxOccurrences)
			}
			s.once = append(s.once, once{int(day.Unix() / 86400), e.Name})
		}
	}
	return nil
}
