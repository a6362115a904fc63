package datafile

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"sync"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir, Options{ReadOnly: true}, layout); !errors.Is(err, store.ErrMissing) {
		t.Errorf("open nothing: %v, want %v", err, store.ErrMissing)
	}
	filled(t, dir)
	before := sum(t, dir)
	for range 2 { // and two at a time
		f, err := Open(dir, Options{ReadOnly: true}, layout)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := f.Write(t.Context(), func(*bbolt.Tx) error { return nil }); err == nil {
			t.Error("a store opened for reading took a write")
		}
	}
	if sum(t, dir) != before {
		t.Error("reading changed the directory")
	}
}

// sum digests names and bytes of a directory.
func sum(t testing.TB, dir string) uint64 {
	h := fnv.New64a()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		fmt.Fprintf(h, "%q %q", e.Name(), read(t, filepath.Join(dir, e.Name())))
	}
	return h.Sum64()
}

func TestCreationCutShort(t *testing.T) {
	half := filled(t, t.TempDir())[:6000]
	for name, left := range map[string][]byte{"empty": {}, "half": half, "no database": []byte("xxxx")} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, fileNew), left)
			write(t, open(t, dir), 1)
			if _, err := os.Stat(filepath.Join(dir, fileNew)); err == nil {
				t.Error("the temporary file is still there")
			}
		})
	}
	t.Run("before the marker", func(t *testing.T) {
		dir := t.TempDir()
		f := open(t, dir)
		id := f.ID()
		f.Close()
		os.Remove(filepath.Join(dir, fileMarker))
		if got := open(t, dir).ID(); got != id {
			t.Errorf("id %s, want %s", got, id)
		}
		if m, err := readMarker(dir); err != nil || m.ID != id {
			t.Errorf("marker %+v, %v", m, err)
		}
	})
}

// Whoever starts at once on a new directory, there is one database, and one process has it.
func TestCreatedOnce(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		files, errs := make([]*File, 4), make([]error, 4)
		var all sync.WaitGroup
		for i := range files {
			all.Go(func() { files[i], errs[i] = Open(dir, Options{NoSync: true}, layout) })
		}
		all.Wait()
		opened := 0
		for i, f := range files {
			if errs[i] != nil {
				if !errors.Is(errs[i], store.ErrLocked) {
					t.Errorf("open: %v, want %v", errs[i], store.ErrLocked)
				}
				continue
			}
			opened++
			if m, err := readMarker(dir); err != nil || m.ID != f.ID() {
				t.Errorf("marker %+v, %v, opened %s", m, err, f.ID())
			}
			f.Close()
		}
		if opened > 1 {
			t.Errorf("%d have it open", opened)
		}
		write(t, open(t, dir), 1)
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	write(t, open(t, dir), 1)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %o, %v", e.Name(), info.Mode().Perm(), err)
		}
	}
}

func TestRestore(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	f := open(t, dir)
	var copied bytes.Buffer
	if _, err := f.Backup(t.Context(), &copied); err != nil {
		t.Fatal(err)
	}
	id := f.ID()
	write(t, f, 5)
	if _, err := Restore(dir, bytes.NewReader(copied.Bytes())); !errors.Is(err, store.ErrLocked) {
		t.Errorf("restore under a running desk: %v, want %v", err, store.ErrLocked)
	}
	f.Close()
	for name, bad := range map[string][]byte{"half": copied.Bytes()[:copied.Len()/2], "nothing": nil, "no database": []byte("xxxx")} {
		if _, err := Restore(dir, bytes.NewReader(bad)); err == nil {
			t.Errorf("%s was restored", name)
		}
		f := open(t, dir) // and what was there still is
		if back, err := f.Restored(); back || err != nil {
			t.Errorf("%s: restored %v, %v", name, back, err)
		}
		f.Close()
	}
	for _, into := range []string{dir, t.TempDir()} {
		if got, err := Restore(into, bytes.NewReader(copied.Bytes())); err != nil || got != id {
			t.Errorf("restored %s, %v, want %s", got, err, id)
		}
		write(t, open(t, into), 1)
	}
}

// A restored database says so at every opening, until somebody has reckoned with it.
func TestRestoredUntilReckoned(t *testing.T) {
	whole := filled(t, t.TempDir())
	dir := t.TempDir()
	if _, err := Restore(dir, bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, false, false} {
		f := open(t, dir)
		if got, err := f.Restored(); got != want || err != nil {
			t.Errorf("opening %d: restored %v, %v", i, got, err)
		}
		if i > 0 {
			if err := f.Reckoned(); err != nil {
				t.Error(err)
			}
		}
		f.Close()
	}
}

func TestRestoreOverDamage(t *testing.T) {
	whole := filled(t, t.TempDir())
	dir := t.TempDir()
	filled(t, dir)
	put(t, filepath.Join(dir, fileDB), []byte("xxxx"))
	if _, err := Restore(dir, bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	write(t, open(t, dir), 1)
}

// The pages of a new file reach the disk in any order: it may open and yet have no root.
func TestCreationWithoutRoot(t *testing.T) {
	dir := t.TempDir()
	tmp := filepath.Join(dir, fileNew)
	db, err := bbolt.Open(tmp, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	b, root := read(t, tmp), 3*os.Getpagesize()
	clear(b[root : root+os.Getpagesize()])
	put(t, tmp, b)
	write(t, open(t, dir), 1)
}
