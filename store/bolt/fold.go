package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// foldStep is how many tickets are folded anew in one transaction.
const foldStep = 500

// renewFolds folds the tickets of each desk anew whose snapshots are those of another [ticket.Fold], so that a new release may change what
// records mean together. A desk counts as renewed when all of it is; cut short, it begins again at the next opening, and nobody reads meanwhile.
func (s *Store) renewFolds(o Options) error {
	var stale []string
	err := s.in.Read(context.Background(), func(tx *bbolt.Tx) error {
		for _, d := range desks(tx, "", nil) {
			switch fold, err := d.foldNumber(); {
			case err != nil:
				return err
			case fold > ticket.Fold:
				return fmt.Errorf("open store: %s was written by a newer replyby (fold %d, this one knows %d); install that release", d.where("fold"), fold, ticket.Fold)
			case fold < ticket.Fold && o.ReadOnly:
				return fmt.Errorf("open store: %s was written by an older replyby; start replyby serve once", d.where("fold"))
			case fold < ticket.Fold:
				stale = append(stale, d.name)
			}
		}
		return nil
	})
	for _, name := range stale {
		if err == nil {
			err = s.renewFold(name, o.Progress)
		}
	}
	return err
}

// foldNumber is 0 for desks of a time when folds had none.
func (d desk) foldNumber() (uint64, error) {
	v, err := rows.Get(d.root, []byte("fold"))
	if err != nil || v == nil {
		return 0, err
	}
	u := rows.Unpack(v)
	return u.Uint(), u.End(d.where("fold"))
}

func (d desk) putFold() error {
	var p rows.Packer
	p.Uint(ticket.Fold)
	return rows.Put(d.root, []byte("fold"), p)
}

// renewFold writes the snapshots of a desk anew, and its indexes, of which the old fold may have thought otherwise.
func (s *Store) renewFold(name string, progress func(done, total int)) error {
	renew := func(do func(d desk) error) error {
		err := s.in.Write(context.Background(), func(tx *bbolt.Tx) error { return do(findDesk(tx, name, nil)) })
		if err != nil {
			return fmt.Errorf("fold the tickets of desk %q anew: %w", name, err)
		}
		return nil
	}
	var head store.Head
	err := renew(func(d desk) (err error) {
		head, err = d.head()
		return errors.Join(err, d.emptyIndexes())
	})
	for from := uint64(0); from < head.Next && err == nil; from += foldStep {
		err = renew(func(d desk) error { return d.foldAnew(from, min(from+foldStep, head.Next)) })
		if progress != nil {
			progress(int(from), int(head.Next))
		}
	}
	if err != nil {
		return err
	}
	return renew(desk.putFold)
}

func (d desk) emptyIndexes() error {
	for _, table := range indexes() {
		if err := d.root.DeleteBucket([]byte(table)); err != nil {
			return fmt.Errorf("empty %s: %w", d.where(table), err)
		}
		if _, err := d.root.CreateBucket([]byte(table)); err != nil {
			return fmt.Errorf("empty %s: %w", d.where(table), err)
		}
	}
	return nil
}

// foldAnew writes snapshots and index rows of the tickets with the numbers from one to before another.
func (d desk) foldAnew(from, to uint64) error {
	for n := from; n < to; n++ {
		t, err := d.fold(n, func() error { return nil })
		if err != nil {
			return err
		}
		if t.Version == 0 {
			continue // the desk's own file, before its first event
		}
		if err := d.putTicket(ticket.Ticket{}, t); err != nil {
			return err
		}
	}
	return nil
}

// fold folds the records of a ticket and calls each for every one of them.
func (d desk) fold(n uint64, each func() error) (ticket.Ticket, error) {
	t := ticket.Ticket{Desk: d.name}
	err := rows.ScanPrefix(d.table(tableOf), rows.NumberKey(n), 0, func(seq uint64) (bool, error) {
		r, err := d.recordAt(seq)
		if err != nil {
			return false, err
		}
		t, err = ticket.Apply(t, r)
		return err == nil, errors.Join(err, each())
	})
	return t, err
}

// putTicket writes the snapshot of a ticket and moves its rows in the indexes.
func (d desk) putTicket(old, now ticket.Ticket) error {
	snapshot, err := json.Marshal(now)
	if err != nil {
		return fmt.Errorf("%w: encode ticket: %w", store.ErrInvalid, err)
	}
	if err := rows.Give(d.table(tableTicket), rows.NumberKey(now.Number), snapshot); err != nil {
		return err
	}
	return d.moveIndex(old, now)
}
