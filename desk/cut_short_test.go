package desk_test

import (
	"context"
	"errors"
	"testing"

	"replyby/store"
)

// mortal is a store that can be written to a few times more; then the program is as good as dead.
type mortal struct {
	store.Store
	left *int
}

var errDead = errors.New("the program is dead")

func (m mortal) write(do func() error) error {
	if *m.left--; *m.left < 0 {
		return errDead
	}
	return do()
}

// PutRaw implements store.Store.
func (m mortal) PutRaw(ctx context.Context, raws ...[]byte) (kept []store.Raw, err error) {
	err = m.write(func() error { kept, err = m.Store.PutRaw(ctx, raws...); return err })
	return kept, err
}

// Commit implements store.Store.
func (m mortal) Commit(ctx context.Context, changes ...store.Change) error {
	return m.write(func() error { return m.Store.Commit(ctx, changes...) })
}

// Together implements store.Store.
func (m mortal) Together(ctx context.Context, f func(store.Store) error) error {
	return m.write(func() error { return m.Store.Together(ctx, f) })
}

// I1, I6: wherever the taking in of a batch is cut short, what the cursor says is read is a ticket, and the rest becomes one when it is
// given again.
func TestBatchCutShort(t *testing.T) {
	for mails := 1; mails <= 3; mails++ {
		for writes := range 8 {
			s, left := play(t, agency(t)), writes
			b := s.batch(mails)
			err := s.hireAt(s.cfg, mortal{s.store, &left}).Receive(t.Context(), b)
			if err != nil && !errors.Is(err, errDead) {
				t.Fatal(err)
			}
			c, cerr := s.store.Cursor(t.Context(), s.cfg.Name, "INBOX")
			h, herr := s.store.Head(t.Context(), s.cfg.Name)
			if cerr != nil || herr != nil || uint64(c.UID) != h.Next-1 {
				t.Errorf("%d mails, %d writes: read up to %d, tickets below %d: %v %v", mails, writes, c.UID, h.Next, cerr, herr)
			}
			s.restart()
			b.Mails = b.Mails[c.UID:]
			if err := s.desk.Receive(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			if h, err := s.store.Head(t.Context(), s.cfg.Name); err != nil || h.Next != uint64(mails)+1 {
				t.Errorf("%d mails, %d writes: given again they are %d tickets, %v", mails, writes, h.Next-1, err)
			}
		}
	}
}
