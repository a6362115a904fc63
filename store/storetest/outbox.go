package storetest

import (
	"bytes"
	"errors"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/duty"
)

func outboxPromises() []promise {
	return []promise{
		{"the outbox keeps its order and limit", outboxOrder},
		{"a letter comes back as it was decided", letterWhole},
		{"letters and events must agree", lettersAgree},
		{"sending marks and counts", sendingCounts},
		{"sending an unknown letter is a conflict", sendingUnknown},
		{"done takes rows and ignores unknown ones", doneTakes},
		{"retry moves a letter and unmarks it", retryMoves},
		{"bytes for customers stay and others go", bytesStay},
		{"long letters come a few at a time", longAFewAtATime},
	}
}

func outboxOrder(w *trial) {
	urgent := func(l store.Letter) store.Letter { l.Urgent = true; return l }
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0),
		letterTo(false, "late staff", minute(9)), letterTo(false, "staff", minute(1)), letterTo(false, "staff too", minute(1)),
		urgent(letterTo(false, "urgent staff", minute(5))), letterTo(true, "customer b", minute(7)), letterTo(true, "customer a", minute(6)),
		urgent(letterTo(true, "urgent customer", minute(8))), letterTo(true, "held", minute(20)), letterTo(false, "at once", time.Time{})))
	w.commit(posts(change(2, 0, received(minute(0), "bob@customer.example")), minute(0), letterTo(false, "staff last", minute(1))))
	want := []string{"urgent customer", "customer a", "customer b", "urgent staff", "at once", "staff", "staff too", "staff last", "late staff"}
	w.same(w.outbox(minute(9), 0), want)
	w.same(w.outbox(minute(9), 4), want[:4])
	w.same(w.outbox(minute(1), 99), want[4:8])
	mark := change(0, 0)
	mark.Sending = []string{"held"} // its end is unknown, so it is shown whatever the clock says
	w.commit(mark)
	w.same(w.outbox(minute(1), 99), append([]string{"held"}, want[4:8]...))
	w.same(w.outbox(minute(20), 4), []string{"urgent customer", "customer a", "customer b", "held"})
}

func longAFewAtATime(w *trial) {
	ids := []string{"l1", "l2", "l3", "l4"}
	var long []store.Letter
	for i, id := range ids {
		l := letterTo(true, id, minute(1+i))
		l.Bytes = bytes.Repeat([]byte{byte(i)}, store.MostBytes/3+1)
		l.Hash = ticket.Sum(l.Bytes)
		long = append(long, l)
	}
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), long...))
	w.same(w.outbox(minute(9), 9), ids[:3])
	w.same(w.outbox(minute(9), 2), ids[:2])
	w.same(w.outbox(minute(9), 0), ids)
	done := change(1, 0)
	done.Done = ids[:3]
	w.commit(done)
	w.same(w.outbox(minute(9), 9), ids[3:])
}

func letterWhole(w *trial) {
	l := letterTo(true, "l1", minute(3))
	l.Bcc, l.Answers, l.By, l.Draft, l.Text, l.BodyHash = []string{"desk@desk.example"}, []duty.Name{duty.Ack}, "eva", 2, "hello", ticket.Sum([]byte("b"))
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), l))
	want := l
	want.Desk, want.Ticket = desk, 1
	w.same(must(w.s.Outbox(w.Context(), desk, minute(3), 9))(w), []store.Letter{want})
}

func lettersAgree(w *trial) {
	w.commit(change(1, 0, received(minute(0), "ann@customer.example")))
	good, second := letterTo(true, "l1", minute(1)), letterTo(false, "l2", minute(1))
	for _, spoil := range []func(*store.Change){
		func(c *store.Change) { c.Letters[0].Bytes = []byte("other words") },
		func(c *store.Change) { c.Letters[0].ID = "l9" },
		func(c *store.Change) { c.Letters = c.Letters[:1] },
		func(c *store.Change) { c.Letters = append(c.Letters, letterTo(false, "l3", minute(1))) },
		func(c *store.Change) { c.Letters = append(c.Letters, c.Letters[0]) },
		func(c *store.Change) { c.Letters[1] = c.Letters[0] },
		func(c *store.Change) { c.Events = nil },
	} {
		c := posts(change(1, 1), minute(1), good, second)
		spoil(&c)
		w.refused(store.ErrInvalid, c)
	}
	w.commit(posts(change(1, 1), minute(1), good, second))
	w.refused(store.ErrInvalid, posts(change(1, 2), minute(2), good)) // an id goes out once
}

func sendingCounts(w *trial) {
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), letterTo(true, "l1", minute(1))))
	for attempt := 1; attempt <= 3; attempt++ {
		mark := change(1, 0)
		mark.Sending = []string{"l1"}
		w.commit(mark)
		l := must(w.s.Outbox(w.Context(), desk, minute(1), 9))(w)[0]
		w.same([]any{l.Attempt, l.Sending}, []any{attempt, true})
	}
}

func sendingUnknown(w *trial) {
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), letterTo(true, "l1", minute(1))))
	c := change(1, 2, noted(minute(1)))
	c.Sending = []string{"l1", "never heard of"}
	w.refused(store.ErrConflict, c)
	done := change(1, 0)
	done.Done = []string{"l1"}
	w.commit(done)
	c.Sending = []string{"l1"}
	w.refused(store.ErrConflict, c)
}

func doneTakes(w *trial) {
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), letterTo(true, "l1", minute(1)), letterTo(false, "l2", minute(1))))
	c := change(1, 2, noted(minute(1)))
	c.Done = []string{"never heard of", "l1"}
	w.commit(c)
	w.same(w.outbox(never, 9), []string{"l2"})
	c = change(1, 3, noted(minute(2)))
	c.Sending, c.Done = []string{"l2"}, []string{"l1", "l2"}
	w.commit(c)
	w.same(w.outbox(never, 9), []string(nil))
}

func retryMoves(w *trial) {
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), letterTo(true, "l1", minute(1))))
	mark := change(1, 0)
	mark.Sending = []string{"l1"}
	w.commit(mark)
	if err := w.s.Retry(w.Context(), desk, "l1", minute(30)); err != nil {
		w.Fatal(err)
	}
	w.same(w.outbox(minute(29), 9), []string(nil))
	l := must(w.s.Outbox(w.Context(), desk, minute(30), 9))(w)[0]
	w.same([]any{l.Attempt, l.Sending, l.NotBefore}, []any{1, false, minute(30)})
	for _, place := range [][2]string{{desk, "never heard of"}, {other, "l1"}} {
		if err := w.s.Retry(w.Context(), place[0], place[1], minute(31)); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("retry %v: %v, want %v", place, err, store.ErrNotFound)
		}
	}
	w.same(w.load(desk, 1).Version, uint64(2)) // a retry is no event
}

func bytesStay(w *trial) {
	toCustomer, toStaff := letterTo(true, "l1", minute(1)), letterTo(false, "l2", minute(1))
	w.commit(posts(change(1, 0, received(minute(0), "ann@customer.example")), minute(0), toCustomer, toStaff))
	c := change(1, 0)
	c.Done = []string{"l1", "l2"}
	w.commit(c)
	if got := must(w.s.Raw(w.Context(), toCustomer.Hash))(w); !bytes.Equal(got, toCustomer.Bytes) {
		w.Errorf("letter to a customer: %q", got)
	}
	if _, err := w.s.Raw(w.Context(), toStaff.Hash); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("letter to staff: %v, want %v", err, store.ErrNotFound)
	}
}
