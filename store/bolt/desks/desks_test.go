package desks

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/messages"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

const desk = "support"

// epoch is when the tests begin.
func epoch() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// database is an empty one.
func database(t *testing.T) *bbolt.DB {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "db"), 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	write(t, db, func(tx *bbolt.Tx) error { return errors.Join(Create(tx), messages.Create(tx)) })
	return db
}

func write(t *testing.T, db *bbolt.DB, do func(*bbolt.Tx) error) {
	t.Helper()
	if err := db.Update(do); err != nil {
		t.Fatal(err)
	}
}

// batch is what two mails of one batch come to: the second follows the first in every row that a view holds back.
func batch() []store.Change {
	letter := []byte("Subject: to staff\r\n\r\n")
	l := ticket.Letter{ID: "ask", Hash: ticket.Sum(letter), NotBefore: epoch()}
	changes := []store.Change{}
	for n := range uint64(2) {
		from := ticket.Address{Addr: "anna@shop.example"}
		came := ticket.Event{Kind: kind.Received, Ticket: n + 1, At: epoch(), Body: ticket.Body{Message: &ticket.Message{From: from, ReceivedAt: epoch()}}}
		own := ticket.Event{Kind: kind.Started, At: epoch(), Body: ticket.Body{Wake: epoch().Add(time.Duration(n) * time.Hour)}}
		changes = append(changes,
			store.Change{Desk: desk, Ticket: n + 1, Events: []ticket.Event{came}, Keys: []store.Key{{Kind: store.Thread, Value: fmt.Sprint(n)}},
				Cursor: &store.Cursor{Folder: "INBOX", UIDValidity: 1, UID: uint32(n + 1)}},
			store.Change{Desk: desk, Expect: 2 * n, Events: []ticket.Event{own}, Day: "2026-03-02", Count: map[string]int64{"mails": 1}})
	}
	first := &changes[0]
	first.Events[0].Body.Letters, first.Letters = []ticket.Letter{l}, []store.Letter{{Letter: l, Bytes: letter}}
	return changes
}

// applied writes the batch at once and returns the records of each change.
func applied(t *testing.T, db *bbolt.DB) (records [][]logbook.Record) {
	t.Helper()
	write(t, db, func(tx *bbolt.Tx) error {
		for _, c := range batch() {
			of, err := Apply(tx, Around{}, c)
			if err != nil {
				return err
			}
			records = append(records, of)
		}
		return nil
	})
	return records
}

// redo writes the batch again.
func redo(tx *bbolt.Tx, a Around, records [][]logbook.Record) error {
	for i, c := range batch() {
		if err := Redo(tx, a, c, records[i]); err != nil {
			return err
		}
	}
	return nil
}

// I6: what a view holds back, and what is redone after a crash, is row by row what was written at once.
func TestHeldAndRedoneAreTheSame(t *testing.T) {
	once, held, redone := database(t), database(t), database(t)
	records := applied(t, once)
	write(t, redone, func(tx *bbolt.Tx) error { return redo(tx, Around{}, records) })
	write(t, held, func(tx *bbolt.Tx) error {
		h := NewHeld()
		return errors.Join(redo(tx, Around{Held: h}, records), h.Write(tx))
	})
	want := dump(t, once)
	for name, db := range map[string]*bbolt.DB{"held": held, "redone": redone} {
		if got := dump(t, db); !maps.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A desk says of itself what a view holds back of it; its index does when that is written.
func TestHeldIsRead(t *testing.T) {
	db, h := database(t), NewHeld()
	write(t, db, func(tx *bbolt.Tx) error {
		for _, c := range batch() {
			if _, err := Apply(tx, Around{Held: h}, c); err != nil {
				return err
			}
		}
		d := Of(tx, desk, Around{Held: h})
		head, err1 := d.Head()
		own, err2 := d.Ticket(0)
		tallies, err3 := d.Tallies("2026-03-02", "2026-03-02")
		if head.Seq != 4 || own.Version != 4 || len(tallies) != 1 || tallies[0].Count["mails"] != 2 {
			t.Errorf("head %+v, own file at %d, tallies %v", head, own.Version, tallies)
		}
		if err := h.Write(tx); err != nil {
			return err
		}
		due, err4 := d.Due(own.Wake, 0)
		if len(due) != 1 || due[0] != (store.Due{At: own.Wake}) {
			t.Errorf("due %v", due)
		}
		return errors.Join(err1, err2, err3, err4)
	})
}

// What is redone must be what was sealed: another record at its place is not.
func TestRedoRefusesAnotherRecord(t *testing.T) {
	records := applied(t, database(t))
	records[0][0].Prev[0] ^= 1
	err := database(t).Update(func(tx *bbolt.Tx) error { return Redo(tx, Around{}, batch()[0], records[0]) })
	if err == nil {
		t.Error("redone with a record that follows another")
	}
}

// Of a desk that nothing was committed to nothing is found, and asking makes nothing.
func TestNoDesk(t *testing.T) {
	db := database(t)
	err := db.View(func(tx *bbolt.Tx) error {
		d := Of(tx, "unheard of", Around{})
		head, err1 := d.Head()
		one, err2 := d.Ticket(1)
		hits, err3 := d.Find(store.Query{})
		due, err4 := d.Due(epoch(), 0)
		waiting, err5 := d.Waiting()
		letters, err6 := d.Ready(epoch(), 0)
		cursor, err7 := d.Cursor("INBOX")
		tallies, err8 := d.Tallies("", "9")
		err9 := d.Log(-1, 0, func(logbook.Record) bool { t.Error("a record"); return true })
		if head.Next != 1 || one.Version != 0 || cursor != (store.Cursor{}) || len(hits)+len(due)+len(waiting)+len(letters)+len(tallies)+len(All(tx, "", Around{})) > 0 {
			t.Errorf("%+v %+v %v %v %v %v %v %v", head, one, hits, due, waiting, letters, cursor, tallies)
		}
		if err := d.Retry("a letter", epoch()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("retry: %v", err)
		}
		return errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9)
	})
	if err != nil {
		t.Error(err)
	}
}

// I7: whatever is wrong with one part, the others are walked, and each finding says where it is.
func TestPartsStandAlone(t *testing.T) {
	db := database(t)
	applied(t, db)
	if found := findings(t, db); len(found) > 0 {
		t.Errorf("nothing is wrong, and %v is said", found)
	}
	write(t, db, func(tx *bbolt.Tx) error {
		root := tx.Bucket([]byte(bucketDesk)).Bucket([]byte(desk))
		c := root.Bucket([]byte(tableTally)).Cursor()
		day, _ := c.First()
		return errors.Join(root.Bucket([]byte(tableTally)).Delete(bytes.Clone(day)), root.Put([]byte("head"), []byte("garbage")))
	})
	found := findings(t, db)
	for _, table := range []string{"head", tableTally} {
		if !found[fmt.Sprintf("desk %q, %s", desk, table)] {
			t.Errorf("nothing is said of %s: %v", table, found)
		}
	}
}

// findings is where something is wrong.
func findings(t *testing.T, db *bbolt.DB) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := db.View(func(tx *bbolt.Tx) error {
		for _, part := range Of(tx, desk, Around{}).Parts() {
			err := part.Walk(func(where string, damage error) error {
				if damage != nil {
					found[where] = true
				}
				return nil
			})
			if err != nil {
				found[part.Where] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// dump is every row of a database, and how many its tables count.
func dump(t *testing.T, db *bbolt.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	var walk func(path string, b *bbolt.Bucket) error
	walk = func(path string, b *bbolt.Bucket) error {
		all[path+" rows"] = fmt.Sprint(b.Sequence())
		return b.ForEach(func(k, v []byte) error {
			if v == nil {
				return walk(path+"/"+string(k), b.Bucket(k))
			}
			all[path+"/"+string(k)] = string(v)
			return nil
		})
	}
	if err := db.View(func(tx *bbolt.Tx) error { return walk("", tx.Cursor().Bucket()) }); err != nil {
		t.Fatal(err)
	}
	return all
}
