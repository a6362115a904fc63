package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/desk/trace"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// Erase forgets what is personal of a closed ticket, because the person named by says so: names, addresses, subjects and texts, and
// the bytes of every mail and letter of it, also where another ticket has the same mail. Hashes, instants, deadlines and who of the
// staff did what stay, and the log still verifies. A [Refusal] says that the ticket is still open, or that a letter to the customer
// has not ended, or that a mail of staff waits for its proof (open, on_its_way, awaited). It returns how many messages lost their bytes.
func (d *Desk) Erase(ctx context.Context, number uint64, by string, now time.Time) (erased int, err error) {
	err = d.decide(ctx, fmt.Sprintf("erase ticket %d", number), func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, number, now, "command line")
		if err != nil {
			return nil, err
		}
		kept, err := d.bytesOf(ctx, number)
		if err != nil {
			return nil, err
		}
		erased = len(kept)
		err = f.Erase(by, kept)
		return []store.Change{f.Change}, err
	})
	return erased, err
}

// bytesOf lists the messages and letters of a ticket whose bytes are kept, in a fixed order.
func (d *Desk) bytesOf(ctx context.Context, number uint64) ([]ticket.Hash, error) {
	all := map[ticket.Hash]bool{}
	for e, err := range d.Events(ctx, number) {
		if err != nil {
			return nil, fmt.Errorf("list what the ticket keeps: %w", err)
		}
		for _, h := range logbook.Kept(e) {
			all[h] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b ticket.Hash) int { return strings.Compare(a.String(), b.String()) }), nil
}

// Forget takes away what the desk keeps of a person outside the tickets that are his, because the person named by says so: see package trace.
// It says what it took, and what stays. To do it again takes what could not go yet.
func (d *Desk) Forget(ctx context.Context, who trace.Person, by string, now time.Time) (found trace.Traces, err error) {
	who.Contracts = d.Contracts.Text()
	mails, err := who.Mails(ctx, d.Store) // once, and while others may write
	search := who.Search()
	if err == nil {
		err = search.Read(ctx, d.Store, d.Name, d.Sisters) // as long as the logs are; the decision reads what was added
	}
	if err != nil {
		return found, fmt.Errorf("desk %s: forget a person: %w", d.Name, err)
	}
	err = d.decide(ctx, "forget a person", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, now, "command line")
		if err != nil {
			return nil, err
		}
		if err := search.Read(ctx, d.Store, d.Name, d.Sisters); err != nil {
			return nil, err
		}
		if found = search.Traces(f.T, mails); len(found.Records)+len(found.Mails) == 0 {
			return nil, nil
		}
		f.Forget(by, found.Records, found.Mails)
		return []store.Change{f.Change}, nil
	})
	return found, err
}
