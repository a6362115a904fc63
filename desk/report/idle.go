package report

import (
	"cmp"
	"time"

	"replyby/ticket"
	"replyby/ticket/act"
)

// idleShown is how many tickets that stand still a digest names; the rest are counted.
const idleShown = 12

// idleSince is the instant since which a ticket must have been touched not to stand still: as many whole working days ago as the desk says.
// Today is none of them, for it is not over. Zero where that is not asked for, or there have been no such days for a year.
func (d Source) idleSince(now time.Time) time.Time {
	const year = 366
	left := d.IdleDays
	for n := -1; left > 0 && n > -year; n-- {
		if d.works(now, n) {
			left--
		}
		if left == 0 {
			return d.midnight(now, n)
		}
	}
	return time.Time{}
}

// touched is when a person last did something with a ticket, or when it began.
func touched(t *ticket.Ticket) time.Time {
	if t.Last.At.IsZero() {
		return t.CreatedAt
	}
	return t.Last.At
}

// idle lists a ticket that nobody looks after and that nobody has touched. Not that in which staff are asked about a closure: it is asked again by
// itself, and stands among what is coming.
func (s *survey) idle(t *ticket.Ticket) {
	since := touched(t)
	if t.Notice.Asks || !since.Before(s.still) {
		return
	}
	i := itemOf(t, "", since)
	if i.Last = string(t.Last.Kind); t.Last.By != act.Customer {
		i.By = cmp.Or(s.Person(t.Last.By).Name, t.Last.By)
	}
	s.r.Idle = append(s.r.Idle, i)
}
