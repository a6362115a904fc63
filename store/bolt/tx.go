package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

// guard turns a panic on damaged pages, or a fault on a page that cannot be read from disk, into ErrDamaged.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", store.ErrDamaged, r)
		}
	}()
	return f()
}

// read runs f in a transaction that sees one state. What f keeps must be copied out of it.
func (s *Store) read(ctx context.Context, f func(*bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return guard(func() error { return s.db.View(f) })
}

// write runs f in a transaction and commits it. An error of f leaves nothing behind. An error of the commit itself is
// unknown (a failed sync of the header page may have reached the disk all the same), so the store is broken from then on.
func (s *Store) write(ctx context.Context, f func(*bbolt.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return fmt.Errorf("%w: %w", store.ErrBroken, s.broken)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := s.db.Begin(true)
	if err != nil {
		return fmt.Errorf("write store: %w", err)
	}
	if err := guard(func() error { return errors.Join(f(tx), ctx.Err()) }); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	id := uint64(tx.ID())
	if err := guard(tx.Commit); err != nil {
		s.broken = err
		guard(tx.Rollback) // no-op unless the commit panicked and still holds the lock
		return fmt.Errorf("write store %s: %w", s.db.Path(), err)
	}
	s.mark.set(id)
	return nil
}
