package storetest

import (
	"context"
	"errors"
	"sync"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

func jointPromises() []promise {
	return []promise{
		{"what is written together is there together", jointCommit},
		{"a view sees what it wrote and others do not", jointSight},
		{"nothing of a failed view is written", jointFailure},
		{"a view keeps other writers out", jointAlone},
		{"a view counts on what it counted", jointCounters},
		{"a view ends with its transaction", jointEnd},
	}
}

// opens is a change that makes the n-th ticket, with a key and a letter.
func opens(n uint64) store.Change {
	body := []byte{byte(n)}
	c := posts(change(n, 0, received(minute(int(n)), "ann@customer.example")), minute(int(n)), letterTo(true, string(body)+" letter", minute(0)))
	c.Keys = []store.Key{{Kind: store.MessageID, Value: "k"}}
	c.Raw = []ticket.Hash{ticket.Sum(body)}
	return c
}

// together runs f on a view and ends the test unless it succeeds.
func (w *trial) together(f func(view *trial)) {
	w.Helper()
	err := w.s.Together(w.Context(), func(view store.Store) error {
		f(&trial{T: w.T, s: view})
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func jointCommit(w *trial) {
	w.together(func(v *trial) {
		v.commit(opens(1))
		v.commit(opens(2), store.Change{Desk: other, Ticket: 1, Events: []ticket.Event{func() ticket.Event {
			e := received(minute(0), "bob@customer.example")
			e.Ticket = 1
			return e
		}()}})
		c := change(1, v.load(desk, 1).Version, noted(minute(9)))
		c.Done = []string{"\x01 letter"}
		v.commit(c)
	})
	before := w.everything()
	w.reopen()
	w.same(w.everything(), before)
	w.same(w.find(store.Query{Desk: desk}), []uint64{1, 2})
	w.same(w.outbox(minute(1), 0), []string{"\x02 letter"})
	w.same(w.load(desk, 1).Version, w.log(desk, 1, 1)[len(w.log(desk, 1, 1))-1].Seq)
}

func jointSight(w *trial) {
	w.commit(opens(1))
	before := w.everything()
	w.together(func(v *trial) {
		v.same(v.everything(), before)
		must(v.s.PutRaw(v.Context(), []byte{2}))(v)
		must(v.s.Raw(v.Context(), ticket.Sum([]byte{2})))(v)
		v.commit(opens(2))
		v.same(must(v.s.PutRaw(v.Context(), []byte{2}))(v)[0], store.Raw{Hash: ticket.Sum([]byte{2}), Attempts: 1, Alone: 1, Kept: true})
		v.same(v.find(store.Query{Desk: desk, Key: store.Key{Kind: store.MessageID, Value: "k"}}), []uint64{1, 2})
		v.same(must(v.s.Head(v.Context(), desk))(v).Next, uint64(3))
		v.same(v.outbox(minute(1), 0), []string{"\x01 letter", "\x02 letter"})
		if err := v.s.Retry(v.Context(), desk, "\x01 letter", minute(5)); err != nil {
			v.Error(err)
		}
		v.same(v.outbox(minute(1), 0), []string{"\x02 letter"})
		for range 2 { // the desk's own file, decided on what the view wrote
			v.commit(change(0, v.load(desk, 0).Version, noted(minute(3))))
		}
		v.same(v.load(desk, 0).Version, must(v.s.Head(v.Context(), desk))(v).Seq)
		for _, wake := range []int{7, 8} {
			v.commit(change(0, v.load(desk, 0).Version, event(kind.Started, minute(4), ticket.Body{Wake: minute(wake)})))
			v.same(v.due(minute(9), 0), []store.Due{{At: minute(wake)}})
		}
		w.same(w.everything(), before) // outside
		err := v.s.Together(v.Context(), func(within store.Store) error {
			_, err := within.Load(v.Context(), desk, 2)
			return err
		})
		if err != nil {
			v.Error(err)
		}
	})
	w.same(w.find(store.Query{Desk: desk}), []uint64{1, 2})
}

func jointFailure(w *trial) {
	w.commit(opens(1))
	before := w.everything()
	mine := errors.New("no")
	cancelled, cancel := context.WithCancel(w.Context())
	for name, c := range map[string]struct {
		ctx  context.Context
		f    func(store.Store) error
		want error
	}{
		"its own error": {w.Context(), func(store.Store) error { return mine }, mine},
		"a conflict nobody minded": {w.Context(), func(v store.Store) error {
			_ = v.Commit(w.Context(), change(1, 77, noted(minute(1))))
			if err := v.Commit(w.Context(), change(1, w.load(desk, 1).Version, noted(minute(1)))); !errors.Is(err, store.ErrConflict) {
				w.Errorf("a write after one that failed: %v", err)
			}
			return nil
		}, store.ErrConflict},
		"a change that is wrong, which nobody minded": {w.Context(), func(v store.Store) error {
			_ = v.Commit(w.Context(), store.Change{Desk: desk, Keys: []store.Key{{Kind: store.Seen}}})
			return nil
		}, store.ErrInvalid},
		"cancelled": {cancelled, func(store.Store) error { cancel(); return nil }, context.Canceled},
	} {
		err := w.s.Together(c.ctx, func(v store.Store) error {
			must(v.PutRaw(w.Context(), []byte("x")))(w)
			if err := v.Commit(w.Context(), opens(2)); err != nil {
				w.Fatal(err)
			}
			return c.f(v)
		})
		if !errors.Is(err, c.want) {
			w.Errorf("%s: %v, want %v", name, err, c.want)
		}
		w.same(w.everything(), before)
	}
	func() {
		defer func() {
			if recover() != "mine" {
				w.Error("a panic did not come through as it was")
			}
		}()
		_ = w.s.Together(w.Context(), func(v store.Store) error {
			if err := v.Commit(w.Context(), opens(2)); err != nil {
				w.Fatal(err)
			}
			panic("mine")
		})
	}()
	w.same(w.everything(), before)
	w.same(must(w.s.PutRaw(w.Context(), []byte("x")))(w)[0].Attempts, 1)
	w.commit(opens(2)) // the line is free
}

func jointAlone(w *trial) {
	w.commit(opens(1))
	version := w.load(desk, 1).Version
	var outside sync.WaitGroup
	var err error
	w.together(func(v *trial) {
		outside.Go(func() { err = w.s.Commit(w.Context(), change(1, version, noted(minute(8)))) })
		v.commit(change(1, version, noted(minute(9))))
	})
	if outside.Wait(); !errors.Is(err, store.ErrConflict) {
		w.Errorf("a commit outside, decided on the state before: %v, want %v", err, store.ErrConflict)
	}
}

func jointCounters(w *trial) {
	counts := func(of, day string, n int64) store.Change {
		return store.Change{Desk: of, Day: day, Count: map[string]int64{"mails": n, "only " + day: 1}}
	}
	tallies := func(of string) []store.Tally {
		return must(w.s.Tallies(w.Context(), of, "2026-11-01", "2026-11-30"))(w)
	}
	w.commit(counts(desk, "2026-11-20", 1))
	before := tallies(desk)
	w.together(func(v *trial) {
		v.commit(counts(desk, "2026-11-20", 2))
		v.commit(counts(desk, "2026-11-21", 4))
		v.commit(counts(other, "2026-11-20", 8))
		read := must(v.s.Tallies(v.Context(), desk, "2026-11-20", "2026-11-21"))(v)
		v.same(read[0].Count["mails"], int64(3))
		v.same(read[1].Count["mails"], int64(4))
		read[0].Count["mails"] = 100 // it is the reader's
		v.commit(counts(desk, "2026-11-20", 16))
		v.same(must(v.s.Tallies(v.Context(), desk, "2026-11-20", "2026-11-20"))(v)[0].Count["mails"], int64(19))
		w.same(tallies(desk), before) // outside
	})
	w.reopen()
	w.same(tallies(desk), []store.Tally{
		{Day: "2026-11-20", Count: map[string]int64{"mails": 19, "only 2026-11-20": 3}},
		{Day: "2026-11-21", Count: map[string]int64{"mails": 4, "only 2026-11-21": 1}},
	})
	w.same(tallies(other), []store.Tally{{Day: "2026-11-20", Count: map[string]int64{"mails": 8, "only 2026-11-20": 1}}})
}

func jointEnd(w *trial) {
	var kept store.Store
	w.together(func(v *trial) {
		kept = v.s
		v.same(v.s.ID(), w.s.ID())
		if err := v.s.Close(); err != nil {
			v.Error(err)
		}
		v.commit(opens(1))
	})
	before := w.everything()
	if err := kept.Commit(w.Context(), opens(2)); !errors.Is(err, store.ErrInvalid) {
		w.Errorf("a commit after the end: %v, want %v", err, store.ErrInvalid)
	}
	if _, err := kept.Load(w.Context(), desk, 1); !errors.Is(err, store.ErrInvalid) {
		w.Errorf("a load after the end: %v, want %v", err, store.ErrInvalid)
	}
	w.same(w.everything(), before)
}
