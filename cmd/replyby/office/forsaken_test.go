package office

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// I5, I10: a desk that was renamed leaves its open tickets behind, and that is said: in the log, and to whoever monitors.
func TestDeskThatIsNotConfigured(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	st, err := bolt.Open(dir, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, name := range []string{"assistenza", "support"} {
		m := ticket.Message{Raw: ticket.Sum([]byte(name)), From: ticket.Address{Addr: "mario@cliente.example"}, Subject: "Carrello", ReceivedAt: now}
		first := ticket.Event{Kind: kind.Received, Ticket: 1, Actor: "customer", At: now, Body: ticket.Body{Message: &m, Ref: "MB-1"}}
		if err := st.Commit(t.Context(), store.Change{Desk: name, Ticket: 1, Events: []ticket.Event{first}, Day: "2026-11-23"}); err != nil {
			t.Fatal(err)
		}
	}
	var said strings.Builder
	f := &Office{dir: dir, store: st, kept: st, log: slog.New(slog.NewTextHandler(&said, nil)), desks: []*worked{{plan: Plan{Desk: desk.Config{Name: "support"}}}}}
	if err := f.forsake(t.Context()); err != nil {
		t.Fatal(err)
	}
	if log := said.String(); !strings.Contains(log, "desk=assistenza open=1") || strings.Contains(log, "desk=support") {
		t.Errorf("the log says: %s", log)
	}
	f.desks = nil // which need no beat here
	if err := f.tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	_, sick, err := Alive(dir)
	if want := []string{"assistenza: 1 open tickets, and no desk of that name in the configuration"}; !slices.Equal(sick, want) || err != nil {
		t.Errorf("a monitor reads %q, %v", sick, err)
	}
}

// I5, I10: whoever starts on another data folder than before, or under another name of the desk, reads that the desk begins anew, before the clocks of what
// he had run out in silence. The next start says nothing.
func TestDeskThatBeginsSaysSo(t *testing.T) {
	now, dir := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC), t.TempDir()
	for times, want := range []bool{true, false} {
		var said strings.Builder
		f, err := Open(dir, OneDesk(t), Options{Log: slog.New(slog.NewTextHandler(&said, nil))})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.desks[0].begin(t.Context(), now), f.tick(t.Context(), now.Add(time.Minute)), f.Close()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(said.String(), "the desk begins") != want || want && !strings.Contains(said.String(), "data_dir") {
			t.Errorf("start %d: the log says %s", times+1, said.String())
		}
	}
}
