// Package storetest proves that an engine keeps the promises of package store. An engine's own test calls [Run] and
// [Simulate] with a harness; what they check is what the desk relies on, and nothing an engine could not know from the
// contract. Every promise is a subtest of its own, each on a fresh store.
package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// Opener opens the store of one place, and opens it again after a Close.
type Opener func() (store.Store, error)

// Harness is an engine under test.
type Harness struct {
	// Name says which engine it is, for the names of tests.
	Name string
	// New returns the opener of a fresh, empty place that is removed when t ends.
	New func(t testing.TB) Opener
	// HarmTicket harms all that an open store has of a ticket, HarmLetter what it has of a letter in the outbox, so that neither can be read
	// any more.
	HarmTicket func(t testing.TB, s store.Store, desk string, number uint64)
	HarmLetter func(t testing.TB, s store.Store, desk, id string)
}

// promise is one sentence of the contract and the test that holds an engine to it.
type promise struct {
	says string
	test func(*trial)
}

// Run tests every promise of the contract.
func Run(t *testing.T, h Harness) {
	all := slices.Concat(commitPromises(), readPromises(), outboxPromises(), bytesPromises(), erasePromises(), jointPromises(), harmPromises())
	for _, p := range all {
		t.Run(h.Name+"/"+strings.ReplaceAll(p.says, " ", "_"), func(t *testing.T) {
			w := &trial{T: t, engine: h, open: h.New(t)}
			w.s = must(w.open())(t)
			defer func() { w.s.Close() }()
			p.test(w)
		})
	}
}

// trial is one store under one test.
type trial struct {
	*testing.T
	engine Harness
	open   Opener
	s      store.Store
}

// must returns a function that ends the test unless err is nil: must(f())(t).
func must[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *trial) commit(changes ...store.Change) {
	w.Helper()
	if err := w.s.Commit(w.Context(), changes...); err != nil {
		w.Fatal(err)
	}
}

// refused checks that a commit fails for that reason and leaves nothing behind.
func (w *trial) refused(want error, changes ...store.Change) {
	w.Helper()
	before := w.everything()
	if err := w.s.Commit(w.Context(), changes...); !errors.Is(err, want) {
		w.Errorf("commit: %v, want %v", err, want)
	}
	w.same(w.everything(), before)
}

func (w *trial) load(desk string, n uint64) ticket.Ticket {
	w.Helper()
	return must(w.s.Load(w.Context(), desk, n))(w)
}

// find returns the numbers of what a query finds.
func (w *trial) find(q store.Query) []uint64 {
	w.Helper()
	var numbers []uint64
	for _, t := range must(w.s.Find(w.Context(), q))(w) {
		numbers = append(numbers, t.Number)
	}
	return numbers
}

func (w *trial) each(q store.Query) (numbers []uint64, err error) {
	for t, err := range w.s.Each(w.Context(), q) {
		if err != nil {
			return numbers, err
		}
		numbers = append(numbers, t.Number)
	}
	return numbers, nil
}

func (w *trial) log(desk string, seq uint64, number int64) []logbook.Record {
	w.Helper()
	var records []logbook.Record
	for r, err := range w.s.Log(w.Context(), desk, seq, number) {
		if err != nil {
			w.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

// outbox returns the ids of the letters that may go.
func (w *trial) outbox(at time.Time, limit int) []string {
	w.Helper()
	var ids []string
	for _, l := range must(w.s.Outbox(w.Context(), desk, at, limit))(w) {
		ids = append(ids, l.ID)
	}
	return ids
}

func (w *trial) due(at time.Time, limit int) []store.Due {
	w.Helper()
	return must(w.s.Due(w.Context(), desk, at, limit))(w)
}

// same compares two values; a nil slice or map is equal to an empty one.
func (w *trial) same(got, want any) {
	w.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		w.Errorf("want -, got +\n%s", diff)
	}
}

func (w *trial) reopen() {
	w.Helper()
	if err := w.s.Close(); err != nil {
		w.Fatal(err)
	}
	w.s = must(w.open())(w)
}

// everything reads all that a store says of the two desks that tests use.
func (w *trial) everything() map[string]any {
	w.Helper()
	ctx, all := w.Context(), map[string]any{}
	for _, d := range []string{desk, other} {
		all[d+" head"] = must(w.s.Head(ctx, d))(w)
		all[d+" log"] = w.log(d, 1, -1)
		all[d+" own file"] = w.load(d, 0)
		all[d+" tickets"] = must(w.s.Find(ctx, store.Query{Desk: d}))(w)
		all[d+" open"] = w.find(store.Query{Desk: d, Open: true})
		all[d+" updated"] = w.find(store.Query{Desk: d, Since: minute(-1)})
		all[d+" customer"] = w.find(store.Query{Desk: d, Customer: "ann@customer.example"})
		all[d+" due"] = must(w.s.Due(ctx, d, never, 0))(w)
		all[d+" waiting"] = must(w.s.Waiting(ctx, d))(w)
		all[d+" outbox"] = must(w.s.Outbox(ctx, d, never, 0))(w)
		all[d+" cursor"] = must(w.s.Cursor(ctx, d, "INBOX"))(w)
		all[d+" tallies"] = must(w.s.Tallies(ctx, d, "0001-01-01", "9999-12-31"))(w)
		for _, k := range []store.KeyKind{store.Seen, store.TokenHash, store.MessageID} {
			all[d+" key "+string(k)] = w.find(store.Query{Desk: d, Key: store.Key{Kind: k, Value: "k"}})
		}
	}
	return all
}

// Desks and an instant later than all others.
const (
	desk  = "support"
	other = "sales"
)

var never = minute(1 << 30)

// minute is an instant that many minutes after an arbitrary one.
func minute(n int) time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

func change(n, expect uint64, events ...ticket.Event) store.Change {
	for i := range events {
		events[i].Ticket = n
	}
	return store.Change{Desk: desk, Ticket: n, Expect: expect, Events: events}
}

func event(k kind.Kind, at time.Time, b ticket.Body) ticket.Event {
	return ticket.Event{Kind: k, Actor: "replyby", Cause: "tick", At: at, Body: b}
}

// received opens a ticket.
func received(at time.Time, from string) ticket.Event {
	return event(kind.Received, at, ticket.Body{Message: &ticket.Message{
		From: ticket.Address{Addr: from}, ReceivedAt: at, ReceivedBy: "Received", Subject: "Help",
	}})
}

// owes sets the one obligation of a ticket, due at an instant.
func owes(at, due time.Time) ticket.Event {
	o := ticket.Obligation{Name: "ack", From: at, Limit: due, Rungs: []ticket.Rung{{Name: "limit", At: due, To: []string{"team"}}}}
	return event(kind.Classified, at, ticket.Body{Obligations: []ticket.Obligation{o}})
}

func noted(at time.Time) ticket.Event { return event(kind.Noted, at, ticket.Body{Text: "a note"}) }

// letterTo is a letter and its bytes, to a customer or to staff.
func letterTo(customer bool, id string, notBefore time.Time) store.Letter {
	body := []byte("Subject: " + id + "\r\n\r\nbody\r\n")
	return store.Letter{Bytes: body, Letter: ticket.Letter{
		ID: id, MessageID: fmt.Sprintf("<%s@desk.example>", id), Purpose: "reply", Customer: customer, From: "desk@desk.example",
		To: []string{"someone@else.example"}, Hash: ticket.Sum(body), NotBefore: notBefore,
	}}
}

// posts adds to a change an event that decides letters, and their bytes.
func posts(c store.Change, at time.Time, letters ...store.Letter) store.Change {
	e := event(kind.Decided, at, ticket.Body{})
	e.Ticket = c.Ticket
	for _, l := range letters {
		e.Body.Letters = append(e.Body.Letters, l.Letter)
	}
	c.Events = append(c.Events, e)
	c.Letters = append(c.Letters, letters...)
	return c
}
