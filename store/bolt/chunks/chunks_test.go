package chunks

import (
	"bytes"
	"path/filepath"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/rows"
)

// Bytes of every length come back as they were put, and leave nothing behind.
func TestChunks(t *testing.T) {
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "db"), 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("b"))
		if err != nil {
			return err
		}
		for i, n := range []int{0, 1, size - 1, size, size + 1, 3 * size} {
			key, data := rows.WordKey(string(rune('a'+i))), bytes.Repeat([]byte{byte(i)}, n)
			if err := Put(b, key, data); err != nil {
				t.Fatal(err)
			}
			if got, err := Get(b, key); err != nil || got == nil || !bytes.Equal(got, data) {
				t.Errorf("%d bytes came back as %d, %v", n, len(got), err)
			}
			if err := Delete(b, key); err != nil {
				t.Fatal(err)
			}
			if got, err := Get(b, key); got != nil || err != nil {
				t.Errorf("%d bytes after deletion, %v", len(got), err)
			}
		}
		if k, _ := b.Cursor().First(); k != nil {
			t.Errorf("row %x is left", k)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
