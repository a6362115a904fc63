package bolt

import (
	"context"
	"fmt"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/desks"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket/logbook"
)

// Commit implements [store.Store].
func (s *Store) Commit(ctx context.Context, changes ...store.Change) error {
	if len(changes) == 0 {
		return nil
	}
	invalid := desks.Valid(changes) // outside the transaction, since others may write meanwhile; returned inside, so that it fails a view
	var records [][]logbook.Record
	write := func(tx *bbolt.Tx) error {
		if invalid != nil {
			return invalid
		}
		for _, c := range changes {
			if err := ctx.Err(); err != nil {
				return err
			}
			of, err := desks.Apply(tx, s.around, c)
			if err != nil {
				return fmt.Errorf("commit ticket %d of desk %q: %w", c.Ticket, c.Desk, err)
			}
			records = append(records, of)
		}
		return nil
	}
	if slices.ContainsFunc(changes, func(c store.Change) bool { return len(c.Bare)+len(c.Forget) > 0 }) {
		return s.in.Write(ctx, write) // rare, and no entry of the journal says it
	}
	return s.in.WriteRedoable(ctx, write, func() (entry []byte) {
		for i := 0; i < len(changes) && len(entry) <= datafile.MaxEntry; i++ {
			entry = pack.AppendChange(entry, changes[i], records[i])
		}
		return entry
	})
}

// redo repeats, from the journal entry of one transaction, what its commits wrote. It is [datafile.Options.Redo].
func redo(tx *bbolt.Tx, entry []byte) error {
	a := desks.Around{Held: desks.NewHeld()}
	for u := rows.Unpack(entry); u.More(); {
		c, records, err := pack.ReadChange(u)
		if err != nil {
			return err
		}
		if err := desks.Redo(tx, a, c, records); err != nil {
			return fmt.Errorf("commit ticket %d of desk %q again: %w", c.Ticket, c.Desk, err)
		}
	}
	return a.Held.Write(tx)
}

// Retry implements [store.Store].
func (s *Store) Retry(ctx context.Context, desk, id string, notBefore time.Time) error {
	err := s.in.Write(ctx, func(tx *bbolt.Tx) error { return desks.Of(tx, desk, s.around).Retry(id, notBefore) })
	if err != nil {
		return fmt.Errorf("retry letter %q of desk %q: %w", id, desk, err)
	}
	return nil
}
