package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
)

func erasePromises() []promise {
	return []promise{
		{"an erasure takes bodies and bytes and leaves the chain", erasureTakes},
		{"an erasure that changes the fold is invalid", erasureMoves},
		{"an erasure with letters in the outbox is invalid", erasureBeforeLetters},
		{"erased bytes never come back", erasedBytes},
		{"a conflict erases nothing", erasureConflict},
		{"records and messages can be erased alone", erasureOfPart},
		{"an erasure of records that bear a letter in the outbox is invalid", erasureOfBearer},
		{"messages lists what was dealt with and is kept", messages},
	}
}

// erases is a change that erases a ticket and the messages of these bytes.
func (w *trial) erases(n uint64, raws ...[]byte) store.Change {
	t := w.load(desk, n)
	left := erasure.Remains(t)
	c := change(n, t.Version, event(kind.Erased, minute(90), ticket.Body{Left: &left}))
	for _, raw := range raws {
		c.Erase = append(c.Erase, ticket.Sum(raw))
	}
	return c
}

// told opens a ticket that says a lot, with its message, and a second one that must stay as it is.
func (w *trial) told() (raw, another []byte) {
	raw, another = []byte("From: Ann\r\n\r\nmy secret\r\n"), []byte("From: Bob\r\n\r\nhis own\r\n")
	must(w.s.PutRaw(w.Context(), raw, another))(w)
	c := keyed(change(1, 0, received(minute(0), "ann@customer.example"), owes(minute(0), minute(60))), store.Seen)
	c.Raw = []ticket.Hash{ticket.Sum(raw)}
	w.commit(c, change(2, 0, received(minute(1), "bob@customer.example"), noted(minute(1))))
	l := letterTo(true, "l1", minute(2))
	w.commit(posts(change(1, 2), minute(2), l))
	sent := event(kind.Sent, minute(3), ticket.Body{Delivery: &ticket.Delivery{Letter: "l1", Reply: "250 ok"}})
	end := change(1, w.load(desk, 1).Version, sent, event(kind.Closed, minute(4), ticket.Body{}))
	end.Done = []string{"l1"}
	w.commit(end)
	return raw, another
}

func erasureTakes(w *trial) {
	raw, another := w.told()
	letter := letterTo(true, "l1", minute(2)).Bytes
	before, was := w.log(desk, 1, -1), w.load(desk, 1)
	w.commit(w.erases(1, raw, letter))
	w.reopen()
	for i, r := range w.log(desk, 1, -1)[:len(before)] {
		w.same(r.Envelope, before[i].Envelope)
		if gone := r.Body == nil && r.Salt == nil; gone != (r.Ticket == 1) {
			w.Errorf("record %d of ticket %d: erased %v", r.Seq, r.Ticket, gone)
		}
	}
	w.foldsAgree(desk, 1)
	w.foldsAgree(desk, 2)
	for _, b := range [][]byte{raw, letter} {
		if got, err := w.s.Raw(w.Context(), ticket.Sum(b)); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("erased bytes: %q, %v", got, err)
		}
	}
	if got := must(w.s.Raw(w.Context(), ticket.Sum(another)))(w); !bytes.Equal(got, another) {
		w.Errorf("bytes of another ticket came back as %q", got)
	}
	is := w.load(desk, 1)
	w.same([]any{is.State, is.ReceivedAt, is.Duties, is.CreatedAt}, []any{was.State, was.ReceivedAt, was.Duties, was.CreatedAt})
	w.same(is.Customer, ticket.Address{})
	w.same(w.find(store.Query{Desk: desk, Customer: "ann@customer.example"}), []uint64(nil))
	w.same(w.find(store.Query{Desk: desk, Key: store.Key{Kind: store.Seen, Value: "k"}}), []uint64{1})
	w.commit(change(1, is.Version, noted(minute(99))))
	w.foldsAgree(desk, 1)
}

func erasureMoves(w *trial) {
	raw, _ := w.told()
	c := w.erases(1, raw)
	c.Events = []ticket.Event{event(kind.Erased, minute(90), ticket.Body{})}
	c.Events[0].Ticket = 1
	w.refused(store.ErrInvalid, c)
	c.Events = nil
	w.refused(store.ErrInvalid, c)
	if _, err := w.s.Raw(w.Context(), ticket.Sum(raw)); err != nil {
		w.Errorf("the message went all the same: %v", err)
	}
}

func erasureBeforeLetters(w *trial) {
	raw, _ := w.told()
	w.commit(posts(change(1, w.load(desk, 1).Version), minute(5), letterTo(false, "l2", minute(6))))
	c := w.erases(1, raw)
	w.refused(store.ErrInvalid, c)
	c.Done = []string{"l2"}
	w.commit(c)
}

func erasedBytes(w *trial) {
	raw, _ := w.told()
	w.commit(w.erases(1, raw))
	c := change(1, 0)
	c.Raw = []ticket.Hash{ticket.Sum(raw)}
	for range 2 {
		w.same(must(w.s.PutRaw(w.Context(), raw))(w), []store.Raw{{Hash: ticket.Sum(raw), Attempts: 1, Alone: 1, Kept: true}})
		if got, err := w.s.Raw(w.Context(), ticket.Sum(raw)); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("erased bytes came back: %q, %v", got, err)
		}
		w.commit(c)
		w.reopen()
	}
}

func erasureConflict(w *trial) {
	raw, _ := w.told()
	c := w.erases(1, raw)
	c.Expect--
	w.refused(store.ErrConflict, c)
	if _, err := w.s.Raw(w.Context(), ticket.Sum(raw)); err != nil {
		w.Errorf("the message went all the same: %v", err)
	}
}

// erasesPart is a change of the desk's own file that makes records bare and forgets messages.
func (w *trial) erasesPart(bare []uint64, forget ...ticket.Hash) store.Change {
	own := w.load(desk, 0)
	left := own
	left.Filed = nil
	c := change(0, own.Version, event(kind.Erased, minute(90), ticket.Body{Left: &left}))
	c.Bare, c.Forget = bare, forget
	return c
}

func filed(at time.Time, subject string) ticket.Event {
	return event(kind.AutoFiled, at, ticket.Body{Message: &ticket.Message{Subject: subject}})
}

func erasureOfPart(w *trial) {
	raw, another := w.told()
	w.commit(change(0, 0, filed(minute(5), "my secret"), filed(minute(6), "his own")))
	first := w.load(desk, 0).Version - 1
	w.refused(store.ErrInvalid, w.erasesPart([]uint64{first + 10}))
	none := w.erasesPart([]uint64{first})
	none.Events = nil
	w.refused(store.ErrInvalid, none)
	moved := w.erasesPart([]uint64{first})
	moved.Events[0].Body.Left = nil
	w.refused(store.ErrInvalid, moved)
	w.commit(w.erasesPart([]uint64{first}, ticket.Sum(raw)))
	for range 2 {
		for _, r := range w.log(desk, 1, 0) {
			if gone := r.Body == nil && r.Salt == nil; gone != (r.Seq == first) {
				w.Errorf("record %d: erased %v", r.Seq, gone)
			}
		}
		if got, err := w.s.Raw(w.Context(), ticket.Sum(raw)); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("forgotten bytes: %q, %v", got, err)
		}
		w.foldsAgree(desk, 0)
		w.reopen()
	}
	lone := change(2, 0)
	lone.Forget = []ticket.Hash{ticket.Sum(another)}
	w.commit(lone)
	w.same(must(w.s.PutRaw(w.Context(), another))(w), []store.Raw{{Hash: ticket.Sum(another), Attempts: 1, Alone: 1, Kept: true}})
}

func erasureOfBearer(w *trial) {
	w.commit(posts(change(0, 0), minute(1), letterTo(false, "l1", minute(2))))
	bearer := w.load(desk, 0).Version
	w.commit(change(0, bearer, filed(minute(5), "my secret")))
	w.refused(store.ErrInvalid, w.erasesPart([]uint64{bearer}))
	w.commit(w.erasesPart([]uint64{bearer + 1})) // the letter that waits is of another record
	c := w.erasesPart([]uint64{bearer})
	c.Done = []string{"l1"}
	w.commit(c)
}

func messages(w *trial) {
	var want []ticket.Hash
	for i := range 600 { // more than one step
		raw := fmt.Appendf(nil, "Subject: %d\r\n\r\n", i)
		must(w.s.PutRaw(w.Context(), raw))(w)
		c := change(0, 0)
		switch c.Raw = []ticket.Hash{ticket.Sum(raw)}; i {
		case 0: // never dealt with
			continue
		case 1:
			c.Forget = c.Raw
		default:
			want = append(want, ticket.Sum(raw))
		}
		w.commit(c)
	}
	slices.SortFunc(want, func(a, b ticket.Hash) int { return bytes.Compare(a[:], b[:]) })
	var got []ticket.Hash
	for hash, err := range w.s.Messages(w.Context()) {
		if err != nil {
			w.Fatal(err)
		}
		got = append(got, hash)
	}
	w.same(got, want)
	for range w.s.Messages(w.Context()) {
		break
	}
}
