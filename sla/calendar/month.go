package calendar

import (
	"fmt"
	"time"
)

// Day is one civil day of a count or of a month.
type Day struct {
	Date   string `json:"date"`             // 2026-11-20
	Open   []Span `json:"open,omitempty"`   // of a count: what it counts; of a month: the openings less closures
	Number int    `json:"number,omitempty"` // which of the term's days this is; 0: none of them
	Why    string `json:"why,omitempty"`    // why it counts nothing: off, holiday, closure, after_hours, receipt, short
	Name   string `json:"name,omitempty"`   // of the holiday or closure
	Notice string `json:"notice,omitempty"` // of a closure, in a month: notified, partly or none
}

// Span is a stretch of open time, half-open.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Month returns every day of a month: its openings less closures, and the holiday
// or closure that takes them, all as the people in the calendar see them.
func (c *Calendar) Month(year int, month time.Month) []Day {
	return c.days(civil(year, month, 1), civil(year, month+1, 1))
}

func (c *Calendar) days(from, to int) []Day {
	w := c.Walk(c.closed)
	var days []Day
	for day := from; day < to; day++ {
		d := w.Describe(day)
		for _, n := range w.Net {
			d.Open = append(d.Open, Span{At(n.From), At(n.To)})
		}
		c.addNotice(&d, Window{w.Midnight(day), w.Midnight(day + 1)})
		days = append(days, d)
	}
	return days
}

// addNotice names the closure that touches a day, even where it leaves some of it
// open, and tells whether its notice excuses a contract on that day.
func (c *Calendar) addNotice(d *Day, day Window) {
	for _, s := range c.shuts {
		if s.To <= day.From || s.From >= day.To {
			continue
		}
		if d.Name == "" {
			d.Name = c.closureOn(day)
		}
		switch {
		case s.excused <= max(s.From, day.From):
			d.Notice = "notified"
		case s.excused < min(s.To, day.To):
			d.Notice = "partly"
		default:
			d.Notice = "none"
		}
		return
	}
}

// Uncovered returns the days of a month on which a contract's clock runs while a
// holiday or closure shuts this service calendar all day: 8 December for a
// marketplace seller in Italy.
func (c *Calendar) Uncovered(contract *Calendar, year int, month time.Month) []Day {
	w := contract.Walk(contract.excused)
	var days []Day
	for i, d := range c.Month(year, month) {
		if (d.Why == "holiday" || d.Why == "closure") && w.Works(civil(year, month, 1)+i) {
			days = append(days, d)
		}
	}
	return days
}

// Warnings tells what the calendar cannot know of a year: regions whose holidays
// are published yearly and are not in its data.
func (c *Calendar) Warnings(year int) []string {
	return c.holidays.Unknown(year)
}

// Describe tells why a civil day has no open time, if it has none. It leaves the
// day loaded.
func (w *Walk) Describe(day int) Day {
	d := Day{Date: Date(day).Format(time.DateOnly)}
	w.Load(day)
	if len(w.Net) > 0 {
		return d
	}
	if name, ok := w.cal.holidays.On(day); ok {
		d.Why, d.Name = "holiday", name
	} else if len(w.Whole) == 0 {
		d.Why = "off"
	} else {
		d.Why, d.Name = "closure", w.cal.closureOn(w.Whole[0])
	}
	return d
}

// closureOn names the closure that covers the start of an opening.
func (c *Calendar) closureOn(o Window) string {
	for _, s := range c.shuts {
		if s.From < o.To && o.From < s.To {
			if s.note == "" {
				return fmt.Sprintf("%s - %s", At(s.From).In(c.loc).Format(time.DateOnly), At(s.To-1).In(c.loc).Format(time.DateOnly))
			}
			return s.note
		}
	}
	return ""
}
