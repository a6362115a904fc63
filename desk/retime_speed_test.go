package desk_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"replyby/sla"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
)

// opens writes open tickets as the desk would, without their mail.
func (s *scenario) opens(n int) {
	s.Helper()
	var batch []store.Change
	for i := 1; i <= n; i++ {
		at := s.now.Add(-time.Duration(i%5000) * time.Minute)
		body := ticket.Body{Verdict: &ticket.Verdict{Language: "it"}}
		for _, o := range []sla.Obligation{sla.Ack, sla.Fix} {
			due, err := s.cfg.Policy.Due(o, at, s.cfg.Service)
			if err != nil {
				s.Fatal(err)
			}
			placed, err := s.cfg.Policy.Rungs(sla.Situation{Due: due, Since: at, Now: s.now, Service: s.cfg.Service})
			if err != nil {
				s.Fatal(err)
			}
			var rungs []ticket.Rung
			for _, r := range placed {
				rungs = append(rungs, ticket.Rung{Name: r.Name, At: r.At, To: r.To, Means: r.Means})
			}
			body.Obligations = append(body.Obligations, ticket.Obligation{Rungs: rungs,
				Name: duty.Name(o), From: due.From, Target: due.Target, Limit: due.Limit, ActBy: due.ActBy, Calendar: due.Calendar, Reading: s.cfg.Policy.Name})
		}
		m := &ticket.Message{From: ticket.Address{Addr: mario}, Subject: "Richiesta", ReceivedAt: at}
		batch = append(batch, store.Change{Desk: s.cfg.Name, Ticket: uint64(i), Day: monday, Events: []ticket.Event{
			{Kind: kind.Received, Ticket: uint64(i), Actor: "customer", At: at, Body: ticket.Body{Message: m, Ref: fmt.Sprint("MP-", i)}},
			{Kind: kind.Classified, Ticket: uint64(i), Actor: "replyby", At: at, Body: body},
		}})
		if len(batch) == 500 || i == n {
			if err := s.store.Commit(s.Context(), batch...); err != nil {
				s.Fatal(err)
			}
			batch = nil
		}
	}
}

// An edit of a calendar moves every open ticket, in one pass at the start, on a store that syncs. REPLYBY_RETIME says of how many;
// 100,000 of them have ten seconds on two cores.
func TestRetimeMany(t *testing.T) {
	n := 300
	if text := os.Getenv("REPLYBY_RETIME"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	s := play(t, careDesk(t))
	s.opens(n)
	shut := []sla.Closure{{From: "2026-11-16", To: "2027-01-15", NotifiedAt: s.now.AddDate(0, -1, 0)}}
	cal, err := s.cfg.Policy.Calendar.WithClosures(shut)
	if err != nil {
		t.Fatal(err)
	}
	p := sla.BusinessCare(cal)
	s.cfg.Policy = &p
	s.store.Close()
	if s.store, err = bolt.Open(s.dir, bolt.Options{}); err != nil {
		t.Fatal(err)
	}
	s.desk = s.hire(s.cfg)
	began := time.Now()
	if err := s.desk.Retime(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	t.Logf("%d open tickets in %s, %.0f a second", n, took.Round(time.Millisecond), float64(n)/took.Seconds())
	for _, i := range []int64{1, int64(n/2 + 1), int64(n)} {
		if s.count(i, kind.Retimed) != 1 {
			t.Errorf("ticket %d was not moved", i)
		}
	}
}
