// Package trace finds what desks keep of a person outside the tickets that are his: records of a desk's own file, such as what was set aside
// and what digests said, and mails that no ticket has to do with. It changes nothing.
package trace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// Person is whose traces are looked for: his address, the references of his tickets, and the file of contracts as it is.
type Person struct {
	Address   string
	Refs      []string
	Contracts string
}

// Traces is what there is of a person. Records are those of the desk's own file, Mails those to forget with them, by their hash. The others
// say what stays: Waiting that a mail to staff which names him is not sent yet, Contracted that the file of contracts does. Tickets are
// those of others that name him, by their references.
type Traces struct {
	Records             []uint64
	Mails               []ticket.Hash
	Waiting, Contracted bool
	Tickets             []string
}

type search struct {
	store  store.Store
	who    Person
	own    ticket.Ticket        // the desk's own file, as it was when the search began
	inUse  map[ticket.Hash]bool // by a ticket
	naming map[string]bool      // tickets, by reference
	Traces
}

// Of finds the traces of a person in a desk's own file, and which of the mails that name him no ticket has to do with. Sisters are the other
// desks, which may have the same mails.
func (who Person) Of(ctx context.Context, s store.Store, own ticket.Ticket, sisters []string, mails []ticket.Hash) (Traces, error) {
	x := &search{store: s, who: who, own: own, inUse: map[ticket.Hash]bool{}, naming: map[string]bool{}}
	x.Contracted = named(who.Contracts, who.Address)
	for _, desk := range append([]string{own.Desk}, sisters...) {
		for r, err := range s.Log(ctx, desk, 1, -1) {
			if err == nil && r.Body != nil { // else it was erased
				err = x.record(ctx, r)
			}
			if err != nil {
				return Traces{}, fmt.Errorf("look for traces in the log of %s: %w", desk, err)
			}
		}
	}
	x.Mails = slices.DeleteFunc(append(x.Mails, mails...), func(h ticket.Hash) bool { return x.inUse[h] })
	slices.SortFunc(x.Mails, func(a, b ticket.Hash) int { return bytes.Compare(a[:], b[:]) })
	x.Mails, x.Tickets = slices.Compact(x.Mails), slices.Sorted(maps.Keys(x.naming))
	return x.Traces, nil
}

func (x *search) record(ctx context.Context, r logbook.Record) error {
	e, err := r.Event()
	switch {
	case err != nil:
		return err
	case r.Ticket != 0:
		return x.ofTicket(ctx, r, e)
	case r.Desk != x.own.Desk || r.Seq > x.own.Version || !said(r.Body, append(x.who.Refs, x.who.Address)...):
		return nil // a sister has traces of her own
	case slices.ContainsFunc(e.Body.Letters, x.waits):
		x.Waiting = true
	case r.Kind != kind.ContractsLoaded || !x.Contracted: // it would be loaded again
		x.Records = append(x.Records, r.Seq)
		x.Mails = append(x.Mails, logbook.Kept(e)...)
	}
	return nil
}

// waits reports whether a letter of the own file is still to go: its record says what it is.
func (x *search) waits(l ticket.Letter) bool {
	p, ok := x.own.Letter(l.ID)
	return ok && p.State.MayArrive()
}

// ofTicket notes which mails a ticket has to do with, and whether it is another's and names the person.
func (x *search) ofTicket(ctx context.Context, r logbook.Record, e ticket.Event) error {
	for _, h := range logbook.Kept(e) {
		x.inUse[h] = true
	}
	if !said(r.Body, x.who.Address) {
		return nil
	}
	t, err := x.store.Load(ctx, r.Desk, r.Ticket)
	if err == nil && !strings.EqualFold(t.Customer.Addr, x.who.Address) {
		x.naming[t.Ref] = true
	}
	return err
}

// Mails finds the mails that name a person above their text. It reads every mail that is kept, which takes long where they are many.
func (who Person) Mails(ctx context.Context, s store.Store) (mails []ticket.Hash, err error) {
	for h, err := range s.Messages(ctx) {
		if err != nil {
			return nil, fmt.Errorf("look for traces among the mails: %w", err)
		}
		raw, err := s.Raw(ctx, h)
		if errors.Is(err, store.ErrNotFound) { // forgotten meanwhile
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look for traces among the mails: %w", err)
		}
		if named(head(raw), who.Address) {
			mails = append(mails, h)
		}
	}
	return mails, nil
}

// head is the header of a mail, to the first empty line.
func head(raw []byte) string {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		raw, _, _ = bytes.Cut(raw, []byte(end))
	}
	return string(raw)
}
