package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
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
		if err := d.tickets().Put(was, is); err != nil {
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

// with changes the desk of a database behind the back of its store.
func with(t *testing.T, dir string, change func(d desk) error) {
	t.Helper()
	file, err := datafile.Open(dir, datafile.Options{NoSync: true}, layout)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := (&Store{file: file, in: file}).renewing("support", change); err != nil {
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
	begun := func(fold uint64, next uint64) func(desk) error {
		return func(d desk) error {
			var p rows.Packer
			p.Uint(fold)
			p.Uint(next)
			return errors.Join(rows.Delete(d.root, []byte(rowFold)), d.tickets().EmptyIndexes(), rows.Put(d.root, []byte(rowFolding), p))
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
			with(t, dir, func(d desk) error {
				none := func(err error) { t.Error(err) }
				return errors.Join(d.foldAnew(0, none), d.foldAnew(1, none), d.putFolding(2))
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
	for name, harm := range map[string]func(d desk) error{
		"damaged": func(d desk) error {
			key := rows.NumberKey(1)
			return d.table("log").Put(key, append([]byte{1}, d.table("log").Get(key)...))
		},
		"all lost": func(d desk) error {
			return rows.ScanPrefix(d.table("of"), rows.NumberKey(1), 0, func(seq uint64) (bool, error) {
				return true, rows.Delete(d.table("of"), binary.BigEndian.AppendUint64(rows.NumberKey(1), seq))
			})
		},
		"the last lost": func(d desk) error {
			t, err := d.ticket(1)
			return errors.Join(err, rows.Delete(d.table("of"), binary.BigEndian.AppendUint64(rows.NumberKey(1), t.Version)))
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
	with(t, dir, func(d desk) error {
		was, err := d.ticket(1)
		is := was
		is.State = ticket.Waiting // as fold 2 had it
		var p rows.Packer
		p.Uint(2)
		return errors.Join(err, d.tickets().Put(was, is), rows.Put(d.root, []byte(rowFold), p))
	})
	s, _, _ = renewed(t, dir)
	if now, err := s.Load(t.Context(), "support", 1); err != nil || now.State == ticket.Waiting {
		t.Errorf("the ticket is %s, %v", now.State, err)
	}
	sound(t, s)
}
