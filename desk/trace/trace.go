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

// Search looks for traces in the logs of desks. It remembers how far it has read, so that it can do so while others may write, and a decision that
// is made again reads no more than what was added.
type Search struct {
	who    Person
	read   map[string]uint64    // by desk, the last record
	inUse  map[ticket.Hash]bool // by a ticket
	naming map[string]bool      // tickets, by reference
	own    []record
}

// record is one of the desk's own file that names the person.
type record struct {
	seq     uint64
	kind    kind.Kind
	letters []ticket.Letter
	kept    []ticket.Hash
}

// Search begins to look for the traces of a person.
func (who Person) Search() *Search {
	return &Search{who: who, read: map[string]uint64{}, inUse: map[ticket.Hash]bool{}, naming: map[string]bool{}}
}

// Read reads the log of a desk, and those of its sisters, which may have the same mails, from where it stopped.
func (x *Search) Read(ctx context.Context, s store.Store, desk string, sisters []string) error {
	for _, name := range append([]string{desk}, sisters...) {
		for r, err := range s.Log(ctx, name, x.read[name]+1, -1) {
			if err == nil && r.Body != nil { // else it was erased
				err = x.take(ctx, s, r, name == desk)
			}
			if err != nil {
				return fmt.Errorf("look for traces in the log of %s: %w", name, err)
			}
			x.read[name] = r.Seq
		}
	}
	return nil
}

// take takes up a record. What the own file of a sister says of the person is found there.
func (x *Search) take(ctx context.Context, s store.Store, r logbook.Record, ours bool) error {
	e, err := r.Event()
	switch {
	case err != nil:
		return err
	case r.Ticket != 0:
		return x.ofTicket(ctx, s, r, e)
	case ours && said(r.Body, append(slices.Clone(x.who.Refs), x.who.Address)...):
		e.Body.Letters = slices.Clone(e.Body.Letters)
		for i := range e.Body.Letters {
			e.Body.Letters[i].Text = "" // a digest's is long
		}
		x.own = append(x.own, record{r.Seq, r.Kind, e.Body.Letters, logbook.Kept(e)})
	}
	return nil
}

// Traces says what there is of the person, as the desk's own file is now, and which of the mails that name him no ticket has to do with.
func (x *Search) Traces(own ticket.Ticket, mails []ticket.Hash) (found Traces) {
	waits := func(l ticket.Letter) bool { // still to go: its record says what it is
		p, ok := own.Letter(l.ID)
		return ok && p.State.MayArrive()
	}
	found.Contracted = named(x.who.Contracts, x.who.Address)
	found.Mails = slices.Clone(mails)
	for _, r := range x.own {
		switch {
		case r.seq > own.Version:
		case slices.ContainsFunc(r.letters, waits):
			found.Waiting = true
		case r.kind != kind.ContractsLoaded || !found.Contracted: // it would be loaded again
			found.Records = append(found.Records, r.seq)
			found.Mails = append(found.Mails, r.kept...)
		}
	}
	found.Mails = slices.DeleteFunc(found.Mails, func(h ticket.Hash) bool { return x.inUse[h] })
	slices.SortFunc(found.Mails, func(a, b ticket.Hash) int { return bytes.Compare(a[:], b[:]) })
	found.Mails, found.Tickets = slices.Compact(found.Mails), slices.Sorted(maps.Keys(x.naming))
	return found
}

// ofTicket notes which mails a ticket has to do with, and whether it is another's and names the person.
func (x *Search) ofTicket(ctx context.Context, s store.Store, r logbook.Record, e ticket.Event) error {
	for _, h := range logbook.Kept(e) {
		x.inUse[h] = true
	}
	if !said(r.Body, x.who.Address) {
		return nil
	}
	t, err := s.Load(ctx, r.Desk, r.Ticket)
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
