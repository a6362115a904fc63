package datafile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/blank"
)

// Backup writes a copy of the database, as it is at one instant, while the desk works on, without what was deleted or erased before. The copy
// is what [Restore] reads. Where what is pending cannot be committed, Backup fails: the file that it copies would lack that.
func (f *File) Backup(ctx context.Context, w io.Writer) (n int64, err error) {
	err = f.Read(ctx, func(tx *bbolt.Tx) error {
		if tx.Writable() {
			return fmt.Errorf("%w: %w", store.ErrBroken, f.broken)
		}
		n, err = blank.Copy(w, tx)
		return err
	})
	if err != nil {
		return n, fmt.Errorf("back up store %s: %w", f.dir, err)
	}
	return n, nil
}

// Restore makes a copy written by [File.Backup] the database of a data directory, in the place of whatever is there, and
// says which identity it has. Until [File.Reckoned], every opening says that it was [File.Restored]. It refuses with [store.ErrLocked] while the directory's database is open, and leaves
// everything as it was when the copy is not whole.
func Restore(dir string, r io.Reader) (id string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("restore store: %w", err)
	}
	if old, err := openFile(dir, Options{}); err == nil {
		defer old.Close() // held until the new one is in place
	} else if !errors.Is(err, store.ErrMissing) && !errors.Is(err, store.ErrDamaged) {
		return "", err
	}
	tmp := filepath.Join(dir, fileNew)
	if err := copySynced(tmp, r); err != nil {
		return "", errors.Join(err, os.RemoveAll(tmp)) // it may have filled the disk
	}
	have, err := inspect(tmp)
	if err != nil {
		return "", errors.Join(err, os.Remove(tmp))
	}
	if err := setAside(dir); err != nil {
		return "", errors.Join(err, os.Remove(tmp))
	}
	// Said before it is true: a crash in between makes the old database look restored, which costs questions and loses nothing.
	if err := writeSynced(filepath.Join(dir, fileBack), []byte(have.ID+"\n")); err != nil {
		return "", errors.Join(err, os.Remove(tmp))
	}
	// The mark is about the database that goes; without a marker any database is accepted, so a crash in between is safe.
	for _, name := range []string{fileMark, fileMarker, fileJournal} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("restore store: %w", err)
		}
	}
	if err := publish(tmp, filepath.Join(dir, fileDB)); err != nil {
		return "", err
	}
	return have.ID, writeMarker(dir, have)
}

// setAside keeps the database that was at work, and its journal, under a second name, so that the wrong copy is no disaster. Where the file
// system has no second names they go. It comes before the restore is said: where one is said already, what was at work is aside, and what is
// here now came from a copy too.
func setAside(dir string) error {
	_, restored := os.Lstat(filepath.Join(dir, fileBack))
	_, gone := os.Lstat(filepath.Join(dir, fileDB))
	if restored == nil || gone != nil {
		return nil
	}
	for _, name := range []string{fileDB, fileJournal} {
		path := filepath.Join(dir, name)
		if err := os.Remove(path + before); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("restore store: %w", err)
		}
		os.Link(path, path+before)
	}
	return nil
}

// Size is the length of the file in bytes, 0 where it cannot be told.
func (f *File) Size() int64 {
	info, err := os.Stat(filepath.Join(f.dir, fileDB))
	if err != nil {
		return 0
	}
	return info.Size()
}

// Restored reports whether the database was put back from a copy: what was committed after the copy was taken is lost, though it
// happened.
func (f *File) Restored() (bool, error) {
	_, err := os.Lstat(filepath.Join(f.dir, fileBack))
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	}
	return false, fmt.Errorf("ask whether the store was restored: %w", err)
}

// Reckoned ends what Restored says, once whatever may have happened after the copy was taken is durably reckoned with.
func (f *File) Reckoned() error {
	if err := os.Remove(filepath.Join(f.dir, fileBack)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("note that the restored store is reckoned with: %w", err)
	}
	return nil
}

func copySynced(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("restore store: %w", err)
	}
	_, err = io.Copy(f, r)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("restore store to %s: %w", path, err)
	}
	return nil
}

// inspect reads the identity of a database file and says whether it is whole as far as its size tells.
func inspect(path string) (marker, error) {
	if info, err := os.Stat(path); err == nil && info.Size() == 0 { // bbolt would try to fill it
		return marker{}, fmt.Errorf("%w: %s is empty", store.ErrDamaged, path)
	}
	db, err := openBolt(path, 0, Options{ReadOnly: true})
	if err != nil {
		return marker{}, err
	}
	have, _, err := identify(db)
	if err == nil {
		err = (marker{}).matches(have, path)
	}
	return have, closeAfter(db, err)
}
