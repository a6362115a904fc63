// Package bolt keeps the desks of one installation in a single bbolt file: the engine for one machine.
//
// It promises what [store.Store] promises. The packages below it carry most of that: datafile opens the file and refuses
// one that holds less than was acknowledged, rows gives every value a checksum; records keeps a desk's log, tickets what
// follows from it and the keys, outbox the letters that wait, messages what came. Each reads, writes and checks its own
// tables; desks makes them one desk within one transaction. Here are the transactions: which there are, what each reads or
// writes, and what of them can be redone from the journal; and [Store.Check], which walks everything.
//
// It refuses to know the tables of a desk.
package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"io"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/desks"
	"replyby/store/bolt/messages"
)

// Options of opening. The zero value is right for a running desk.
type Options struct {
	// ReadOnly opens for inspection: it shares the file with other readers, creates nothing and refuses to write.
	ReadOnly bool
	// NoSync leaves out every sync to disk. A power cut may then destroy the file: for tests and measurements only.
	NoSync bool
	// Renewing, if not nil, is told how far an opening is that folds tickets anew, after an update or for a harmed index, and of a ticket that
	// stays as it was because its records are damaged.
	Renewing func(done, total int, damage error)
}

// Store is an open database. It implements [store.Store].
type Store struct {
	file   *datafile.File
	in     transactions
	around desks.Around // held of a view alone
}

// transactions runs reads and writes. The file gives each a transaction of its own; in a view they share one.
type transactions interface {
	Read(context.Context, func(*bbolt.Tx) error) error
	Write(context.Context, func(*bbolt.Tx) error) error
	WriteRedoable(ctx context.Context, do func(*bbolt.Tx) error, entry func() []byte) error
}

var _ store.Store = (*Store)(nil)

// Open opens the database of a data directory, or creates both when neither was ever there. Errors: [store.ErrMissing],
// [store.ErrDamaged], [store.ErrLocked], each with what to do.
func Open(dir string, o Options) (*Store, error) {
	file, err := datafile.Open(dir, datafile.Options{ReadOnly: o.ReadOnly, NoSync: o.NoSync, Redo: redo}, layout)
	if err != nil {
		return nil, err
	}
	s := &Store{file: file, in: file, around: desks.Around{Harm: &desks.Harm{}}}
	if err := s.renewFolds(o); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

// layout makes the buckets of a new file, and what an older one lacks.
func layout(tx *bbolt.Tx) error {
	if err := desks.Create(tx); err != nil {
		return err
	}
	return messages.Create(tx)
}

// Restore makes a copy written by [Store.Backup] the database of a data directory, see [datafile.Restore]. What a crash left in the journal
// of the present one is made again first, where that can be done: who puts back what was kept of it puts back the one file.
func Restore(dir string, r io.Reader) (id string, err error) {
	if file, err := datafile.Open(dir, datafile.Options{ReadOnly: true, Redo: redo}, layout); err == nil {
		file.Close()
	}
	return datafile.Restore(dir, r)
}

// IsDatabase reports whether the first octets of a file are those of a database, such as [Store.Backup] copies.
func IsDatabase(head []byte) bool {
	const at, magic = 16, 0xED0CDAED // behind the head of bbolt's first page
	return len(head) >= at+4 && binary.NativeEndian.Uint32(head[at:]) == magic
}

// Restored reports whether the database was put back from a copy and nobody has [Store.Reckoned] with that yet: letters may have gone
// and decisions been made that it knows nothing of.
func (s *Store) Restored() (bool, error) { return s.file.Restored() }

// Reckoned ends what Restored says. Call it when what may have happened meanwhile is committed.
func (s *Store) Reckoned() error { return s.file.Reckoned() }

// Backup writes a copy of the database, as it is at one instant, while the desk works on.
func (s *Store) Backup(ctx context.Context, w io.Writer) (int64, error) { return s.file.Backup(ctx, w) }

// Size is the length of the database file in bytes, 0 where it cannot be told.
func (s *Store) Size() int64 { return s.file.Size() }

// ID implements [store.Store]: 32 hexadecimal digits.
func (s *Store) ID() string { return s.file.ID() }

// Close implements [store.Store].
func (s *Store) Close() error { return s.file.Close() }

// Together implements [store.Store].
func (s *Store) Together(ctx context.Context, f func(store.Store) error) error {
	return s.file.Together(ctx, func(j *datafile.Joint) error {
		v := view{&Store{file: s.file, in: j, around: desks.Around{Held: desks.NewHeld(), Harm: s.around.Harm}}}
		if err := f(v); err != nil {
			return err
		}
		return v.writeHeld(ctx)
	})
}

// writeHeld writes what a view holds back. It needs no entry in the journal, since redoing the view's commits redoes it.
func (s *Store) writeHeld(ctx context.Context) error {
	if s.around.Held == nil {
		return nil
	}
	return s.in.WriteRedoable(ctx, s.around.Held.Write, func() []byte { return nil })
}

// view is a store inside a transaction.
type view struct{ *Store }

// Together implements [store.Store]: it is all one transaction.
func (v view) Together(_ context.Context, f func(store.Store) error) error { return f(v) }

// Close implements [store.Store]: a view ends with its transaction.
func (view) Close() error { return nil }
