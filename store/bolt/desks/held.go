package desks

import (
	"errors"
	"maps"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Held is a view's write-back cache of the values that every mail of a batch changes: the heads of logs, the desks' own files (ticket 0) and
// the counters of days. A view is one transaction, in which nobody else writes, and every [Desk] of it is given the same Held. [Held.Write] is
// called when the view ends, and before [Desk.Due], which reads nothing but rows.
type Held struct {
	heads map[string]store.Head
	own   map[string]*ownFile
	days  map[day]map[string]int64
}

// ownFile is the ticket 0 of a desk: as its rows have it, and as it is now.
type ownFile struct{ stored, now ticket.Ticket }

// day is a desk and a local date.
type day struct{ desk, date string }

// NewHeld holds nothing yet.
func NewHeld() *Held {
	return &Held{heads: map[string]store.Head{}, own: map[string]*ownFile{}, days: map[day]map[string]int64{}}
}

// putHead sets the head of the log.
func (d Desk) putHead(h store.Head) error {
	if d.held != nil {
		d.held.heads[d.name] = h
		return nil
	}
	return d.log().PutHead(h)
}

// heldTicket returns a ticket from the cache, if it is there.
func (d Desk) heldTicket(number uint64) (ticket.Ticket, bool) {
	if d.held == nil || number != 0 || d.held.own[d.name] == nil {
		return ticket.Ticket{}, false
	}
	return d.held.own[d.name].now, true
}

// hold puts a ticket into the cache. It returns false outside a view and for tickets that are not a desk's own file: those are written at
// once.
func (d Desk) hold(old, now ticket.Ticket) bool {
	if d.held == nil || now.Number != 0 {
		return false
	}
	if d.held.own[d.name] == nil {
		d.held.own[d.name] = &ownFile{stored: old}
	}
	d.held.own[d.name].now = now
	return true
}

// counts returns the counters of a day, from the cache or else from its row. Nothing else tells what a harmed one said: then that it is lost is
// all there is.
func (d Desk) counts(date, row []byte, damage error) map[string]int64 {
	if d.held != nil {
		if counts, ok := d.held.days[day{d.name, string(date)}]; ok {
			return maps.Clone(counts)
		}
	}
	var counts map[string]int64
	if damage == nil {
		counts, damage = pack.ReadCounts(row)
	}
	if damage != nil {
		d.harm.note(spot{desk: d.name, table: tableTally}, damage)
		counts = map[string]int64{store.Lost: 1}
	}
	return counts
}

// count adds to the counters of a day. In a view only the first time writes the row.
func (d Desk) count(date string, add map[string]int64) error {
	if len(add) == 0 {
		return nil
	}
	counts, known := map[string]int64(nil), false
	if d.held != nil {
		counts, known = d.held.days[day{d.name, date}]
	}
	if !known {
		row, damage := rows.Get(d.table(tableTally), []byte(date))
		counts = d.counts([]byte(date), row, damage)
	}
	for name, n := range add {
		counts[name] += n
	}
	if known {
		return nil
	}
	if d.held != nil {
		d.held.days[day{d.name, date}] = counts
	}
	return d.putCounts(date, counts)
}

func (d Desk) putCounts(date string, counts map[string]int64) error {
	return rows.Add(d.table(tableTally), []byte(date), pack.Counts(counts))
}

// Write writes the rows of what is held. That follows from the changes which were applied, so that redoing those redoes it.
func (h *Held) Write(tx *bbolt.Tx) error {
	var failed error
	for name, head := range h.heads {
		failed = errors.Join(failed, Of(tx, name, Around{}).putHead(head))
	}
	for name, f := range h.own {
		if f.now.Version != f.stored.Version {
			failed = errors.Join(failed, Of(tx, name, Around{}).tickets().Put(f.stored, f.now))
			f.stored = f.now
		}
	}
	for of, counts := range h.days {
		failed = errors.Join(failed, Of(tx, of.desk, Around{}).putCounts(of.date, counts))
	}
	return failed
}
