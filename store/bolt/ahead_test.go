package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
)

// I6, I7: whatever is written, in whatever order, conflicts and panics between, is row by row what it would be if each change had been
// committed by itself; and whenever the program ends, opening the files again comes to the same rows.
func TestAheadIsTheSame(t *testing.T) {
	fewer(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := &pair{T: rt, ctx: t.Context(), t: t, dir: t.TempDir()}
		w.ahead, w.plain = open(t, w.dir), committing(t)
		defer func() { errors.Join(w.ahead.Close(), w.plain.Close()) }()
		rt.Repeat(map[string]func(*rapid.T){
			"small":     func(*rapid.T) { w.both(w.commit) },
			"turn":      func(*rapid.T) { w.both(w.commit); w.both(w.commit); w.both(w.commit) },
			"together":  func(*rapid.T) { w.together() },
			"undone":    func(*rapid.T) { w.undone() },
			"raw":       func(*rapid.T) { w.both(w.putRaw) },
			"retry":     func(*rapid.T) { w.both(w.retry) },
			"read":      func(*rapid.T) { w.same() },
			"crash":     func(*rapid.T) { w.crash() },
			"copy":      func(*rapid.T) { w.copied() },
			"shut down": func(*rapid.T) { w.reopen(w.dir) },
		})
		w.same()
		sound(t, w.ahead)
	})
}

// committing is a store that has no journal.
func committing(t *testing.T) *Store {
	t.Helper()
	file, err := datafile.Open(t.TempDir(), datafile.Options{NoSync: true}, layout)
	if err != nil {
		t.Fatal(err)
	}
	return &Store{file: file, in: file}
}

// pair is the store under test and one that commits everything at once, which is read to know what may be written.
type pair struct {
	*rapid.T
	t            *testing.T
	ctx          context.Context
	dir          string
	ahead, plain *Store
	born         int
}

// step writes something, the same however often it is called.
type step func(s store.Store) error

// both does the same on both stores, which must agree on what comes of it.
func (w *pair) both(draw func(of store.Store) step) {
	do := draw(w.plain)
	w.agree(do(w.ahead), do(w.plain))
}

func (w *pair) agree(got, want error) {
	for _, kind := range []error{store.ErrConflict, store.ErrInvalid, store.ErrNotFound, nil} {
		if errors.Is(got, kind) != errors.Is(want, kind) {
			w.Fatalf("%v, want %v", got, want)
		}
	}
}

var names = []string{"support", "\xff\x00", "a desk"}

func (w *pair) desk() string { return rapid.SampledFrom(names).Draw(w.T, "desk") }

func (w *pair) int(what string, low, high int) int { return rapid.IntRange(low, high).Draw(w.T, what) }

func (w *pair) yes(what string) bool { return rapid.Bool().Draw(w.T, what) }

// word is any word, odd ones above all.
func (w *pair) word(what string) string {
	return rapid.SampledFrom([]string{"", "a", "\x00", "\xff\xfe", "\ufffd", "è\u2028<&>", strings.Repeat("long ", 300)}).Draw(w.T, what)
}

func (w *pair) when(what string) time.Time {
	at := epoch.Add(time.Duration(w.int(what, -3, 30)) * time.Hour)
	if w.yes("odd " + what) {
		return at.In(time.FixedZone("", 3600)).Add(1234567)
	}
	return at
}

// mail is the bytes of a message, which are those of no letter.
func (w *pair) mail(what string) []byte { return []byte("Subject: " + w.word(what)) }

// commit draws changes of different tickets, not all of which can be written.
func (w *pair) commit(of store.Store) step {
	changes := []store.Change{w.change(of, w.desk())}
	if w.yes("two") {
		changes = append(changes, w.change(of, w.desk()))
	}
	return func(s store.Store) error { return s.Commit(w.ctx, changes...) }
}

func (w *pair) change(of store.Store, desk string) store.Change {
	head, err := of.Head(w.ctx, desk)
	if err != nil {
		w.Fatal(err)
	}
	c := store.Change{Desk: desk, Ticket: uint64(w.int("ticket", 0, int(head.Next)))}
	t, err := of.Load(w.ctx, desk, c.Ticket)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		w.Fatal(err)
	}
	c.Expect = t.Version
	if w.int("stale", 0, 20) == 0 {
		c.Expect++
	}
	w.events(&c)
	w.letters(of, &c)
	if len(c.Events) > 0 && t.Version > 0 && w.int("erase", 0, 5) == 0 {
		left := erasure.Remains(t)
		c.Events = []ticket.Event{{Kind: kind.Erased, Ticket: c.Ticket, Actor: "eva", At: w.when("erased"), Body: ticket.Body{Left: &left}}}
		c.Letters, c.Sending, c.Done = nil, nil, w.under(of, desk, c.Ticket)
		c.Erase = []ticket.Hash{ticket.Sum(w.mail("erased"))}
	}
	w.beside(&c)
	return c
}

func (w *pair) events(c *store.Change) {
	for range w.int("events", 0, 2) {
		e := ticket.Event{Ticket: c.Ticket, Actor: w.word("actor"), Cause: w.word("cause"), At: w.when("at")}
		switch w.int("event", 0, 5) {
		case 0:
			e.Kind, e.Body.Message = kind.Received, &ticket.Message{From: ticket.Address{Name: w.word("name"), Addr: w.word("from")}, Subject: w.word("subject"), ReceivedAt: e.At}
		case 1:
			e.Kind = kind.Classified
			e.Body.Obligations = []ticket.Obligation{{Name: duty.Name(w.word("duty")), From: e.At, Limit: w.when("limit"), Rungs: []ticket.Rung{{Name: "limit", At: e.At, To: []string{}}}}}
		case 2:
			e.Kind = kind.Closed
		case 3:
			e.Kind, e.Body.Wake, e.Body.Told = kind.Started, w.when("wake"), map[string]time.Time{w.word("told"): e.At}
		case 4:
			e.Kind, e.Body.Text = kind.Noted, w.word("text")+strings.Repeat("x", w.int("long", 0, 1)*w.int("length", 0, datafile.MaxEntry+5000))
		default:
			e.Kind, e.Body.Unsaid = "of a later release", []string{}
		}
		c.Events = append(c.Events, e)
	}
}

// letters bears letters with the last event, marks and ends letters, also those just born.
func (w *pair) letters(of store.Store, c *store.Change) {
	ids := append(w.under(of, c.Desk, c.Ticket), "never heard of")
	for n := w.int("letters", 0, 2); n > 0 && len(c.Events) > 0; n-- {
		w.born++
		body := []byte(w.word("body"))
		l := ticket.Letter{ID: fmt.Sprintf("è\x00%d", w.born), Customer: w.yes("customer"), Urgent: w.yes("urgent"), To: []string{strings.ToValidUTF8(w.word("to"), "?")}, Hash: ticket.Sum(body), NotBefore: w.when("not before")}
		last := &c.Events[len(c.Events)-1].Body
		last.Letters = append(last.Letters, l)
		c.Letters, ids = append(c.Letters, store.Letter{Letter: l, Bytes: body}), append(ids, l.ID)
	}
	for _, id := range ids {
		if id != "never heard of" && w.int("sending", 0, 3) == 0 {
			c.Sending = append(c.Sending, id)
		}
		if w.int("done", 0, 3) == 0 {
			c.Done = append(c.Done, id)
		}
	}
}

// under is what letters of a ticket are under way.
func (w *pair) under(of store.Store, desk string, n uint64) (ids []string) {
	letters, err := of.Outbox(w.ctx, desk, epoch.AddDate(10, 0, 0), 0)
	if err != nil {
		w.Fatal(err)
	}
	for _, l := range letters {
		if l.Ticket == n {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

func (w *pair) beside(c *store.Change) {
	for range w.int("keys", 0, 2) {
		c.Keys = append(c.Keys, store.Key{Kind: rapid.SampledFrom([]store.KeyKind{store.Seen, store.Thread, "\xff"}).Draw(w.T, "kind"), Value: w.word("key") + fmt.Sprint(w.int("n", 0, 30))})
	}
	if w.yes("raw") {
		c.Raw = []ticket.Hash{ticket.Sum(w.mail("dealt with"))}
	}
	if w.yes("cursor") {
		c.Cursor = &store.Cursor{Folder: w.word("folder"), UIDValidity: 1<<32 - 1, UID: rapid.Uint32().Draw(w.T, "uid")}
	}
	if w.yes("count") {
		c.Day = rapid.SampledFrom([]string{"2026-03-02", "2026-03-03"}).Draw(w.T, "day")
		c.Count = map[string]int64{w.word("counter"): int64(w.int("n", -1, 2)), "mails": 1 << 40}
	}
}

func (w *pair) putRaw(store.Store) step {
	raw := w.mail("raw")
	return func(s store.Store) error { _, err := s.PutRaw(w.ctx, raw); return err }
}

func (w *pair) retry(of store.Store) step {
	desk, at := w.desk(), w.when("retry")
	ids := append(w.under(of, desk, uint64(w.int("of", 0, 3))), "never heard of")
	id := rapid.SampledFrom(ids).Draw(w.T, "letter")
	return func(s store.Store) error { return s.Retry(w.ctx, desk, id, at) }
}

func (w *pair) due(store.Store) step {
	desk := w.desk()
	return func(s store.Store) error { _, err := s.Due(w.ctx, desk, epoch.AddDate(1, 0, 0), 0); return err }
}

// together writes several times in one transaction. What can be written is known from a transaction of the other store, which is kept.
func (w *pair) together() {
	kinds := []func(store.Store) step{w.commit, w.commit, w.commit, w.due, w.retry, w.putRaw}
	var did []step
	want := w.plain.Together(w.ctx, func(view store.Store) error {
		for range w.int("steps", 1, 5) {
			do := kinds[w.int("step", 0, len(kinds)-1)](view)
			did = append(did, do)
			if err := do(view); err != nil {
				return err
			}
		}
		return nil
	})
	w.agree(w.ahead.Together(w.ctx, all(did)), want)
}

func all(steps []step) func(store.Store) error {
	return func(view store.Store) error {
		for _, do := range steps {
			if err := do(view); err != nil {
				return err
			}
		}
		return nil
	}
}

// undone writes, and takes all of it back.
func (w *pair) undone() {
	do, mine := w.commit(w.plain), errors.New("mine")
	defer func() { _ = recover() }()
	panics := w.yes("panics")
	_ = w.ahead.Together(w.ctx, func(view store.Store) error {
		_ = do(view)
		if panics {
			panic(mine)
		}
		return mine
	})
}

// same compares the rows of both.
func (w *pair) same() { w.compare(w.dump(w.ahead, false), w.dump(w.plain, false)) }

// crash ends the program without another word, and goes on with what is left.
func (w *pair) crash() {
	to := w.t.TempDir()
	if err := os.CopyFS(to, os.DirFS(w.dir)); err != nil {
		w.Fatal(err)
	}
	was := w.dump(w.ahead, true)
	w.reopen(to)
	w.compare(w.dump(w.ahead, true), was)
}

// copied takes a copy and puts it back elsewhere.
func (w *pair) copied() {
	var saved bytes.Buffer
	if _, err := w.ahead.Backup(w.ctx, &saved); err != nil {
		w.Fatal(err)
	}
	to := w.t.TempDir()
	if _, err := Restore(to, &saved); err != nil {
		w.Fatal(err)
	}
	s := open(w.t, to)
	w.compare(w.dump(s, true), w.dump(w.ahead, true))
	if err := s.Close(); err != nil {
		w.Fatal(err)
	}
}

func (w *pair) reopen(dir string) {
	if err := w.ahead.Close(); err != nil {
		w.Fatal(err)
	}
	w.dir = dir
	var err error
	if w.ahead, err = Open(dir, Options{NoSync: true}); err != nil {
		w.Fatal(err)
	}
}

func (w *pair) compare(got, want map[string]string) {
	for _, row := range slices.Sorted(maps.Keys(want)) {
		if got[row] != want[row] {
			w.Errorf("%q is\n%q, want\n%q", row, got[row], want[row])
		}
	}
	for row := range got {
		if _, ok := want[row]; !ok {
			w.Errorf("%q is there", row)
		}
	}
}

// dump is every row of a store, and how many rows its tables count. Unless exact without what is drawn anew for each record: its salt,
// and what is a hash of that; and without the identity.
func (w *pair) dump(s *Store, exact bool) map[string]string {
	all := map[string]string{}
	err := s.file.Read(w.ctx, func(tx *bbolt.Tx) error { return dump(all, "", tx.Cursor().Bucket(), exact) })
	if err != nil {
		w.Fatal(err)
	}
	return all
}

func dump(all map[string]string, path string, b *bbolt.Bucket, exact bool) error {
	all[path+" rows"] = fmt.Sprint(b.Sequence())
	return b.ForEach(func(k, v []byte) error {
		at := path + "/" + string(k)
		if v == nil {
			return dump(all, at, b.Bucket(k), exact)
		}
		all[at] = string(v)
		if exact {
			return nil
		}
		v, err := rows.Get(b, k)
		switch {
		case err != nil:
			return err
		case bytes.Equal(k, []byte("store")):
			delete(all, at)
		case bytes.Equal(k, []byte("head")):
			h, err := pack.ReadHead(v)
			all[at] = fmt.Sprint(h.Seq, h.Next)
			return err
		case strings.HasSuffix(path, "/log"):
			r, err := pack.ReadRecord("", rows.Number(k), v)
			r.Salt, r.BodyHash, r.Prev = nil, ticket.Hash{}, ticket.Hash{}
			all[at] = fmt.Sprintf("%+v", r)
			return err
		}
		return nil
	})
}
