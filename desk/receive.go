package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/desk/arrival"
	"replyby/store"
)

// Batch is consecutive mails of one folder. Folder roles: "inbox", "sent", "junk".
type Batch struct {
	Folder      string
	Role        string
	UIDValidity uint32
	UID         uint32 // everything up to here is dealt with once the batch is
	Mails       []Incoming
	Now         time.Time
}

// Receive makes every mail of the batch a ticket, an entry of one, or a filed message, and moves the cursor with it. When it
// returns nil all of that is durable. An error means that the batch, or its rest, should be given again later.
func (d *Desk) Receive(ctx context.Context, b Batch) error {
	for _, in := range b.Mails {
		// Kept, and counted as begun, one by one: what ends the program must not be held against the mail behind it.
		kept, err := d.Store.PutRaw(ctx, in.Raw)
		if err != nil {
			return fmt.Errorf("desk %s: keep %s uid %d: %w", d.Name, b.Folder, in.UID, err)
		}
		a := d.intake.Read(b.place(), in, kept[0])
		err = d.decide(ctx, fmt.Sprintf("receive %s uid %d", b.Folder, in.UID), func() ([]store.Change, error) { return d.intake.Admit(ctx, a) })
		if err != nil {
			return err
		}
	}
	if n := len(b.Mails); n > 0 && b.Mails[n-1].UID == b.UID {
		return nil // the last mail's commit moved it
	}
	return d.moveCursor(ctx, b)
}

func (b Batch) place() arrival.Place {
	return arrival.Place{Folder: b.Folder, Role: b.Role, UIDValidity: b.UIDValidity, Now: b.Now}
}

func (d *Desk) moveCursor(ctx context.Context, b Batch) error {
	c := store.Change{Desk: d.Name, Cursor: &store.Cursor{Folder: b.Folder, UIDValidity: b.UIDValidity, UID: b.UID}}
	if err := d.Store.Commit(ctx, c); err != nil {
		return fmt.Errorf("desk %s: move the cursor of %s to %d: %w", d.Name, b.Folder, b.UID, err)
	}
	return nil
}
