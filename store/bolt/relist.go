package bolt

import (
	"context"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/desks"
)

// Relist looks for open and due tickets of a desk that no longer stand where those are looked for, since the row that lists them is lost or its key is
// harmed: nothing that reads the row would notice, and no step of theirs would be taken. It writes the row anew; [Store.Harm] tells. It reads two short
// indexes and the tickets that are in one of them alone.
func (s *Store) Relist(ctx context.Context, desk string) error {
	var some []uint64
	err := s.in.Read(ctx, func(tx *bbolt.Tx) (err error) {
		d, step := desks.Of(tx, desk, s.around), func() { s.file.Step(tx) }
		if some, err = d.Unlisted(step); err == nil && len(some) > 0 {
			d.NoteTorn(false, step)
		}
		return err
	})
	for step := range slices.Chunk(some, eachStep) {
		if err != nil {
			break
		}
		var wanting []uint64
		if wanting, err = s.relist(ctx, desk, step, false); err == nil && len(wanting) > 0 {
			_, err = s.relist(ctx, desk, wanting, true)
		}
	}
	if err != nil {
		return fmt.Errorf("look for tickets that are not listed: %w", err)
	}
	return nil
}

// relist returns which of some tickets are not listed as they should be. To write that anew keeps everybody waiting, so it is looked for before.
func (s *Store) relist(ctx context.Context, desk string, some []uint64, write bool) (wanting []uint64, err error) {
	in := s.in.Read
	if write {
		in = s.in.Write
	}
	err = in(ctx, func(tx *bbolt.Tx) error {
		d := desks.Of(tx, desk, s.around)
		for _, n := range some {
			is, err := d.Relist(n, write)
			if err != nil {
				return err
			}
			if is {
				wanting = append(wanting, n)
			}
			s.file.Step(tx)
		}
		return ctx.Err()
	})
	return wanting, err
}
