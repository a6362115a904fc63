package storetest

import (
	"context"
	"errors"
	"sync"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

func commitPromises() []promise {
	return []promise{
		{"a commit writes all or nothing", allOrNothing},
		{"a stale version is a conflict", staleVersion},
		{"seen and token belong to one ticket of a desk", uniqueKeys},
		{"an empty key is invalid and finds nothing", emptyKey},
		{"numbers and sequences have no gaps", noGaps},
		{"new tickets of one commit take numbers in order", newTickets},
		{"one commit changes several tickets", severalTickets},
		{"two changes of one ticket are invalid", sameTicketTwice},
		{"a change without events ignores versions", withoutEvents},
		{"an event of another ticket is invalid", strayEvent},
		{"of concurrent committers one wins", concurrent},
		{"a cancelled context leaves nothing", cancelled},
		{"a fold that ends closed is not open and not due", closes},
		{"an unknown kind of event is kept", unknownKind},
	}
}

func allOrNothing(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")), change(2, 0, received(minute(1), "bob@customer.example")))
	good := posts(change(1, 1, owes(minute(2), minute(60))), minute(2), letterTo(true, "l1", minute(3)))
	good.Keys = []store.Key{{Kind: store.Seen, Value: "k"}}
	good.Cursor = &store.Cursor{Folder: "INBOX", UIDValidity: 7, UID: 9}
	good.Day, good.Count = "2026-03-02", map[string]int64{"received": 1}
	w.refused(store.ErrConflict, good, change(2, 77, noted(minute(3))))
	w.refused(store.ErrInvalid, good, change(9, 0, received(minute(3), "x@customer.example")))
	w.commit(good)
}

func staleVersion(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	w.commit(change(1, 1, noted(minute(1)), noted(minute(2))))
	for _, stale := range []uint64{0, 1, 2, 4} {
		w.refused(store.ErrConflict, change(1, stale, noted(minute(3))))
	}
	w.commit(change(1, 3, noted(minute(3))))
	w.refused(store.ErrConflict, change(0, 3, noted(minute(3))))
	w.commit(change(0, 0, event(kind.Started, minute(4), ticket.Body{Wake: minute(9)})))
	w.refused(store.ErrConflict, change(0, 0, noted(minute(5))))
	w.commit(change(0, 5, noted(minute(5))))
}

func uniqueKeys(w *trial) {
	for i, k := range []store.KeyKind{store.Seen, store.TokenHash} {
		n := uint64(2*i + 1)
		first := keyed(change(n, 0, received(minute(0), "ann@customer.example")), k)
		second := keyed(change(n+1, 0, received(minute(1), "ann@customer.example")), k)
		w.refused(store.ErrConflict, first, second)
		w.commit(first, change(n+1, 0, received(minute(1), "ann@customer.example")))
		second.Expect = w.load(desk, n+1).Version
		w.refused(store.ErrConflict, second)
		w.commit(keyed(change(n, w.load(desk, n).Version, noted(minute(2))), k))
		w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: k, Value: "k"}}), []uint64{n})
	}
	elsewhere := keyed(change(1, 0, received(minute(0), "ann@customer.example")), store.Seen)
	elsewhere.Desk = other
	w.commit(elsewhere)
	w.commit(keyed(change(1, 0), store.MessageID), keyed(change(2, 0), store.MessageID))
	w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: store.MessageID, Value: "k"}}), []uint64{1, 2})
}

func keyed(c store.Change, k store.KeyKind) store.Change {
	c.Keys = append(c.Keys, store.Key{Kind: k, Value: "k"})
	return c
}

func emptyKey(w *trial) {
	c := change(1, 0, received(minute(0), "ann@customer.example"))
	c.Keys = []store.Key{{Kind: store.MessageID}}
	w.refused(store.ErrInvalid, c)
	c.Keys = nil
	w.commit(c)
	w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: store.MessageID}}), []uint64(nil))
}

func noGaps(w *trial) {
	w.refused(store.ErrInvalid, change(2, 0, received(minute(0), "ann@customer.example")))
	w.refused(store.ErrInvalid, change(1, 0)) // no ticket without an event
	w.refused(store.ErrConflict, change(1, 5, received(minute(0), "ann@customer.example")))
	w.commit(change(1, 0, received(minute(0), "ann@customer.example"), noted(minute(0))))
	w.refused(store.ErrConflict, change(1, 0, received(minute(0), "bob@customer.example")))
	w.commit(change(2, 0, received(minute(1), "bob@customer.example")))
	h := must(w.s.Head(w.Context(), desk))(w)
	w.same([]uint64{h.Seq, h.Next}, []uint64{3, 3})
	var end logbook.Head
	for _, r := range w.log(desk, 1, -1) {
		end = must(logbook.Verify(end, r))(w)
	}
	w.same(h.Head, end)
}

func newTickets(w *trial) {
	var batch []store.Change
	for n := uint64(1); n <= 100; n++ {
		batch = append(batch, change(n, 0, received(minute(int(n)), "ann@customer.example")))
	}
	swapped := []store.Change{batch[1], batch[0]}
	w.refused(store.ErrInvalid, swapped...)
	w.commit(batch...)
	w.same(must(w.s.Head(w.Context(), desk))(w).Next, uint64(101))
	w.same(len(w.find(store.Query{Desk: desk, Customer: "ann@customer.example"})), 100)
}

func severalTickets(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	elsewhere := change(1, 0, received(minute(1), "bob@customer.example"))
	elsewhere.Desk = other
	w.commit(change(0, 0, noted(minute(1))), change(1, 1, noted(minute(2))), change(2, 0, received(minute(3), "bob@customer.example")), elsewhere)
	var places []uint64
	for _, r := range w.log(desk, 1, -1) {
		places = append(places, r.Seq, r.Ticket)
	}
	w.same(places, []uint64{1, 1, 2, 0, 3, 1, 4, 2})
	w.same(len(w.log(other, 1, -1)), 1)
}

func sameTicketTwice(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	w.refused(store.ErrInvalid, change(1, 1, noted(minute(1))), change(1, 2, noted(minute(2))))
}

func withoutEvents(w *trial) {
	c := change(0, 99)
	c.Cursor = &store.Cursor{Folder: "INBOX", UIDValidity: 1, UID: 5}
	w.commit(c)
	w.same(w.load(desk, 0), ticket.Ticket{Desk: desk})
	w.same(must(w.s.Head(w.Context(), desk))(w), store.Head{Next: 1})
	w.commit()
}

func strayEvent(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	c := change(1, 1, noted(minute(1)))
	c.Events[0].Ticket = 2
	w.refused(store.ErrInvalid, c)
	c = change(1, 1, noted(minute(1)))
	c.Desk = ""
	w.refused(store.ErrInvalid, c)
}

func concurrent(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	const writers = 8
	outcome := make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() { outcome[i] = w.s.Commit(w.Context(), change(1, 1, noted(minute(i)))) })
	}
	all.Wait()
	won := 0
	for _, err := range outcome {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, store.ErrConflict):
			w.Errorf("loser: %v, want a conflict", err)
		}
	}
	w.same(won, 1)
	w.same(len(w.log(desk, 1, -1)), 2)
}

func cancelled(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	before := w.everything()
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	if err := w.s.Commit(ctx, change(1, 1, noted(minute(1)))); !errors.Is(err, context.Canceled) {
		w.Errorf("commit: %v, want %v", err, context.Canceled)
	}
	if _, err := w.s.PutRaw(ctx, []byte("x")); !errors.Is(err, context.Canceled) {
		w.Errorf("put raw: %v, want %v", err, context.Canceled)
	}
	if _, err := w.s.Load(ctx, desk, 1); !errors.Is(err, context.Canceled) {
		w.Errorf("load: %v, want %v", err, context.Canceled)
	}
	w.same(w.everything(), before)
	if _, err := w.s.Raw(w.Context(), ticket.Sum([]byte("x"))); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("raw: %v, want %v", err, store.ErrNotFound)
	}
	w.commit(change(1, 1, noted(minute(1)))) // and the store goes on
}

func closes(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example"), owes(minute(0), minute(60))))
	w.same(w.find(store.Query{Desk: desk, Open: true}), []uint64{1})
	w.commit(change(1, 2, event(kind.Closed, minute(1), ticket.Body{})))
	w.same(w.find(store.Query{Desk: desk, Open: true}), []uint64(nil))
	w.same(w.due(never, 0), []store.Due(nil))
	w.commit(change(1, 3, event(kind.Reopened, minute(2), ticket.Body{})))
	w.same(w.find(store.Query{Desk: desk, Open: true}), []uint64{1})
}

func unknownKind(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example"), event("teleported", minute(1), ticket.Body{Text: "?"})))
	w.same(w.load(desk, 1).Version, uint64(2))
	w.same(w.log(desk, 2, 1)[0].Kind, kind.Kind("teleported"))
}
