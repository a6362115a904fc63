package sla

import (
	"fmt"
	"time"
)

// Count is how a due instant came about, day by day: enough to repeat it by hand.
type Count struct {
	Amount   int       `json:"amount"`
	Unit     Unit      `json:"unit"`
	Reading  Reading   `json:"reading"`
	Closures Mode      `json:"closures,omitempty"`
	Calendar string    `json:"calendar"` // name and version
	Zone     string    `json:"zone"`
	Received time.Time `json:"received"`
	Before   time.Time `json:"before,omitzero"` // of act_by: the instant it stays before
	Due      time.Time `json:"due,omitzero"`    // zero: none
	Days     []Day     `json:"days"`

	loc *time.Location
}

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

// maxDays is how many days a count lists; longer ones keep their head.
const maxDays = 400

// Count computes a term like Due and tells how.
func (t Term) Count(cal, service *Calendar, received time.Time) (Count, error) {
	due, err := t.Due(cal, service, received)
	if err != nil {
		return Count{}, err
	}
	c := Count{
		Amount: t.Amount, Unit: t.Unit, Reading: t.Reading, Closures: t.Closures,
		Calendar: cal.label(), Zone: cal.loc.String(),
		Received: instant(received.Unix()), Due: due, loc: cal.loc,
	}
	w := cal.walk(t.shut(cal, received.Unix()))
	at, end := received.Unix(), t.plain(cal, received.Unix())
	if end == never {
		return c, nil
	}
	if t.Reading.plain() != t.Reading {
		c.Before = instant(end)
	}
	if t.Unit == "wd" || t.Unit == "cd" {
		c.Days = w.listDays(at, end, t)
	} else {
		c.Days = w.listTime(at, end, t.Reading.plain())
	}
	return c, nil
}

// listTime lists the days from receipt to the end of a term of time, each with
// the open time it contributes.
func (w *walk) listTime(at, end int64, r Reading) []Day {
	var days []Day
	first, last := w.day(at), w.day(end)
	for day := first; day <= last && len(days) < maxDays; day++ {
		d := w.reason(day)
		for _, n := range w.net {
			from, to := max(at, n.from), min(end, n.to)
			if from < to {
				d.Open = append(d.Open, Span{instant(from), instant(to)})
			}
		}
		switch {
		case len(d.Open) > 0:
			d.Why = ""
			if r == "window_end_min30" && day < last && !w.touches(day, last) {
				d.Why = "short"
			}
		case day == last && end == w.midnight(day):
			continue // ended with the day before
		case d.Why == "" && day == first:
			d.Why = "after_hours"
		}
		days = append(days, d)
	}
	return days
}

// touches tells whether the openings run on from one day to another without a break.
func (w *walk) touches(day, last int) bool {
	for ; day < last; day++ {
		w.load(day)
		if n := len(w.whole); n == 0 || w.whole[n-1].to != w.midnight(day+1) {
			return false
		}
		w.load(day + 1)
		if len(w.whole) == 0 || w.whole[0].from != w.midnight(day+1) {
			return false
		}
	}
	return true
}

// listDays lists the days from receipt to the end of a term of days, numbered.
func (w *walk) listDays(at, end int64, t Term) []Day {
	var days []Day
	first, last := w.day(at), w.day(end)
	if end == w.midnight(last) && t.Reading.plain() != "calendar_clock" {
		last-- // 24:00 is the end of that day
	}
	counted := t.Reading.plain() == "workday_clock" && at == w.midnight(first)
	for day, number := first, 0; day <= last && len(days) < maxDays; day++ {
		d := w.reason(day)
		switch {
		case day == first && !counted:
			if d.Why == "" || t.Unit == "cd" {
				d.Why, d.Name = "receipt", ""
			}
		case t.Unit == "cd" && number < t.Amount:
			number++
			d.Number, d.Why, d.Name = number, "", ""
		case d.Why == "" && t.Unit == "wd":
			number++
			d.Number = number
		}
		days = append(days, d)
	}
	return days
}

// reason is describe for a count: a holiday on a day that is off anyway is no reason.
func (w *walk) reason(day int) Day {
	d := w.describe(day)
	if d.Why == "holiday" && len(w.cal.week[weekday(day)]) == 0 {
		d.Why, d.Name = "off", ""
	}
	return d
}

// describe tells why a civil day has no open time, if it has none. It leaves the
// day loaded.
func (w *walk) describe(day int) Day {
	d := Day{Date: date(day).Format(time.DateOnly)}
	w.load(day)
	if len(w.net) > 0 {
		return d
	}
	if name, ok := w.cal.holidays.On(day); ok {
		d.Why, d.Name = "holiday", name
	} else if len(w.whole) == 0 {
		d.Why = "off"
	} else {
		d.Why, d.Name = "closure", w.cal.closureOn(w.whole[0])
	}
	return d
}

// closureOn names the closure that covers the start of an opening.
func (c *Calendar) closureOn(o window) string {
	for _, s := range c.shuts {
		if s.from < o.to && o.from < s.to {
			if s.note == "" {
				return fmt.Sprintf("%s - %s", instant(s.from).In(c.loc).Format(time.DateOnly), instant(s.to-1).In(c.loc).Format(time.DateOnly))
			}
			return s.note
		}
	}
	return ""
}
