package bolt

import (
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// foldedBy makes a database what a program with another fold would have left: other snapshots, due at other times.
func foldedBy(t *testing.T, dir string, fold uint64) {
	t.Helper()
	s := open(t, dir)
	defer s.Close()
	err := s.in.Write(t.Context(), func(tx *bbolt.Tx) error {
		d := findDesk(tx, "support", nil)
		was, err := d.ticket(1)
		if err != nil {
			return err
		}
		is := was
		is.Subject, is.Wake, is.State = "as it was read then", epoch.Add(time.Hour), ticket.Closed
		if err := d.putTicket(was, is); err != nil {
			return err
		}
		var p rows.Packer
		p.Uint(fold)
		return rows.Put(d.root, []byte("fold"), p)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// I7: a release that folds otherwise folds what it finds anew, however often that is cut short, and an older one refuses.
func TestAnotherFold(t *testing.T) {
	dir := t.TempDir()
	furnished(t, dir)
	foldedBy(t, dir, ticket.Fold-1)
	if _, err := Open(dir, Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "older replyby") {
		t.Errorf("opened for inspection: %v", err)
	}
	file, err := datafile.Open(dir, Options{NoSync: true}, layout) // to let a renewal stop in the middle
	if err != nil {
		t.Fatal(err)
	}
	cut := &Store{file: file, in: file}
	err = cut.in.Write(t.Context(), func(tx *bbolt.Tx) error {
		d := findDesk(tx, "support", nil)
		if err := d.emptyIndexes(); err != nil {
			return err
		}
		return d.foldAnew(0, 2)
	})
	if err != nil {
		t.Fatal(err)
	}
	cut.Close()

	told := 0
	s, err := Open(dir, Options{NoSync: true, Progress: func(done, total int) { told++ }})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, s)
	if told == 0 {
		t.Error("nobody was told how far it was")
	}
	if due, err := s.Due(t.Context(), "support", epoch.Add(time.Hour), 9); err != nil || len(due) != 1 || due[0] != (store.Due{At: epoch}) {
		t.Errorf("due %v, %v", due, err)
	}
	s.Close()
	foldedBy(t, dir, ticket.Fold+1)
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "newer replyby") {
		t.Errorf("opened what a newer fold left: %v", err)
	}
}
