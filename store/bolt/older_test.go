package bolt

import (
	"errors"
	"fmt"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/chunks"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// A file of the first layout, which kept messages under their hashes, is read, and written on.
func TestFirstLayout(t *testing.T) {
	dir := t.TempDir()
	old := []byte("Subject: kept under its hash\r\n\r\n")
	hash := ticket.Sum(old)
	s := open(t, dir)
	err := s.file.Write(t.Context(), func(tx *bbolt.Tx) error {
		return errors.Join(
			tx.DeleteBucket([]byte("mail")),
			chunks.Put(tx.Bucket([]byte("raw")), hash[:], old),
			rows.Put(tx.Bucket([]byte("attempt")), hash[:], []byte{0, 1, 0}),
			rows.Put(tx.Bucket([]byte("meta")), []byte("store"), fmt.Appendf(nil, `{"id":%q,"format":1}`, s.ID())),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := Open(dir, Options{ReadOnly: true}); err == nil {
		t.Error("opened for inspection before anything has made it new")
	}
	s = open(t, dir)
	if raw, err := s.Raw(t.Context(), hash); err != nil || string(raw) != string(old) {
		t.Errorf("%q, %v", raw, err)
	}
	want := store.Raw{Hash: hash, Attempts: 1, Alone: 1, Kept: true}
	if got, err := s.PutRaw(t.Context(), old); err != nil || got[0] != want {
		t.Errorf("put again: %+v, %v, want %+v", got, err, want)
	}
	if _, err := s.PutRaw(t.Context(), []byte("new")); err != nil {
		t.Error(err)
	}
	sound(t, s)
	s.Close()
	s, err = Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if raw, err := s.Raw(t.Context(), ticket.Sum([]byte("new"))); err != nil || string(raw) != "new" {
		t.Errorf("%q, %v", raw, err)
	}
}
