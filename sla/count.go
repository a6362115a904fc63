package sla

import (
	"time"

	"replyby/sla/calendar"
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
		Calendar: cal.Label(), Zone: cal.Zone().String(),
		Received: calendar.At(received.Unix()), Due: due, loc: cal.Zone(),
	}
	w := newClockwork(cal, t.stops(cal, service, received.Unix()))
	at, end := received.Unix(), t.bounded(cal, service, received.Unix())
	if end == calendar.Never {
		return c, nil
	}
	if t.Reading.plain() != t.Reading {
		c.Before = calendar.At(end)
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
func (w clockwork) listTime(at, end int64, r Reading) []Day {
	var days []Day
	first, last := w.Day(at), w.Day(end)
	for day := first; day <= last && len(days) < maxDays; day++ {
		d := w.reason(day)
		for _, n := range w.Net {
			from, to := max(at, n.From), min(end, n.To)
			if from < to {
				d.Open = append(d.Open, Span{From: calendar.At(from), To: calendar.At(to)})
			}
		}
		switch {
		case len(d.Open) > 0:
			d.Why = ""
			if r == "window_end_min30" && day < last && !w.touches(day, last) {
				d.Why = "short"
			}
		case day == last && end == w.Midnight(day):
			continue // ended with the day before
		case d.Why == "" && day == first:
			d.Why = "after_hours"
		}
		days = append(days, d)
	}
	return days
}

// touches reports whether the openings run on from one day to another without a break.
func (w clockwork) touches(day, last int) bool {
	for ; day < last; day++ {
		w.Load(day)
		if n := len(w.Whole); n == 0 || w.Whole[n-1].To != w.Midnight(day+1) {
			return false
		}
		w.Load(day + 1)
		if len(w.Whole) == 0 || w.Whole[0].From != w.Midnight(day+1) {
			return false
		}
	}
	return true
}

// listDays lists the days from receipt to the end of a term of days, numbered.
func (w clockwork) listDays(at, end int64, t Term) []Day {
	var days []Day
	first, last := w.Day(at), w.Day(end)
	if end == w.Midnight(last) && t.Reading.plain() != "calendar_clock" {
		last-- // 24:00 is the end of that day
	}
	counted := t.Reading.plain() == "workday_clock" && at == w.Midnight(first)
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

// reason is Describe for a count: a holiday on a day that is off anyway is no reason.
func (w clockwork) reason(day int) Day {
	d := w.Describe(day)
	if d.Why == "holiday" && !w.cal.WorksOn(calendar.Date(day).Weekday()) {
		d.Why, d.Name = "off", ""
	}
	return d
}
