package command

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"replyby/config"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// FindTicket reads a reference ("MB-1") or, where there is one desk, a bare number.
func FindTicket(ctx context.Context, f *config.File, st store.Store, ref string) (ticket.Ticket, error) {
	prefix, digits, cut := strings.Cut(ref, "-")
	if !cut {
		prefix, digits = "", ref
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n == 0 {
		return ticket.Ticket{}, Hinted(fmt.Errorf("%q is no ticket", ref), "write it as in MB-1")
	}
	for i := range f.Desks {
		d := &f.Desks[i]
		if prefix == "" && len(f.Desks) == 1 || strings.EqualFold(prefix, d.Prefix) {
			return st.Load(ctx, d.Name, n)
		}
	}
	if t, err := formerly(ctx, f, st, ref, n); err != nil || t.Number != 0 {
		return t, err
	}
	return ticket.Ticket{}, Hinted(fmt.Errorf("no desk has tickets like %q", ref), "'replyby tickets' lists the open ones")
}

// formerly finds a ticket by the reference it was given at birth, where no desk has such references any more: its prefix was changed, or
// the desk is no longer configured. The list of tickets and letters show that reference. It returns the zero ticket where there is none.
func formerly(ctx context.Context, f *config.File, st store.Store, ref string, n uint64) (ticket.Ticket, error) {
	var names []string
	for i := range f.Desks {
		names = append(names, f.Desks[i].Name)
	}
	waiting, err := st.Waiting(ctx, "")
	if err != nil {
		return ticket.Ticket{}, err
	}
	for _, w := range waiting {
		if !slices.Contains(names, w.Desk) {
			names = append(names, w.Desk)
		}
	}
	for _, name := range names {
		t, err := st.Load(ctx, name, n)
		switch {
		case err == nil && strings.EqualFold(t.Ref, ref):
			return t, nil
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return ticket.Ticket{}, err
		}
	}
	return ticket.Ticket{}, nil
}

// History is what made the ticket what it was when it was loaded: a running serve may have written more since.
func History(ctx context.Context, st store.Store, t ticket.Ticket) iter.Seq2[logbook.Record, error] {
	return func(yield func(logbook.Record, error) bool) {
		for r, err := range st.Log(ctx, t.Desk, 1, int64(t.Number)) {
			if err == nil && r.Seq > t.Version || !yield(r, err) {
				return
			}
		}
	}
}

// DesksOf are the desks a command is about, all of them for "".
func DesksOf(f *config.File, name string) []*config.Desk {
	var desks []*config.Desk
	for i := range f.Desks {
		if name == "" || f.Desks[i].Name == name {
			desks = append(desks, &f.Desks[i])
		}
	}
	return desks
}
