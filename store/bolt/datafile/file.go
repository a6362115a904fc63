// Package datafile keeps one bbolt file in a data directory and never opens less than was acknowledged without saying so.
//
// A database that is missing, emptied, cut short, swapped for another, older than what was acknowledged or written by a
// newer program is refused with what to do. Three small files beside it make that possible: store.id (which database
// belongs here), replyby.mark (the last transaction acknowledged) and store.lock (who has it open, for people; the lock
// itself is the kernel's); a fourth, store.restored, stays after a restore until somebody has reckoned with it. A new database is filled
// under a temporary name and only then appears, whole. While it is open, replyby.journal may hold small changes that were acknowledged and
// are not in it yet; nobody who reads through this package notices.
//
// It refuses to know what the database holds.
package datafile

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
)

// Options of opening. The zero value is right for a running desk.
type Options struct {
	// ReadOnly opens for inspection: it shares the file with other readers, creates nothing and refuses to write.
	ReadOnly bool
	// NoSync leaves out every sync to disk. A power cut may then destroy the file: for tests and measurements only.
	NoSync bool
	// Redo repeats in another transaction what [Joint.WriteRedoable] wrote, from the entries of the transaction it was written in. If nil,
	// there is no journal and every write is committed at once.
	Redo func(tx *bbolt.Tx, entry []byte) error
}

// File is an open database.
type File struct {
	db   *bbolt.DB
	dir  string
	id   string
	mark *mark // nil when read-only

	gauge       gauge
	steps, rest atomic.Int64 // so far, and what else is mapped; see ease

	redo       func(*bbolt.Tx, []byte) error
	hasPending atomic.Bool // a reader has to commit what is pending first
	mayJournal atomic.Bool // the last write was redoable and nobody has read since, so the next may go into the journal

	turn    turn // of the one writer; the fields below are his
	pending pending
	journal journal // not when read-only
	broken  error
	closed  bool
}

// turn is a fair lock: writers get it in the order in which they asked. A mutex would let the writer that has just released it in again
// first, and mail would be kept only after two batches had been decided on, not between them.
type turn chan struct{}

func (t turn) take() { t <- struct{}{} }

func (t turn) end() { <-t }

// Open opens the database of a data directory. When there neither is one nor ever was, it creates both and has fill make
// the buckets. Errors: [store.ErrMissing], [store.ErrDamaged], [store.ErrLocked], each with what to do.
func Open(dir string, o Options, fill func(*bbolt.Tx) error) (*File, error) {
	f, err := openOnce(dir, o, fill)
	if !errors.Is(err, errUnapplied) {
		return f, err
	}
	writable := o
	writable.ReadOnly = false
	if f, err = openOnce(dir, writable, fill); err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, err
	}
	return openOnce(dir, o, fill)
}

func openOnce(dir string, o Options, fill func(*bbolt.Tx) error) (*File, error) {
	if !o.ReadOnly {
		if err := create(dir, o, fill); err != nil {
			return nil, err
		}
	}
	want, err := readMarker(dir)
	if err != nil {
		return nil, err
	}
	db, err := openFile(dir, o)
	if err != nil {
		return nil, err
	}
	f := &File{db: db, dir: dir, turn: make(turn, 1), gauge: openGauge(), redo: o.Redo}
	if err := f.adopt(want, o, fill); err != nil {
		f.gauge.close()
		return nil, closeAfter(db, err)
	}
	return f, nil
}

// adopt checks that the open file is the database that belongs into the directory, replays its journal and claims the files beside it.
func (f *File) adopt(want marker, o Options, fill func(*bbolt.Tx) error) error {
	have, tx, err := identify(f.db)
	if err != nil {
		return err
	}
	if err := want.matches(have, f.db.Path()); err != nil {
		return err
	}
	f.id = have.ID
	f.journal = journal{dir: f.dir, id: have.ID, noSync: o.NoSync}
	entries, err := f.journal.after(tx)
	if err != nil {
		return err
	}
	if err := checkMark(f.dir, have.ID, acknowledged{tx, len(entries)}); err != nil {
		return err
	}
	if err := f.replay(entries, o); err != nil {
		return err
	}
	if have.Format < format {
		if err := f.renew(have, o, fill); err != nil {
			return err
		}
	}
	if o.ReadOnly {
		return nil
	}
	if f.mark, err = openMark(f.dir, have.ID); err != nil {
		return err
	}
	if want == (marker{}) { // a creation that was cut short, or a file put back by hand
		if err := writeMarker(f.dir, have); err != nil {
			return err
		}
	}
	return writeHolder(f.dir)
}

// renew upgrades a file of an older format: it creates the buckets that are new and writes the present format number.
func (f *File) renew(have marker, o Options, fill func(*bbolt.Tx) error) error {
	if o.ReadOnly {
		return fmt.Errorf("open store: %s was written by an older replyby; start replyby serve once", f.db.Path())
	}
	have.Format = format
	err := Guard(func() error {
		return f.db.Update(func(tx *bbolt.Tx) error { return errors.Join(fill(tx), writeIdentity(tx, have)) })
	})
	if err != nil {
		return fmt.Errorf("renew %s: %w", f.db.Path(), err)
	}
	return nil
}

// ID is the identity given when the database was created: 32 hexadecimal digits.
func (f *File) ID() string { return f.id }

// Close releases the database. It is safe to call twice.
func (f *File) Close() error {
	f.turn.take()
	defer f.turn.end()
	if f.closed {
		return nil
	}
	f.closed = true
	failed := f.closePending()
	f.gauge.close()
	if f.mark != nil {
		failed = errors.Join(failed, f.journal.close(f.hasPending.Load()))
		removeHolder(f.dir)
		f.mark.close()
	}
	if err := errors.Join(failed, f.db.Close()); err != nil {
		return fmt.Errorf("close %s: %w", f.db.Path(), err)
	}
	return nil
}

const bucketMeta = "meta" // "store" -> marker

func writeIdentity(tx *bbolt.Tx, m marker) error {
	b, err := tx.CreateBucketIfNotExists([]byte(bucketMeta))
	if err != nil {
		return fmt.Errorf("create bucket %s: %w", bucketMeta, err)
	}
	v, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode identity: %w", err)
	}
	return rows.Put(b, []byte("store"), v)
}

// identify reads the identity written inside a database and the number of its last transaction. A file shorter than its
// header says is found here, before anything reads beyond its end.
func identify(db *bbolt.DB) (m marker, txid uint64, err error) {
	err = Guard(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			txid = uint64(tx.ID())
			info, err := os.Stat(db.Path())
			if err != nil {
				return fmt.Errorf("open store: %w", err)
			}
			if info.Size() < tx.Size() {
				return fmt.Errorf("%w: %s has %d bytes of %d; put the latest backup back with replyby restore",
					store.ErrDamaged, db.Path(), info.Size(), tx.Size())
			}
			m, err = readIdentity(tx)
			return err
		})
	})
	return m, txid, err
}

func readIdentity(tx *bbolt.Tx) (m marker, err error) {
	b := tx.Bucket([]byte(bucketMeta))
	if b == nil {
		return m, fmt.Errorf("%w: this is not a database of replyby", store.ErrDamaged)
	}
	v, err := rows.Get(b, []byte("store"))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(v, &m); err != nil || m.ID == "" {
		return m, fmt.Errorf("%w: the identity of the database cannot be read", store.ErrDamaged)
	}
	return m, nil
}
