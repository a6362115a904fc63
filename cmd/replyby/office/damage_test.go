package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"replyby/store"
	"replyby/store/bolt/harm"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// torn is a store of which one ticket, and a letter of the outbox, cannot be read.
type torn struct {
	store.Store
	number uint64
}

func (s torn) Load(ctx context.Context, desk string, number uint64) (ticket.Ticket, error) {
	if number == s.number {
		return ticket.Ticket{}, fmt.Errorf("load ticket %d: %w", number, store.ErrDamaged)
	}
	return s.Store.Load(ctx, desk, number)
}

func (s torn) Outbox(ctx context.Context, desk string, at time.Time, limit int) ([]store.Letter, error) {
	letters, err := s.Store.Outbox(ctx, desk, at, limit)
	return letters, errors.Join(err, fmt.Errorf("a letter: %w", store.ErrDamaged))
}

// damagedOffice is one of one desk on a harmed store.
func damagedOffice(t *testing.T, number uint64, log io.Writer) (f *Office, dir string) {
	t.Helper()
	dir = t.TempDir()
	f, err := Open(dir, OneDesk(t), Options{Log: slog.New(slog.NewTextHandler(log, nil)), Around: func(s store.Store) store.Store { return torn{s, number} }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, dir
}

// I7: a letter that cannot be read ends nothing: the log says so once, and whoever monitors reads it.
func TestDamagedLetterEndsNothing(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	var said strings.Builder
	f, dir := damagedOffice(t, 99, &said)
	for range 3 {
		if _, err := (outbox{f.desks[0]}).Next(t.Context(), now, 50); err != nil {
			t.Errorf("the outbox ends with %v", err)
		}
	}
	if n := strings.Count(said.String(), "a letter waits that cannot be read"); n != 1 {
		t.Errorf("the log says it %d times: %s", n, said.String())
	}
	if err := f.tick(t.Context(), now); err != nil {
		t.Errorf("the beat ends with %v", err)
	}
	if _, sick, err := Alive(dir); err != nil || len(sick) != 1 || !strings.HasPrefix(sick[0], "agency: cannot send: ") {
		t.Errorf("a monitor reads: %q, %v", sick, err)
	}
}

// I4, I5: without the desk's own file nobody knows whether letters may go: serve ends, at the start and at a beat, also while there is no server to send to.
func TestDamagedOwnFileEnds(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	f, _ := damagedOffice(t, 0, io.Discard)
	_, out := outbox{f.desks[0]}.Next(t.Context(), now, 50)
	for what, err := range map[string]error{"start": f.desks[0].begin(t.Context(), now), "beat": f.tick(t.Context(), now), "outbox": out} {
		if !errors.Is(err, store.ErrDamaged) {
			t.Errorf("the %s says %v", what, err)
		}
	}
}

// I7: one ticket that cannot be read ends neither a start nor a beat. The log says so, and whoever monitors reads it.
func TestDamagedTicketEndsNothing(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	var said strings.Builder
	f, dir := damagedOffice(t, 1, &said)
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

// I10: that another installation works the mailbox, so that nothing goes to customers from here, whoever monitors reads too, and the log says it once.
func TestRivalIsTold(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	var said strings.Builder
	dir := t.TempDir()
	f, err := Open(dir, OneDesk(t), Options{Log: slog.New(slog.NewTextHandler(&said, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	beat := func() string {
		now = now.Add(time.Minute)
		if err := f.tick(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		_, sick, err := Alive(dir)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(sick, "\n")
	}
	if got := beat(); got != "" {
		t.Errorf("a monitor reads %q", got)
	}
	own, err := f.store.Load(t.Context(), "agency", 0)
	if err != nil {
		t.Fatal(err)
	}
	e := ticket.Event{Kind: kind.Outage, Actor: "replyby", At: now, Body: ticket.Body{Verb: "foreign", Text: "a letter of another one"}}
	if err := f.store.Commit(t.Context(), store.Change{Desk: "agency", Expect: own.Version, Events: []ticket.Event{e}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := beat(); !strings.HasPrefix(got, "agency: nothing goes to customers: a letter of another one; ") {
			t.Errorf("a monitor reads %q", got)
		}
	}
	if n := strings.Count(said.String(), "nothing goes to customers"); n != 1 {
		t.Errorf("the log says it %d times: %s", n, said.String())
	}
	if _, err := f.desks[0].desk.Claim(t.Context(), "anna", now); err != nil {
		t.Fatal(err)
	}
	if got := beat(); got != "" {
		t.Errorf("a monitor reads %q after the claim", got)
	}
}

// I7, I10: where the row of a ticket is harmed, the log says so once, and whoever monitors and who gets the digest read of it until it is written
// anew.
func TestHarmedRowIsTold(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	var said strings.Builder
	dir := t.TempDir()
	start := func() *Office {
		f, err := Open(dir, OneDesk(t), Options{Log: slog.New(slog.NewTextHandler(&said, nil))})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	f := start()
	write := func(version uint64) {
		m := ticket.Message{Raw: ticket.Sum([]byte("m")), From: ticket.Address{Addr: "mario@cliente.example"}, Subject: "Carrello", ReceivedAt: now}
		e := ticket.Event{Kind: kind.Received, Ticket: 1, Actor: "customer", At: now, Body: ticket.Body{Message: &m, Ref: "MB-1"}}
		if err := f.store.Commit(t.Context(), store.Change{Desk: "agency", Ticket: 1, Expect: version, Events: []ticket.Event{e}}); err != nil {
			t.Fatal(err)
		}
	}
	write(0)
	f.Close()
	if err := harm.Ticket(dir, "agency", 1); err != nil {
		t.Fatal(err)
	}
	f = start()
	beat := func() (sick []string) {
		now = now.Add(time.Minute)
		if err := f.tick(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		_, sick, err := Alive(dir)
		if err != nil {
			t.Fatal(err)
		}
		return sick
	}
	if _, err := f.store.Load(t.Context(), "agency", 1); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if sick := beat(); len(sick) != 1 || !strings.HasPrefix(sick[0], `agency: the database is harmed: desk "agency", ticket 1: `) {
			t.Errorf("a monitor reads %q", sick)
		}
	}
	if n := strings.Count(said.String(), "the database is harmed"); n != 1 {
		t.Errorf("the log says it %d times: %s", n, said.String())
	}
	write(1)
	if sick := beat(); len(sick) > 0 {
		t.Errorf("a monitor reads %q after the ticket was written anew", sick)
	}
}

// I5, I10: what is lost from the list of what is due, here the desk's own file that sends the digest, is there again within the hour, and whoever monitors
// is told once.
func TestLostRowIsListedAgain(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	start := func() *Office {
		f, err := Open(dir, OneDesk(t), Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	f := start()
	if err := errors.Join(f.tick(t.Context(), now), f.Close(), harm.Lost(dir, "agency", "due", 0)); err != nil {
		t.Fatal(err)
	}
	f = start()
	f.desks[0].listed = now
	for _, at := range []struct {
		minute, due, told int
	}{{1, 0, 0}, {59, 0, 0}, {60, 1, 1}, {61, 1, 0}} {
		if err := f.tick(t.Context(), now.Add(time.Duration(at.minute)*time.Minute)); err != nil {
			t.Fatal(err)
		}
		due, err := f.store.Due(t.Context(), "agency", now.AddDate(0, 0, 2), 0)
		if err != nil || len(due) != at.due {
			t.Errorf("minute %d: due is %v, %v", at.minute, due, err)
		}
		if _, sick, err := Alive(dir); err != nil || len(sick) != at.told {
			t.Errorf("minute %d: a monitor reads %q, %v", at.minute, sick, err)
		}
	}
}
