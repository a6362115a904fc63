package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// Head implements [store.Store].
func (s *Store) Head(ctx context.Context, desk string) (h store.Head, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		h, err = findDesk(tx, desk, s.held).head()
		return err
	})
	if err != nil {
		return store.Head{}, fmt.Errorf("head of desk %q: %w", desk, err)
	}
	return h, nil
}

func (d desk) head() (store.Head, error) {
	if !d.exists() {
		return store.Head{Next: 1}, nil
	}
	if d.held != nil {
		if h, ok := d.held.heads[d.name]; ok {
			return h, nil
		}
	}
	v, err := rows.Get(d.root, []byte(rowHead))
	if err != nil {
		return store.Head{}, err
	}
	if v == nil { // only changes without events so far
		if k, _ := d.table(tableLog).Cursor().First(); k != nil {
			return store.Head{}, fmt.Errorf("%w: the head of the log is not there", store.ErrDamaged)
		}
		return store.Head{Next: 1}, nil
	}
	return pack.ReadHead(v)
}

// Load implements [store.Store].
func (s *Store) Load(ctx context.Context, desk string, number uint64) (t ticket.Ticket, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		t, err = findDesk(tx, desk, s.held).ticket(number)
		return err
	})
	if err == nil && number != 0 && t.Version == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return ticket.Ticket{}, fmt.Errorf("load ticket %d of desk %q: %w", number, desk, err)
	}
	t.Desk = desk
	return t, nil
}

// ticket returns the fold of a ticket, the zero ticket with its desk set when there is none. The name of the desk is
// that of the bucket, since JSON keeps no bytes that are not UTF-8.
func (d desk) ticket(number uint64) (ticket.Ticket, error) {
	t := ticket.Ticket{Desk: d.name}
	if !d.exists() {
		return t, nil
	}
	if own, ok := d.heldTicket(number); ok {
		return own, nil
	}
	v, err := rows.Get(d.table(tableTicket), rows.NumberKey(number))
	if err != nil {
		return t, err
	}
	if v == nil {
		head, err := d.head()
		if err == nil && 0 < number && number < head.Next {
			err = fmt.Errorf("%w: ticket %d is not there", store.ErrDamaged, number)
		}
		return t, err
	}
	if err := json.Unmarshal(v, &t); err != nil {
		return t, fmt.Errorf("%w: decode ticket %d: %w", store.ErrDamaged, number, err)
	}
	t.Desk = d.name
	d.hold(t, t)
	return t, nil
}

// found is a ticket that a query found in an index, not yet decoded.
type found struct {
	desk   desk
	number uint64
	at     time.Time // of a query by Since
}

// Find implements [store.Store]. The desk's own file is found only by key.
func (s *Store) Find(ctx context.Context, q store.Query) ([]ticket.Ticket, error) {
	if err := checkQuery(q); err != nil {
		return nil, err
	}
	var out []ticket.Ticket
	err := s.in.Read(ctx, func(tx *bbolt.Tx) error {
		hits, err := search(tx, q, s.held)
		if err != nil {
			return err
		}
		out = make([]ticket.Ticket, 0, len(hits)) // they are large, and may be many
		for _, f := range hits {
			t, err := f.desk.ticket(f.number)
			if err := errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			out = append(out, t)
			s.file.Step(tx)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find tickets: %w", err)
	}
	return out, nil
}

func checkQuery(q store.Query) error {
	set := 0
	for _, is := range []bool{q.Key != store.Key{}, q.Customer != "", q.Open, !q.Since.IsZero()} {
		if is {
			set++
		}
	}
	if set > 1 || q.Shut && q.Since.IsZero() || q.Desk == "" && (q.Key != store.Key{} || q.After != 0) {
		return fmt.Errorf("%w: query %+v asks for too much at once", store.ErrInvalid, q)
	}
	return nil
}

// search looks a query up in the indexes, in its order and within its limit.
func search(tx *bbolt.Tx, q store.Query, h *held) ([]found, error) {
	var hits []found
	for _, d := range desks(tx, q.Desk, h) {
		of, err := d.search(q)
		if err != nil {
			return nil, err
		}
		hits = append(hits, of...)
		if q.Since.IsZero() && full(len(hits), q.Limit) {
			break
		}
	}
	slices.SortStableFunc(hits, func(a, b found) int { return a.at.Compare(b.at) })
	if full(len(hits), q.Limit) {
		hits = hits[:q.Limit]
	}
	return hits, nil
}

func (d desk) search(q store.Query) (hits []found, err error) {
	add := func(n uint64) (bool, error) {
		hits = append(hits, found{desk: d, number: n})
		return !full(len(hits), q.Limit), nil
	}
	switch {
	case q.Key != store.Key{}:
		if q.Key.Value == "" {
			return nil, nil
		}
		from := q.After
		if from > 0 {
			from = after(from)
		}
		err = rows.ScanPrefix(d.table(tableKey), rows.WordKey(string(q.Key.Kind), q.Key.Value), from, add)
	case q.Customer != "":
		err = rows.ScanPrefix(d.table(tableCustomer), customerKey(q.Customer), after(q.After), add)
	case q.Open:
		err = rows.ScanPrefix(d.table(tableOpen), nil, after(q.After), add)
	case !q.Since.IsZero():
		return d.since(q)
	default:
		err = rows.ScanPrefix(d.table(tableTicket), nil, after(q.After), add)
	}
	return hits, err
}

func full(n, limit int) bool { return limit > 0 && n >= limit }

// after is the number that follows; there is none after the last.
func after(n uint64) uint64 { return max(n, n+1) }

func (d desk) since(q store.Query) (hits []found, err error) {
	err = rows.Scan(d.table(tableUpdated), rows.AppendTime(nil, q.Since), func(key, _ []byte) (bool, error) {
		if n := rows.Number(key); n > q.After && !(q.Shut && rows.Has(d.table(tableOpen), rows.NumberKey(n))) {
			hits = append(hits, found{desk: d, number: n, at: rows.Time(key)})
		}
		return !full(len(hits), q.Limit), nil
	})
	return hits, err
}

// Due implements [store.Store]. It reads nothing but the index. A limit of zero is none.
func (s *Store) Due(ctx context.Context, desk string, at time.Time, limit int) (due []store.Due, err error) {
	if err := s.writeHeld(ctx); err != nil {
		return nil, fmt.Errorf("due of desk %q: %w", desk, err)
	}
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		d := findDesk(tx, desk, s.held)
		if !d.exists() {
			return nil
		}
		return rows.Scan(d.table(tableDue), nil, func(key, _ []byte) (bool, error) {
			when := rows.Time(key)
			if when.After(at) || full(len(due), limit) {
				return false, nil
			}
			due = append(due, store.Due{At: when, Ticket: rows.Number(key)})
			return true, nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("due of desk %q: %w", desk, err)
	}
	return due, nil
}

// Waiting implements [store.Store].
func (s *Store) Waiting(ctx context.Context, desk string) (all []store.Waiting, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		for _, d := range desks(tx, desk, s.held) {
			err := rows.Scan(d.table(tableOpen), rows.NumberKey(1), func(key, v []byte) (bool, error) {
				w, err := d.waiting(rows.Number(key), v)
				all = append(all, w)
				return true, err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open tickets of desk %q: %w", desk, err)
	}
	slices.SortStableFunc(all, func(a, b store.Waiting) int {
		if a.At.IsZero() != b.At.IsZero() {
			return b.At.Compare(a.At)
		}
		return a.At.Compare(b.At)
	})
	return all, nil
}

// waiting reads a row of the open tickets. The first layout told nothing there.
func (d desk) waiting(number uint64, row []byte) (store.Waiting, error) {
	if len(row) == 0 {
		t, err := d.ticket(number)
		if err != nil {
			return store.Waiting{}, err
		}
		row = []byte(pack.Waiting(t))
	}
	return pack.ReadWaiting(d.name, number, row)
}

// logStep is how many records one transaction of [Store.Log] reads: a long one would keep the file from shrinking.
const logStep = 256

// Log implements [store.Store].
func (s *Store) Log(ctx context.Context, desk string, seq uint64, number int64) iter.Seq2[logbook.Record, error] {
	return func(yield func(logbook.Record, error) bool) {
		for from := seq; ; {
			records, err := s.logFrom(ctx, desk, from, number)
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
				from = r.Seq + 1
			}
			if err != nil {
				yield(logbook.Record{}, fmt.Errorf("log of desk %q: %w", desk, err))
				return
			}
			if len(records) < logStep {
				return
			}
		}
	}
}

// logFrom reads one step. With an error come the records before it.
func (s *Store) logFrom(ctx context.Context, desk string, seq uint64, number int64) (records []logbook.Record, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		d := findDesk(tx, desk, s.held)
		if !d.exists() {
			return nil
		}
		add := func(seq uint64) (bool, error) {
			r, err := d.recordAt(seq)
			if err == nil {
				records = append(records, r)
			}
			return err == nil && len(records) < logStep, err
		}
		if number >= 0 {
			return rows.ScanPrefix(d.table(tableOf), rows.NumberKey(uint64(number)), seq, add)
		}
		head, err := d.head()
		for at, more := max(seq, 1), true; err == nil && more && at <= head.Seq; at++ { // a lost record is missed, not skipped
			more, err = add(at)
		}
		return err
	})
	return records, err
}

func (d desk) recordAt(seq uint64) (logbook.Record, error) {
	v, err := rows.Get(d.table(tableLog), rows.NumberKey(seq))
	if err != nil {
		return logbook.Record{}, err
	}
	if v == nil {
		return logbook.Record{}, fmt.Errorf("%w: record %d is not there", store.ErrDamaged, seq)
	}
	return pack.ReadRecord(d.name, seq, v)
}

// Cursor implements [store.Store].
func (s *Store) Cursor(ctx context.Context, desk, folder string) (c store.Cursor, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		d := findDesk(tx, desk, s.held)
		if !d.exists() {
			return nil
		}
		v, err := rows.Get(d.table(tableCursor), rows.WordKey(folder))
		if err != nil || v == nil {
			return err
		}
		c, err = pack.ReadCursor(folder, v)
		return err
	})
	if err != nil {
		return store.Cursor{}, fmt.Errorf("cursor of folder %q of desk %q: %w", folder, desk, err)
	}
	return c, nil
}

// Tallies implements [store.Store].
func (s *Store) Tallies(ctx context.Context, desk, first, last string) (all []store.Tally, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		d := findDesk(tx, desk, s.held)
		if !d.exists() {
			return nil
		}
		return rows.Scan(d.table(tableTally), []byte(first), func(date, v []byte) (bool, error) {
			if string(date) > last {
				return false, nil
			}
			counts, err := d.counts(date, v)
			all = append(all, store.Tally{Day: string(date), Count: counts})
			return true, err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("tallies of desk %q: %w", desk, err)
	}
	return all, nil
}
