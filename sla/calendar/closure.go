package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/sla/holiday"
)

// Closure is a time during which the desk is shut by decision, not by habit or
// by law. From and To are local dates ("2026-08-08", both inclusive) or local
// date-times ("2026-11-23T16:00", half-open) in the zone of the calendar.
//
// A contract's clock stops only from the later of From and NotifiedAt: the
// business-care texts excuse closures "duly notified". A zero NotifiedAt
// excuses nothing. The desk's own service hours lose every closure, notified or
// not, because nobody is in.
type Closure struct {
	From       string    `json:"from"`
	To         string    `json:"to"`
	NotifiedAt time.Time `json:"notified_at,omitzero"`
	Note       string    `json:"note,omitempty"`
	// Silent says that customers are not to be told by us.
	Silent bool `json:"silent,omitempty"`
}

// Days names the closure by its edges as they are written: "2026-08-08..2026-08-23". Other edges are another closure: whoever was told
// of one was not told of the other.
func (c Closure) Days() string { return c.From + ".." + c.To }

// In places the closure in a zone: from its first instant to the first after it.
func (c Closure) In(loc *time.Location) (Window, error) {
	s, err := c.place(&Zone{loc: loc})
	return s.Window, err
}

// Notified returns the same calendar as it counts for a customer who was told of closures by himself: told is by [Closure.Days], when.
// What everybody was told of stays as it is.
func (c *Calendar) Notified(told map[string]time.Time) *Calendar {
	closures, changed := slices.Clone(c.closures), false
	for i, own := range closures {
		if at, ok := told[own.Days()]; ok && own.NotifiedAt.IsZero() {
			closures[i].NotifiedAt, changed = at, true
		}
	}
	if !changed {
		return c
	}
	theirs, err := c.WithClosures(closures)
	if err != nil {
		return c // each was placed before
	}
	return theirs
}

// shut is a closure placed in time.
type shut struct {
	Window        // the closure itself
	excused int64 // start of the part a contract excuses; >= to when none is
	note    string
}

// Window is a stretch of time in Unix seconds, half-open.
type Window struct{ From, To int64 }

// maxClosure guards against a mistyped year: nobody shuts a support desk for
// over a year and keeps its contracts.
const maxClosure = 366 * DaySeconds

// place reads the closure in the given zone.
func (c Closure) place(z *Zone) (shut, error) {
	from, _, err := parseEdge(c.From)
	if err != nil {
		return shut{}, fmt.Errorf("from: %w", err)
	}
	to, wholeDay, err := parseEdge(c.To)
	if err != nil {
		return shut{}, fmt.Errorf("to: %w", err)
	}
	if wholeDay {
		to += DaySeconds
	}
	if to <= from {
		return shut{}, fmt.Errorf("ends (%s) before it starts (%s)", c.To, c.From)
	}
	from, to = z.Instant(from), z.Instant(to)
	to = max(from, to) // a clock change may swallow all of it
	if to-from > maxClosure {
		return shut{}, fmt.Errorf("lasts over a year, from %s to %s: check the years", c.From, c.To)
	}
	s := shut{Window: Window{from, to}, excused: to, note: c.Note}
	if !c.NotifiedAt.IsZero() {
		s.excused = max(from, c.NotifiedAt.Unix())
	}
	return s, nil
}

// parseEdge reads a local date or date-time as seconds on the wall; wholeDay tells
// which it was.
func parseEdge(text string) (wall int64, wholeDay bool, err error) {
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		t, err := time.Parse(layout, strings.Replace(text, " ", "T", 1))
		if err == nil {
			return t.Unix(), layout == "2006-01-02", nil
		}
	}
	return 0, false, fmt.Errorf("%q is neither a date (2026-08-08) nor a local date-time (2026-11-23T16:00)", text)
}

// FeedClosures reads the events of an iCalendar file as closures of a calendar in
// the given zone. None of them counts as notified: a feed tells the staff, not the
// customers. Errors name the event.
func FeedClosures(data []byte, timezone string) ([]Closure, error) {
	loc, err := loadZone(timezone)
	if err != nil {
		return nil, err
	}
	events, err := holiday.Events(data, loc)
	if err != nil {
		return nil, err
	}
	var closures []Closure
	for _, e := range events {
		c := Closure{Note: e.Name}
		if e.AllDay {
			c.From, c.To = e.From.Format(time.DateOnly), e.To.AddDate(0, 0, -1).Format(time.DateOnly)
		} else {
			const local = "2006-01-02T15:04:05"
			c.From, c.To = e.From.In(loc).Format(local), e.To.In(loc).Format(local)
		}
		closures = append(closures, c)
	}
	return closures, nil
}

// merge returns the windows sorted, with those that overlap or touch made one.
func merge(windows []Window) []Window {
	slices.SortFunc(windows, func(a, b Window) int { return cmp.Compare(a.From, b.From) })
	var merged []Window
	for _, w := range windows {
		if n := len(merged); n > 0 && w.From <= merged[n-1].To {
			merged[n-1].To = max(merged[n-1].To, w.To)
		} else if w.From < w.To {
			merged = append(merged, w)
		}
	}
	return merged
}
