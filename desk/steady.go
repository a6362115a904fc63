package desk

import (
	"context"

	"replyby/store"
	"replyby/ticket"
)

// steady is a view of the store in which nobody else writes: the desk's own file, which every mail of a batch is decided with, is read
// again only after it was written.
type steady struct {
	store.Store
	desk string
	own  *ticket.Ticket
}

// Load implements [store.Store].
func (s *steady) Load(ctx context.Context, desk string, number uint64) (ticket.Ticket, error) {
	if desk != s.desk || number != 0 {
		return s.Store.Load(ctx, desk, number)
	}
	if s.own == nil {
		t, err := s.Store.Load(ctx, desk, number)
		if err != nil {
			return t, err
		}
		s.own = &t
	}
	return *s.own, ctx.Err()
}

// Commit implements [store.Store].
func (s *steady) Commit(ctx context.Context, changes ...store.Change) error {
	for _, c := range changes {
		if c.Desk == s.desk && c.Ticket == 0 && len(c.Events) > 0 {
			s.own = nil
		}
	}
	return s.Store.Commit(ctx, changes...)
}
