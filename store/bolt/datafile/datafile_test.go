package datafile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
)

const bucket = "rows"

func layout(tx *bbolt.Tx) error {
	_, err := tx.CreateBucketIfNotExists([]byte(bucket))
	return err
}

func open(t testing.TB, dir string) *File {
	t.Helper()
	f, err := Open(dir, Options{NoSync: true}, layout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// write commits n transactions of one row each.
func write(t testing.TB, f *File, n int) {
	t.Helper()
	for range n {
		err := f.Write(t.Context(), func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(bucket))
			return rows.Put(b, rows.NumberKey(uint64(tx.ID())), bytes.Repeat([]byte("value "), 200))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// filled makes a store of some transactions in a directory, closes it and returns the bytes of its database.
func filled(t testing.TB, dir string) []byte {
	t.Helper()
	f, err := Open(dir, Options{NoSync: true}, layout)
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, 50)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return read(t, filepath.Join(dir, fileDB))
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// refused checks that opening fails for a reason, says what to do, and changes no byte of the database.
func refused(t *testing.T, dir string, want error, hint string) {
	t.Helper()
	path := filepath.Join(dir, fileDB)
	before, _ := os.ReadFile(path)
	for _, o := range []Options{{}, {ReadOnly: true}} {
		f, err := Open(dir, o, layout)
		if err == nil {
			f.Close()
		}
		if !errors.Is(err, want) {
			t.Errorf("open %+v: %v, want %v", o, err, want)
			continue
		}
		if !strings.Contains(err.Error(), hint) {
			t.Errorf("open %+v: %q does not say %q", o, err, hint)
		}
	}
	after, _ := os.ReadFile(path)
	if !bytes.Equal(before, after) {
		t.Error("opening changed the database")
	}
}

func TestMissingIsNeverFresh(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, dir, path string){
		"removed": func(t *testing.T, _, path string) { os.Remove(path) },
		"removed with its marker": func(t *testing.T, dir, path string) {
			os.Remove(path)
			os.Remove(filepath.Join(dir, fileMarker))
		},
		"emptied": func(t *testing.T, _, path string) { put(t, path, nil) },
		"swapped": func(t *testing.T, _, path string) { put(t, path, filled(t, t.TempDir())) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			filled(t, dir)
			harm(t, dir, filepath.Join(dir, fileDB))
			refused(t, dir, store.ErrMissing, "restore")
		})
	}
}

func TestEmptyFileWithoutMarker(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, fileDB), nil)
	refused(t, dir, store.ErrMissing, "empty")
}

func TestOlderCopyIsRefused(t *testing.T) {
	dir := t.TempDir()
	yesterday := filled(t, dir)
	f := open(t, dir)
	write(t, f, 3)
	f.Close()
	put(t, filepath.Join(dir, fileDB), yesterday)
	refused(t, dir, store.ErrMissing, "replyby restore "+filepath.Join(dir, fileDB))
	same, err := os.Open(filepath.Join(dir, fileDB))
	if err != nil {
		t.Fatal(err)
	}
	defer same.Close()
	if _, err := Restore(dir, same); err != nil {
		t.Fatal(err)
	}
	write(t, open(t, dir), 1)
}

// bbolt falls back to the older header page without a word; what was acknowledged last would be gone.
func TestDamagedHeaderIsRefused(t *testing.T) {
	dir := t.TempDir()
	b := filled(t, dir)
	newest, page := 0, os.Getpagesize()
	if metaTx(b[page:]) > metaTx(b) {
		newest = page
	}
	harmed := bytes.Clone(b)
	harmed[newest+64] ^= 1
	put(t, filepath.Join(dir, fileDB), harmed)
	refused(t, dir, store.ErrMissing, "acknowledged")
	harmed = bytes.Clone(b)
	harmed[page-newest+64] ^= 1 // the older one: nothing is lost
	put(t, filepath.Join(dir, fileDB), harmed)
	write(t, open(t, dir), 1)
}

// metaTx reads the transaction number of a header page: 16 bytes of page header, then magic, version, page size, flags (4
// bytes each), root (16), freelist (8), high water mark (8), transaction.
func metaTx(page []byte) uint64 { return binary.LittleEndian.Uint64(page[16+48:]) }

func TestTruncatedIsRefused(t *testing.T) {
	whole := t.TempDir()
	b := filled(t, whole)
	page := os.Getpagesize()
	for size := 1; size < highWater(b)*page; size += page / 2 {
		dir := t.TempDir() // a file that made bbolt panic stays locked
		put(t, filepath.Join(dir, fileMarker), read(t, filepath.Join(whole, fileMarker)))
		put(t, filepath.Join(dir, fileDB), b[:size])
		f, err := Open(dir, Options{NoSync: true}, layout)
		if err == nil {
			f.Close()
			t.Fatalf("%d of %d bytes were opened", size, len(b))
		}
		if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrMissing) {
			t.Fatalf("%d of %d bytes: %v", size, len(b), err)
		}
	}
}

func highWater(b []byte) int {
	return int(max(binary.LittleEndian.Uint64(b[16+40:]), binary.LittleEndian.Uint64(b[os.Getpagesize()+16+40:])))
}

// Garbage in the freelist makes bbolt panic at opening.
func TestGarbageInFreelist(t *testing.T) {
	dir := t.TempDir()
	b := filled(t, dir)
	page := os.Getpagesize()
	newest := b
	if metaTx(b[page:]) > metaTx(b) {
		newest = b[page:]
	}
	at := int(binary.LittleEndian.Uint64(newest[16+32:])) * page
	copy(b[at+8:], bytes.Repeat([]byte{0xff}, 64))
	put(t, filepath.Join(dir, fileDB), b)
	f, err := Open(dir, Options{NoSync: true}, layout)
	if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "backup") {
		t.Errorf("open: %v, %v", f, err)
	}
}

// Whatever page is garbage, opening and reading end with an error or with what was written, never with a crash.
func TestGarbagePages(t *testing.T) {
	dir := t.TempDir()
	b := filled(t, dir)
	page := os.Getpagesize()
	for at := 0; at < highWater(b)*page; at += page {
		harmed := bytes.Clone(b)
		for i := range page {
			harmed[at+i] = byte(i * 37)
		}
		put(t, filepath.Join(dir, fileDB), harmed)
		f, err := Open(dir, Options{ReadOnly: true}, layout)
		if err != nil {
			continue
		}
		f.Read(t.Context(), func(tx *bbolt.Tx) error {
			return rows.Walk(tx.Bucket([]byte(bucket)), func(_, v []byte, damage error) error {
				if damage == nil && !bytes.Equal(v, bytes.Repeat([]byte("value "), 200)) {
					t.Errorf("page at %d: an altered value was served", at)
				}
				return damage
			})
		})
		f.Close()
	}
}

func TestNotADatabase(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	put(t, filepath.Join(dir, fileDB), bytes.Repeat([]byte("no database "), 4096))
	refused(t, dir, store.ErrDamaged, "backup")
}

func TestForeignDatabase(t *testing.T) {
	dir := t.TempDir()
	db, err := bbolt.Open(filepath.Join(dir, fileDB), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	refused(t, dir, store.ErrDamaged, "not a database of replyby")
}

func TestNewerFormatIsRefused(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	err := f.Write(t.Context(), func(tx *bbolt.Tx) error { return writeIdentity(tx, marker{ID: f.ID(), Format: format + 1}) })
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := Open(dir, Options{}, layout); err == nil || !strings.Contains(err.Error(), fmt.Sprint("format ", format+1)) {
		t.Errorf("open: %v", err)
	}
}

func TestUnreadableMarker(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	for _, words := range []string{"", "{", "{}", "null"} {
		put(t, filepath.Join(dir, fileMarker), []byte(words))
		refused(t, dir, store.ErrDamaged, fileMarker)
	}
}

func TestCommitThatFailsBreaks(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	write(t, f, 1)
	fault := errors.New("the disk is gone")
	err := f.Write(t.Context(), func(tx *bbolt.Tx) error {
		tx.OnCommit(func() { panic(fault) }) // the earliest moment at which nobody can say what was written
		return nil
	})
	if err == nil {
		t.Fatal("no error")
	}
	err = f.Write(t.Context(), func(*bbolt.Tx) error { return nil })
	if !errors.Is(err, store.ErrBroken) || !strings.Contains(err.Error(), "the disk is gone") {
		t.Errorf("write: %v, want %v", err, store.ErrBroken)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, open(t, dir), 1)
}

func TestErrorInsideWriteDoesNotBreak(t *testing.T) {
	f := open(t, t.TempDir())
	for _, do := range []func(*bbolt.Tx) error{
		func(*bbolt.Tx) error { return store.ErrConflict },
		func(tx *bbolt.Tx) error { tx.Bucket([]byte("nowhere")).Get(nil); return nil }, // panics
	} {
		if err := f.Write(t.Context(), do); err == nil {
			t.Error("no error")
		}
		write(t, f, 1)
	}
}

// I6: a copy put back twice, or another after the wrong one, still leaves the database that was at work to go back to. What the first restore
// put in place has never been worked with.
func TestRestoreTwiceKeepsWhatWasAtWork(t *testing.T) {
	dir := t.TempDir()
	copied := filled(t, dir)
	f, err := Open(dir, Options{NoSync: true}, layout)
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, 50) // what only this database has
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	atWork := read(t, filepath.Join(dir, fileDB))
	for n := 1; n <= 2; n++ {
		if _, err := Restore(dir, bytes.NewReader(copied)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(read(t, filepath.Join(dir, fileDB+before)), atWork) {
			t.Errorf("after %d restores the database that was at work is gone", n)
		}
	}
}
