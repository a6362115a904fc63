package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// compare checks that every read of the store says what the model says.
func (w *world) compare() {
	at := w.when("now")
	limit := w.int("limit", 0, 5)
	w.compareTickets()
	w.compareQueries(limit)
	due, err := w.s.Due(w.ctx, desk, at, limit)
	w.same("due", due, upTo(limit, w.due(at)), err)
	waiting, err := w.s.Waiting(w.ctx, desk)
	w.same("waiting", waiting, w.waiting(), err)
	outbox, err := w.s.Outbox(w.ctx, desk, at, limit)
	w.same("outbox", outbox, upTo(limit, w.ready(at)), err)
	cursor, err := w.s.Cursor(w.ctx, desk, "INBOX")
	w.same("cursor", cursor, w.cursor, err)
	var tallies []store.Tally
	if len(w.tally) > 0 {
		tallies = []store.Tally{{Day: "2026-03-02", Count: w.tally}}
	}
	got, err := w.s.Tallies(w.ctx, desk, "2026-03-01", "2026-03-03")
	w.same("tallies", got, tallies, err)
}

func upTo[V any](limit int, all []V) []V {
	if limit > 0 && len(all) > limit {
		return all[:limit]
	}
	return all
}

func (w *world) same(what string, got, want any, err error) {
	if err != nil {
		w.Fatalf("%s: %v", what, err)
	}
	if reflect.DeepEqual(got, want) { // much faster, and nearly always enough
		return
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		w.Fatalf("%s: want -, got +\n%s", what, diff)
	}
}

// compareTickets checks every ticket, and that the log holds every event, chained, and folds to them.
func (w *world) compareTickets() {
	folded := make([]ticket.Ticket, len(w.tickets))
	var end logbook.Head
	for r, err := range w.s.Log(w.ctx, desk, 0, -1) {
		if err == nil {
			end, err = logbook.Verify(end, r)
		}
		if upTo, ok := w.erased[r.Ticket]; err == nil && (r.Body == nil) != (ok && r.Seq <= upTo) {
			w.Fatalf("record %d of ticket %d has body %q; erased up to %d", r.Seq, r.Ticket, r.Body, upTo)
		}
		if err == nil {
			folded[r.Ticket], err = logbook.Apply(folded[r.Ticket], r)
		}
		if err != nil {
			w.Fatal(err)
		}
	}
	if end.Seq != uint64(len(w.log)) {
		w.Fatalf("%d records, want %d", end.Seq, len(w.log))
	}
	head, err := w.s.Head(w.ctx, desk)
	w.same("head", head, store.Head{Head: end, Next: uint64(len(w.tickets))}, err)
	for n, want := range w.tickets {
		t, err := w.s.Load(w.ctx, desk, uint64(n))
		w.same(fmt.Sprint("ticket ", n), t, want, err)
		folded[n].Desk = desk
		w.same(fmt.Sprint("fold of ticket ", n), folded[n], want, nil)
	}
}

func (w *world) compareQueries(limit int) {
	after := uint64(w.int("after", 0, 3))
	since, who := w.when("since"), "bob@customer.EXAMPLE"
	for name, c := range map[string]struct {
		q     store.Query
		match func(ticket.Ticket) bool
	}{
		"all":      {store.Query{}, func(ticket.Ticket) bool { return true }},
		"open":     {store.Query{Open: true}, ticket.Ticket.IsOpen},
		"customer": {store.Query{Customer: who}, func(t ticket.Ticket) bool { return strings.EqualFold(t.Customer.Addr, who) }},
		"customer, open": {store.Query{Customer: who, Open: true}, func(t ticket.Ticket) bool {
			return strings.EqualFold(t.Customer.Addr, who) && t.IsOpen()
		}},
		"customer, latest": {store.Query{Customer: who, Open: true, Latest: true}, func(t ticket.Ticket) bool {
			return strings.EqualFold(t.Customer.Addr, who) && t.IsOpen()
		}},
		"domain": {store.Query{Open: true, Domain: "Customer.example"}, func(t ticket.Ticket) bool { return t.IsOpen() && isAt(t, "customer.example") }},
		"domain, latest": {store.Query{Open: true, Domain: "customer.example", Latest: true}, func(t ticket.Ticket) bool {
			return t.IsOpen() && isAt(t, "customer.example")
		}},
		"since": {store.Query{Since: since}, func(t ticket.Ticket) bool { return !t.UpdatedAt.Before(since) }},
		"shut":  {store.Query{Since: since, Shut: true}, func(t ticket.Ticket) bool { return !t.UpdatedAt.Before(since) && !t.IsOpen() }},
	} {
		var want []ticket.Ticket
		for _, t := range w.tickets[1:] {
			if t.Number > after && c.match(t) {
				want = append(want, t)
			}
		}
		if !c.q.Since.IsZero() {
			slices.SortStableFunc(want, func(a, b ticket.Ticket) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
		}
		c.q.Desk, c.q.After, c.q.Limit = desk, after, limit
		got, err := w.s.Find(w.ctx, c.q)
		if c.q.Latest {
			slices.Reverse(want)
			latest := slices.Clone(upTo(limit, want))
			slices.Reverse(latest)
			w.same("find "+name, got, latest, err)
			continue
		}
		w.same("find "+name, got, upTo(limit, want), err)
		c.q.Limit, got = 0, nil
		for t, failed := range w.s.Each(w.ctx, c.q) {
			got, err = append(got, t), errors.Join(err, failed)
		}
		w.same("each "+name, got, want, err)
	}
	for k, n := range w.keys {
		got, err := w.s.Find(w.ctx, store.Query{Desk: desk, Key: k})
		w.same("find "+k.Value, got, []ticket.Ticket{w.tickets[n]}, err)
	}
}
