package blank_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/blank"
)

// deleted is a database in which some rows of a bucket were written and deleted again, and others are there.
func deleted(t *testing.T, rows int) *bbolt.DB {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "db"), 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	write := func(do func(b *bbolt.Bucket, key []byte, i int) error) {
		t.Helper()
		if err := db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte("b"))
			for i := 0; i < rows && err == nil; i++ {
				err = do(b, fmt.Append(nil, i), i)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	write(func(b *bbolt.Bucket, key []byte, i int) error {
		word := []byte("secret")
		if i%7 == 0 {
			word = []byte("stays")
		}
		return b.Put(key, append(word, make([]byte, 5000)...))
	})
	write(func(b *bbolt.Bucket, key []byte, i int) error {
		if i%7 == 0 {
			return nil
		}
		return b.Delete(key)
	})
	return db
}

// copied is the database as the writer passes it on, read in pieces of any size.
func copied(t *testing.T, db *bbolt.DB) []byte {
	t.Helper()
	var raw, out bytes.Buffer
	if err := db.View(func(tx *bbolt.Tx) error { _, err := tx.WriteTo(&raw); return err }); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw.Bytes(), []byte("secret")) {
		t.Fatal("bbolt leaves nothing behind, so there is nothing to leave out")
	}
	file, err := os.Open(db.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := blank.New(&out, file)
	size := db.Info().PageSize
	if _, err := w.Write(raw.Next(size)); err != nil {
		t.Fatal(err)
	}
	for raw.Len() > 0 {
		if _, err := w.Write(raw.Next(1000)); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// A copy has nothing of what was deleted, and all the rest.
func TestCopyWithoutFreePages(t *testing.T) {
	const rows = 50
	out := copied(t, deleted(t, rows))
	if bytes.Contains(out, []byte("secret")) {
		t.Error("what was deleted is in the copy")
	}
	path := filepath.Join(t.TempDir(), "copy")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Error(err)
		}
		b := tx.Bucket([]byte("b"))
		for i := 0; i < rows; i += 7 {
			if v := b.Get(fmt.Append(nil, i)); !bytes.HasPrefix(v, []byte("stays")) {
				t.Errorf("row %d is %.10q", i, v)
			}
		}
		return b.Put([]byte("new"), make([]byte, 20000))
	}); err != nil {
		t.Error(err)
	}
}

// listed is the beginning of a file of many pages, filled with "x", whose list of free pages says that a page and those behind it are free. It is
// longer than a page counts.
func listed(first uint64) []byte {
	const size, list, free, high = 4096, 2, 70000, 90000
	h, b := binary.LittleEndian, bytes.Repeat([]byte("x"), 300*size)
	h.PutUint32(b[16+8:], size)
	h.PutUint64(b[16+32:], list)
	h.PutUint64(b[16+40:], high)
	page := b[list*size:]
	h.PutUint64(page, list)
	h.PutUint16(page[8:], 0x10)
	h.PutUint16(page[10:], 0xFFFF)
	h.PutUint32(page[12:], free*8/size+1)
	h.PutUint64(page[16:], free)
	for i := range uint64(free) {
		h.PutUint64(page[24+8*i:], first+i)
	}
	return b
}

// The list may be long. One that names a page which cannot be free is not believed at all.
func TestLongList(t *testing.T) {
	for first, blanked := range map[uint64]bool{200: true, 1: false, 2: false, 25000: false} {
		file := listed(first)
		var out bytes.Buffer
		if n, err := blank.New(&out, bytes.NewReader(file)).Write(file); n != len(file) || err != nil {
			t.Fatal(n, err)
		}
		want := bytes.Clone(file)
		if blanked {
			clear(want[200*4096:])
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("free from %d on: other bytes", first)
		}
	}
}

// What is no file of bbolt, or one whose list of free pages cannot be read, comes out as it went in.
func TestCopyAsItIs(t *testing.T) {
	db := deleted(t, 20)
	var raw bytes.Buffer
	if err := db.View(func(tx *bbolt.Tx) error { _, err := tx.WriteTo(&raw); return err }); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"short": []byte("short"), "zero": make([]byte, 9000), "bbolt": raw.Bytes()} {
		var out bytes.Buffer
		w := blank.New(&out, bytes.NewReader(nil))
		if n, err := w.Write(file); n != len(file) || err != nil || !bytes.Equal(out.Bytes(), file) {
			t.Errorf("%s: %d of %d bytes, %v", name, n, len(file), err)
		}
	}
}
