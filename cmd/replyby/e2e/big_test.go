package e2e_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	program "replyby/desk"

	"replyby/cmd/replyby/office"
	"replyby/config"
	"replyby/desk/report"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// stillOpen is how many tickets of a big store are open.
const stillOpen = 10_000

// TestBig measures the program on a store with years of tickets, of which the last are open and nothing is due. It asserts nothing: the
// machine may be busy.
func TestBig(t *testing.T) {
	n := int(number(t, "REPLYBY_TICKETS", 0))
	if n == 0 {
		t.Skip("a measurement: make bench-big")
	}
	h := newHouse(t, nil, agency("digest = \"14:00\""))
	h.keep(os.Getenv("REPLYBY_KEPT"))
	size := h.stock(n)
	fmt.Printf("%d tickets, %d of them open, in %d MB\n", n, min(n, stillOpen), size>>20)
	h.serve().stop() // the first start sets every clock by the desk's own policy
	h.measureWithin()
	h.measureOutside()
}

// measureWithin takes the program's parts as it puts them together.
func (h *house) measureWithin() {
	f, err := config.Load(h.config)
	if err != nil {
		h.t.Fatal(err)
	}
	plans, err := office.Plans(f)
	if err != nil {
		h.t.Fatal(err)
	}
	began := time.Now()
	o, err := office.Open(filepath.Join(h.dir, "data"), plans, office.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		h.t.Fatal(err)
	}
	defer o.Close()
	fmt.Printf("opened in %s\n", time.Since(began).Round(100*time.Microsecond))
	d, now := o.Desk("agency"), time.Now()
	tick := func(at time.Time) time.Duration {
		began := time.Now()
		if err := d.Tick(h.t.Context(), program.Moment{Now: at, Alive: at, Health: program.Health{LastRead: at}}); err != nil {
			h.t.Fatal(err)
		}
		return time.Since(began)
	}
	tick(now) // sets the time of the first digest
	const beats = 100
	var all time.Duration
	for range beats {
		all += tick(now)
	}
	fmt.Printf("a beat with nothing due %s, in the mean of %d\n", (all / beats).Round(time.Microsecond), beats)
	began = time.Now()
	source := report.Source{Charter: &plans[0].Desk, Store: o.Store()}
	if _, err := source.Gather(h.t.Context(), ticket.Ticket{Desk: "agency", DigestAt: now}, now, program.Health{}); err != nil {
		h.t.Fatal(err)
	}
	fmt.Printf("what a digest says of %d open tickets, gathered in %s\n", h.stocked, time.Since(began).Round(time.Millisecond))
	began = time.Now()
	_, text, err := d.Digest(h.t.Context(), now, "it")
	if err != nil {
		h.t.Fatal(err)
	}
	fmt.Printf("the digest gathered and written, a text of %d KB beside its HTML, in %s\n", len(text)>>10, time.Since(began).Round(time.Millisecond))
}

// measureOutside takes the real program.
func (h *house) measureOutside() {
	s := h.serve()
	defer s.stop()
	time.Sleep(20 * time.Second) // at rest
	pid := s.cmd.Process.Pid
	fmt.Printf("serve at rest: %.0f MB resident, of it mapped files %.0f MB; at its peak %.0f MB\n",
		memory(h.t, pid, "VmRSS"), memory(h.t, pid, "RssFile"), memory(h.t, pid, "VmHWM"))
	cmd := h.command("tickets")
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	r := bufio.NewReader(out)
	if _, err := r.ReadString('\n'); err != nil {
		h.t.Fatal(err)
	}
	first := time.Since(began)
	rest, err := io.Copy(io.Discard, r)
	if err := cmd.Wait(); err != nil {
		h.t.Fatal(err)
	}
	fmt.Printf("tickets, through serve: first line after %s, all %d KB after %s, %v\n", first.Round(time.Millisecond), rest>>10, time.Since(began).Round(time.Millisecond), err)
	fmt.Printf("serve after that: %.0f MB resident, of it mapped files %.0f MB\n", memory(h.t, pid, "VmRSS"), memory(h.t, pid, "RssFile"))
}

// keep puts the data into a folder that outlives the test: to write a million tickets takes far longer than to measure them.
func (h *house) keep(folder string) {
	h.t.Helper()
	if folder == "" {
		return
	}
	if err := errors.Join(os.MkdirAll(folder, 0o700), os.Symlink(folder, filepath.Join(h.dir, "data"))); err != nil {
		h.t.Fatal(err)
	}
}

// stock writes a store with n tickets, where there is none yet, and returns its size.
func (h *house) stock(n int) int64 {
	h.t.Helper()
	st, err := bolt.Open(filepath.Join(h.dir, "data"), bolt.Options{NoSync: true})
	if err != nil {
		h.t.Fatal(err)
	}
	defer st.Close()
	h.stocked = min(n, stillOpen)
	switch head, err := st.Head(h.t.Context(), "agency"); {
	case err != nil:
		h.t.Fatal(err)
	case head.Next == uint64(n)+1:
		return st.Size()
	case head.Next > 1:
		h.t.Fatalf("a store of %d tickets was kept, want %d", head.Next-1, n)
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	var batch []store.Change
	for i := 1; i <= n; i++ {
		batch = append(batch, old(uint64(i), i > n-stillOpen, now))
		if len(batch) == 1000 || i == n {
			if err := st.Commit(h.t.Context(), batch...); err != nil {
				h.t.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	return st.Size()
}

// old is a request of the last years: answered and closed, or open with its clocks running.
func old(n uint64, open bool, now time.Time) store.Change {
	at := now.Add(-time.Minute)
	if !open {
		at = now.Add(-time.Duration(1+n%43800) * time.Hour) // in five years
	}
	c := store.Change{Desk: "agency", Ticket: n, Keys: []store.Key{
		{Kind: store.Seen, Value: fmt.Sprintf("seen %d", n)}, {Kind: store.MessageID, Value: fmt.Sprintf("old%d@cliente.test", n)}}}
	add := func(k kind.Kind, b ticket.Body) {
		c.Events = append(c.Events, ticket.Event{Kind: k, Ticket: n, Actor: "replyby", Cause: "raw", At: at, Body: b})
	}
	add(kind.Received, ticket.Body{Ref: fmt.Sprintf("MB-%d", n), Message: &ticket.Message{
		From: ticket.Address{Name: "Mario Rossi", Addr: fmt.Sprintf("mario%d@cliente.test", n%5000)}, Subject: "Il carrello non funziona",
		Text: "Buongiorno, da ieri sera il carrello del nostro negozio non accetta pagamenti con carta. Grazie.", ReceivedAt: at, ReceivedBy: "Received",
		MessageID: fmt.Sprintf("old%d@cliente.test", n)}})
	duty := ticket.Obligation{Name: "ack", From: at, Target: now.Add(48 * time.Hour), Limit: now.Add(72 * time.Hour), Calendar: "always"}
	for _, name := range []string{"50%", "75%", "90%", "limit"} {
		duty.Rungs = append(duty.Rungs, ticket.Rung{Name: name, At: now.Add(48*time.Hour + time.Duration(n%1440)*time.Minute), To: []string{"assignee"}})
	}
	add(kind.Classified, ticket.Body{Verdict: &ticket.Verdict{Language: "it", Urgency: "not_urgent"}, Obligations: []ticket.Obligation{duty}})
	add(kind.Drafted, ticket.Body{Draft: &ticket.Draft{Version: 1, Template: "ack", Language: "it"}})
	if !open {
		add(kind.Closed, ticket.Body{Reason: "done"})
	}
	return c
}
