package datafile

import (
	"context"
	"errors"
	"fmt"
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
	return Guard(func() error { return f.db.View(do) })
}

// Write runs do in a transaction and commits it. An error of do leaves nothing behind. An error of the commit itself is
// unknown (a header page whose sync failed may be on the disk all the same), so every later Write is ErrBroken.
func (f *File) Write(ctx context.Context, do func(*bbolt.Tx) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken != nil {
		return fmt.Errorf("%w: %w", store.ErrBroken, f.broken)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := f.db.Begin(true)
	if err != nil {
		return fmt.Errorf("write %s: %w", f.db.Path(), err)
	}
	err = Guard(func() error { return do(tx) })
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	id := uint64(tx.ID())
	if err := Guard(tx.Commit); err != nil {
		f.broken = err
		return errors.Join(fmt.Errorf("write %s: %w", f.db.Path(), err), Guard(func() error { return release(tx) }))
	}
	f.mark.set(id)
	return nil
}

// release gives back the lock of a transaction whose commit panicked; one that failed in order gave it back itself.
func release(tx *bbolt.Tx) error {
	if tx.DB() == nil {
		return nil
	}
	return tx.Rollback()
}

// Inspect walks the pages and tells pages what is wrong with them, then runs do on the same state, like Read. Writers wait
// while pages are walked, and only then.
func (f *File) Inspect(ctx context.Context, pages func(error), do func(*bbolt.Tx) error) error {
	tx, err := f.checkPages(ctx, pages)
	if err != nil {
		return err
	}
	return errors.Join(Guard(func() error { return do(tx) }), tx.Rollback())
}

func (f *File) checkPages(ctx context.Context, pages func(error)) (*bbolt.Tx, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tx, err := f.db.Begin(false)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", f.db.Path(), err)
	}
	for err := range tx.Check() {
		pages(err)
	}
	return tx, nil
}
