package bolt

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
)

// howMany is how many tickets the reading benchmarks fill a store with; -tickets=1000000 measures the promised figures.
var howMany = flag.Int("tickets", 2_000, "tickets in the store of reading benchmarks")

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// arrival is what one ordinary request writes: four events, three review mails with a token each, its keys.
func arrival(n uint64) store.Change {
	at := epoch.Add(time.Duration(n) * time.Second)
	c := store.Change{
		Desk: "support", Ticket: n, Day: "2026-03-02", Count: map[string]int64{"received": 1},
		Cursor: &store.Cursor{Folder: "INBOX", UIDValidity: 1, UID: uint32(n)},
		Keys: []store.Key{
			{Kind: store.Seen, Value: fmt.Sprintf("seen-%d", n)}, {Kind: store.MessageID, Value: fmt.Sprintf("<%d@customer.example>", n)},
		},
		Raw: []ticket.Hash{ticket.Sum(fmt.Append(nil, n))},
	}
	event := func(k kind.Kind, b ticket.Body) {
		c.Events = append(c.Events, ticket.Event{Kind: k, Ticket: n, Actor: "replyby", Cause: "raw:x", At: at, Body: b})
	}
	event(kind.Received, ticket.Body{Ref: fmt.Sprintf("MB-%d", n), Message: &ticket.Message{
		From: ticket.Address{Name: "A Customer", Addr: fmt.Sprintf("c%d@customer.example", n)}, Subject: "The shop is down",
		Text: strings.Repeat("It does not work since this morning. ", 20), ReceivedAt: at, ReceivedBy: "Received",
		MessageID: fmt.Sprintf("<%d@customer.example>", n), Raw: ticket.Sum(fmt.Append(nil, n)),
	}})
	event(kind.Classified, ticket.Body{Verdict: &ticket.Verdict{Language: "it", Urgency: "not_urgent"}, Obligations: duties(at)})
	event(kind.Drafted, ticket.Body{Draft: &ticket.Draft{Version: 1, Template: "ack", Language: "it", Text: strings.Repeat("We are on it. ", 40)}})
	asked := ticket.Body{}
	for i := range 3 {
		bytes := []byte(strings.Repeat(fmt.Sprintf("review %d for %d\r\n", n, i), 150))
		l := ticket.Letter{ID: fmt.Sprintf("%016x%016x", n, i), MessageID: "<x@desk.example>", Purpose: "review", To: []string{"s@desk.example"},
			Hash: ticket.Sum(bytes), NotBefore: at, Subject: "Review"}
		asked.Letters = append(asked.Letters, l)
		asked.Tokens = append(asked.Tokens, ticket.Token{Hash: ticket.Sum([]byte(l.ID)), Person: "s@desk.example", Draft: 1, Purpose: "decide"})
		c.Letters = append(c.Letters, store.Letter{Letter: l, Bytes: bytes})
		c.Keys = append(c.Keys, store.Key{Kind: store.TokenHash, Value: l.ID}, store.Key{Kind: store.LetterID, Value: l.ID})
	}
	event(kind.ReviewAsked, asked)
	return c
}

func duties(at time.Time) (owed []ticket.Obligation) {
	for _, name := range []duty.Name{"ack", "fix"} {
		o := ticket.Obligation{Name: name, From: at, Target: at.Add(4 * time.Hour), Limit: at.Add(8 * time.Hour), Count: "lun 15-18: 3h, mar 15-16: 1h"}
		for i, step := range []string{"50%", "75%", "90%", "limit"} {
			o.Rungs = append(o.Rungs, ticket.Rung{Name: step, At: at.Add(time.Duration(i+1) * time.Hour), To: []string{"assignee"}})
		}
		owed = append(owed, o)
	}
	return owed
}

// light is a request with its clocks running; every hundredth has letters waiting too.
func light(n uint64) store.Change {
	c := arrival(n)
	if n%100 != 0 {
		c.Events, c.Letters, c.Keys = c.Events[:2], nil, c.Keys[:2]
	}
	return c
}

// plain is a request of one event: what the engine itself costs.
func plain(n uint64) store.Change {
	c := arrival(n)
	c.Events, c.Letters, c.Keys = c.Events[:1], nil, c.Keys[:2]
	return c
}

// fill commits n new tickets in batches of 100.
func fill(b *testing.B, s *Store, n int, request func(uint64) store.Change) {
	b.Helper()
	batch := make([]store.Change, 0, 100)
	for i := range n {
		if batch = append(batch, request(uint64(i+1))); len(batch) < cap(batch) && i < n-1 {
			continue
		}
		if err := s.Commit(b.Context(), batch...); err != nil {
			b.Fatal(err)
		}
		batch = batch[:0]
	}
}

// BenchmarkCommit takes in requests: plain ones without syncing show what the engine costs.
func BenchmarkCommit(b *testing.B) {
	for _, c := range []struct {
		name    string
		o       Options
		request func(uint64) store.Change
	}{
		{"plain/unsynced", Options{NoSync: true}, plain}, {"plain/synced", Options{}, plain},
		{"whole/unsynced", Options{NoSync: true}, arrival}, {"whole/synced", Options{}, arrival},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, err := Open(b.TempDir(), c.o)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			b.ResetTimer()
			fill(b, s, b.N, c.request)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tickets/s")
		})
	}
}

// BenchmarkRead opens and reads a store of -tickets tickets.
func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	s, err := Open(dir, Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	fill(b, s, *howMany, light)
	last := uint64(*howMany)
	token := arrival(last).Keys[0]
	run := func(name string, f func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	ctx := b.Context()
	run("due/none", func() error { _, err := s.Due(ctx, "support", epoch, 100); return err })
	run("due/100", func() error { _, err := s.Due(ctx, "support", epoch.AddDate(1, 0, 0), 100); return err })
	run("outbox/none", func() error { _, err := s.Outbox(ctx, "support", epoch, 100); return err })
	run("outbox/10", func() error { _, err := s.Outbox(ctx, "support", epoch.AddDate(1, 0, 0), 10); return err })
	run("load", func() error { _, err := s.Load(ctx, "support", last); return err })
	run("find/key", func() error { _, err := s.Find(ctx, store.Query{Desk: "support", Key: token}); return err })
	run("find/customer/open/3", func() error {
		_, err := s.Find(ctx, store.Query{Desk: "support", Customer: "c7@customer.example", Open: true, Latest: true, Limit: 3})
		return err
	})
	run("find/open/50", func() error { _, err := s.Find(ctx, store.Query{Desk: "support", Open: true, Limit: 50}); return err })
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	run("open", func() error {
		s, err := Open(dir, Options{NoSync: true})
		if err != nil {
			return err
		}
		return s.Close()
	})
}
