package datafile

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"replyby/store"
)

// Files of a data directory.
const (
	fileDB      = "replyby.db"
	fileNew     = "replyby.db.new"  // being created or restored; never read
	fileJournal = "replyby.journal" // what was acknowledged and is not in the database yet
	fileMarker  = "store.id"
	fileMark    = "replyby.mark"
	fileHolder  = "store.lock"
	fileBack    = "store.restored" // the database was put back from a copy, and nobody has reckoned with that yet
)

// before ends the names of what a restore replaced.
const before = ".before"

// format is the layout of the file this program writes. A change of layout is a new number. 1 kept messages under their hashes and had no
// bucket for them in order; what stands there is still found. 2 did not count the rows that nothing else accounts for. 3 kept every message
// whole or not at all. 4 had no journal beside it.
const format = 5

// lockWait is how long an opening waits for the file lock: shorter than bbolt's own retry, so it tries once.
const lockWait = time.Millisecond

// marker names the database that belongs into a data directory. The same words stand inside the database.
type marker struct {
	ID     string `json:"id"`
	Format int    `json:"format"`
}

// readMarker returns the zero marker when there is none.
func readMarker(dir string) (marker, error) {
	path := filepath.Join(dir, fileMarker)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return marker{}, nil
	}
	if err != nil {
		return marker{}, fmt.Errorf("open store: %w", err)
	}
	var m marker
	if err := json.Unmarshal(b, &m); err != nil || m.ID == "" {
		return marker{}, fmt.Errorf("%w: %s cannot be read; delete it if %s is known to be the right one",
			store.ErrDamaged, path, fileDB)
	}
	return m, nil
}

// matches returns an error unless a database with identity have belongs where m was found.
func (m marker) matches(have marker, path string) error {
	if have.Format > format {
		return fmt.Errorf("open store: %s was written by a newer replyby (format %d, this one knows %d); install that release",
			path, have.Format, format)
	}
	if m.ID != "" && m.ID != have.ID {
		return fmt.Errorf("%w: %s is database %s, %s names %s; put the right file back, or use replyby restore",
			store.ErrMissing, path, have.ID, fileMarker, m.ID)
	}
	return nil
}

func writeMarker(dir string, m marker) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("open store: encode marker: %w", err)
	}
	return writeSynced(filepath.Join(dir, fileMarker), append(b, '\n'))
}

// writeSynced replaces a small file so that a power cut leaves the old or the new one.
func writeSynced(path string, b []byte) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return publish(tmp, path)
}

// publish renames a synced file and syncs the directory, which bbolt does not do.
func publish(tmp, path string) error {
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("publish %s: %w", path, err)
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("publish %s: %w", path, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("publish %s: %w", path, err)
	}
	return nil
}

// create makes a new database where there is neither database nor marker, and does nothing where there is one of them.
func create(dir string, o Options, fill func(*bbolt.Tx) error) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create store: %w", err)
	}
	if fresh, err := isFresh(dir); err != nil || !fresh {
		return err
	}
	return build(dir, o, func(db *bbolt.DB) error {
		return db.Update(func(tx *bbolt.Tx) error { return errors.Join(writeIdentity(tx, newMarker()), fill(tx)) })
	})
}

// isFresh reports whether nothing was ever here.
func isFresh(dir string) (bool, error) {
	for _, name := range []string{fileDB, fileMarker, fileMark, fileJournal} {
		_, err := os.Lstat(filepath.Join(dir, name))
		if err == nil {
			return false, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, fmt.Errorf("create store: %w", err)
		}
	}
	return true, nil
}

// build fills a database under a temporary name and publishes it. What a crash half way left there is damaged, and made anew.
func build(dir string, o Options, fill func(*bbolt.DB) error) error {
	err := tryBuild(dir, o, fill)
	if errors.Is(err, store.ErrDamaged) {
		if err := os.RemoveAll(filepath.Join(dir, fileNew)); err != nil {
			return fmt.Errorf("create store: %w", err)
		}
		err = tryBuild(dir, o, fill)
	}
	return err
}

// tryBuild builds once. The lock on the temporary file and the second look keep two processes that start at once from publishing over
// each other.
func tryBuild(dir string, o Options, fill func(*bbolt.DB) error) error {
	tmp := filepath.Join(dir, fileNew)
	db, err := openBolt(tmp, os.O_CREATE, o)
	if err != nil {
		return err
	}
	if fresh, err := isFresh(dir); err != nil || !fresh {
		return closeAfter(db, errors.Join(err, os.RemoveAll(tmp))) // another process was faster; its temporary file is renamed
	}
	err = Guard(func() error { return errors.Join(fill(db), db.Sync()) }) // its pages may be damaged though it opens
	if err != nil {
		return closeAfter(db, fmt.Errorf("create store: %w", err))
	}
	return closeAfter(db, publish(tmp, filepath.Join(dir, fileDB)))
}

func closeAfter(db *bbolt.DB, err error) error {
	if cerr := db.Close(); cerr != nil && err == nil {
		return fmt.Errorf("close store: %w", cerr)
	}
	return err
}

func newMarker() marker {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return marker{ID: hex.EncodeToString(id[:]), Format: format}
}

// openFile opens the database that should be there.
func openFile(dir string, o Options) (*bbolt.DB, error) {
	path := filepath.Join(dir, fileDB)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if fresh, failed := isFresh(dir); fresh || failed != nil {
			return nil, fmt.Errorf("%w: %w", store.ErrMissing, cmp.Or(failed, err)) // nothing was ever kept here
		}
		return nil, fmt.Errorf("%w: %s is not there; put it back, or use replyby restore", store.ErrMissing, path)
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if info.Size() == 0 { // bbolt would make it a fresh database without a word
		return nil, fmt.Errorf("%w: %s is empty; put the latest backup back with replyby restore", store.ErrMissing, path)
	}
	db, err := openBolt(path, 0, o)
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("%w: %s is held by %s; stop it first", store.ErrLocked, path, holder(dir))
	}
	return db, err
}

// openBolt opens one file. bbolt panics on a damaged freelist and faults on a file cut short: both become ErrDamaged, as
// does every complaint of its own that is not the operating system's. A file that made it panic stays locked and mapped until
// the process ends.
func openBolt(path string, create int, o Options) (db *bbolt.DB, err error) {
	open := func(name string, flag int, mode os.FileMode) (*os.File, error) {
		return os.OpenFile(name, flag&^os.O_CREATE|create, mode) // bbolt would create it
	}
	err = Guard(func() error {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{ // the default list of free pages gives out the first ones: what one commit writes lies together
			Timeout: lockWait, ReadOnly: o.ReadOnly, NoSync: o.NoSync, OpenFile: open,
		})
		return err
	})
	var system syscall.Errno
	switch {
	case err == nil:
		return db, nil
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("%w: %s", store.ErrLocked, path)
	case errors.As(err, &system):
		return nil, fmt.Errorf("open store %s: %w", path, err)
	case !errors.Is(err, store.ErrDamaged):
		err = fmt.Errorf("%w: %w", store.ErrDamaged, err)
	}
	return nil, fmt.Errorf("open store %s: %w; keep the file and put the latest backup back with replyby restore", path, err)
}
