package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// A restored database knows nothing of what happened after its copy was taken. Mail that came since is no problem: the cursor is older, so it is
// read again. Letters that were sent since must not be sent again, neither those that wait in the restored outbox nor those that an old
// decision, read again, decides again. All of them are in doubt from the start, until the copy in the mailbox or a person settles it. See
// docs/decisions/0016.

// Restored must be called at the first start on a restored database, before any letter leaves. It may be called again.
func (d *Desk) Restored(ctx context.Context, now time.Time) error {
	err := d.decide(ctx, "record the restore", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, now, "restore")
		if err != nil {
			return nil, err
		}
		f.Add(kind.Outage, sheet.Program, ticket.Body{Verb: "restore", Reason: "the database was put back from a copy; letters that may have gone since are in doubt"})
		return []store.Change{f.Change}, nil
	})
	if err != nil {
		return err
	}
	endOfTime := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	waiting, err := d.Store.Outbox(ctx, d.Name, endOfTime, 0) // also what another installation holds up
	if err != nil && !store.Harmed(err) {                     // one that cannot be read does not leave
		return fmt.Errorf("desk %s: read the outbox: %w", d.Name, err)
	}
	for _, l := range waiting {
		if !l.Customer {
			continue
		}
		if err := d.End(ctx, l, dossier.InDoubt(now)); err != nil && !store.Harmed(err) {
			return err
		}
	}
	return nil
}
