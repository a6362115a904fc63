package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// flip changes a bit of a row.
func flip(b *bbolt.Bucket, key []byte) error {
	row := bytes.Clone(b.Get(key))
	if row == nil {
		return fmt.Errorf("no row %x", key)
	}
	row[len(row)/2] ^= 1
	return b.Put(key, row)
}

// harmed is a furnished store with something harmed.
func harmed(t *testing.T, harm func(d *bbolt.Bucket) error) *Store {
	t.Helper()
	dir := t.TempDir()
	furnished(t, dir)
	s := open(t, dir)
	if err := s.file.Write(t.Context(), func(tx *bbolt.Tx) error { return harm(support(tx)) }); err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// I7: a ticket whose row is harmed or lost is what its records make of it, for every way to read it. That is told and verify finds it, until the
// next write of the ticket writes the row anew.
func TestHarmedTicket(t *testing.T) {
	sane := harmed(t, func(*bbolt.Bucket) error { return nil })
	for name, harm := range map[string]func(b *bbolt.Bucket, key []byte) error{
		"harmed": flip, "lost": func(b *bbolt.Bucket, key []byte) error { return b.Delete(key) },
		"no ticket": func(b *bbolt.Bucket, key []byte) error { return rows.Put(b, key, []byte("[]")) },
	} {
		for number := range uint64(3) {
			t.Run(fmt.Sprint(name, number), func(t *testing.T) {
				s := harmed(t, func(d *bbolt.Bucket) error { return harm(rows.Table(d, "ticket"), rows.NumberKey(number)) })
				want, err := sane.Load(t.Context(), "support", number)
				if err != nil {
					t.Fatal(err)
				}
				got, err := s.Load(t.Context(), "support", number)
				if err != nil || asJSON(t, got) != asJSON(t, want) {
					t.Errorf("load: %+v, %v, want %+v", got, err, want)
				}
				if found, err := s.Find(t.Context(), store.Query{Desk: "support", Open: true}); err != nil || len(found) != 2 {
					t.Errorf("find: %d tickets, %v", len(found), err)
				}
				if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != 1 || !errors.Is(told[0], store.ErrDamaged) {
					t.Errorf("told: %v, %v", told, err)
				}
				if findings, err := s.Check(t.Context(), nil); err != nil || !mentions(findings, fmt.Sprint("ticket ", number)) {
					t.Errorf("check: %v, %v", findings, err)
				}
				again := arrival(number)
				again.Expect = 0
				if err := s.Commit(t.Context(), again); !errors.Is(err, store.ErrConflict) {
					t.Errorf("taken for a new one: %v", err)
				}
				written(t, s, number, want.Version)
			})
		}
	}
}

// written writes a ticket, in a view too, and checks that nothing is harmed any more.
func written(t *testing.T, s *Store, number, version uint64) {
	t.Helper()
	noted := ticket.Event{Kind: kind.Noted, Ticket: number, Actor: "eva", At: epoch, Body: ticket.Body{Text: "as it was"}}
	err := s.Together(t.Context(), func(view store.Store) error {
		return view.Commit(t.Context(), store.Change{Desk: "support", Ticket: number, Expect: version, Events: []ticket.Event{noted}})
	})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, s)
	if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) > 0 {
		t.Errorf("told: %v, %v", told, err)
	}
}

// I7: where records are harmed too, or it is not certain that all of them are there, a ticket whose row is harmed is damaged, and nothing is
// written in its place.
func TestHarmedRecords(t *testing.T) {
	first := func(d *bbolt.Bucket) (key, place []byte) {
		place, _ = rows.Table(d, "of").Cursor().Seek(rows.NumberKey(1))
		return place[8:], bytes.Clone(place)
	}
	for name, harm := range map[string]func(d *bbolt.Bucket) error{
		"a record":             func(d *bbolt.Bucket) error { key, _ := first(d); return flip(rows.Table(d, "log"), key) },
		"a lost record":        func(d *bbolt.Bucket) error { key, _ := first(d); return rows.Table(d, "log").Delete(key) },
		"what lists a record":  func(d *bbolt.Bucket) error { _, place := first(d); return flip(rows.Table(d, "of"), place) },
		"one that is unlisted": func(d *bbolt.Bucket) error { _, place := first(d); return rows.Table(d, "of").Delete(place) },
		"one listed twice": func(d *bbolt.Bucket) error {
			_, place := first(d)
			of := rows.Table(d, "of")
			return errors.Join(of.Delete(place), rows.Put(of, append(rows.NumberKey(2), rows.NumberKey(9)...), nil))
		},
		"the end of the log": func(d *bbolt.Bucket) error { return flip(d, []byte("head")) },
	} {
		t.Run(name, func(t *testing.T) {
			s := harmed(t, func(d *bbolt.Bucket) error {
				err := harm(d)
				return errors.Join(err, flip(rows.Table(d, "ticket"), rows.NumberKey(1)), flip(rows.Table(d, "ticket"), rows.NumberKey(2)))
			})
			if got, err := s.Load(t.Context(), "support", 1); !errors.Is(err, store.ErrDamaged) || got.Version != 0 {
				t.Errorf("load: %+v, %v", got, err)
			}
			before := contents(t, s)
			if err := s.Commit(t.Context(), arrival(1)); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("commit: %v", err)
			}
			if !maps.Equal(contents(t, s), before) {
				t.Error("something was written")
			}
		})
	}
}

// contents is every row of the desk.
func contents(t *testing.T, s *Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := s.file.Read(t.Context(), func(tx *bbolt.Tx) error {
		d := support(tx)
		return d.ForEachBucket(func(name []byte) error {
			return d.Bucket(name).ForEach(func(k, v []byte) error { all[string(name)+string(k)] = string(v); return nil })
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
