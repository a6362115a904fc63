package sla

import "time"

// Month returns every day of a month: its openings less closures, and the holiday
// or closure that takes them, all as the people in the calendar see them.
func (c *Calendar) Month(year int, month time.Month) []Day {
	return c.days(civil(year, month, 1), civil(year, month+1, 1))
}

func (c *Calendar) days(from, to int) []Day {
	w := c.walk(c.closed)
	var days []Day
	for day := from; day < to; day++ {
		d := w.describe(day)
		for _, n := range w.net {
			d.Open = append(d.Open, Span{instant(n.from), instant(n.to)})
		}
		c.addNotice(&d, window{w.midnight(day), w.midnight(day + 1)})
		days = append(days, d)
	}
	return days
}

// addNotice names the closure that touches a day, even where it leaves some of it
// open, and tells whether its notice excuses a contract on that day.
func (c *Calendar) addNotice(d *Day, day window) {
	for _, s := range c.shuts {
		if s.to <= day.from || s.from >= day.to {
			continue
		}
		if d.Name == "" {
			d.Name = c.closureOn(day)
		}
		switch {
		case s.excused <= max(s.from, day.from):
			d.Notice = "notified"
		case s.excused < min(s.to, day.to):
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
	w := contract.walk(contract.excused)
	var days []Day
	for i, d := range c.Month(year, month) {
		if (d.Why == "holiday" || d.Why == "closure") && w.works(civil(year, month, 1)+i) {
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
