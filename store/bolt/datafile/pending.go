package datafile

import (
	"cmp"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

// A commit of bbolt writes every page it touches, a dozen or two for one sent letter, and syncs twice. Where one small write follows another
// and nobody reads in between, as when letters leave one by one, only the first is committed. The following ones are pending: each is
// written to the journal, a page or two, and applied to an open transaction of the database. That transaction is committed as soon as
// somebody reads, a write does not fit into the journal, or the journal is full. See docs/decisions/0030.
const (
	MaxEntry   = 64 << 10 // octets; an entry over it is never journaled, so the caller may stop building it
	maxJournal = 512 << 10
)

// pending is what was acknowledged but is not committed to the database yet.
type pending struct {
	tx      *bbolt.Tx // open; the entries are applied to it
	entries [][]byte  // as in the journal: how to redo each write
}

// begin returns the open transaction that holds the pending writes, or a new one.
func (f *File) begin() (*Joint, error) {
	j := &Joint{tx: f.pending.tx, file: f, mayJournal: f.mayJournal.Load()}
	if j.tx != nil {
		return j, nil
	}
	var err error
	if j.tx, err = f.db.Begin(true); err != nil {
		return nil, fmt.Errorf("write %s: %w", f.db.Path(), err)
	}
	return j, nil
}

// persist makes a transaction durable: by an entry in the journal where that suffices, else by a commit.
func (f *File) persist(j *Joint) error {
	base := uint64(j.tx.ID()) - 1
	mayJournal := f.mayJournal.Swap(f.redo != nil && !j.mustCommit)
	if !mayJournal || j.mustCommit || len(j.entry) == 0 || !f.journal.hasRoom(base, len(j.entry)) {
		return f.commit(j.tx)
	}
	if err := f.journal.add(base, j.entry); err != nil {
		f.broken = err
		return err
	}
	f.pending = pending{j.tx, append(f.pending.entries, j.entry)}
	f.hasPending.Store(true)
	f.mark.set(acknowledged{base, len(f.pending.entries)})
	return nil
}

// commitForReader commits what is pending, so that a read-only transaction sees it. Where it cannot be committed, because an earlier write
// failed, it runs do on the open transaction instead and returns done.
func (f *File) commitForReader(do func(*bbolt.Tx) error) (done bool, err error) {
	f.mayJournal.Store(false)
	if !f.hasPending.Load() {
		return false, nil
	}
	f.turn.take()
	defer f.turn.end()
	failed := f.commitPending()
	if failed == nil {
		return false, nil
	}
	if f.pending.tx == nil {
		return true, failed
	}
	return true, Guard(func() error { return do(f.pending.tx) })
}

// commitPending commits the pending writes. When that fails they are redone in a new transaction, so that they stay readable.
func (f *File) commitPending() error {
	switch {
	case !f.hasPending.Load():
		return nil
	case f.broken != nil:
		return fmt.Errorf("%w: %w", store.ErrBroken, f.broken)
	}
	if err := f.commit(f.pending.tx); err != nil {
		f.redoPending()
		return err
	}
	return nil
}

// closePending commits the pending writes before the database is closed. What cannot be committed stays in the journal.
func (f *File) closePending() (err error) {
	if f.broken == nil {
		err = f.commitPending()
	}
	if f.pending.tx != nil {
		_ = Guard(f.pending.tx.Rollback)
		f.pending.tx = nil
	}
	return err
}

// clearPending records that everything acknowledged is in the database.
func (f *File) clearPending() {
	f.pending = pending{}
	f.hasPending.Store(false)
}

// rollBack rolls back a transaction that failed. The pending writes are lost with it, so they are redone in a new one.
func (f *File) rollBack(tx *bbolt.Tx) {
	_ = Guard(tx.Rollback) // the caller returns the error that led here
	f.redoPending()
}

// redoPending applies the pending writes to a new transaction. If even that fails, the file is broken.
func (f *File) redoPending() {
	f.pending.tx = nil
	if len(f.pending.entries) == 0 {
		return
	}
	tx, err := f.db.Begin(true)
	if err == nil {
		if err = f.redoAll(tx, f.pending.entries); err == nil {
			f.pending.tx = tx
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

// errUnapplied says that a database opened for reading lacks writes that are in its journal.
var errUnapplied = errors.New("the journal has not been written into the database")

// replay applies and commits the entries that a crash left in the journal.
func (f *File) replay(entries [][]byte, o Options) error {
	switch {
	case len(entries) == 0:
		return nil
	case o.ReadOnly:
		return errUnapplied
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
	advice := "they stay there; see that the disk has room and takes writes, and start again" // a full disk is the usual cause
	if unmade != nil || errors.Is(err, store.ErrDamaged) {
		advice = "keep both files and put the latest backup back with replyby restore"
	}
	return fmt.Errorf("open store: make the %d changes in %s again: %w; %s", len(entries), fileJournal, err, advice)
}
