package report

import (
	"cmp"
	"time"

	"replyby/letter/digest"
	"replyby/ticket"
)

// people lists the staff of whom there is something to say.
func (d Source) people(own ticket.Ticket, now time.Time) []digest.Person {
	var list []digest.Person
	for _, p := range d.Staff {
		known := own.Roster.Of(p.Addresses)
		x := digest.Person{Name: cmp.Or(p.Name, p.Address()), Junk: known.Junk}
		if known.Away.After(now) {
			x.Away = known.Away
		}
		if known.Answered.IsZero() {
			x.Asked = known.Greeted
		}
		if !x.Away.IsZero() || !x.Asked.IsZero() || x.Junk {
			list = append(list, x)
		}
	}
	return list
}
