package office

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"replyby/config"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// torn is a store of which ticket 1 cannot be read.
type torn struct{ store.Store }

func (s torn) Load(ctx context.Context, desk string, number uint64) (ticket.Ticket, error) {
	if number == 1 {
		return ticket.Ticket{}, fmt.Errorf("load ticket 1: %w", store.ErrDamaged)
	}
	return s.Store.Load(ctx, desk, number)
}

const oneDesk = `
[[calendar]]
name = "always"
timezone = "Europe/Rome"
open = ["24x7"]
[[desk]]
name = "agency"
prefix = "MB"
address = "assistenza@mail.test"
policy = "agency"
service_calendar = "always"
timezone = "Europe/Rome"
managers = ["direzione@mail.test"]
password_file = "password"
imap.host = "127.0.0.1"
imap.tls = "none"
smtp.host = "127.0.0.1"
smtp.tls = "none"
[[desk.staff]]
name = "Anna Bianchi"
addresses = ["anna@mail.test"]
`

// I7: one ticket that cannot be read ends neither a start nor a beat. The log says so, and whoever monitors reads it.
func TestDamagedTicketEndsNothing(t *testing.T) {
	file, err := config.Parse("test.toml", []byte(oneDesk))
	if err != nil {
		t.Fatal(err)
	}
	plans, err := Plans(file)
	if err != nil {
		t.Fatal(err)
	}
	dir, now := t.TempDir(), time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	var said strings.Builder
	f, err := Open(dir, plans, Options{Log: slog.New(slog.NewTextHandler(&said, nil)), Around: func(s store.Store) store.Store { return torn{s} }})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := ticket.Message{Raw: ticket.Sum([]byte("m")), From: ticket.Address{Addr: "mario@cliente.example"}, Subject: "Carrello", ReceivedAt: now}
	owed := ticket.Obligation{Name: "ack", From: now, Limit: now, Rungs: []ticket.Rung{{Name: "limit", At: now, Means: "limit_passed"}}}
	for i, body := range []ticket.Body{{Message: &m, Ref: "MB-1"}, {Verdict: &ticket.Verdict{}, Obligations: []ticket.Obligation{owed}}} {
		e := ticket.Event{Kind: []kind.Kind{kind.Received, kind.Classified}[i], Ticket: 1, Actor: "customer", At: now, Body: body}
		if err := f.store.Commit(t.Context(), store.Change{Desk: "agency", Ticket: 1, Expect: uint64(i), Events: []ticket.Event{e}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.desks[0].begin(t.Context(), now); err != nil {
		t.Errorf("the start ends with %v", err)
	}
	if log := said.String(); !strings.Contains(log, "load ticket 1") {
		t.Errorf("the log of the start says: %s", log)
	}
	now = now.Add(time.Minute)
	if err := f.tick(t.Context(), now); err != nil {
		t.Errorf("the beat ends with %v", err)
	}
	if at, sick, err := Alive(dir); err != nil || !at.Equal(now) || len(sick) != 1 || !strings.HasPrefix(sick[0], "agency: cannot read the database: ") {
		t.Errorf("a monitor reads of %s: %q, %v", at, sick, err)
	}
}
