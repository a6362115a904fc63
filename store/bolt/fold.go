package bolt

import (
	"context"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// foldStep is how many snapshots are recomputed in one transaction.
const foldStep = 500

// Rows of a desk beside its tables and the head of its log.
const (
	rowFold    = "fold"    // ticket.FoldVersion of the snapshots; absent while they are being recomputed, and before there were versions
	rowFolding = "folding" // while they are: the new version, and the first ticket that is not recomputed yet
)

// renewFolds recomputes the snapshots of each desk that has them in an older [ticket.FoldVersion], so that a release may change what records
// add up to. It continues where it was interrupted. Opened read-only, older snapshots are good enough, unless recomputing was interrupted.
func (s *Store) renewFolds(o Options) error {
	var stale []string
	err := s.in.Read(context.Background(), func(tx *bbolt.Tx) error {
		for _, d := range desks(tx, "", nil) {
			fold, err := d.foldNumber()
			switch {
			case err != nil:
				return err
			case fold > ticket.FoldVersion:
				return fmt.Errorf("open store: %s was written by a newer replyby (fold %d, this one knows %d); install that release", d.where(rowFold), fold, ticket.FoldVersion)
			case o.ReadOnly && rows.Has(d.root, []byte(rowFolding)):
				return fmt.Errorf("open store: %s was left half renewed; start replyby serve, which goes on with it", d.where(rowFold))
			case fold < ticket.FoldVersion && !o.ReadOnly:
				stale = append(stale, d.name)
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

// foldNumber returns the fold version of the desk's snapshots, 0 for those from before there were versions.
func (d desk) foldNumber() (uint64, error) {
	v, err := rows.Get(d.root, []byte(rowFold))
	if err != nil || v == nil {
		return 0, err
	}
	u := rows.Unpack(v)
	return u.Uint(), u.End(d.where(rowFold))
}

func (d desk) putFold() error {
	var p rows.Packer
	p.Uint(ticket.FoldVersion)
	return rows.Put(d.root, []byte(rowFold), p)
}

// renewFold recomputes the snapshots of a desk and its indexes, which may follow differently from the new fold. Until all is done the desk has
// no version, so that an older release recomputes it too instead of trusting a half renewed one.
func (s *Store) renewFold(name string, tell func(done, total int, damage error)) error {
	if tell == nil {
		tell = func(int, int, error) {}
	}
	var next, end uint64
	err := s.renewing(name, func(d desk) (err error) {
		next, end, err = d.beginFolding()
		return err
	})
	for next < end && err == nil {
		err = s.renewing(name, func(d desk) error {
			for last := min(next+foldStep, end); next < last; next++ {
				if err := d.foldAnew(next, func(damage error) { tell(int(next), int(end), damage) }); err != nil {
					return err
				}
				s.file.Step(d.tx)
			}
			return d.putFolding(next)
		})
		if err == nil {
			tell(int(next), int(end), nil)
		}
	}
	if err != nil {
		return err
	}
	return s.renewing(name, func(d desk) error { return errors.Join(rows.Delete(d.root, []byte(rowFolding)), d.putFold()) })
}

func (s *Store) renewing(name string, do func(d desk) error) error {
	err := s.in.Write(context.Background(), func(tx *bbolt.Tx) error { return do(findDesk(tx, name, nil)) })
	if errors.Is(err, bbolterrors.ErrBucketNotFound) || errors.Is(err, bbolterrors.ErrIncompatibleValue) {
		err = fmt.Errorf("%w: %w", store.ErrDamaged, err) // a table that a desk has from its first commit on
	}
	if err != nil {
		return fmt.Errorf("fold the tickets of desk %q anew: %w", name, err)
	}
	return nil
}

// beginFolding returns the first ticket to recompute, and the number after the last.
func (d desk) beginFolding() (next, end uint64, err error) {
	head, err := d.head()
	if err != nil {
		return 0, 0, err
	}
	v, err := rows.Get(d.root, []byte(rowFolding))
	if err != nil {
		return 0, 0, err
	}
	if v != nil {
		u := rows.Unpack(v)
		if by, next := u.Uint(), u.Uint(); by == ticket.FoldVersion {
			return next, head.Next, u.End(d.where(rowFolding))
		}
	}
	return 0, head.Next, errors.Join(rows.Delete(d.root, []byte(rowFold)), d.tickets().EmptyIndexes(), d.putFolding(0))
}

func (d desk) putFolding(next uint64) error {
	var p rows.Packer
	p.Uint(ticket.FoldVersion)
	p.Uint(next)
	return rows.Put(d.root, []byte(rowFolding), p)
}

// foldAnew recomputes the snapshot of a ticket and its index rows. A ticket with damaged or lost records keeps its snapshot and is reported to
// damaged: one ticket is no reason to stop the desk.
func (d desk) foldAnew(n uint64, damaged func(error)) error {
	old, unread := d.ticket(n)
	t, err := d.log().Fold(n, func() error { return nil })
	if err == nil && unread == nil && t.Version != old.Version {
		err = fmt.Errorf("%w: records up to %d of %d", store.ErrDamaged, t.Version, old.Version)
	}
	if err != nil {
		err = fmt.Errorf("%s, ticket %d: %w", d.where("log"), n, err)
		if unread != nil {
			return err
		}
		damaged(err)
		t = old
	}
	if t.Version == 0 {
		return nil // the desk's own file, before its first event
	}
	return d.tickets().Put(ticket.Ticket{}, t)
}
