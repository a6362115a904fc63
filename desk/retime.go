package desk

import (
	"context"
	"fmt"
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

// eachOpen does something to every open ticket, a page of them in a commit.
func (d *Desk) eachOpen(ctx context.Context, what string, now time.Time, do func(*dossier.Dossier) error) error {
	for after := uint64(0); ; {
		last := after
		err := d.decide(ctx, what, func(d *Desk) ([]store.Change, error) {
			known, err := d.Informed(ctx)
			if err != nil {
				return nil, err
			}
			open, err := d.Store.Find(ctx, store.Query{Desk: d.Name, Open: true, After: after, Limit: retimePage})
			if err != nil {
				return nil, fmt.Errorf("list open tickets: %w", err)
			}
			var changes []store.Change
			counted := map[string]int64{}
			for _, t := range open {
				last = t.Number
				f := known.Open(t, now, "start").Counting(counted)
				if err := do(f); err != nil {
					return nil, err
				}
				if len(f.Change.Events) > 0 {
					changes = append(changes, f.Change)
				}
			}
			return changes, nil
		})
		if err != nil || last == after {
			return err
		}
		after = last
	}
}

// NoteContracts records that the file of contracts is another than at the last start. It is called once at every start.
func (d *Desk) NoteContracts(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "note the contracts", func(d *Desk) ([]store.Change, error) { return contracts.Note(ctx, d.Kit, d.Store, now) })
}
