package office

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailhost"
	"replyby/outbound"
	"replyby/sla"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// commits is how many of the smallest synced changes a store takes in a second, of n.
func commits(t *testing.T, st store.Store, n int) float64 {
	began := time.Now()
	for i := range n {
		c := store.Change{Desk: "desk", Cursor: &store.Cursor{Folder: "bare", UIDValidity: 1, UID: uint32(i + 1)}}
		if err := st.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return float64(n) / time.Since(began).Seconds()
}

// Approved letters leave over one connection, customers' first, each with a synced record before it and after it, by the wiring of
// the program. REPLYBY_LETTERS says how many; the test prints how many a second.
func TestSendMany(t *testing.T) {
	n := 20
	if text := os.Getenv("REPLYBY_LETTERS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	st, err := bolt.Open(t.TempDir(), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	approve(t, st, n)
	bare := commits(t, st, n)
	hop, err := mailhost.NewHop(mailhost.HopConfig{Accounts: []mailhost.Account{{Address: "desk@mail.test", Password: "x"}},
		Deliver: func(string, string, []byte) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- hop.Run(ctx) }()
	w := working(t, st)
	host, port, err := net.SplitHostPort(hop.Addr())
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{outbox: outbox{w}, left: n, done: make(chan struct{})}
	s, err := outbound.New(outbound.Config{Host: host, Port: number, TLS: "none", User: "desk@mail.test",
		Secret: func(context.Context) (string, error) { return "x", nil }}, c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	sent := make(chan error, 1)
	go func() { sent <- s.Run(ctx) }()
	select {
	case <-c.done:
	case err := <-sent:
		t.Fatal(err)
	}
	took := time.Since(began)
	cancel()
	if err := errors.Join(<-sent, <-served); err != nil {
		t.Error(err)
	}
	fmt.Printf("%d approved letters sent, recorded before and after: %s, %.0f a second; the store takes %.0f smallest changes a second\n",
		n, took.Round(time.Millisecond), float64(n)/took.Seconds(), bare)
	all := hop.Accepted()
	if len(all) != n {
		t.Errorf("%d letters were accepted, want %d", len(all), n)
	}
	for i, x := range all {
		if want := i < n-n/20; (x.To[0] == "customer@client.test") != want {
			t.Fatalf("letter %d went to %s: customers' first", i, x.To[0])
		}
	}
	for i := range n {
		tk, err := st.Load(t.Context(), "desk", uint64(i+1))
		if err != nil {
			t.Fatal(err)
		}
		if want := i%20 != 3; (len(tk.Posted) == 1 && tk.Posted[0].State == posted.Sent) != want {
			t.Fatalf("ticket %d has %+v", i+1, tk.Posted)
		}
	}
}

// working is a desk at a store.
func working(t *testing.T, st store.Store) *worked {
	t.Helper()
	cal, err := sla.NewCalendar(sla.Spec{Name: "always", Timezone: "UTC", Open: []string{"24x7"}})
	if err != nil {
		t.Fatal(err)
	}
	policy := sla.Agency(cal)
	return &worked{store: st, desk: desk.New(desk.Config{Name: "desk", Zone: time.UTC, Policy: &policy, Service: cal}, st, desk.Tools{})}
}

// I4: the end of a letter is kept whether or not the next one may begin, and a next one that began is unknown after a crash here.
func TestTurn(t *testing.T) {
	st, err := bolt.Open(t.TempDir(), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	approve(t, st, 3)
	o, now := outbox{working(t, st)}, time.Now()
	all, err := o.Next(t.Context(), now, 0)
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	gone := all[2]
	gone.ID = "recalled meanwhile"
	sent := outbound.Result{Outcome: outbound.Sent, Code: 250, At: now}
	for i, next := range []store.Letter{all[1], gone} {
		if i == 0 {
			err = o.Begin(t.Context(), all[0], now)
		}
		if err != nil {
			t.Fatal(err)
		}
		err := o.Turn(t.Context(), outbound.Ended{Letter: all[i], Result: sent}, next, now)
		if want := map[bool]error{true: outbound.ErrWithdrawn}[next.ID == gone.ID]; !errors.Is(err, want) {
			t.Errorf("turn to %s: %v, want %v", next.ID, err, want)
		}
		if tk, err := st.Load(t.Context(), "desk", uint64(i+1)); err != nil || tk.Posted[0].State != posted.Sent {
			t.Errorf("letter %d after it was accepted: %+v, %v", i, tk.Posted, err)
		}
		left, err := o.Next(t.Context(), now, 0)
		if err != nil || len(left) != 2-i || left[0].Sending != (i == 0) {
			t.Errorf("the outbox after letter %d: %+v, %v", i, left, err)
		}
	}
}

// counted says when so many letters have ended.
type counted struct {
	outbox
	left int
	done chan struct{}
}

// End implements outbound.Outbox.
func (c *counted) End(ctx context.Context, l store.Letter, r outbound.Result) error {
	err := c.outbox.End(ctx, l, r)
	if c.left--; c.left == 0 {
		close(c.done)
	}
	return err
}

// Turn implements outbound.Outbox.
func (c *counted) Turn(ctx context.Context, e outbound.Ended, next store.Letter, now time.Time) error {
	c.left--
	return c.outbox.Turn(ctx, e, next, now)
}

// approve fills an outbox: every twentieth letter is to staff.
func approve(t *testing.T, st store.Store, n int) {
	at := time.Now().UTC().Truncate(time.Microsecond)
	for i := range n {
		customer := i%20 != 3
		to := map[bool]string{true: "customer@client.test", false: "anna@mail.test"}[customer]
		raw := []byte(fmt.Sprintf("From: desk@mail.test\r\nTo: %s\r\nMessage-ID: <l%d@mail.test>\r\nSubject: letter\r\n\r\n", to, i) + strings.Repeat("a line of forty characters, more or less\r\n", 45))
		l := ticket.Letter{ID: fmt.Sprintf("l%d", i), MessageID: fmt.Sprintf("<l%d@mail.test>", i), Purpose: "reply", Customer: customer,
			From: "desk@mail.test", To: []string{to}, Hash: ticket.Sum(raw), NotBefore: at}
		number := uint64(i + 1)
		c := store.Change{Desk: "desk", Ticket: number, Letters: []store.Letter{{Letter: l, Bytes: raw}}, Events: []ticket.Event{
			{Kind: kind.Received, Ticket: number, Actor: "customer", At: at, Body: ticket.Body{Message: &ticket.Message{From: ticket.Address{Addr: "customer@client.test"}, ReceivedAt: at}}},
			{Kind: kind.Decided, Ticket: number, Actor: "anna@mail.test", At: at, Body: ticket.Body{Letters: []ticket.Letter{l}}},
		}}
		if err := st.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
}
