package datafile

import (
	"cmp"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

// A commit writes every page it touches, a dozen or two for one letter that has gone, and syncs twice. Where one small change follows the
// other and nobody reads in between, as when letters leave one by one, only the first is committed. Those behind it are written to the
// journal, a page or two each, and stay in an open transaction of the database, until somebody reads, something is written that does not
// fit, or there are enough of them.
const (
	MaxEntry   = 64 << 10 // octets; a longer entry need not be whole, since nothing becomes of it
	maxJournal = 512 << 10
)

// changes are what was acknowledged and is not in the database yet.
type changes struct {
	tx      *bbolt.Tx // in which they are made already
	entries [][]byte  // how to make them again
}

// begin goes on with the transaction of what is ahead, or begins one.
func (f *File) begin() (*Joint, error) {
	j := &Joint{tx: f.ahead.tx, file: f, follows: f.unread.Load()}
	if j.tx != nil {
		return j, nil
	}
	var err error
	if j.tx, err = f.db.Begin(true); err != nil {
		return nil, fmt.Errorf("write %s: %w", f.db.Path(), err)
	}
	return j, nil
}

// keep makes what was written durable: in the journal where that will do, else in the database.
func (f *File) keep(j *Joint) error {
	base := uint64(j.tx.ID()) - 1
	unread := f.unread.Swap(f.redo != nil && !j.whole)
	if !unread || j.whole || len(j.entry) == 0 || !f.journal.ready(base, len(j.entry)) {
		return f.commit(j.tx)
	}
	if err := f.journal.add(base, j.entry); err != nil {
		f.broken = err
		return err
	}
	f.ahead = changes{j.tx, append(f.ahead.entries, j.entry)}
	f.waits.Store(true)
	f.mark.set(acknowledged{base, len(f.ahead.entries)})
	return nil
}

// settle has what is ahead in the database before somebody reads it there. After a write has failed it stays where it is, and done says that
// do has read it there.
func (f *File) settle(do func(*bbolt.Tx) error) (done bool, err error) {
	f.unread.Store(false)
	if !f.waits.Load() {
		return false, nil
	}
	f.turn.take()
	defer f.turn.end()
	failed := f.commitAhead()
	if failed == nil {
		return false, nil
	}
	if f.ahead.tx == nil {
		return true, failed
	}
	return true, Guard(func() error { return do(f.ahead.tx) })
}

// commitAhead writes what is ahead.
func (f *File) commitAhead() error {
	switch {
	case !f.waits.Load():
		return nil
	case f.broken != nil:
		return fmt.Errorf("%w: %w", store.ErrBroken, f.broken)
	}
	if err := f.commit(f.ahead.tx); err != nil {
		f.makeAgain()
		return err
	}
	return nil
}

// endAhead writes what is ahead for the last time, or leaves it to the journal.
func (f *File) endAhead() (err error) {
	if f.broken == nil {
		err = f.commitAhead()
	}
	if f.ahead.tx != nil {
		_ = Guard(f.ahead.tx.Rollback)
		f.ahead.tx = nil // nobody reads there any more
	}
	return err
}

// settled notes that nothing is ahead.
func (f *File) settled() {
	f.ahead = changes{}
	f.waits.Store(false)
}

// takeBack ends a transaction that failed. What is ahead was made in it too, and is made again.
func (f *File) takeBack(tx *bbolt.Tx) {
	_ = Guard(tx.Rollback) // the reason to roll back is what the caller is told
	f.makeAgain()
}

// makeAgain puts what is ahead into a transaction of its own.
func (f *File) makeAgain() {
	f.ahead.tx = nil
	if len(f.ahead.entries) == 0 {
		return
	}
	tx, err := f.db.Begin(true)
	if err == nil {
		if err = f.redoAll(tx, f.ahead.entries); err == nil {
			f.ahead.tx = tx
			return
		}
		_ = Guard(tx.Rollback)
	}
	f.broken = cmp.Or(f.broken, fmt.Errorf("make again what is in the journal: %w", err))
}

func (f *File) redoAll(tx *bbolt.Tx, entries [][]byte) error {
	return Guard(func() error {
		for _, e := range entries {
			if err := f.redo(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// errAhead says that a database opened for reading lacks what is in its journal.
var errAhead = errors.New("the journal has not been written into the database")

// catchUp makes again what a crash left in the journal.
func (f *File) catchUp(entries [][]byte, o Options) error {
	switch {
	case len(entries) == 0:
		return nil
	case o.ReadOnly:
		return errAhead
	case f.redo == nil:
		return fmt.Errorf("open store: %w: nobody knows what %d changes in %s mean", store.ErrInvalid, len(entries), fileJournal)
	}
	var unmade error
	err := Guard(func() error {
		return f.db.Update(func(tx *bbolt.Tx) error {
			unmade = f.redoAll(tx, entries)
			return unmade
		})
	})
	if err == nil {
		return nil
	}
	advice := "they stay there; see that the disk has room and takes writes, and start again" // as a full one does not
	if unmade != nil || errors.Is(err, store.ErrDamaged) {
		advice = "keep both files and put the latest backup back with replyby restore"
	}
	return fmt.Errorf("open store: make the %d changes in %s again: %w; %s", len(entries), fileJournal, err, advice)
}
