package storetest

import (
	"errors"
	"fmt"
	"slices"

	"replyby/store"
)

func harmPromises() []promise {
	return []promise{
		{"a ticket that cannot be read keeps no other from a walk", eachPastHarm},
		{"a letter that cannot be read keeps no other in the outbox", outboxPastHarm},
		{"a letter that cannot be read is taken out of the outbox", doneTakesHarmed},
	}
}

func eachPastHarm(w *trial) {
	const many, harmed = 150, 70
	var changes []store.Change
	for n := range uint64(many) {
		changes = append(changes, change(n+1, 0, received(minute(0), "ann@customer.example")))
	}
	w.commit(changes...)
	w.engine.HarmTicket(w, w.s, desk, harmed)
	for _, q := range []store.Query{{Desk: desk}, {}, {Desk: desk, Open: true}, {Desk: desk, Since: minute(0)}, {Desk: desk, Customer: "ann@customer.example"}} {
		n := uint64(0)
		for t, err := range w.s.Each(w.Context(), q) {
			if n++; t.Number != n || t.Desk != desk || errors.Is(err, store.ErrDamaged) != (n == harmed) || err != nil && n != harmed {
				w.Fatalf("each %+v: ticket %d of %q as the %d., %v", q, t.Number, t.Desk, n, err)
			}
			if n == harmed && t.Version != 0 {
				w.Errorf("each %+v: %+v of a ticket that cannot be read", q, t)
			}
		}
		if n != many {
			w.Errorf("each %+v: %d tickets", q, n)
		}
		if _, err := w.s.Find(w.Context(), q); !errors.Is(err, store.ErrDamaged) {
			w.Errorf("find %+v: %v, want %v", q, err, store.ErrDamaged)
		}
	}
}

// harmedOutbox has a letter that cannot be read before three that can, and as many behind it.
func harmedOutbox(w *trial) (all []string) {
	letters := []store.Letter{letterTo(true, "harmed", minute(0))}
	for i := range 3 {
		letters = append(letters, letterTo(true, fmt.Sprint("customer ", i), minute(1)), letterTo(false, fmt.Sprint("staff ", i), minute(1)))
	}
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), letters...))
	all = w.outbox(minute(1), 0)
	w.engine.HarmLetter(w, w.s, desk, "harmed")
	return slices.DeleteFunc(all, func(id string) bool { return id == "harmed" })
}

func outboxPastHarm(w *trial) {
	want := harmedOutbox(w)
	for _, limit := range []int{0, 1, 4} {
		got, err := w.s.Outbox(w.Context(), desk, minute(1), limit)
		var ids []string
		for _, l := range got {
			ids = append(ids, l.ID)
		}
		w.same(ids, upTo(limit, want))
		if !errors.Is(err, store.ErrDamaged) {
			w.Errorf("outbox: %v, want %v beside the others", err, store.ErrDamaged)
		}
	}
}

func doneTakesHarmed(w *trial) {
	want := harmedOutbox(w)
	done := change(0, 0)
	done.Done = []string{"harmed"}
	w.commit(done)
	w.same(w.outbox(minute(1), 0), want)
}
