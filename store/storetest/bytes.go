package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

func bytesPromises() []promise {
	return []promise{
		{"raw messages are any bytes", rawBytes},
		{"attempts are counted until a commit lists the message", rawAttempts},
		{"names and keys are any bytes", anyNames},
		{"keys compare bytewise", bytewise},
		{"instants come back equal", instants},
		{"long words are kept whole", longWords},
	}
}

// awkward are words that stores like to change: NUL, bytes that are no UTF-8, no words at all, the separators of keys.
func awkward() []string {
	return []string{"a\x00b", "\xff\xfe", "\x00", "é", "e\u0301", "a b ", " a", "%", "'; --", "/", "\n", "\U0010FFFF", "a\x00"}
}

func rawBytes(w *trial) {
	bodies := [][]byte{{}, []byte("\x00"), []byte("\xff\x00\r\n.\r\n"), bytes.Repeat([]byte("0123456789abcdef"), 3<<16), bytes.Repeat([]byte{0}, 1<<20), bytes.Repeat([]byte("long"), 9<<18+1)}
	known := must(w.s.PutRaw(w.Context(), bodies...))(w)
	for i, body := range bodies {
		w.same(known[i], store.Raw{Hash: ticket.Sum(body), Attempts: 1})
		if got := must(w.s.Raw(w.Context(), known[i].Hash))(w); !bytes.Equal(got, body) {
			w.Errorf("body of %d bytes came back as %d", len(body), len(got))
		}
	}
	big := letterTo(true, "big", minute(1))
	big.Bytes = bodies[3]
	big.Hash = ticket.Sum(big.Bytes)
	empty := letterTo(false, "empty", minute(1))
	empty.Bytes, empty.Hash = nil, ticket.Sum(nil)
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), big, empty))
	for i, l := range must(w.s.Outbox(w.Context(), desk, minute(1), 9))(w) {
		if want := [][]byte{big.Bytes, {}}[i]; !bytes.Equal(l.Bytes, want) {
			w.Errorf("letter %s of %d bytes came back as %d", l.ID, len(want), len(l.Bytes))
		}
	}
}

func rawAttempts(w *trial) {
	a, b := []byte("a"), []byte("b")
	put := func(raws ...[]byte) []store.Raw { return must(w.s.PutRaw(w.Context(), raws...))(w) }
	said := func(body []byte, attempts, alone int) store.Raw {
		return store.Raw{Hash: ticket.Sum(body), Attempts: attempts, Alone: alone}
	}
	w.same(put(a), []store.Raw{said(a, 1, 1)})
	w.same(put(b, a, b), []store.Raw{said(b, 1, 0), said(a, 2, 1), said(b, 2, 0)})
	c := change(1, 0, received(minute(0), "ann@customer.example"))
	c.Raw = []ticket.Hash{ticket.Sum(a)}
	c.Expect = 9
	w.refused(store.ErrConflict, c)
	w.same(put(a), []store.Raw{said(a, 3, 2)})
	c.Expect = 0
	w.commit(c)
	w.same(put(a, b), []store.Raw{{Hash: ticket.Sum(a), Attempts: 1, Kept: true}, said(b, 3, 0)})
	w.reopen()
	w.same(put(b), []store.Raw{said(b, 4, 1)})
	w.same(put(), []store.Raw(nil))
}

func anyNames(w *trial) {
	ctx := w.Context()
	for i, word := range awkward() {
		e := received(minute(i), word+"@customer.example")
		e.Actor, e.Cause, e.Kind = word, word, kind.Received
		c := change(1, 0, e)
		c.Desk, c.Keys = word, []store.Key{{Kind: store.Seen, Value: word}, {Kind: store.Thread, Value: word}}
		c.Cursor = &store.Cursor{Folder: word, UIDValidity: 1, UID: uint32(i)}
		c.Day, c.Count = "2026-03-02", map[string]int64{word: int64(i), "x" + word: 1}
		w.commit(c)
	}
	for i, word := range awkward() {
		w.same(must(w.s.Cursor(ctx, word, word))(w), store.Cursor{Folder: word, UIDValidity: 1, UID: uint32(i)})
		w.same(must(w.s.Tallies(ctx, word, "2026-03-02", "2026-03-02"))(w)[0].Count, map[string]int64{word: int64(i), "x" + word: 1})
		found := must(w.s.Find(ctx, store.Query{Desk: word, Key: store.Key{Kind: store.Thread, Value: word}}))(w)
		w.same(len(found), 1)
		w.same(found[0].Desk, word)
		r := w.log(word, 1, -1)[0]
		w.same([]string{r.Desk, r.Actor, r.Cause}, []string{word, word, word})
		must(logbook.Verify(logbook.Head{}, r))(w)
		w.foldsAgree(word, 1)
	}
}

func bytewise(w *trial) {
	words := []string{"foo", "Foo", "fooa", "foo|abc", "foo}", "FOO", "foo ", "fòo"}
	for i, word := range words {
		c := change(uint64(i+1), 0, received(minute(0), "ann@customer.example"))
		c.Keys = []store.Key{{Kind: store.Seen, Value: word}}
		w.commit(c)
		c = change(1, 0, received(minute(0), word+"@customer.example"))
		c.Desk = word
		w.commit(c)
	}
	for i, word := range words {
		w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: store.Seen, Value: word}}), []uint64{uint64(i + 1)})
	}
	w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: store.Seen, Value: "fo"}}), []uint64(nil))
	w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: store.TokenHash, Value: "foo"}}), []uint64(nil))
	var desks []string
	for _, t := range must(w.s.Find(w.Context(), store.Query{}))(w) {
		if t.Desk != desk {
			desks = append(desks, t.Desk)
		}
	}
	w.same(desks, []string{"FOO", "Foo", "foo", "foo ", "fooa", "foo|abc", "foo}", "fòo"})
}

func instants(w *trial) {
	for i, at := range []time.Time{
		time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC),
	} {
		n := uint64(i + 1)
		l := letterTo(false, fmt.Sprint("l", i), at)
		w.commit(posts(change(n, 0, received(at, "ann@customer.example"), owes(at, at)), at, l))
		r := w.log(desk, 0, int64(n))[0]
		if t := w.load(desk, n); t.UpdatedAt != at || t.ReceivedAt != at || t.NextDue() != at || r.At != at {
			w.Errorf("%s came back as %s, %s, %s, %s", at, t.UpdatedAt, t.ReceivedAt, t.NextDue(), r.At)
		}
		if got := w.due(at, 9); !containsDue(got, store.Due{At: at, Ticket: n}) {
			w.Errorf("due at %s: %v", at, got)
		}
		if got := must(w.s.Outbox(w.Context(), desk, at, 9))(w); got[len(got)-1].NotBefore != at {
			w.Errorf("letter of %s: %v", at, got)
		}
	}
}

func containsDue(due []store.Due, want store.Due) bool {
	for _, d := range due {
		if d == want { // the very same instant, location and all
			return true
		}
	}
	return false
}

func longWords(w *trial) {
	long := strings.Repeat("x", 100_000)
	for i, end := range []string{"a", "b"} {
		c := change(uint64(i+1), 0, received(minute(i), long+end+"@customer.example"))
		c.Keys = []store.Key{{Kind: store.Seen, Value: long + end}}
		c.Cursor = &store.Cursor{Folder: long + end, UIDValidity: 1, UID: uint32(i)}
		w.commit(c)
	}
	w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: store.Seen, Value: long + "b"}}), []uint64{2})
	w.same(w.find(store.Query{Desk: desk, Customer: long + "b@customer.example"}), []uint64{2})
	w.same(must(w.s.Cursor(w.Context(), desk, long+"a"))(w).UID, uint32(0))
}
