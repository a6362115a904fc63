package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"replyby/desk/clock"
	"replyby/desk/contracts"
	"replyby/desk/dossier"
	"replyby/desk/handover"
	"replyby/store"
)

// Retime computes the deadlines of open tickets anew. It is called once at every start, since the configuration changes only then;
// closed tickets keep the instants and the calendar's version they were judged by.
func (d *Desk) Retime(ctx context.Context, now time.Time) error {
	return d.eachOpen(ctx, "compute deadlines anew", now, func(f *dossier.Dossier) error { return clock.Retime(f.Sheet) })
}

// Reassign gives the open tickets of people who are no longer of the staff to others. It is called once at every start.
func (d *Desk) Reassign(ctx context.Context, now time.Time) error {
	open, err := d.OpenByHolder(ctx)
	if err != nil {
		return err
	}
	return d.eachOpen(ctx, "reassign the tickets of who has left", now, func(f *dossier.Dossier) error { return handover.Orphaned(f, open) })
}

// eachOpen does something to every open ticket, see [Desk.byPages].
func (d *Desk) eachOpen(ctx context.Context, what string, now time.Time, do func(*dossier.Dossier) error) error {
	open, err := d.Store.Waiting(ctx, d.Name)
	if err != nil {
		return fmt.Errorf("desk %s: list open tickets: %w", d.Name, err)
	}
	var numbers []uint64
	for _, x := range open {
		numbers = append(numbers, x.Ticket)
	}
	slices.Sort(numbers)
	return d.byPages(ctx, round{what, "start", now}, numbers, func(f *dossier.Dossier) error {
		if !f.T.IsOpen() {
			return nil
		}
		return do(f)
	})
}

// NoteContracts records that the file of contracts is another than at the last start. It is called once at every start.
func (d *Desk) NoteContracts(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "note the contracts", func(d *Desk) ([]store.Change, error) { return contracts.Note(ctx, d.Kit, d.Store, now) })
}
