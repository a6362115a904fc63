package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Erase forgets what is personal of a closed ticket, because the person named by says so: names, addresses, subjects and texts, and
// the bytes of every mail and letter of it, also where another ticket has the same mail. Hashes, instants, deadlines and who of the
// staff did what stay, and the log still verifies. A [Refusal] says that the ticket is still open, or that a letter to the customer
// has not ended (open, on_its_way). It returns how many messages lost their bytes.
func (d *Desk) Erase(ctx context.Context, number uint64, by string, now time.Time) (erased int, err error) {
	err = d.decide(ctx, fmt.Sprintf("erase ticket %d", number), func() ([]store.Change, error) {
		f, err := d.load(ctx, number, now, "command line")
		if err != nil {
			return nil, err
		}
		if err := erasable(f.T); err != nil {
			return nil, err
		}
		for _, p := range f.T.Posted {
			f.Change.Done = append(f.Change.Done, p.ID) // those to staff show the customer's words
		}
		if f.Change.Erase, err = d.bytesOf(ctx, number); err != nil {
			return nil, err
		}
		left := f.T.Remains()
		f.Add(kind.Erased, by, ticket.Body{Left: &left})
		erased = len(f.Change.Erase)
		return []store.Change{f.Change}, nil
	})
	return erased, err
}

func erasable(t ticket.Ticket) error {
	if t.Number == 0 || t.IsOpen() {
		return Refusal{Code: "open", Detail: t.Ref}
	}
	for _, p := range t.Posted {
		if p.Customer && slices.Contains([]string{"queued", "sending", "unknown"}, p.State) {
			return Refusal{Code: "on_its_way", Detail: t.Ref}
		}
	}
	return nil
}

// bytesOf lists the messages and letters of a ticket whose bytes are kept, in a fixed order.
func (d *Desk) bytesOf(ctx context.Context, number uint64) ([]ticket.Hash, error) {
	all := map[ticket.Hash]bool{}
	for r, err := range d.store.Log(ctx, d.Name, 1, int64(number)) {
		if err != nil {
			return nil, fmt.Errorf("list what the ticket keeps: %w", err)
		}
		e, err := r.Event()
		if err != nil {
			return nil, err
		}
		for _, h := range e.Kept() {
			all[h] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b ticket.Hash) int { return strings.Compare(a.String(), b.String()) }), nil
}
