// Package bolt keeps the desks of one installation in a single bbolt file, the engine for one machine.
//
// It promises what [store.Store] promises, and in addition:
//
// Never less in silence: a database that is missing, emptied, cut short, swapped for another or older than what was
// acknowledged is refused at [Open], with what to do. Three small files beside it make that possible: store.id (which
// database belongs here), replyby.mark (the last transaction acknowledged) and store.lock (who has it open, for people).
//
// Never altered in silence: bbolt has checksums only on its two header pages, so every value here carries a CRC-32C over
// its key and bytes; whole mails are checked against their SHA-256 as well. [Store.Check] walks everything.
//
// It refuses to know what a ticket means beyond ticket.Apply and the four indexes of the contract.
package bolt

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

// Options of a store. The zero value is right for a running desk.
type Options struct {
	// ReadOnly opens for inspection: it shares the file with other readers, creates nothing and refuses to write.
	ReadOnly bool
	// NoSync leaves out every sync to disk. A power cut may then destroy the file: for tests and measurements only.
	NoSync bool
}

// Store is an open database. It implements [store.Store].
type Store struct {
	db   *bbolt.DB
	dir  string
	id   string
	mark *mark // nil when read-only

	mu     sync.Mutex // one writer at a time, and the fields below
	broken error
	closed bool
}

var _ store.Store = (*Store)(nil)

// Open opens the database of a data directory, or creates both when neither is there. Errors: [store.ErrMissing],
// [store.ErrDamaged], [store.ErrLocked], each with what to do.
func Open(dir string, o Options) (*Store, error) {
	if !o.ReadOnly {
		if err := create(dir, o); err != nil {
			return nil, err
		}
	}
	want, err := readMarker(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir}
	if s.db, err = openFile(dir, o); err != nil {
		return nil, err
	}
	if err := s.adopt(want, o); err != nil {
		return nil, closeAfter(s.db, err)
	}
	return s, nil
}

// adopt checks that the open file is the one that belongs here and takes its place beside it.
func (s *Store) adopt(want marker, o Options) error {
	have, tx, err := s.identify()
	if err != nil {
		return err
	}
	if err := want.matches(have, filepath.Join(s.dir, fileDB)); err != nil {
		return err
	}
	s.id = have.ID
	if err := checkMark(s.dir, have.ID, tx); err != nil || o.ReadOnly {
		return err
	}
	if s.mark, err = openMark(s.dir, have.ID); err != nil {
		return err
	}
	if want == (marker{}) { // a creation that was cut short, or a file put back by hand
		if err := writeMarker(s.dir, have); err != nil {
			return err
		}
	}
	return writeHolder(s.dir)
}

// identify reads the identity written inside the file and the number of its last transaction.
func (s *Store) identify() (m marker, txid uint64, err error) {
	err = s.read(context.Background(), func(tx *bbolt.Tx) error {
		txid = uint64(tx.ID())
		info, err := os.Stat(s.db.Path())
		if err != nil {
			return fmt.Errorf("open store: %w", err)
		}
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: %s has %d bytes of %d; put back the latest backup with replyby restore",
				store.ErrDamaged, s.db.Path(), info.Size(), tx.Size())
		}
		m, err = readIdentity(tx)
		return err
	})
	return m, txid, err
}

// ID is the identity given when the database was created: 32 hexadecimal digits.
func (s *Store) ID() string { return s.id }

// Close releases the database. It is safe to call twice.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.mark != nil {
		removeHolder(s.dir)
		s.mark.close()
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close store %s: %w", s.dir, err)
	}
	return nil
}
