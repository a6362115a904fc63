// Package room watches over the space on the disk of the database, so that the program stops taking in mail before a write fails, and has
// room left to tell people of it.
//
// It keeps a file beside the database that holds nothing. When space runs out that file goes, and what has to be written down then, the
// alarm and its mails, goes where it was. Mail waits in the mailbox meanwhile, which is a queue anyway.
package room

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// reserved is how much the file beside the database holds, in octets: some hundred letters.
const reserved = 8 << 20

// Room is the space that a data folder has.
type Room struct {
	dir   string
	least int64
	free  func(dir string) (int64, error)

	mu    sync.Mutex
	since time.Time // when it was first seen to be low, zero while it is not
}

// New watches the disk that dir is on; below least octets of free space it is low. Nil for free asks the system.
func New(dir string, least int64, free func(dir string) (int64, error)) *Room {
	if free == nil {
		free = Free
	}
	return &Room{dir: dir, least: least, free: free}
}

// Low says that there is too little space, and how much there is; "" while there is enough, or nobody can say.
func (r *Room) Low() string {
	free, err := r.free(r.dir)
	if err != nil || free >= r.least {
		return ""
	}
	return fmt.Sprintf("%d MB are free on the disk of %s, at least %d MB are wanted", free>>20, r.dir, r.least>>20)
}

// Look is to be called regularly. It gives the reserve away when space runs low and sets it aside again when there is enough for both. It
// returns what Low says, and since when.
func (r *Room) Look(now time.Time) (low string, since time.Time, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if low = r.Low(); low == "" {
		r.since = time.Time{}
		return "", r.since, r.setAside()
	}
	if r.since.IsZero() {
		r.since = now
	}
	if err := os.Remove(r.file()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return low, r.since, fmt.Errorf("give the reserve of space away: %w", err)
	}
	return low, r.since, nil
}

func (r *Room) file() string { return filepath.Join(r.dir, "reserve") }

// setAside writes the reserve where it is missing. Its octets are written, since a file that is only long takes no space.
func (r *Room) setAside() error {
	if info, err := os.Stat(r.file()); err == nil && info.Size() == reserved {
		return nil
	}
	if free, err := r.free(r.dir); err != nil || free < r.least+2*reserved { // or it would be given away again at once
		return nil
	}
	if err := fill(r.file()); err != nil {
		return errors.Join(fmt.Errorf("set space aside: %w", err), os.Remove(r.file()))
	}
	return nil
}

// fill writes the reserve's octets, a few at a time.
func fill(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	some := make([]byte, 64<<10)
	for at := 0; at < reserved && err == nil; at += len(some) {
		_, err = f.Write(some)
	}
	return errors.Join(err, f.Close())
}
