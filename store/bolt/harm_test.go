package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

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

// I7, I8: where a row of an index is harmed, the tickets themselves say what it would: every query has the answer it had before. It is told and
// verify finds it, until every ticket is written again.
func TestHarmedIndex(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		s := open(t, dir)
		defer s.Close()
		many(t, rt, s)
		want := answers(t, s)
		table := rapid.SampledFrom([]string{"open", "due", "updated", "customer"}).Draw(rt, "table")
		nth := rapid.IntRange(0, 9).Draw(rt, "row")
		harm := func(tx *bbolt.Tx) error {
			b := rows.Table(support(tx), table)
			c := b.Cursor()
			key, _ := c.First()
			for ; nth > 0 && key != nil; nth-- {
				if next, _ := c.Next(); next != nil {
					key = next
				}
			}
			return flip(b, bytes.Clone(key))
		}
		if err := s.file.Write(t.Context(), harm); err != nil {
			rt.Skip(err)
		}
		if got := answers(t, s); got != want {
			rt.Errorf("%s is harmed:\n%s\nwant\n%s", table, got, want)
		}
		if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != 1 || !strings.Contains(told[0].Error(), table) {
			rt.Errorf("told: %v, %v", told, err)
		}
		if findings, err := s.Check(t.Context(), nil); err != nil || len(findings) == 0 {
			rt.Errorf("check: %v, %v", findings, err)
		}
		head, err := s.Head(t.Context(), "support")
		for n := uint64(1); err == nil && n < head.Next; n++ {
			of, failed := s.Load(t.Context(), "support", n)
			e := ticket.Event{Kind: kind.Noted, Ticket: n, Actor: "eva", At: of.UpdatedAt, Body: ticket.Body{Text: "x"}}
			err = errors.Join(failed, s.Commit(t.Context(), store.Change{Desk: "support", Ticket: n, Expect: of.Version, Events: []ticket.Event{e}}))
		}
		if err != nil {
			rt.Fatal(err)
		}
		sound(t, s)
		if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) > 0 {
			rt.Errorf("told: %v, %v", told, err)
		}
	})
}

// many opens some tickets of two customers and closes a few.
func many(t *testing.T, rt *rapid.T, s *Store) {
	t.Helper()
	var batch []store.Change
	for n := range uint64(rapid.IntRange(1, 9).Draw(rt, "tickets")) {
		c := arrival(n + 1)
		c.Events[0].Body.Message.From.Addr = rapid.SampledFrom([]string{"Ann@customer.example", "bob@customer.example"}).Draw(rt, "customer")
		if rapid.Bool().Draw(rt, "closed") {
			c.Events = append(c.Events, ticket.Event{Kind: kind.Closed, Ticket: n + 1, Actor: "eva", At: c.Events[0].At.Add(time.Hour)})
		}
		batch = append(batch, c)
	}
	if err := s.Commit(t.Context(), batch...); err != nil {
		t.Fatal(err)
	}
}

// answers is what a store says to every kind of query that reads an index.
func answers(t *testing.T, s *Store) string {
	t.Helper()
	var said strings.Builder
	say := func(what string, v any, err error) { fmt.Fprintf(&said, "%s: %v %v\n", what, v, err) }
	for _, q := range []store.Query{
		{Desk: "support", Open: true}, {Open: true, Limit: 2}, {Desk: "support", Open: true, After: 2}, {Since: epoch.Add(3 * time.Second)},
		{Desk: "support", Since: epoch, Shut: true}, {Desk: "support", Since: epoch, Limit: 2, After: 1}, {Desk: "support", Customer: "ann@customer.example"},
		{Customer: "bob@customer.example", Open: true}, {Desk: "support", Customer: "ANN@customer.example", Latest: true, Limit: 2},
		{Desk: "support", Customer: "ann@customer.example", Open: true, After: 1, Limit: 1},
		{Desk: "support", Open: true, Domain: "customer.example"}, {Desk: "support", Open: true, Domain: "customer.example", Latest: true, Limit: 2},
	} {
		found, err := s.Find(t.Context(), q)
		var numbers []uint64
		for _, f := range found {
			numbers = append(numbers, f.Number)
		}
		say(fmt.Sprintf("%+v", q), numbers, err)
	}
	for limit := range 4 { // without one first, or the row may not be reached
		due, err := s.Due(t.Context(), "support", epoch.AddDate(0, 0, 2), limit)
		say("due", due, err)
	}
	waiting, err := s.Waiting(t.Context(), "support")
	say("waiting", waiting, err)
	return said.String()
}

// I7, I8: nothing tells what the harmed counters of a day said. That they are lost is told for ever, they keep no other day's from a report, and what
// is counted from then on is written beside that, in a view too.
func TestHarmedCounters(t *testing.T) {
	for name, together := range map[string]bool{"alone": false, "in a view": true} {
		t.Run(name, func(t *testing.T) {
			s := harmed(t, func(d *bbolt.Bucket) error { return flip(rows.Table(d, "tally"), []byte("2026-03-02")) })
			count := func(view store.Store, day string) error {
				return view.Commit(t.Context(), store.Change{Desk: "support", Day: day, Count: map[string]int64{"new": 2}})
			}
			if err := count(s, "2026-03-03"); err != nil {
				t.Fatal(err)
			}
			tell := func(want string) {
				t.Helper()
				all, err := s.Tallies(t.Context(), "support", "2026-03-01", "2026-03-31")
				if got := fmt.Sprint(all); err != nil || got != want {
					t.Errorf("counters: %s, %v, want %s", got, err, want)
				}
			}
			tell("[{2026-03-02 map[lost:1]} {2026-03-03 map[new:2]}]")
			if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != 1 {
				t.Errorf("told: %v, %v", told, err)
			}
			if findings, err := s.Check(t.Context(), nil); err != nil || !mentions(findings, "tally") {
				t.Errorf("check: %v, %v", findings, err)
			}
			twice := func(view store.Store) error { return errors.Join(count(view, "2026-03-02"), count(view, "2026-03-02")) }
			write := func(f func(store.Store) error) error { return f(s) }
			if together {
				write = func(f func(store.Store) error) error { return s.Together(t.Context(), f) }
			}
			if err := write(twice); err != nil {
				t.Fatal(err)
			}
			tell("[{2026-03-02 map[lost:1 new:4]} {2026-03-03 map[new:2]}]")
			sound(t, s)
		})
	}
}

// I1, I7: of a folder whose cursor is harmed or lost nobody can say how far it was read: it is to be read again, from its start, and not as one that
// was never seen, of which what waits is passed over. That is told and verify finds it until the cursor is written anew; no other is concerned.
func TestHarmedCursor(t *testing.T) {
	for name, harm := range map[string]func(b *bbolt.Bucket, key []byte) error{
		"harmed": flip, "lost": func(b *bbolt.Bucket, key []byte) error { return b.Delete(key) },
		"no cursor": func(b *bbolt.Bucket, key []byte) error { return rows.Put(b, key, nil) },
		"under another key": func(b *bbolt.Bucket, key []byte) error {
			other := append([]byte{key[0] ^ 1}, key[1:]...)
			return errors.Join(b.Put(other, b.Get(key)), b.Delete(key))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := harmed(t, func(*bbolt.Bucket) error { return nil })
			read := func(folder string) store.Cursor {
				t.Helper()
				c, err := s.Cursor(t.Context(), "support", folder)
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			sent := store.Cursor{Folder: "Sent", UIDValidity: 5, UID: 9}
			move := func(c store.Cursor) {
				t.Helper()
				if err := s.Commit(t.Context(), store.Change{Desk: "support", Cursor: &c}); err != nil {
					t.Fatal(err)
				}
			}
			move(sent)
			inbox := read("INBOX")
			if err := s.file.Write(t.Context(), func(tx *bbolt.Tx) error { return harm(rows.Table(support(tx), "cursor"), rows.WordKey("INBOX")) }); err != nil {
				t.Fatal(err)
			}
			if got := read("INBOX"); got.Folder != "INBOX" || got.UIDValidity == 0 || got.UID != 0 {
				t.Errorf("cursor %+v, want one at the start of a known folder", got)
			}
			if got := read("Sent"); got != sent {
				t.Errorf("the other cursor is %+v", got)
			}
			if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != 1 || !strings.Contains(told[0].Error(), "cursor") {
				t.Errorf("told: %v, %v", told, err)
			}
			if findings, err := s.Check(t.Context(), nil); err != nil || !mentions(findings, "cursor") {
				t.Errorf("check: %v, %v", findings, err)
			}
			move(sent)
			if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != 1 {
				t.Errorf("told after another cursor was written: %v, %v", told, err)
			}
			move(inbox)
			sound(t, s)
			if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) > 0 {
				t.Errorf("told: %v, %v", told, err)
			}
			if got := read("Junk"); got != (store.Cursor{}) {
				t.Errorf("a folder that was never seen: %+v", got)
			}
		})
	}
}

// I7: a row of an index that cannot be read, though it be its key that is harmed and no write of a ticket finds it, goes with the next opening, which makes
// the indexes anew and tells of it once. Opened for inspection nothing changes.
func TestOpeningMakesIndexesAnew(t *testing.T) {
	for _, table := range []string{"open", "due", "updated", "customer"} {
		t.Run(table, func(t *testing.T) {
			dir := t.TempDir()
			furnished(t, dir)
			s := open(t, dir)
			want := answers(t, s)
			s.Close()
			with(t, dir, func(d *bbolt.Bucket) error { return strayed(rows.Table(d, table)) })
			s, err := Open(dir, Options{ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			if findings, err := s.Check(t.Context(), nil); err != nil || !mentions(findings, table) {
				t.Errorf("check: %v, %v", findings, err)
			}
			s.Close()
			s, told, damage := renewed(t, dir)
			short := table == "open" || table == "due"
			if (told > 0) != short {
				t.Errorf("the opening told %d times", told)
			} else if !short { // too long to be looked through each time, so whoever finds it out says so to the next
				if _, err := s.Check(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != 1 {
					t.Errorf("told: %v, %v", told, err)
				}
				s.Close()
				if s, told, damage = renewed(t, dir); told == 0 {
					t.Error("not made anew after a check")
				}
			}
			if len(damage) > 0 {
				t.Errorf("damage: %v", damage)
			}
			sound(t, s)
			if got := answers(t, s); got != want {
				t.Errorf("%s\nwant\n%s", got, want)
			}
			for times := range 2 {
				if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != 1-times {
					t.Errorf("told: %v, %v", told, err)
				}
			}
			s.Close()
			if _, told, _ := renewed(t, dir); told != 0 {
				t.Error("made anew once more")
			}
		})
	}
}

// strayed harms the key of the first row.
func strayed(b *bbolt.Bucket) error {
	key, value := b.Cursor().First()
	other := bytes.Clone(key)
	other[0] ^= 0x10
	return errors.Join(b.Put(other, bytes.Clone(value)), b.Delete(bytes.Clone(key)))
}

// I7, I8: where a ticket cannot be read, the indexes stay as they are: in those made anew it would be missing, and nobody would hear of it.
func TestOpeningKeepsWhatListsUnreadTickets(t *testing.T) {
	dir := t.TempDir()
	furnished(t, dir)
	with(t, dir, func(d *bbolt.Bucket) error {
		return errors.Join(strayed(rows.Table(d, "customer")), flip(rows.Table(d, "ticket"), rows.NumberKey(1)), flip(rows.Table(d, "log"), rows.NumberKey(1)))
	})
	s, told, _ := renewed(t, dir)
	if told != 0 {
		t.Errorf("told %d times", told)
	}
	found := 0
	for _, err := range s.Each(t.Context(), store.Query{Desk: "support", Open: true}) {
		if found++; err != nil && !store.Harmed(err) {
			t.Error(err)
		}
	}
	if found != 2 {
		t.Errorf("%d open tickets, want both, read or not", found)
	}
}

// I5, I7: a ticket that is lost from where open or due ones are looked for while the store is open, its row gone or under another key, is found by a look at
// both and listed anew: every query has the answer it had before. It is told, once where that makes all whole; a look at what is whole writes nothing.
func TestRelist(t *testing.T) {
	sane := harmed(t, func(*bbolt.Bucket) error { return nil })
	want := answers(t, sane)
	if before := contents(t, sane); sane.Relist(t.Context(), "support") != nil || !maps.Equal(contents(t, sane), before) {
		t.Error("something was written where nothing is harmed")
	}
	if told, err := sane.Harm(t.Context(), "support"); err != nil || len(told) > 0 {
		t.Errorf("told where nothing is harmed: %v, %v", told, err)
	}
	for _, table := range []string{"open", "due"} {
		for name, twice := range map[string]int{"lost": 0, "strayed": 1} {
			t.Run(name+" "+table, func(t *testing.T) {
				s := harmed(t, func(d *bbolt.Bucket) error {
					b := rows.Table(d, table)
					if name == "strayed" {
						return strayed(b)
					}
					key, _ := b.Cursor().First()
					return b.Delete(bytes.Clone(key))
				})
				if got := answers(t, s); name == "lost" && got == want {
					t.Fatal("nothing is missing")
				}
				if err := s.Relist(t.Context(), "support"); err != nil {
					t.Fatal(err)
				}
				if got := answers(t, s); got != want {
					t.Errorf("%s\nwant\n%s", got, want)
				}
				for _, times := range []int{1, twice} { // a row that strayed stays until the next opening
					if told, err := s.Harm(t.Context(), "support"); err != nil || len(told) != times || times > 0 && !strings.Contains(told[0].Error(), table) {
						t.Errorf("told %v, %v, want it %d times", told, err, times)
					}
				}
				if twice == 0 {
					sound(t, s)
				}
			})
		}
	}
}
