package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// hostile is a request whose every word of a stranger wants more than to be read.
func hostile(number uint64, ref string, target time.Time) ticket.Ticket {
	const evil = "a\x1b[2J\r\nMB-9  done\u202e\x00\xff\tb"
	return ticket.Ticket{
		Desk: "a", Number: number, Ref: ref, Subject: evil, Excerpt: evil, ReceivedAt: monday, ReceivedBy: evil,
		Customer: ticket.Address{Name: evil, Addr: evil}, Duties: []ticket.Obligation{{Name: "ack", Target: target, Limit: target}},
		Posted: []ticket.Posted{{Letter: ticket.Letter{Customer: true, Purpose: "ack"}, Reply: evil, Proof: evil}},
	}
}

func desks() *config.File {
	var f config.File
	f.Desks = []config.Desk{{Name: "a", Prefix: "MB"}, {Name: "b", Prefix: "MP"}}
	return &f
}

// I12: whatever a stranger wrote, a ticket is one line, and nothing on it moves the cursor or turns the direction.
func TestTableOfStrangers(t *testing.T) {
	var b bytes.Buffer
	e := &command.Env{Stdout: &b, Now: func() time.Time { return monday }}
	gone := hostile(1, "MB-1", monday)
	gone.Desk = "gone" // no longer in the configuration
	if err := printTickets(e, desks())([]ticket.Ticket{gone}); err != nil {
		t.Error(err)
	}
	if lines := strings.Split(b.String(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "MB-1") {
		t.Errorf("%q, want the head and one line", lines)
	}
	if !strings.Contains(b.String(), "Mon 23 Nov 09:00 late") {
		t.Errorf("what is due now is not marked as late:\n%s", &b)
	}
	harmless(t, b.String())
}

// A table that comes in parts is aligned like one.
func TestTableInParts(t *testing.T) {
	var columns table
	var said []string
	for _, part := range [][]string{{"REF", "MÜLLER-12"}, {"MB-3"}} {
		for _, ref := range part {
			columns.add(ref, "open", "")
		}
		said = append(said, string(columns.flush()))
	}
	want := []string{"REF        open  \nMÜLLER-12  open  \n", "MB-3       open  \n"}
	if !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// I12, for a ticket whole.
func TestShowStrangers(t *testing.T) {
	var b bytes.Buffer
	e := &command.Env{Stdout: &b, Stderr: &b}
	if code := showText(t.Context(), e, logless{}, hostile(1, "MB-1", monday), time.UTC); code != command.Good {
		t.Errorf("exit %d: %s", code, &b)
	}
	harmless(t, b.String())
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "MB-9") {
			t.Errorf("a stranger's words stand where ours do: %q", line)
		}
	}
}

func harmless(t *testing.T, out string) {
	t.Helper()
	if strings.ContainsAny(out, "\x00\x1b\r\t\u202e") || strings.ToValidUTF8(out, "") != out {
		t.Errorf("printed raw: %q", out)
	}
}

// logless is a store whose log is empty, and that has the tickets of a desk numbered below a hundred.
type logless struct{ store.Store }

func (logless) Log(context.Context, string, uint64, int64) iter.Seq2[logbook.Record, error] {
	return func(func(logbook.Record, error) bool) {}
}

func (logless) Load(_ context.Context, desk string, n uint64) (ticket.Ticket, error) {
	if n >= 100 {
		return ticket.Ticket{}, store.ErrNotFound
	}
	return ticket.Ticket{Desk: desk, Number: n}, nil
}

func (logless) Waiting(context.Context, string) ([]store.Waiting, error) { return nil, nil }

func TestFindTicket(t *testing.T) {
	for ref, want := range map[string]string{
		"": `"" is no ticket`, "MB-": `"MB-" is no ticket`, "MB-0": `is no ticket`, "MB-1-2": "is no ticket", "MB--1": "is no ticket",
		"MB-18446744073709551616": "is no ticket", "XX-1": "no desk has tickets like", "1": "no desk has tickets like",
		"MB-100": store.ErrNotFound.Error(), "MB-7": "", "mp-99": "",
	} {
		x, err := command.FindTicket(t.Context(), desks(), logless{}, ref)
		switch {
		case want == "" && (err != nil || x.Number == 0 || (x.Desk == "b") != strings.HasPrefix(ref, "mp")):
			t.Errorf("%q is %s %d, %v", ref, x.Desk, x.Number, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", ref, err, want)
		case want != "" && !errors.Is(err, store.ErrNotFound) && command.Hint(err) == "":
			t.Errorf("%q: %v has no hint", ref, err)
		}
	}
	alone := desks()
	alone.Desks = alone.Desks[:1]
	if x, err := command.FindTicket(t.Context(), alone, logless{}, "7"); err != nil || x.Number != 7 {
		t.Errorf("with one desk 7 is %d, %v", x.Number, err)
	}
}

// ofThree is a store of three tickets, of which the second is open, and one may be unreadable.
type ofThree struct {
	store.Store
	torn uint64
}

func (s ofThree) Load(_ context.Context, desk string, n uint64) (ticket.Ticket, error) {
	t := ticket.Ticket{Desk: desk, Number: n, Version: 1, State: ticket.Closed}
	if n == 2 {
		t.State = ticket.Open
	}
	if n == s.torn {
		return ticket.Ticket{Desk: desk, Number: n}, fmt.Errorf("load ticket %d: %w", n, store.ErrDamaged)
	}
	return t, nil
}

func (ofThree) Waiting(context.Context, string) ([]store.Waiting, error) {
	return []store.Waiting{{Desk: "a", Ticket: 2}}, nil
}

func (s ofThree) Each(ctx context.Context, _ store.Query) iter.Seq2[ticket.Ticket, error] {
	return func(yield func(ticket.Ticket, error) bool) {
		for n := uint64(1); n <= 3 && yield(s.Load(ctx, "a", n)); n++ {
		}
	}
}

// With -all the open tickets still come first; nobody has to look for them among the closed ones. One that cannot be read hides no other, and is
// told of once.
func TestAllTickets(t *testing.T) {
	for torn, want := range map[uint64][]uint64{0: {2, 1, 3}, 1: {2, 3}, 2: {1, 3}} {
		var got []uint64
		var damage store.Damage
		for page, err := range allPages(t.Context(), ofThree{torn: torn}, "a", &damage) {
			for _, x := range page {
				got = append(got, x.Number)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(got, want) || len(damage) != int(min(torn, 1)) {
			t.Errorf("tickets %v, want %v; told of %v", got, want, damage)
		}
	}
}
