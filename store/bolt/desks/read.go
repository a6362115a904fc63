package desks

import (
	"fmt"
	"time"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/store/bolt/tickets"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// Head returns the end of the log and the number of the next ticket.
func (d Desk) Head() (store.Head, error) {
	if !d.exists() {
		return store.Head{Next: 1}, nil
	}
	if d.held != nil {
		if h, ok := d.held.heads[d.name]; ok {
			return h, nil
		}
	}
	return d.log().Head()
}

// Ticket returns the fold of a ticket, the zero ticket with its desk set when there is none.
func (d Desk) Ticket(number uint64) (ticket.Ticket, error) {
	if !d.exists() {
		return ticket.Ticket{Desk: d.name}, nil
	}
	if own, ok := d.heldTicket(number); ok {
		return own, nil
	}
	var t ticket.Ticket
	var there bool
	err := datafile.Guard(func() (err error) { // within the transaction, which may go on to the next
		t, there, err = d.tickets().Get(number)
		return err
	})
	if err == nil && !there {
		head, failed := d.Head()
		if failed != nil || number >= head.Next || number == 0 && !d.log().Has(number) { // the own file begins with its first event
			return t, failed
		}
		err = fmt.Errorf("%w: ticket %d is not there", store.ErrDamaged, number)
	}
	if store.Harmed(err) {
		t, err = d.fromRecords(number, err)
	}
	if err != nil {
		return t, err
	}
	d.hold(t, t)
	return t, nil
}

// Find looks a query up, in its order and within its limit.
func (d Desk) Find(q store.Query) (hits []tickets.Hit, err error) {
	if !d.exists() {
		return nil, nil
	}
	if q.Key == (store.Key{}) && q.Customer == "" && !q.Open && q.Since.IsZero() {
		return d.all(q.After, q.Limit)
	}
	find := func() (err error) { hits, err = d.tickets().Find(q); return err }
	if q.Key != (store.Key{}) { // keys follow from nothing
		err = find()
		return hits, err
	}
	err = d.listed(tickets.Listing(q), find, func() (err error) { hits, err = d.sift(q); return err })
	return hits, err
}

// all counts the tickets up instead of listing their rows: one whose row is harmed or lost is a ticket all the same.
func (d Desk) all(after uint64, limit int) (hits []tickets.Hit, err error) {
	head, err := d.Head()
	for n := after; err == nil && n < head.Next-1 && (limit == 0 || len(hits) < limit); n++ {
		hits = append(hits, tickets.Hit{Number: n + 1})
	}
	return hits, err
}

// Due lists up to limit tickets that need attention at an instant or before it, earliest first. A limit of zero is none. It reads nothing but
// the index, so what a view holds must be written before.
func (d Desk) Due(at time.Time, limit int) (due []store.Due, err error) {
	if !d.exists() {
		return nil, nil
	}
	err = d.listed(tickets.ListingDue,
		func() (err error) { due, err = d.tickets().Due(at, limit); return err },
		func() (err error) { due, err = d.siftDue(at, limit); return err })
	return due, err
}

// Waiting lists the open tickets in order of number, without the desk's own file.
func (d Desk) Waiting() (all []store.Waiting, err error) {
	if !d.exists() {
		return nil, nil
	}
	err = d.listed(tickets.ListingOpen,
		func() (err error) { all, err = d.tickets().Waiting(); return err },
		func() (err error) { all, err = d.siftWaiting(); return err })
	return all, err
}

// Log calls f for the records from a number on, as long as it returns true: those of one ticket, or all when its number is negative.
func (d Desk) Log(number int64, first uint64, f func(logbook.Record) bool) error {
	if !d.exists() {
		return nil
	}
	if number >= 0 {
		return d.log().OfTicket(uint64(number), first, func(r logbook.Record) (bool, error) { return f(r), nil })
	}
	head, err := d.Head()
	if err != nil {
		return err
	}
	return d.log().From(max(first, 1), head.Seq, f)
}

// Ready returns letters that may be sent at an instant, in the order of [store.Store]. A limit of zero is none.
func (d Desk) Ready(at time.Time, limit int) ([]store.Letter, error) {
	if !d.exists() {
		return nil, nil
	}
	return d.outbox().Ready(at, limit)
}

// Retry moves a letter to a later instant and takes its mark away. ErrNotFound when it is not there any more.
func (d Desk) Retry(id string, notBefore time.Time) error {
	if !d.exists() {
		return store.ErrNotFound
	}
	return d.outbox().Retry(id, notBefore)
}

// Cursor returns how far a folder was read, the zero cursor when it never was. Where that is harmed, or may be lost, it was read and nobody knows how
// far: not at all.
func (d Desk) Cursor(folder string) (c store.Cursor, err error) {
	if !d.exists() {
		return c, nil
	}
	v, damage := rows.Get(d.table(tableCursor), rows.WordKey(folder))
	switch {
	case damage == nil && v != nil:
		c, damage = pack.ReadCursor(folder, v)
	case damage == nil:
		damage = d.countedSound(tableCursor)
	}
	if damage != nil {
		d.harm.note(spot{desk: d.name, table: tableCursor}, damage)
		return store.Cursor{Folder: folder, UIDValidity: 1}, nil
	}
	return c, nil
}

// Tallies returns the counters from one day to another, both included.
func (d Desk) Tallies(first, last string) (all []store.Tally, err error) {
	if !d.exists() {
		return nil, nil
	}
	err = rows.ScanPast(d.table(tableTally), []byte(first), func(date, v []byte, damage error) (bool, error) {
		if string(date) > last {
			return false, nil
		}
		all = append(all, store.Tally{Day: string(date), Count: d.counts(date, v, damage)})
		return true, nil
	})
	return all, err
}
