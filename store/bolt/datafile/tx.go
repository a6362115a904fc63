package datafile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

// Guard turns a panic on damaged pages, or a fault on a page that cannot be read from disk, into ErrDamaged.
func Guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", store.ErrDamaged, r)
		}
	}()
	return f()
}

// Read runs do in a transaction that sees one state. What do keeps must be copied out of it.
func (f *File) Read(ctx context.Context, do func(*bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if done, err := f.commitForReader(do); done || err != nil {
		return err
	}
	return Guard(func() error {
		return f.db.View(func(tx *bbolt.Tx) error {
			defer f.ease(tx.Size(), 1)
			return do(tx)
		})
	})
}

// Write runs do in a transaction of its own and commits it, like Together.
func (f *File) Write(ctx context.Context, do func(*bbolt.Tx) error) error {
	return f.Together(ctx, func(j *Joint) error { return j.Write(ctx, do) })
}

// WriteRedoable is Write for what can be redone from a journal entry, see [Joint.WriteRedoable].
func (f *File) WriteRedoable(ctx context.Context, do func(*bbolt.Tx) error, entry func() []byte) error {
	return f.Together(ctx, func(j *Joint) error { return j.WriteRedoable(ctx, do, entry) })
}

// Together runs do on one transaction and makes it durable. An error of do, of anything written in it, or a panic leaves nothing
// behind. An error of the commit itself is unknown (a header page whose sync failed may be on the disk all the same), so every
// later write is ErrBroken.
func (f *File) Together(ctx context.Context, do func(*Joint) error) error {
	f.turn.take()
	defer f.turn.end()
	if f.broken != nil {
		return fmt.Errorf("%w: %w", store.ErrBroken, f.broken)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	j, err := f.begin()
	if err != nil {
		return err
	}
	defer j.end()
	err = do(j)
	if err = cmp.Or(err, j.failed, ctx.Err()); err != nil {
		return err
	}
	if err := f.persist(j); err != nil {
		return err
	}
	j.persisted = true
	return nil
}

// commit commits a transaction, which includes the pending writes.
func (f *File) commit(tx *bbolt.Tx) error {
	id, size := uint64(tx.ID()), tx.Size()
	if err := Guard(tx.Commit); err != nil {
		f.broken = err
		if tx.DB() != nil { // it panicked
			_ = Guard(tx.Rollback)
		}
		return fmt.Errorf("write %s: %w", f.db.Path(), err)
	}
	f.clearPending()
	f.ease(size, easeEvery) // pages that were rewritten elsewhere stay mapped though nobody reads them
	f.mark.set(acknowledged{tx: id})
	return nil
}

// Joint is a transaction that several reads and writes share. It belongs to one goroutine and ends with Together.
type Joint struct {
	tx         *bbolt.Tx
	file       *File
	failed     error  // of a write, which may have been half done
	mayJournal bool   // another write that can be done again, and nobody has read since
	entry      []byte // if so: how to do again what was written
	mustCommit bool   // it cannot be done again, or is too much
	persisted  bool
}

var errEnded = fmt.Errorf("%w: the transaction has ended", store.ErrInvalid)

// Read runs do on what was there before and what was written in this transaction.
func (j *Joint) Read(ctx context.Context, do func(*bbolt.Tx) error) error {
	if j.tx == nil {
		return errEnded
	}
	if err := cmp.Or(j.failed, ctx.Err()); err != nil {
		return err
	}
	defer j.file.ease(j.tx.Size(), 1)
	return Guard(func() error { return do(j.tx) })
}

// Write runs do. An error fails the whole transaction: bbolt cannot undo a part of one.
func (j *Joint) Write(ctx context.Context, do func(*bbolt.Tx) error) error {
	j.mustCommit = true
	return j.write(ctx, do)
}

// WriteRedoable is Write for what [Options.Redo] can redo after a crash. entry returns what Redo needs; it is called after do has succeeded,
// and only if the transaction may go into the journal. The entries of one transaction are concatenated. A write that follows from others in
// the same transaction, so that redoing those redoes it, returns none.
func (j *Joint) WriteRedoable(ctx context.Context, do func(*bbolt.Tx) error, entry func() []byte) error {
	err := j.write(ctx, do)
	if err == nil && j.mayJournal && !j.mustCommit {
		j.entry = append(j.entry, entry()...)
		j.mustCommit = len(j.entry) > MaxEntry
	}
	return err
}

func (j *Joint) write(ctx context.Context, do func(*bbolt.Tx) error) error {
	err := j.Read(ctx, do)
	j.failed = cmp.Or(j.failed, err)
	return err
}

// end rolls back a transaction that was not persisted.
func (j *Joint) end() {
	if !j.persisted {
		j.file.rollBack(j.tx)
	}
	j.tx = nil
}

// Inspect walks the pages and tells pages what is wrong with them, then runs do on the same state, like Read. Writers wait
// while pages are walked, and only then. Where pages refer to each other in a circle or lead nowhere do is not run: it might never end.
func (f *File) Inspect(ctx context.Context, pages func(error), do func(*bbolt.Tx) error) error {
	tx, err := f.checkPages(ctx, pages)
	if err != nil || tx == nil {
		return err
	}
	return errors.Join(Guard(func() error { return do(tx) }), tx.Rollback())
}

// checkPages returns the state that it checked, nil when its rows cannot be walked.
func (f *File) checkPages(ctx context.Context, pages func(error)) (*bbolt.Tx, error) {
	f.turn.take()
	defer f.turn.end()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := f.commitPending(); err != nil {
		return nil, err
	}
	tx, err := f.db.Begin(false)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", f.db.Path(), err)
	}
	file, err := os.Open(f.db.Path())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("inspect %s: %w", f.db.Path(), err), tx.Rollback())
	}
	defer file.Close()
	if err := followPages(file, f.db.Info().PageSize, uint64(tx.ID())); err != nil {
		pages(err)
		return nil, tx.Rollback()
	}
	for err := range tx.Check() {
		pages(err)
	}
	return tx, nil
}
