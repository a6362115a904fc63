package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/chunks"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// sound checks that a store has nothing wrong.
func sound(t testing.TB, s *Store) {
	t.Helper()
	findings, err := s.Check(t.Context(), nil)
	if err != nil || len(findings) > 0 {
		t.Fatalf("check: %v, %v", findings, err)
	}
}

// desks of one directory with something in every table.
func furnished(t testing.TB, dir string) {
	t.Helper()
	s := open(t, dir)
	defer s.Close()
	if _, err := s.PutRaw(t.Context(), []byte("1"), bytes.Repeat([]byte("long "), 300_000)); err != nil {
		t.Fatal(err)
	}
	reply := []byte("Subject: a reply\r\n\r\n")
	l := ticket.Letter{ID: "reply", Customer: true, Hash: ticket.Sum(reply), NotBefore: epoch}
	decided := ticket.Event{Kind: kind.Decided, Ticket: 1, Actor: "eva", At: epoch, Body: ticket.Body{Letters: []ticket.Letter{l}}}
	own := ticket.Event{Kind: kind.Started, At: epoch, Body: ticket.Body{Wake: epoch}}
	for _, batch := range [][]store.Change{
		{arrival(1), arrival(2), {Desk: "support", Events: []ticket.Event{own}}},
		{{Desk: "support", Ticket: 1, Expect: 4, Events: []ticket.Event{decided}, Letters: []store.Letter{{Letter: l, Bytes: reply}}}},
		{{Desk: "support", Ticket: 1, Sending: []string{"reply"}}},
	} {
		if err := s.Commit(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
	sound(t, s)
}

// Every harm is found, and said at the place where it is.
func TestCheckFinds(t *testing.T) {
	anyRow := func(b *bbolt.Bucket) []byte { k, _ := b.Cursor().First(); return bytes.Clone(k) }
	stray := append(bytes.Repeat([]byte{1}, 40), rows.NumberKey(1)...)
	for name, c := range map[string]struct {
		table string // of the desk, or with a slash a bucket of the file
		harm  func(*bbolt.Bucket) error
		where string
	}{
		"a record is gone":             {"log", func(b *bbolt.Bucket) error { return b.Delete(rows.NumberKey(2)) }, "log"},
		"the last record is gone":      {"log", func(b *bbolt.Bucket) error { return b.Delete(rows.NumberKey(10)) }, "head"},
		"a record is another":          {"log", func(b *bbolt.Bucket) error { return rows.Put(b, rows.NumberKey(3), pack.Record(logbook.Record{})) }, "log"},
		"a record is not listed":       {"of", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "log"},
		"a snapshot is gone":           {"ticket", func(b *bbolt.Bucket) error { return b.Delete(rows.NumberKey(1)) }, "ticket 1"},
		"a snapshot is another":        {"ticket", func(b *bbolt.Bucket) error { return rows.Put(b, rows.NumberKey(1), []byte("{}")) }, "ticket 1"},
		"an open ticket is not listed": {"open", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "open"},
		"an open ticket is another's":  {"open", func(b *bbolt.Bucket) error { return rows.Put(b, anyRow(b), []byte("\x03eva")) }, "open"},
		"a due row is gone":            {"due", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "due"},
		"a due row too many":           {"due", func(b *bbolt.Bucket) error { return rows.Put(b, stray, nil) }, "due"},
		"an updated row too many":      {"updated", func(b *bbolt.Bucket) error { return rows.Put(b, stray, nil) }, "updated"},
		"a customer row too many":      {"customer", func(b *bbolt.Bucket) error { return rows.Put(b, stray, nil) }, "customer"},
		"a key leads nowhere":          {"key", func(b *bbolt.Bucket) error { return rows.Put(b, append(stray[:40], rows.NumberKey(9)...), nil) }, "key"},
		"a letter is not listed":       {"outbox", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "outbox"},
		"a mark is not listed":         {"sending", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "outbox"},
		"a letter is gone":             {"letter", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "outbox"},
		"bytes of a letter are gone":   {"bytes", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "outbox"},
		"bytes of a letter too many":   {"bytes", func(b *bbolt.Bucket) error { return chunks.Put(b, stray[:32], nil) }, "outbox"},
		"counters are garbage":         {"tally", func(b *bbolt.Bucket) error { return rows.Put(b, []byte("2026-03-02"), []byte{9}) }, "tally"},
		"a cursor is garbage":          {"cursor", func(b *bbolt.Bucket) error { return rows.Put(b, anyRow(b), nil) }, "cursor"},
		"a kept letter is another":     {"/raw", func(b *bbolt.Bucket) error { return rows.Put(b, anyRow(b), []byte("other words")) }, "raw"},
		"a message is another":         {"/mail", func(b *bbolt.Bucket) error { return rows.Put(b, anyRow(b), []byte("other words")) }, "attempts"},
		"a message is gone":            {"/mail", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "attempts"},
		"a message has no name":        {"/attempt", func(b *bbolt.Bucket) error { return b.Delete(anyRow(b)) }, "raw"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			furnished(t, dir)
			s := open(t, dir)
			err := s.file.Write(t.Context(), func(tx *bbolt.Tx) error {
				if name, ok := strings.CutPrefix(c.table, "/"); ok {
					return c.harm(tx.Bucket([]byte(name)))
				}
				return c.harm(rows.Table(support(tx), c.table))
			})
			if err != nil {
				t.Fatal(err)
			}
			findings, err := s.Check(t.Context(), nil)
			if err != nil || !mentions(findings, c.where) {
				t.Errorf("check: %v, %v, want something about %s", findings, err, c.where)
			}
		})
	}
}

// What has a name that nothing has was something else once: a harmed name takes its row or table out of sight, and nobody misses some of them.
func TestCheckFindsStrayNames(t *testing.T) {
	for name, harm := range map[string]func(d *bbolt.Bucket) error{
		"a row":            func(d *bbolt.Bucket) error { return rows.Put(d, []byte("fol"), []byte{3}) },
		"a table":          func(d *bbolt.Bucket) error { _, err := d.CreateBucket([]byte("dud")); return err },
		"a row in tatters": func(d *bbolt.Bucket) error { return d.Put([]byte("folding"), []byte("x")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			furnished(t, dir)
			s := open(t, dir)
			if err := s.file.Write(t.Context(), func(tx *bbolt.Tx) error { return harm(support(tx)) }); err != nil {
				t.Fatal(err)
			}
			findings, err := s.Check(t.Context(), nil)
			if err != nil || !mentions(findings, "tables") {
				t.Errorf("check: %v, %v", findings, err)
			}
		})
	}
}

func mentions(findings []Finding, where string) bool {
	for _, f := range findings {
		if strings.HasSuffix(f.Where, where) {
			return true
		}
	}
	return false
}

// damaged is an answer that was refused.
const damaged = "damaged"

// Wherever one bit flips in the file, everything read is right or refused, and Check finds what was refused.
func TestFlippedBits(t *testing.T) {
	dir := t.TempDir()
	furnished(t, dir)
	path := filepath.Join(dir, "replyby.db")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := everything(t, dir)
	for word, part := range map[string]string{
		"The shop is down": "ticket or log", "review 1 for 0": "letter", "Subject: a reply": "raw", "long long": "raw", `"purpose":"review"`: "letter row",
	} {
		at := bytes.Index(whole, []byte(word))
		if at < 0 {
			t.Fatalf("%q is not in the file", word)
		}
		for range 10 {
			harmed := bytes.Clone(whole)
			harmed[at] ^= 4
			if err := os.WriteFile(path, harmed, 0o600); err != nil {
				t.Fatal(err)
			}
			answers, findings := everything(t, dir)
			for i, got := range answers {
				if got != want[i] && (got != damaged || len(findings) == 0) {
					t.Errorf("%s at %d: answer %d is %s, findings %v", part, at, i, got, findings)
				}
			}
			next := bytes.Index(whole[at+1:], []byte(word))
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
}

// everything reads all of a directory, each answer as its digest or as damaged, and checks it.
func everything(t *testing.T, dir string) (answers []string, findings []Finding) {
	t.Helper()
	s, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	answer := func(v any, err error) {
		digest := ticket.Sum(fmt.Appendf(nil, "%s", v)).String()
		if errors.Is(err, store.ErrDamaged) {
			digest = damaged
		} else if err != nil {
			t.Error(err)
		}
		answers = append(answers, digest)
	}
	ctx := t.Context()
	for n := range uint64(3) {
		answer(s.Load(ctx, "support", n))
	}
	answer(s.Outbox(ctx, "support", epoch.AddDate(1, 0, 0), 0))
	answer(s.Raw(ctx, ticket.Sum([]byte("1"))))
	answer(s.Raw(ctx, ticket.Sum(bytes.Repeat([]byte("long "), 300_000))))
	answer(s.Raw(ctx, ticket.Sum([]byte("Subject: a reply\r\n\r\n"))))
	answer(s.Find(ctx, store.Query{Desk: "support", Open: true}))
	for n := int64(0); n < 3; n++ {
		var records []logbook.Record
		var err error
		for r, rerr := range s.Log(ctx, "support", 0, n) {
			if err = rerr; err == nil {
				records = append(records, r)
			}
		}
		answer(records, err)
	}
	if findings, err = s.Check(ctx, nil); err != nil {
		t.Error(err)
	}
	return answers, findings
}

// What is lost is damage, not something that never was: nothing may be written in its place. A ticket is more than its row, see TestHarmedTicket.
func TestLostRowsAreDamage(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(*bbolt.Bucket) error
		read func(*Store) error
	}{
		"head":    {func(d *bbolt.Bucket) error { return d.Delete([]byte("head")) }, func(s *Store) error { _, err := s.Head(t.Context(), "support"); return err }},
		"new one": {func(d *bbolt.Bucket) error { return d.Delete([]byte("head")) }, func(s *Store) error { return s.Commit(t.Context(), arrival(3)) }},
		"record":  {func(d *bbolt.Bucket) error { return rows.Table(d, "log").Delete(rows.NumberKey(2)) }, func(s *Store) error { return readLog(t, s, -1) }},
		"last":    {func(d *bbolt.Bucket) error { return rows.Table(d, "log").Delete(rows.NumberKey(10)) }, func(s *Store) error { return readLog(t, s, -1) }},
		"of one":  {func(d *bbolt.Bucket) error { return rows.Table(d, "log").Delete(rows.NumberKey(2)) }, func(s *Store) error { return readLog(t, s, 1) }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			furnished(t, dir)
			s := open(t, dir)
			err := s.file.Write(t.Context(), func(tx *bbolt.Tx) error { return c.harm(support(tx)) })
			if err != nil {
				t.Fatal(err)
			}
			if err := c.read(s); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("%v, want %v", err, store.ErrDamaged)
			}
		})
	}
}

// A database that lacks a table is damaged, also where the first to miss it is the recomputing of its snapshots.
func TestRenewWithoutTable(t *testing.T) {
	dir := t.TempDir()
	furnished(t, dir)
	with(t, dir, func(d *bbolt.Bucket) error {
		return errors.Join(d.DeleteBucket([]byte("due")), rows.Delete(d, []byte("fold")))
	})
	if _, err := Open(dir, Options{NoSync: true}); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("%v, want %v", err, store.ErrDamaged)
	}
}

func readLog(t *testing.T, s *Store, number int64) error {
	for _, err := range s.Log(t.Context(), "support", 0, number) {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestCheckTellsProgressAndEnds(t *testing.T) {
	dir := t.TempDir()
	furnished(t, dir)
	s := open(t, dir)
	var batch []store.Change
	for n := uint64(3); n < 300; n++ {
		batch = append(batch, arrival(n))
	}
	if err := s.Commit(t.Context(), batch...); err != nil {
		t.Fatal(err)
	}
	last := 0
	findings, err := s.Check(t.Context(), func(done, total int) {
		if done <= last || done > total {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || len(findings) > 0 || last == 0 {
		t.Errorf("check: %v, %v, %d rows", findings, err, last)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := s.Check(ctx, func(int, int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("check: %v, want %v", err, context.Canceled)
	}
}

// I7: a row that is gone without a trace, as behind a damaged page header, is missed in every table that nothing else accounts for.
func TestMissedRows(t *testing.T) {
	for _, table := range []string{"tally", "cursor", "key", "raw", "attempt"} {
		dir := t.TempDir()
		furnished(t, dir)
		s := open(t, dir)
		sound(t, s)
		err := s.file.Write(t.Context(), func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(table))
			if b == nil {
				b = rows.Table(support(tx), table)
			}
			row, _ := b.Cursor().Last()
			if row == nil {
				return fmt.Errorf("table %s is empty", table)
			}
			return b.Delete(row)
		})
		if err != nil {
			t.Fatal(err)
		}
		if findings, err := s.Check(t.Context(), nil); err != nil || len(findings) == 0 {
			t.Errorf("%s: %v, %v, want a finding", table, findings, err)
		}
		s.Close()
	}
}
