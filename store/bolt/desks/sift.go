package desks

import (
	"slices"
	"time"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/tickets"
	"replyby/ticket"
)

// Indexes follow from the tickets. Where a row of one is harmed, nobody can say what stood there, so the tickets themselves are looked through:
// that takes longer, and leaves none out.

// listed reads an index. Where it is harmed, sift looks through the tickets instead.
func (d Desk) listed(index string, read, sift func() error) error {
	damage := datafile.Guard(read)
	if !store.Harmed(damage) {
		return damage
	}
	d.harm.note(spot{desk: d.name, table: index}, damage)
	return sift()
}

// each calls f for every ticket from a number on, or for its number and why it cannot be read, while f returns true.
func (d Desk) each(from uint64, f func(t ticket.Ticket, damage error) (more bool)) error {
	head, err := d.Head()
	for n := from; err == nil && n < head.Next; n++ {
		t, damage := d.Ticket(n)
		if damage != nil && !store.Harmed(damage) {
			return damage
		}
		if t.Number = n; !f(t, damage) {
			break
		}
	}
	return err
}

// sift is Find for a query by anything but a key. A ticket that cannot be read may be one of them, so it is found.
func (d Desk) sift(q store.Query) (hits []tickets.Hit, err error) {
	whole := q.Latest || !q.Since.IsZero() // all are looked at before some are cut off
	err = d.each(q.After+1, func(t ticket.Ticket, damage error) bool {
		if damage != nil || tickets.Matches(q, t) {
			hit := tickets.Hit{Number: t.Number}
			if !q.Since.IsZero() {
				hit.At = t.UpdatedAt
			}
			hits = append(hits, hit)
		}
		return whole || q.Limit == 0 || len(hits) < q.Limit
	})
	slices.SortStableFunc(hits, func(a, b tickets.Hit) int { return a.At.Compare(b.At) })
	switch {
	case q.Limit == 0 || len(hits) <= q.Limit:
	case q.Latest:
		hits = hits[len(hits)-q.Limit:]
	default:
		hits = hits[:q.Limit]
	}
	return hits, err
}

// siftDue is Due. A ticket that cannot be read may be due: whoever attends to it says that it cannot be.
func (d Desk) siftDue(at time.Time, limit int) (due []store.Due, err error) {
	err = d.each(0, func(t ticket.Ticket, damage error) bool {
		when := t.NextDue()
		if damage != nil {
			when = at
		}
		if !when.IsZero() && !when.After(at) {
			due = append(due, store.Due{At: when, Ticket: t.Number})
		}
		return true
	})
	slices.SortStableFunc(due, func(a, b store.Due) int { return a.At.Compare(b.At) })
	if limit > 0 && len(due) > limit {
		due = due[:limit]
	}
	return due, err
}

// siftWaiting is Waiting.
func (d Desk) siftWaiting() (all []store.Waiting, err error) {
	failed := d.each(1, func(t ticket.Ticket, damage error) bool {
		if err = damage; err == nil && t.IsOpen() {
			var w store.Waiting
			w, err = d.tickets().WaitingOf(t)
			all = append(all, w)
		}
		return err == nil
	})
	if failed != nil {
		err = failed
	}
	return all, err
}
