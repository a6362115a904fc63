package storetest

import (
	"errors"

	"replyby/store"
)

func harmPromises() []promise {
	return []promise{
		{"a ticket that cannot be read keeps no other from a walk", eachPastHarm},
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
