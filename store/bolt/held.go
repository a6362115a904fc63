package bolt

import (
	"context"
	"maps"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// held is what a view keeps decoded, since every mail of a batch is decided with it and nobody else writes meanwhile: the own files of
// desks as they were last read or written, and the counters of days, whose rows are written when the view ends.
type held struct {
	own  map[string]ticket.Ticket
	days map[day]map[string]int64
}

// day is a local day of a desk.
type day struct{ desk, date string }

func newHeld() *held {
	return &held{own: map[string]ticket.Ticket{}, days: map[day]map[string]int64{}}
}

// remember keeps a ticket that is a desk's own file, where there is a view.
func (d desk) remember(t ticket.Ticket) {
	if d.held != nil && t.Number == 0 {
		d.held.own[d.name] = t
	}
}

// counts returns the counters of a day that has a row.
func (d desk) counts(date, row []byte) (map[string]int64, error) {
	if d.held != nil {
		if counts, ok := d.held.days[day{d.name, string(date)}]; ok {
			return maps.Clone(counts), nil
		}
	}
	return unpackCounts(row)
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
		if counts, err = unpackCounts(row); err != nil {
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
	return rows.Add(d.table(tableTally), []byte(date), packCounts(counts))
}

// write writes what a view has not written yet.
func (h *held) write(ctx context.Context, in transactions) error {
	if len(h.days) == 0 {
		return nil
	}
	return in.Write(ctx, func(tx *bbolt.Tx) error {
		for of, counts := range h.days {
			if err := findDesk(tx, of.desk).putCounts(of.date, counts); err != nil {
				return err
			}
		}
		return nil
	})
}
