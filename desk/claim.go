package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// alone reports whether no other installation is known to work this desk's mailbox.
func (d *Desk) alone(ctx context.Context) (bool, error) {
	own, err := d.Own(ctx)
	if err != nil {
		return false, fmt.Errorf("desk %s: look whether another installation works the mailbox: %w", d.Name, err)
	}
	return own.Foreign == "", nil
}

// Claim records that a person, named by, says that no other installation works this mailbox any more. Letters to customers that waited
// go from then on. It returns what had been seen, "" if nothing had.
func (d *Desk) Claim(ctx context.Context, by string, now time.Time) (seen string, err error) {
	err = d.decide(ctx, "claim the mailbox", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, now, "claim")
		if err != nil || f.T.Foreign == "" {
			return nil, err
		}
		seen = f.T.Foreign
		f.Add(kind.Outage, by, ticket.Body{Verb: "foreign", Reason: "this installation works the mailbox alone"})
		return []store.Change{f.Change}, nil
	})
	return seen, err
}
