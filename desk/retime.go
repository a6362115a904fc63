package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"replyby/desk/clock"
	"replyby/desk/contracts"
	"replyby/desk/dossier"
	"replyby/store"
)

// retimePage is how many open tickets are looked at in one commit.
const retimePage = 200

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
	return d.eachOpen(ctx, "reassign the tickets of who has left", now, func(f *dossier.Dossier) error { return f.Orphaned(open) })
}

// eachOpen does something to every open ticket, a page of them in a commit. [store.ErrDamaged] says which cannot be read, when all others are
// done.
func (d *Desk) eachOpen(ctx context.Context, what string, now time.Time, do func(*dossier.Dossier) error) error {
	open, err := d.Store.Waiting(ctx, d.Name)
	if err != nil {
		return fmt.Errorf("desk %s: list open tickets: %w", d.Name, err)
	}
	slices.SortFunc(open, func(a, b store.Waiting) int { return cmp.Compare(a.Ticket, b.Ticket) })
	var torn damage
	for page := range slices.Chunk(open, retimePage) {
		var here damage
		err := d.decide(ctx, what, func(d *Desk) (changes []store.Change, err error) {
			here = nil
			known, err := d.Informed(ctx)
			if err != nil {
				return nil, err
			}
			counted := map[string]int64{}
			for _, x := range page {
				f, err := known.Load(ctx, x.Ticket, now, "start")
				if err == nil && f.T.IsOpen() {
					err = do(f.Counting(counted))
				}
				if err := here.take(err); err != nil {
					return nil, err
				}
				if f != nil && len(f.Change.Events) > 0 {
					changes = append(changes, f.Change)
				}
			}
			return changes, nil
		})
		if err != nil {
			return err
		}
		torn = append(torn, here...)
	}
	return torn.told()
}

// NoteContracts records that the file of contracts is another than at the last start. It is called once at every start.
func (d *Desk) NoteContracts(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "note the contracts", func(d *Desk) ([]store.Change, error) { return contracts.Note(ctx, d.Kit, d.Store, now) })
}
