package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

func readPromises() []promise {
	return []promise{
		{"an unknown desk is empty", unknownDesk},
		{"an unknown ticket is not found", unknownTicket},
		{"find keeps its orders limits and cursors", findOrders},
		{"each goes through many", eachOfMany},
		{"find by customer ignores case", findCustomer},
		{"find by domain finds what is open there and below", findDomain},
		{"a query for too much is invalid", findInvalid},
		{"the own file is found by key only", ownFile},
		{"due comes earliest first and within its limit", dueOrder},
		{"open tickets are listed by their next target", waitingOrder},
		{"index rows move and never double", rowsMove},
		{"the log comes in order while another writes", logWhileWriting},
		{"the log of one ticket starts anywhere", logOfTicket},
		{"the fold of the log is what load returns", foldIsLoad},
		{"cursors are kept by folder", cursors},
		{"tallies add up by day", tallies},
		{"reopening keeps everything", reopening},
		{"closing twice is safe", closeTwice},
	}
}

func unknownDesk(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	ctx := w.Context()
	w.same(must(w.s.Head(ctx, other))(w), store.Head{Next: 1})
	w.same(w.load(other, 0), ticket.Ticket{Desk: other})
	w.same(len(w.log(other, 0, -1)), 0)
	w.same(must(w.s.Cursor(ctx, other, "INBOX"))(w), store.Cursor{})
	w.same(must(w.s.Due(ctx, other, never, 9))(w), []store.Due(nil))
	w.same(must(w.s.Outbox(ctx, other, never, 9))(w), []store.Letter(nil))
	w.same(must(w.s.Tallies(ctx, other, "2026-01-01", "2026-12-31"))(w), []store.Tally(nil))
	w.same(w.find(store.Query{Desk: other}), []uint64(nil))
}

func unknownTicket(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	for _, d := range []string{desk, other} {
		if _, err := w.s.Load(w.Context(), d, 2); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("load 2 of %s: %v, want %v", d, err, store.ErrNotFound)
		}
	}
	if _, err := w.s.Raw(w.Context(), ticket.Sum([]byte("nobody put this"))); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("raw: %v, want %v", err, store.ErrNotFound)
	}
}

// findOrders has tickets 1 to 4 updated at minutes 30, 10, 10, 20, of which 3 is closed, and one of another desk.
func findOrders(w *trial) {
	for i, at := range []int{30, 10, 10, 20} {
		w.commit(change(uint64(i+1), 0, received(minute(at), "ann@customer.example")))
	}
	w.commit(change(3, 3, event(kind.Closed, minute(10), ticket.Body{})))
	elsewhere := change(1, 0, received(minute(15), "ann@customer.example"))
	elsewhere.Desk = other
	w.commit(elsewhere)
	for _, c := range []struct {
		q    store.Query
		want []uint64
	}{
		{store.Query{Desk: desk}, []uint64{1, 2, 3, 4}},
		{store.Query{}, []uint64{1, 1, 2, 3, 4}}, // sales before support
		{store.Query{Desk: desk, After: 2, Limit: 1}, []uint64{3}},
		{store.Query{Desk: desk, After: 4}, nil},
		{store.Query{Desk: desk, Open: true}, []uint64{1, 2, 4}},
		{store.Query{Open: true, Limit: 2}, []uint64{1, 1}},
		{store.Query{Desk: desk, Open: true, After: 1, Limit: 1}, []uint64{2}},
		{store.Query{Desk: desk, Since: minute(10)}, []uint64{2, 3, 4, 1}},
		{store.Query{Desk: desk, Since: minute(11)}, []uint64{4, 1}},
		{store.Query{Desk: desk, Since: minute(10), After: 2}, []uint64{3, 4}},
		{store.Query{Since: minute(10), Limit: 3}, []uint64{2, 3, 1}}, // the last is of sales
		{store.Query{Desk: desk, Since: minute(31)}, nil},
		{store.Query{Desk: desk, Since: minute(10), Shut: true}, []uint64{3}},
		{store.Query{Since: minute(11), Shut: true}, nil},
		{store.Query{Desk: desk, Customer: "ann@customer.example", After: 1, Limit: 2}, []uint64{2, 3}},
		{store.Query{Customer: "ann@customer.example"}, []uint64{1, 1, 2, 3, 4}},
	} {
		if got := w.find(c.q); fmt.Sprint(got) != fmt.Sprint(c.want) {
			w.Errorf("find %+v: %v, want %v", c.q, got, c.want)
		}
		got, err := w.each(c.q)
		switch all := c.q.Limit == 0 && (c.q.Desk != "" || c.q.Since.IsZero()); {
		case all && (err != nil || fmt.Sprint(got) != fmt.Sprint(c.want)):
			w.Errorf("each %+v: %v, %v, want %v", c.q, got, err, c.want)
		case !all && !errors.Is(err, store.ErrInvalid):
			w.Errorf("each %+v: %v, want %v", c.q, err, store.ErrInvalid)
		}
	}
}

// eachOfMany holds that Each goes through more tickets than one step, whatever is written meanwhile, and ends where it is left.
func eachOfMany(w *trial) {
	const many = 200
	var changes []store.Change
	for n := range uint64(many) {
		changes = append(changes, change(n+1, 0, received(minute(0), "ann@customer.example")))
	}
	w.commit(changes...)
	for _, q := range []store.Query{{Desk: desk}, {Desk: desk, Open: true}, {Desk: desk, Since: minute(0)}, {Desk: desk, Customer: "ann@customer.example"}} {
		n := uint64(0)
		for t, err := range w.s.Each(w.Context(), q) {
			if n++; err != nil || t.Number != n {
				w.Fatalf("each %+v: ticket %d as the %d., %v", q, t.Number, n, err)
			}
			if q.Open || !q.Since.IsZero() {
				w.commit(change(n, t.Version, noted(minute(0))))
			}
			if n == many/2 && q.Customer != "" {
				break
			}
		}
		if n != many && q.Customer == "" || n != many/2 && q.Customer != "" {
			w.Errorf("each %+v: %d tickets", q, n)
		}
	}
}

func findCustomer(w *trial) {
	w.commit(change(1, 0, received(minute(0), "Ann@Customer.Example")), change(2, 0, received(minute(0), "ann@customer.example.org")))
	w.same(w.find(store.Query{Desk: desk, Customer: "aNN@customer.example"}), []uint64{1})
}

func findInvalid(w *trial) {
	for _, q := range []store.Query{
		{Key: store.Key{Kind: store.Seen, Value: "k"}}, {After: 1},
		{Desk: desk, Open: true, Since: minute(1)}, {Desk: desk, Customer: "a@b.example", Open: true, Since: minute(1)},
		{Desk: desk, Shut: true}, {Desk: desk, Latest: true}, {Customer: "a@b.example", Latest: true},
		{Desk: desk, Domain: "b.example"}, {Desk: desk, Open: true, Customer: "a@b.example", Domain: "b.example"}, {Open: true, Domain: "b.example", Latest: true},
	} {
		if _, err := w.s.Find(w.Context(), q); !errors.Is(err, store.ErrInvalid) {
			w.Errorf("find %+v: %v, want %v", q, err, store.ErrInvalid)
		}
		if _, err := w.each(q); !errors.Is(err, store.ErrInvalid) {
			w.Errorf("each %+v: %v, want %v", q, err, store.ErrInvalid)
		}
	}
}

func ownFile(w *trial) {
	c := change(0, 0)
	c.Keys = []store.Key{{Kind: store.Seen, Value: "k"}}
	w.commit(c) // before the first event
	got := must(w.s.Find(w.Context(), store.Query{Desk: desk, Key: c.Keys[0]}))(w)
	w.same(got, []ticket.Ticket{{Desk: desk}})
	w.commit(change(0, 0, event(kind.Started, minute(0), ticket.Body{Wake: minute(5)})))
	w.same(w.find(store.Query{Desk: desk, Key: c.Keys[0]}), []uint64{0})
	w.same(w.find(store.Query{Desk: desk}), []uint64(nil))
	w.same(w.find(store.Query{Desk: desk, Since: minute(-1)}), []uint64(nil))
	w.same(w.due(minute(5), 9), []store.Due{{At: minute(5)}})
}

func dueOrder(w *trial) {
	for i, due := range []int{50, 40, 60, 40} {
		n := uint64(i + 1)
		w.commit(change(n, 0, received(minute(0), "ann@customer.example"), owes(minute(0), minute(due))))
	}
	want := []store.Due{{At: minute(40), Ticket: 2}, {At: minute(40), Ticket: 4}, {At: minute(50), Ticket: 1}, {At: minute(60), Ticket: 3}}
	w.same(w.due(minute(60), 9), want)
	w.same(w.due(minute(60), 3), want[:3])
	w.same(w.due(minute(40), 9), want[:2])
	w.same(w.due(minute(40).Add(-time.Microsecond), 9), want[:0])
	old := change(5, 0, received(minute(0), "ann@customer.example"), owes(minute(0), time.Unix(-1, 0).UTC()))
	w.commit(old) // before 1970 is before today
	w.same(w.due(minute(60), 1), []store.Due{{At: time.Unix(-1, 0).UTC(), Ticket: 5}})
}

func waitingOrder(w *trial) {
	assigned := func(n uint64, to string) {
		w.commit(change(n, w.load(desk, n).Version, event(kind.Assigned, minute(1), ticket.Body{Person: to})))
	}
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	for i, due := range []int{50, 40, 60, 40} {
		w.commit(change(uint64(i+2), 0, received(minute(0), "ann@customer.example"), owes(minute(0), minute(due))))
	}
	assigned(3, "eva@desk.example")
	assigned(5, "eva@desk.example")
	assigned(5, "tom@desk.example")
	elsewhere := change(1, 0, received(minute(0), "bob@customer.example"), owes(minute(0), minute(40)))
	elsewhere.Desk = other
	w.commit(elsewhere)
	w.commit(change(2, w.load(desk, 2).Version, event(kind.Closed, minute(2), ticket.Body{Reason: "done"})))
	at := func(d string, n uint64) time.Time {
		o, _ := must(w.s.Load(w.Context(), d, n))(w).NextTarget()
		if o.Target.IsZero() {
			return o.Limit
		}
		return o.Target
	}
	mine := []store.Waiting{
		{Desk: desk, Ticket: 3, At: at(desk, 3), Assignee: "eva@desk.example"}, {Desk: desk, Ticket: 5, At: at(desk, 5), Assignee: "tom@desk.example"},
		{Desk: desk, Ticket: 4, At: at(desk, 4)}, {Desk: desk, Ticket: 1},
	}
	w.same(must(w.s.Waiting(w.Context(), desk))(w), mine)
	theirs := store.Waiting{Desk: other, Ticket: 1, At: at(other, 1)}
	all := must(w.s.Waiting(w.Context(), ""))(w)
	w.same(len(all), 5)
	w.same(slices.Contains(all, theirs), true)
	w.same(all[3:], mine[2:])
	w.same(must(w.s.Waiting(w.Context(), "nobody's"))(w), []store.Waiting(nil))
}

func rowsMove(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	for i := range 20 {
		w.commit(change(1, w.load(desk, 1).Version, owes(minute(i), minute(100-i))))
	}
	w.same(w.due(never, 0), []store.Due{{At: minute(81), Ticket: 1}})
	w.same(w.find(store.Query{Desk: desk, Since: minute(-1)}), []uint64{1})
	w.same(w.find(store.Query{Desk: desk, Customer: "ann@customer.example"}), []uint64{1})
	w.same(w.find(store.Query{Desk: desk, Open: true}), []uint64{1})
	done := event(kind.Breached, minute(30), ticket.Body{Obligation: "ack", Rung: &ticket.Rung{Name: "limit"}})
	w.commit(change(1, w.load(desk, 1).Version, done))
	w.same(w.due(never, 0), []store.Due(nil))
}

func logWhileWriting(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	const more = 1500
	var all sync.WaitGroup
	all.Go(func() {
		for i := range more / 10 {
			notes := make([]ticket.Event, 10)
			for j := range notes {
				notes[j] = noted(minute(i))
			}
			if err := w.s.Commit(w.Context(), change(1, uint64(1+10*i), notes...)); err != nil {
				w.Error(err)
			}
		}
	})
	for range 20 {
		var end logbook.Head
		for r, err := range w.s.Log(w.Context(), desk, 0, -1) {
			if err == nil {
				end, err = logbook.Verify(end, r)
			}
			if err != nil {
				w.Error(err)
				break
			}
		}
		if end.Seq%10 != 1 {
			w.Errorf("a log of %d records ends within a commit", end.Seq)
		}
	}
	all.Wait()
	w.same(len(w.log(desk, 0, -1)), 1+more)
	for range w.s.Log(w.Context(), desk, 0, -1) {
		w.commit(change(1, 1+more, noted(minute(0)))) // a reader may write, and may stop
		break
	}
}

func logOfTicket(w *trial) {
	for n := uint64(1); n <= 2; n++ {
		w.commit(change(n, 0, received(minute(0), "ann@customer.example")))
	}
	for i := range 300 {
		w.commit(change(1, w.load(desk, 1).Version, noted(minute(i))), change(2, w.load(desk, 2).Version, noted(minute(i))))
	}
	w.commit(change(0, 0, noted(minute(0))))
	w.same(len(w.log(desk, 0, 1)), 301)
	w.same(len(w.log(desk, 0, 0)), 1)
	w.same(len(w.log(desk, 604, -1)), 0)
	got := w.log(desk, 5, 2)
	w.same(got[0].Seq, uint64(6))
	for _, r := range got {
		if r.Ticket != 2 {
			w.Fatalf("record %d is of ticket %d", r.Seq, r.Ticket)
		}
	}
}

func foldIsLoad(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example"), owes(minute(0), minute(60))))
	w.commit(posts(change(1, 2), minute(1), letterTo(true, "l1", minute(1)), letterTo(false, "l2", minute(1))))
	w.commit(change(1, 3, event(kind.Sent, minute(2), ticket.Body{Delivery: &ticket.Delivery{Letter: "l1", Reply: "250 ok"}})))
	refused := event(kind.DecisionRefused, minute(3), ticket.Body{Reason: "no token"})
	refused.Actor = "mallory\xff\xfe@customer.example"
	w.commit(change(1, 4, refused), change(0, 0, event(kind.Started, minute(3), ticket.Body{Wake: minute(9)})))
	w.foldsAgree(desk, 0, 1)
}

// foldsAgree checks that folding the log gives what Load and Find return.
func (w *trial) foldsAgree(desk string, numbers ...uint64) {
	w.Helper()
	for _, n := range numbers {
		folded := ticket.Ticket{Desk: desk}
		for _, r := range w.log(desk, 0, int64(n)) {
			folded = must(logbook.Apply(folded, r))(w)
		}
		w.same(w.load(desk, n), folded)
	}
}

func cursors(w *trial) {
	at := func(folder string, validity, uid uint32) store.Change {
		c := change(0, 0)
		c.Cursor = &store.Cursor{Folder: folder, UIDValidity: validity, UID: uid}
		return c
	}
	w.commit(at("INBOX", 1, 4294967295))
	w.commit(at("Sent", 4294967295, 0))
	w.commit(at("INBOX", 2, 1)) // a mailbox that was made anew goes back
	w.same(must(w.s.Cursor(w.Context(), desk, "INBOX"))(w), store.Cursor{Folder: "INBOX", UIDValidity: 2, UID: 1})
	w.same(must(w.s.Cursor(w.Context(), desk, "Sent"))(w), store.Cursor{Folder: "Sent", UIDValidity: 4294967295})
	w.same(must(w.s.Cursor(w.Context(), desk, "inbox"))(w), store.Cursor{})

	first, known := at("Posta", 3, 7), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	first.Cursor.Before = known
	w.commit(first)
	w.commit(at("Posta", 4, 1))
	w.same(must(w.s.Cursor(w.Context(), desk, "Posta"))(w), store.Cursor{Folder: "Posta", UIDValidity: 4, UID: 1, Before: known})
	empty := at("Archivio", 3, 0)
	empty.Cursor.Before = time.Unix(0, 0).UTC()
	w.commit(empty)
	w.same(must(w.s.Cursor(w.Context(), desk, "Archivio"))(w), *empty.Cursor)
}

func tallies(w *trial) {
	on := func(day string, count map[string]int64) store.Change {
		c := change(0, 0)
		c.Day, c.Count = day, count
		return c
	}
	w.commit(on("2026-03-02", map[string]int64{"received": 2, "sent": 1}))
	w.commit(on("2026-02-28", map[string]int64{"received": 1}))
	w.commit(on("2026-03-02", map[string]int64{"received": 1, "sent": -1}))
	w.commit(on("2026-03-03", nil))
	w.same(must(w.s.Tallies(w.Context(), desk, "2026-02-28", "2026-03-02"))(w), []store.Tally{
		{Day: "2026-02-28", Count: map[string]int64{"received": 1}}, {Day: "2026-03-02", Count: map[string]int64{"received": 3, "sent": 0}},
	})
	w.same(must(w.s.Tallies(w.Context(), desk, "2026-03-01", "2026-03-01"))(w), []store.Tally(nil))
	for _, day := range []string{"", "2026-3-2", "yesterday"} {
		w.refused(store.ErrInvalid, on(day, map[string]int64{"received": 1}))
	}
}

func reopening(w *trial) {
	c := posts(change(1, 0, received(minute(0), "ann@customer.example"), owes(minute(0), minute(60))), minute(1), letterTo(true, "l1", minute(1)))
	c.Keys = []store.Key{{Kind: store.Seen, Value: "k"}, {Kind: store.MessageID, Value: "k"}}
	c.Cursor = &store.Cursor{Folder: "INBOX", UIDValidity: 1, UID: 5}
	c.Day, c.Count = "2026-03-02", map[string]int64{"received": 1}
	must(w.s.PutRaw(w.Context(), []byte("raw")))(w)
	w.commit(c)
	mark := change(0, 0)
	mark.Sending = []string{"l1"}
	w.commit(mark)
	before, id := w.everything(), w.s.ID()
	w.reopen()
	w.same(w.everything(), before)
	w.same(w.s.ID(), id)
	if raw := must(w.s.Raw(w.Context(), ticket.Sum([]byte("raw"))))(w); !bytes.Equal(raw, []byte("raw")) {
		w.Errorf("raw: %q", raw)
	}
	w.same(must(w.s.PutRaw(w.Context(), []byte("raw")))(w)[0].Attempts, 2)
	w.commit(change(1, 3, noted(minute(2))))
}

func closeTwice(w *trial) {
	for range 2 {
		if err := w.s.Close(); err != nil {
			w.Error(err)
		}
	}
	if err := w.s.Commit(w.Context(), change(1, 0, received(minute(0), "ann@customer.example"))); err == nil {
		w.Error("a closed store took a commit")
	}
	w.s = must(w.open())(w)
	w.same(must(w.s.Head(w.Context(), desk))(w).Next, uint64(1))
}
