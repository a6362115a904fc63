package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
)

// Simulate runs random operations against the engine and against plain maps, and compares everything after each. A failure
// prints the shortest run found and the seed that repeats it (-rapid.seed); -rapid.checks and -rapid.steps make it longer.
func Simulate(t *testing.T, h Harness) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{T: rt, ctx: t.Context(), open: h.New(t), model: newModel()}
		w.reopen()
		defer func() { w.s.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"":            func(*rapid.T) { w.compare() },
			"new tickets": func(*rapid.T) { w.newTickets() },
			"change":      func(*rapid.T) { w.change() },
			"stale":       func(*rapid.T) { w.stale() },
			"letter ends": func(*rapid.T) { w.letterEnds() },
			"retry":       func(*rapid.T) { w.retry() },
			"raw":         func(*rapid.T) { w.raw() },
			"erase":       func(*rapid.T) { w.erase() },
			"reopen":      func(*rapid.T) { w.reopen() },
		})
	})
}

// model is what a store of one desk holds, in the plainest form.
type model struct {
	log     []ticket.Event
	erased  map[uint64]uint64 // by ticket: records up to this one have no body
	tickets []ticket.Ticket   // by number; 0 is the desk's own file
	outbox  map[string]*store.Letter
	born    map[string]int // place of a letter in the log
	keys    map[store.Key]uint64
	raws    map[string]store.Raw
	cursor  store.Cursor
	tally   map[string]int64
}

func newModel() *model {
	return &model{
		erased: map[uint64]uint64{}, tickets: []ticket.Ticket{{Desk: desk}}, outbox: map[string]*store.Letter{}, born: map[string]int{},
		keys: map[store.Key]uint64{}, raws: map[string]store.Raw{}, tally: map[string]int64{},
	}
}

// apply does what a commit of a valid change must do.
func (m *model) apply(c store.Change) {
	if len(c.Erase) > 0 {
		m.erased[c.Ticket] = c.Expect
	}
	for _, e := range c.Events {
		m.log = append(m.log, e)
		if int(c.Ticket) == len(m.tickets) {
			m.tickets = append(m.tickets, ticket.Ticket{Desk: desk})
		}
		m.tickets[c.Ticket] = m.tickets[c.Ticket].After(e, uint64(len(m.log)))
	}
	for _, l := range c.Letters {
		l.Desk, l.Ticket = c.Desk, c.Ticket
		m.outbox[l.ID] = &l
		m.born[l.ID] = len(m.born)
	}
	for _, id := range c.Sending {
		m.outbox[id].Sending = true
		m.outbox[id].Attempt++
	}
	for _, id := range c.Done {
		delete(m.outbox, id)
	}
	for _, k := range c.Keys {
		m.keys[k] = c.Ticket
	}
	for name, n := range c.Count {
		m.tally[name] += n
	}
	if c.Cursor != nil {
		m.cursor = *c.Cursor
	}
}

// ready lists the outbox in its order.
func (m *model) ready(at time.Time) []store.Letter {
	var out []store.Letter
	for _, l := range m.outbox {
		if l.Sending || !l.NotBefore.After(at) {
			out = append(out, *l)
		}
	}
	first := func(a, b bool) int {
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	slices.SortFunc(out, func(a, b store.Letter) int {
		return cmp.Or(first(a.Customer, b.Customer), first(a.Urgent, b.Urgent), a.NotBefore.Compare(b.NotBefore), cmp.Compare(m.born[a.ID], m.born[b.ID]))
	})
	return out
}

func (m *model) due(at time.Time) []store.Due {
	var due []store.Due
	for _, t := range m.tickets {
		if next := t.NextDue(); !next.IsZero() && !next.After(at) {
			due = append(due, store.Due{At: next, Ticket: t.Number})
		}
	}
	slices.SortFunc(due, func(a, b store.Due) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Ticket, b.Ticket)) })
	return due
}

func (m *model) waiting() (all []store.Waiting) {
	for _, t := range m.tickets {
		if t.Number == 0 || !t.IsOpen() {
			continue
		}
		w := store.Waiting{Desk: desk, Ticket: t.Number, Assignee: t.Assignee}
		if o, ok := t.NextTarget(); ok {
			w.At = o.Target
			if w.At.IsZero() {
				w.At = o.Limit
			}
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b store.Waiting) int {
		late := func(w store.Waiting) time.Time {
			if w.At.IsZero() {
				return never.Add(time.Hour)
			}
			return w.At
		}
		return late(a).Compare(late(b))
	})
	return all
}

// world is an engine and its model, driven by one random run.
type world struct {
	*rapid.T
	ctx  context.Context
	open Opener
	s    store.Store
	*model
}

func (w *world) int(what string, low, high int) int { return rapid.IntRange(low, high).Draw(w.T, what) }

func (w *world) when(what string) time.Time { return minute(w.int(what, -5, 200)) }

func (w *world) yes(what string) bool { return rapid.Bool().Draw(w.T, what) }

func (w *world) reopen() {
	if w.s != nil {
		if err := w.s.Close(); err != nil {
			w.Fatal(err)
		}
	}
	var err error
	if w.s, err = w.open(); err != nil {
		w.Fatal(err)
	}
}

// commit commits valid changes to both.
func (w *world) commit(changes ...store.Change) {
	if err := w.s.Commit(w.ctx, changes...); err != nil {
		w.Fatalf("commit %+v: %v", changes, err)
	}
	for _, c := range changes {
		w.apply(c)
	}
}

func (w *world) newTickets() {
	var batch []store.Change
	for i := range w.int("new tickets", 1, 3) {
		from := rapid.SampledFrom([]string{"ann@customer.example", "Bob@Customer.example", "carla@shop.customer.example", "dan@notcustomer.example", ""}).Draw(w.T, "from")
		c := change(uint64(len(w.tickets)+i), 0, received(w.when("received"), from))
		c.Keys = []store.Key{{Kind: store.Seen, Value: fmt.Sprint("seen ", c.Ticket)}}
		c.Cursor = &store.Cursor{Folder: "INBOX", UIDValidity: 1, UID: uint32(c.Ticket)}
		c.Day, c.Count = "2026-03-02", map[string]int64{"received": 1}
		batch = append(batch, c)
	}
	w.commit(batch...)
}

// anyTicket draws a ticket, the desk's own file among them.
func (w *world) anyTicket() ticket.Ticket { return rapid.SampledFrom(w.tickets).Draw(w.T, "ticket") }

func (w *world) change() {
	t := w.anyTicket()
	c := change(t.Number, t.Version)
	for range w.int("events", 1, 3) {
		at := w.when("at")
		switch w.int("event", 0, 5) {
		case 0:
			c.Events = append(c.Events, owes(at, w.when("due")))
		case 1:
			c.Events = append(c.Events, event(kind.Closed, at, ticket.Body{}))
		case 2:
			c.Events = append(c.Events, event(kind.Reopened, at, ticket.Body{}))
		case 3:
			c.Events = append(c.Events, event(kind.Started, at, ticket.Body{Wake: w.when("wake")}))
		case 4:
			c.Events = append(c.Events, event(kind.Breached, at, ticket.Body{Obligation: "ack", Rung: &ticket.Rung{Name: "limit"}}))
		default:
			l := letterTo(w.yes("to customer"), fmt.Sprintf("l%d-%d", len(w.born), len(c.Events)), w.when("not before"))
			l.Urgent = w.yes("urgent")
			c = posts(c, at, l)
		}
	}
	for i := range c.Events {
		c.Events[i].Ticket = c.Ticket
	}
	w.commit(c)
}

// stale tries what must be refused; the comparison that follows shows that nothing was written.
func (w *world) stale() {
	t := w.anyTicket()
	good := change(uint64(len(w.tickets)), 0, received(w.when("received"), "ann@customer.example"))
	bad, want := change(t.Number, t.Version+1, noted(w.when("at"))), store.ErrConflict
	switch w.int("fault", 0, 3) {
	case 0:
		bad.Expect, bad.Sending = t.Version, []string{"never heard of"}
	case 1:
		bad.Expect, bad.Letters, want = t.Version, []store.Letter{letterTo(true, "stray", minute(0))}, store.ErrInvalid
	case 2:
		for k, n := range w.keys {
			if n != t.Number {
				bad.Expect, bad.Keys = t.Version, []store.Key{k}
			}
		}
	}
	if err := w.s.Commit(w.ctx, good, bad); !errors.Is(err, want) {
		w.Fatalf("commit %+v: %v, want %v", bad, err, want)
	}
}

// erase takes all that is personal from a ticket, with its letters under way.
func (w *world) erase() {
	t := w.anyTicket()
	left := erasure.Remains(t)
	c := change(t.Number, t.Version, event(kind.Erased, w.when("at"), ticket.Body{Left: &left}))
	c.Erase = []ticket.Hash{ticket.Sum([]byte("never kept"))}
	for id, l := range w.outbox {
		if l.Ticket == t.Number {
			c.Done = append(c.Done, id)
		}
	}
	w.commit(c)
}

func (w *world) anyLetter() string {
	return rapid.SampledFrom(append(slices.Sorted(maps.Keys(w.outbox)), "never heard of")).Draw(w.T, "letter")
}

// letterEnds marks a letter or takes it out, with or without an event.
func (w *world) letterEnds() {
	id := w.anyLetter()
	c := change(0, 0)
	if l := w.outbox[id]; l != nil {
		c = change(l.Ticket, w.tickets[l.Ticket].Version)
	}
	if w.outbox[id] != nil && w.yes("sending") {
		c.Sending = []string{id}
	} else {
		c.Done = []string{id}
	}
	if len(c.Sending) > 0 && w.yes("event") {
		e := event(kind.Unknown, w.when("at"), ticket.Body{Delivery: &ticket.Delivery{Letter: id}})
		e.Ticket = c.Ticket
		c.Events = append(c.Events, e)
	}
	w.commit(c)
}

func (w *world) retry() {
	id, at := w.anyLetter(), w.when("retry")
	err := w.s.Retry(w.ctx, desk, id, at)
	l := w.outbox[id]
	if l == nil {
		if !errors.Is(err, store.ErrNotFound) {
			w.Fatalf("retry %s: %v, want %v", id, err, store.ErrNotFound)
		}
		return
	}
	if err != nil {
		w.Fatal(err)
	}
	l.NotBefore, l.Sending = at, false
}

func (w *world) raw() {
	body := rapid.SampledFrom([]string{"", "a", "b"}).Draw(w.T, "body")
	r := w.raws[body]
	r.Hash = ticket.Sum([]byte(body))
	r.Attempts++
	r.Alone++
	got, err := w.s.PutRaw(w.ctx, []byte(body))
	if err != nil || len(got) != 1 || got[0] != r {
		w.Fatalf("put raw %q: %+v, %v, want %+v", body, got, err, r)
	}
	if w.yes("dealt with") {
		c := change(0, 0)
		c.Raw = []ticket.Hash{r.Hash}
		w.commit(c)
		r.Attempts, r.Alone, r.Kept = 0, 0, true
	}
	w.raws[body] = r
}
