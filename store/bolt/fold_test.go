package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/desks"
	"replyby/store/bolt/rows"
	"replyby/store/bolt/tickets"
	"replyby/ticket"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
)

// foldedBy makes a database what a program with another fold would have left: other snapshots, due at other times.
func foldedBy(t *testing.T, dir string, fold uint64) {
	t.Helper()
	with(t, dir, func(d *bbolt.Bucket) error {
		return otherwise(d, fold, func(is *ticket.Ticket) {
			is.Subject, is.Wake, is.State = "as it was read then", epoch.Add(time.Hour), ticket.Closed
		})
	})
}

// otherwise changes the snapshot of ticket 1 to what another fold made of it.
func otherwise(d *bbolt.Bucket, fold uint64, change func(*ticket.Ticket)) error {
	shelf := tickets.Of("support", d)
	was, _, err := shelf.Get(1)
	is := was
	change(&is)
	var p rows.Packer
	p.Uint(fold)
	return errors.Join(err, shelf.Put(was, is), rows.Put(d, []byte("fold"), p))
}

// with changes the bucket of a desk behind the back of its store.
func with(t *testing.T, dir string, change func(d *bbolt.Bucket) error) {
	t.Helper()
	behind(t, dir, func(tx *bbolt.Tx) error { return change(support(tx)) })
}

// support is the bucket of the desk that has something in every table.
func support(tx *bbolt.Tx) *bbolt.Bucket { return tx.Bucket([]byte("desk")).Bucket([]byte("support")) }

// behind writes a database behind the back of its store.
func behind(t *testing.T, dir string, write func(*bbolt.Tx) error) {
	t.Helper()
	file, err := datafile.Open(dir, datafile.Options{NoSync: true}, layout)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Write(t.Context(), write); err != nil {
		t.Fatal(err)
	}
}

// renewed opens a database, which folds it anew, and returns how often it was told of that and of which damage.
func renewed(t *testing.T, dir string) (s *Store, told int, damage []error) {
	t.Helper()
	s, err := Open(dir, Options{NoSync: true, Renewing: func(done, total int, err error) {
		told++
		if err != nil {
			damage = append(damage, err)
		} else if done > total {
			t.Errorf("%d of %d are done", done, total)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, told, damage
}

// I7: a release that folds otherwise folds what it finds anew, wherever that was cut short and whichever release goes on, and an older
// one refuses what a newer one has finished.
func TestAnotherFold(t *testing.T) {
	begun := func(fold uint64, next uint64) func(*bbolt.Bucket) error {
		return func(d *bbolt.Bucket) error {
			var p rows.Packer
			p.Uint(fold)
			p.Uint(next)
			return errors.Join(rows.Delete(d, []byte("fold")), tickets.Of("support", d).EmptyIndexes(), rows.Put(d, []byte("folding"), p))
		}
	}
	for name, before := range map[string]func(dir string){
		"older": func(dir string) {
			s, err := Open(dir, Options{ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			sound(t, s)
			s.Close()
		},
		"cut short at the beginning": func(dir string) { with(t, dir, begun(ticket.FoldVersion, 0)) },
		"cut short by a newer one":   func(dir string) { with(t, dir, begun(ticket.FoldVersion+1, 2)) },
		"cut short in the middle": func(dir string) {
			with(t, dir, begun(ticket.FoldVersion, 0))
			behind(t, dir, func(tx *bbolt.Tx) error {
				return desks.Of(tx, "support", desks.Around{}).FoldAnew(0, 2, func(number uint64, damage error) {
					if damage != nil {
						t.Errorf("ticket %d: %v", number, damage)
					}
				})
			})
			if _, err := Open(dir, Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "half renewed") {
				t.Errorf("opened for inspection: %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			furnished(t, dir)
			foldedBy(t, dir, ticket.FoldVersion-1)
			before(dir)
			s, told, damage := renewed(t, dir)
			sound(t, s)
			if told == 0 || damage != nil {
				t.Errorf("told %d times, damage %v", told, damage)
			}
			if due, err := s.Due(t.Context(), "support", epoch.Add(time.Hour), 9); err != nil || len(due) != 1 || due[0] != (store.Due{At: epoch}) {
				t.Errorf("due %v, %v", due, err)
			}
			s.Close()
			if _, told, _ := renewed(t, dir); told != 0 {
				t.Error("folded anew once more")
			}
		})
	}
	dir := t.TempDir()
	furnished(t, dir)
	foldedBy(t, dir, ticket.FoldVersion+1)
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "newer replyby") {
		t.Errorf("opened what a newer fold left: %v", err)
	}
}

// A ticket whose records are damaged or lost stays as it was, is told of, and stops nothing; the check finds it.
func TestAnotherFoldOfDamagedRecords(t *testing.T) {
	for name, harm := range map[string]func(d *bbolt.Bucket) error{
		"damaged": func(d *bbolt.Bucket) error {
			key := rows.NumberKey(1)
			return rows.Table(d, "log").Put(key, append([]byte{1}, rows.Table(d, "log").Get(key)...))
		},
		"all lost": func(d *bbolt.Bucket) error {
			return rows.ScanPrefix(rows.Table(d, "of"), rows.NumberKey(1), 0, func(seq uint64) (bool, error) {
				return true, rows.Delete(rows.Table(d, "of"), binary.BigEndian.AppendUint64(rows.NumberKey(1), seq))
			})
		},
		"the last lost": func(d *bbolt.Bucket) error {
			t, _, err := tickets.Of("support", d).Get(1)
			return errors.Join(err, rows.Delete(rows.Table(d, "of"), binary.BigEndian.AppendUint64(rows.NumberKey(1), t.Version)))
		},
	} {
		dir := t.TempDir()
		furnished(t, dir)
		foldedBy(t, dir, ticket.FoldVersion-1)
		with(t, dir, harm)
		s, _, damage := renewed(t, dir)
		if len(damage) != 1 || !errors.Is(damage[0], store.ErrDamaged) || !strings.Contains(damage[0].Error(), "ticket 1") {
			t.Errorf("%s: %v", name, damage)
		}
		if was, err := s.Load(t.Context(), "support", 1); err != nil || was.Subject != "as it was read then" {
			t.Errorf("%s: ticket 1 is %q, %v", name, was.Subject, err)
		}
		if findings, err := s.Check(t.Context(), nil); err != nil || len(findings) == 0 {
			t.Errorf("%s: the check finds nothing, %v", name, err)
		}
	}
}

// A ticket of which neither the row nor the records can be read, or of which nobody knows that all records are there, stays as it is and keeps
// nothing else back: the store opens and tells of it. It stands where whatever may be open or due is looked for, as wherever an index is harmed.
func TestAnotherFoldOfAHarmedTicket(t *testing.T) {
	place := func(d *bbolt.Bucket) []byte {
		at, _ := rows.Table(d, "of").Cursor().Seek(rows.NumberKey(1))
		return bytes.Clone(at)
	}
	row := func(d *bbolt.Bucket) error { return flip(rows.Table(d, "ticket"), rows.NumberKey(1)) }
	for name, harm := range map[string]func(d *bbolt.Bucket) error{
		"row and record": func(d *bbolt.Bucket) error { return errors.Join(row(d), flip(rows.Table(d, "log"), place(d)[8:])) },
		"no row, and a record is lost": func(d *bbolt.Bucket) error {
			return errors.Join(rows.Delete(rows.Table(d, "ticket"), rows.NumberKey(1)), rows.Delete(rows.Table(d, "log"), place(d)[8:]))
		},
		"row, and a record is not listed": func(d *bbolt.Bucket) error { return errors.Join(row(d), rows.Delete(rows.Table(d, "of"), place(d))) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			furnished(t, dir)
			foldedBy(t, dir, ticket.FoldVersion-1)
			with(t, dir, harm)
			s, _, damage := renewed(t, dir)
			if len(damage) != 1 || !errors.Is(damage[0], store.ErrDamaged) || !strings.Contains(damage[0].Error(), "ticket 1") {
				t.Errorf("told: %v", damage)
			}
			if was, err := s.Load(t.Context(), "support", 1); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("ticket 1 is %+v, %v", was, err)
			}
			if other, err := s.Load(t.Context(), "support", 2); err != nil || other.Version == 0 {
				t.Errorf("ticket 2 is %+v, %v", other, err)
			}
			due, err := s.Due(t.Context(), "support", epoch, 9)
			if err != nil || !slices.ContainsFunc(due, func(x store.Due) bool { return x.Ticket == 1 }) {
				t.Errorf("due: %v, %v", due, err)
			}
			waiting, err := s.Waiting(t.Context(), "support")
			if err != nil || len(waiting) != 2 {
				t.Errorf("waiting: %v, %v", waiting, err)
			}
			if findings, err := s.Check(t.Context(), nil); err != nil || !mentions(findings, "ticket 1") {
				t.Errorf("check: %v, %v", findings, err)
			}
			s.Close()
			if _, told, _ := renewed(t, dir); told != 0 {
				t.Error("folded anew once more")
			}
		})
	}
}

// A copy that an older release made is renewed where it is put back.
func TestCopyOfAnotherFold(t *testing.T) {
	dir, back := t.TempDir(), t.TempDir()
	furnished(t, dir)
	foldedBy(t, dir, ticket.FoldVersion-1)
	s, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var copied bytes.Buffer
	if _, err := s.Backup(t.Context(), &copied); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(back, &copied); err != nil {
		t.Fatal(err)
	}
	again, told, _ := renewed(t, back)
	sound(t, again)
	if told == 0 {
		t.Error("not folded anew")
	}
}

// What an older fold left of a letter that came back is mended where the database is renewed: nobody was asked, so nothing waits for him.
func TestFoldOfALetterThatCameBack(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	question := []byte("Subject: a question\r\n\r\n")
	l := ticket.Letter{ID: "ask", Customer: true, Hash: ticket.Sum(question), Then: []effect.Effect{effect.Waits}}
	event := func(k kind.Kind, b ticket.Body) ticket.Event {
		b.Delivery = &ticket.Delivery{Letter: l.ID}
		return ticket.Event{Kind: k, Ticket: 1, Actor: "eva", At: epoch, Body: b}
	}
	c := arrival(1)
	c.Events = append(c.Events, event(kind.Decided, ticket.Body{Letters: []ticket.Letter{l}}), event(kind.Sent, ticket.Body{}), event(kind.Waiting, ticket.Body{}),
		event(kind.Bounced, ticket.Body{}))
	c.Letters, c.Done = append(c.Letters, store.Letter{Letter: l, Bytes: question}), append(c.Done, l.ID)
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	s.Close()
	with(t, dir, func(d *bbolt.Bucket) error {
		return otherwise(d, 2, func(is *ticket.Ticket) { is.State = ticket.Waiting }) // as fold 2 had it
	})
	s, _, _ = renewed(t, dir)
	if now, err := s.Load(t.Context(), "support", 1); err != nil || now.State == ticket.Waiting {
		t.Errorf("the ticket is %s, %v", now.State, err)
	}
	sound(t, s)
}
