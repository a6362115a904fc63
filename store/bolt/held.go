package bolt

import (
	"context"
	"errors"
	"maps"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// held is a view's write-back cache of the values that every mail of a batch changes: the heads of logs, the desks' own files (ticket 0) and
// the counters of days. Nobody else writes while a view is open. Its rows are written when the view ends, or before something reads them.
type held struct {
	heads map[string]store.Head
	own   map[string]*ownFile
	days  map[day]map[string]int64
}

// ownFile is the ticket 0 of a desk: as its rows have it, and as it is now.
type ownFile struct{ stored, now ticket.Ticket }

// day is a desk and a local date.
type day struct{ desk, date string }

func newHeld() *held {
	return &held{heads: map[string]store.Head{}, own: map[string]*ownFile{}, days: map[day]map[string]int64{}}
}

// putHead sets the head of the log.
func (d desk) putHead(h store.Head) error {
	if d.held != nil {
		d.held.heads[d.name] = h
		return nil
	}
	return d.log().PutHead(h)
}

// heldTicket returns a ticket from the cache, if it is there.
func (d desk) heldTicket(number uint64) (ticket.Ticket, bool) {
	if d.held == nil || number != 0 || d.held.own[d.name] == nil {
		return ticket.Ticket{}, false
	}
	return d.held.own[d.name].now, true
}

// hold puts a ticket into the cache. It returns false outside a view and for tickets that are not a desk's own file: those are written at
// once.
func (d desk) hold(old, now ticket.Ticket) bool {
	if d.held == nil || now.Number != 0 {
		return false
	}
	if d.held.own[d.name] == nil {
		d.held.own[d.name] = &ownFile{stored: old}
	}
	d.held.own[d.name].now = now
	return true
}

// counts returns the counters of a day, from the cache or else from its row.
func (d desk) counts(date, row []byte) (map[string]int64, error) {
	if d.held != nil {
		if counts, ok := d.held.days[day{d.name, string(date)}]; ok {
			return maps.Clone(counts), nil
		}
	}
	return pack.ReadCounts(row)
}

// count adds to the counters of a day. In a view only the first time writes the row.
func (d desk) count(date string, add map[string]int64) error {
	if len(add) == 0 {
		return nil
	}
	counts, known := map[string]int64(nil), false
	if d.held != nil {
		counts, known = d.held.days[day{d.name, date}]
	}
	if !known {
		row, err := rows.Get(d.table(tableTally), []byte(date))
		if err != nil {
			return err
		}
		if counts, err = pack.ReadCounts(row); err != nil {
			return err
		}
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

func (d desk) putCounts(date string, counts map[string]int64) error {
	return rows.Add(d.table(tableTally), []byte(date), pack.Counts(counts))
}

// writeHeld writes back what a view has cached. It needs no entry in the journal, since redoing the view's commits redoes it.
func (s *Store) writeHeld(ctx context.Context) error {
	if s.held == nil {
		return nil
	}
	return s.in.WriteRedoable(ctx, s.held.write, func() []byte { return nil })
}

func (h *held) write(tx *bbolt.Tx) error {
	var failed error
	for name, head := range h.heads {
		failed = errors.Join(failed, findDesk(tx, name, nil).putHead(head))
	}
	for name, f := range h.own {
		if f.now.Version != f.stored.Version {
			failed = errors.Join(failed, findDesk(tx, name, nil).tickets().Put(f.stored, f.now))
			f.stored = f.now
		}
	}
	for of, counts := range h.days {
		failed = errors.Join(failed, findDesk(tx, of.desk, nil).putCounts(of.date, counts))
	}
	return failed
}
