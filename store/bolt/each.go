package bolt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/desks"
	"replyby/store/bolt/tickets"
	"replyby/ticket"
)

// eachStep is how many tickets one transaction of [Store.Each] loads.
const eachStep = 64

// turn is a ticket of a walk, or why it cannot be read.
type turn struct {
	ticket.Ticket
	damage error
}

// Each implements [store.Store].
func (s *Store) Each(ctx context.Context, q store.Query) iter.Seq2[ticket.Ticket, error] {
	return func(yield func(ticket.Ticket, error) bool) {
		step := func(some []turn) bool {
			for _, t := range some {
				if !yield(t.Ticket, t.damage) {
					return false
				}
			}
			return true
		}
		if err := s.inSteps(ctx, q, step); err != nil {
			yield(ticket.Ticket{}, fmt.Errorf("find tickets: %w", err))
		}
	}
}

// inSteps calls f for the tickets of a query, some at a time, while it returns true.
func (s *Store) inSteps(ctx context.Context, q store.Query, f func([]turn) bool) error {
	if q.Limit != 0 || q.Latest || q.Desk == "" && !q.Since.IsZero() {
		return fmt.Errorf("%w: query %+v has a limit, or orders all desks by time", store.ErrInvalid, q)
	}
	if err := checkQuery(q); err != nil {
		return err
	}
	if !q.Since.IsZero() {
		return s.byTime(ctx, q, f)
	}
	var names []string
	err := s.in.Read(ctx, func(tx *bbolt.Tx) error {
		for _, d := range desks.All(tx, q.Desk, s.around) {
			names = append(names, d.Name())
		}
		return nil
	})
	for more := true; more && err == nil && len(names) > 0; names = names[1:] {
		q.Desk = names[0]
		more, err = s.byNumber(ctx, q, f)
	}
	return err
}

// byNumber finds, step by step, those of a desk that follow the last number. more is false when f has had enough.
func (s *Store) byNumber(ctx context.Context, q store.Query, f func([]turn) bool) (more bool, err error) {
	for q.Limit = eachStep; ; {
		var some []turn
		err := s.in.Read(ctx, func(tx *bbolt.Tx) error {
			d := desks.Of(tx, q.Desk, s.around)
			hits, err := d.Find(q)
			if err == nil {
				some, err = s.load(ctx, tx, d, hits)
			}
			return err
		})
		if err != nil || !f(some) {
			return false, err
		}
		if len(some) < eachStep {
			return true, nil
		}
		q.After = some[len(some)-1].Number
	}
}

// byTime looks up at once which they are, since many may share an instant, and loads them step by step.
func (s *Store) byTime(ctx context.Context, q store.Query, f func([]turn) bool) error {
	var hits []tickets.Hit
	err := s.read(ctx, q.Desk, func(d desks.Desk) (err error) {
		hits, err = d.Find(q)
		return err
	})
	if err != nil {
		return err
	}
	for step := range slices.Chunk(hits, eachStep) {
		var some []turn
		err := s.in.Read(ctx, func(tx *bbolt.Tx) (err error) {
			some, err = s.load(ctx, tx, desks.Of(tx, q.Desk, s.around), step)
			return err
		})
		if err != nil || !f(some) {
			return err
		}
	}
	return nil
}

// load reads the tickets that a query found. One that cannot be read keeps its place.
func (s *Store) load(ctx context.Context, tx *bbolt.Tx, d desks.Desk, hits []tickets.Hit) (some []turn, err error) {
	for _, h := range hits {
		t, err := d.Ticket(h.Number)
		if err != nil {
			err = fmt.Errorf("load ticket %d of desk %q: %w", h.Number, d.Name(), err)
			t = ticket.Ticket{Desk: d.Name(), Number: h.Number}
		}
		if err != nil && !errors.Is(err, store.ErrDamaged) || ctx.Err() != nil {
			return nil, cmp.Or(err, ctx.Err())
		}
		some = append(some, turn{t, err})
		s.file.Step(tx)
	}
	return some, nil
}
