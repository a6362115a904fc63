package bolt

import (
	"context"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"replyby/store"
	"replyby/store/bolt/desks"
)

// foldStep is how many snapshots are recomputed in one transaction.
const foldStep = 500

// renewFolds recomputes the snapshots of each desk that has them in an older [ticket.FoldVersion], so that a release may change what records
// add up to, and of each with a harmed index, see [desks.Desk.Torn]. It continues where it was interrupted. Opened read-only, older snapshots are good
// enough, unless recomputing was interrupted, and what an index says is read from the tickets.
func (s *Store) renewFolds(o Options) error {
	var stale []string
	err := s.in.Read(context.Background(), func(tx *bbolt.Tx) error {
		for _, d := range desks.All(tx, "", s.around) {
			is, err := d.Stale(o.ReadOnly)
			if err != nil {
				return err
			}
			if is || !o.ReadOnly && d.Torn(func() { s.file.Step(tx) }) {
				stale = append(stale, d.Name())
			}
		}
		return nil
	})
	for _, name := range stale {
		if err == nil {
			err = s.renewFold(name, o.Renewing)
		}
	}
	return err
}

// renewFold recomputes the snapshots of a desk, in steps.
func (s *Store) renewFold(name string, tell func(done, total int, damage error)) error {
	if tell == nil {
		tell = func(int, int, error) {}
	}
	var next, end uint64
	err := s.renewing(name, func(_ *bbolt.Tx, d desks.Desk) (err error) {
		next, end, err = d.BeginFolding()
		return err
	})
	for next < end && err == nil {
		first := next
		next = min(first+foldStep, end)
		err = s.renewing(name, func(tx *bbolt.Tx, d desks.Desk) error {
			return d.FoldAnew(first, next, func(number uint64, damage error) {
				if damage != nil {
					tell(int(number), int(end), damage)
				}
				s.file.Step(tx)
			})
		})
		if err == nil {
			tell(int(next), int(end), nil)
		}
	}
	if err != nil {
		return err
	}
	return s.renewing(name, func(_ *bbolt.Tx, d desks.Desk) error { return d.EndFolding() })
}

func (s *Store) renewing(name string, do func(*bbolt.Tx, desks.Desk) error) error {
	err := s.in.Write(context.Background(), func(tx *bbolt.Tx) error { return do(tx, desks.Of(tx, name, desks.Around{})) })
	if errors.Is(err, bbolterrors.ErrBucketNotFound) || errors.Is(err, bbolterrors.ErrIncompatibleValue) {
		err = fmt.Errorf("%w: %w", store.ErrDamaged, err) // a table that a desk has from its first commit on
	}
	if err != nil {
		return fmt.Errorf("fold the tickets of desk %q anew: %w", name, err)
	}
	return nil
}
