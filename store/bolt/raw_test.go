package bolt

import (
	"bytes"
	"errors"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/chunks"
	"replyby/store/bolt/messages"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// A long message is written in several transactions. Whichever of them was the last, it is not there, nothing is wrong with the database,
// and whoever puts it again completes it.
func TestLongMessageCutShort(t *testing.T) {
	long, short := bytes.Repeat([]byte("0123456789abcde\n"), 2*partSize/16+5), []byte("another")
	for parts := range 4 { // of three, the last of which is the commit of all
		dir := t.TempDir()
		s := open(t, dir)
		for i := range parts {
			err := s.in.Write(t.Context(), func(tx *bbolt.Tx) error {
				return messages.Of(tx).PutPart(ticket.Sum(long), long, i*partSize, (i+1)*partSize)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		sound(t, s)
		if _, err := s.Raw(t.Context(), ticket.Sum(long)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("after %d parts: %v", parts, err)
		}
		s.Close()
		s = open(t, dir)
		for n, raws := range [][][]byte{{short}, {long}, {long}} {
			got, err := s.PutRaw(t.Context(), raws...)
			if err != nil || got[0].Attempts != max(n, 1) {
				t.Errorf("after %d parts: %+v, %v", parts, got, err)
			}
		}
		if got, err := s.Raw(t.Context(), ticket.Sum(long)); err != nil || !bytes.Equal(got, long) {
			t.Errorf("after %d parts: %d bytes of %d, %v", parts, len(got), len(long), err)
		}
		sound(t, s)
	}
}

// An erased message is not kept again, in parts neither.
func TestErasedIsNotKeptInParts(t *testing.T) {
	s, long := open(t, t.TempDir()), bytes.Repeat([]byte("x"), 2*partSize+5)
	write := func(f func(messages.Box) error) {
		if err := s.in.Write(t.Context(), func(tx *bbolt.Tx) error { return f(messages.Of(tx)) }); err != nil {
			t.Fatal(err)
		}
	}
	write(func(b messages.Box) error { return b.PutPart(ticket.Sum(long), long, 0, partSize) })
	write(func(b messages.Box) error { return b.Forget(ticket.Sum(long)) })
	if got, err := s.PutRaw(t.Context(), long); err != nil || !got[0].Kept {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.Raw(t.Context(), ticket.Sum(long)); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	sound(t, s)
}

// A long message of the first layout, whose bytes stand under their hash, stays kept and there when it comes again.
func TestLongMessageOfFirstLayout(t *testing.T) {
	s, long := open(t, t.TempDir()), bytes.Repeat([]byte("x"), 2*partSize+5)
	hash := ticket.Sum(long)
	err := s.in.Write(t.Context(), func(tx *bbolt.Tx) error {
		return errors.Join(chunks.Put(tx.Bucket([]byte("raw")), hash[:], long), rows.Add(tx.Bucket([]byte("attempt")), hash[:], []byte{0, 1, 0}))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.in.Write(t.Context(), func(tx *bbolt.Tx) error { return messages.Of(tx).PutPart(hash, long, 0, partSize) })
	if got, lost := s.Raw(t.Context(), hash); err != nil || lost != nil || !bytes.Equal(got, long) {
		t.Errorf("%v; %d bytes of %d, %v", err, len(got), len(long), lost)
	}
	if got, err := s.PutRaw(t.Context(), long); err != nil || !got[0].Kept {
		t.Errorf("%+v, %v", got, err)
	}
}
