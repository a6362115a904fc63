package bolt

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/desks"
	"replyby/store/bolt/tickets"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// read runs do on one desk, in a transaction that sees one state.
func (s *Store) read(ctx context.Context, desk string, do func(desks.Desk) error) error {
	return s.in.Read(ctx, func(tx *bbolt.Tx) error { return do(desks.Of(tx, desk, s.around)) })
}

// Head implements [store.Store].
func (s *Store) Head(ctx context.Context, desk string) (h store.Head, err error) {
	err = s.read(ctx, desk, func(d desks.Desk) (err error) {
		h, err = d.Head()
		return err
	})
	if err != nil {
		return store.Head{}, fmt.Errorf("head of desk %q: %w", desk, err)
	}
	return h, nil
}

// Load implements [store.Store].
func (s *Store) Load(ctx context.Context, desk string, number uint64) (t ticket.Ticket, err error) {
	err = s.read(ctx, desk, func(d desks.Desk) (err error) {
		t, err = d.Ticket(number)
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

// found is a ticket that a query found.
type found struct {
	desk desks.Desk
	tickets.Hit
}

// Find implements [store.Store]. The desk's own file is found only by key.
func (s *Store) Find(ctx context.Context, q store.Query) ([]ticket.Ticket, error) {
	if err := checkQuery(q); err != nil {
		return nil, err
	}
	var out []ticket.Ticket
	err := s.in.Read(ctx, func(tx *bbolt.Tx) error {
		hits, err := search(tx, q, s.around)
		if err != nil {
			return err
		}
		out = make([]ticket.Ticket, 0, len(hits)) // they are large, and may be many
		for _, f := range hits {
			t, err := f.desk.Ticket(f.Number)
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
	for _, is := range []bool{q.Key != store.Key{}, q.Customer != "", q.Open && q.Customer == "", !q.Since.IsZero()} {
		if is {
			set++
		}
	}
	of := q.Customer + q.Domain
	if set > 1 || q.Domain != "" && (q.Customer != "" || !q.Open) || q.Latest && (of == "" || q.Desk == "") || q.Shut && q.Since.IsZero() || q.Desk == "" && (q.Key != store.Key{} || q.After != 0) {
		return fmt.Errorf("%w: query %+v asks for too much at once", store.ErrInvalid, q)
	}
	return nil
}

// search looks a query up in each desk that it is about, in its order and within its limit.
func search(tx *bbolt.Tx, q store.Query, a desks.Around) ([]found, error) {
	var hits []found
	for _, d := range desks.All(tx, q.Desk, a) {
		of, err := d.Find(q)
		if err != nil {
			return nil, err
		}
		for _, hit := range of {
			hits = append(hits, found{d, hit})
		}
		if q.Since.IsZero() && full(len(hits), q.Limit) {
			break
		}
	}
	slices.SortStableFunc(hits, func(a, b found) int { return a.At.Compare(b.At) })
	if full(len(hits), q.Limit) {
		hits = hits[:q.Limit]
	}
	return hits, nil
}

func full(n, limit int) bool { return limit > 0 && n >= limit }

// Due implements [store.Store]. It reads nothing but the index. A limit of zero is none.
func (s *Store) Due(ctx context.Context, desk string, at time.Time, limit int) (due []store.Due, err error) {
	if err := s.writeHeld(ctx); err != nil {
		return nil, fmt.Errorf("due of desk %q: %w", desk, err)
	}
	err = s.read(ctx, desk, func(d desks.Desk) (err error) {
		due, err = d.Due(at, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("due of desk %q: %w", desk, err)
	}
	return due, nil
}

// Waiting implements [store.Store].
func (s *Store) Waiting(ctx context.Context, desk string) (all []store.Waiting, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		for _, d := range desks.All(tx, desk, s.around) {
			of, err := d.Waiting()
			if err != nil {
				return err
			}
			all = append(all, of...)
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
	err = s.read(ctx, desk, func(d desks.Desk) error {
		return d.Log(number, seq, func(r logbook.Record) bool {
			records = append(records, r)
			return len(records) < logStep
		})
	})
	return records, err
}

// Outbox implements [store.Store]. A limit of zero is none.
func (s *Store) Outbox(ctx context.Context, desk string, at time.Time, limit int) (letters []store.Letter, err error) {
	err = s.read(ctx, desk, func(d desks.Desk) (err error) {
		letters, err = d.Ready(at, limit)
		return err
	})
	if err != nil {
		err = fmt.Errorf("outbox of desk %q: %w", desk, err)
	}
	return letters, err
}

// Cursor implements [store.Store].
func (s *Store) Cursor(ctx context.Context, desk, folder string) (c store.Cursor, err error) {
	err = s.read(ctx, desk, func(d desks.Desk) (err error) {
		c, err = d.Cursor(folder)
		return err
	})
	if err != nil {
		return store.Cursor{}, fmt.Errorf("cursor of folder %q of desk %q: %w", folder, desk, err)
	}
	return c, nil
}

// Tallies implements [store.Store].
func (s *Store) Tallies(ctx context.Context, desk, first, last string) (all []store.Tally, err error) {
	err = s.read(ctx, desk, func(d desks.Desk) (err error) {
		all, err = d.Tallies(first, last)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("tallies of desk %q: %w", desk, err)
	}
	return all, nil
}
