package desk

import (
	"context"
	"fmt"
	"slices"
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
//
// Every mail is kept and counted as begun before anything reads it, so that one which ends the program is known again. Mails never
// begun before are dealt with in company; any other stands alone, so that what ends the program is held against nobody else.
func (d *Desk) Receive(ctx context.Context, b Batch) error {
	kept, err := d.keep(ctx, b)
	if err != nil {
		return err
	}
	for mails := b.Mails; len(mails) > 0; {
		n := company(kept)
		if n == 1 || d.together(ctx, b, mails[:n], kept) != nil { // whose fault it was shows again when each stands alone
			err = d.oneByOne(ctx, b, mails[:n])
		}
		if err != nil {
			return err
		}
		mails, kept = mails[n:], kept[n:]
	}
	if n := len(b.Mails); n > 0 && b.Mails[n-1].UID == b.UID {
		return nil // the last mail's commit moved it
	}
	return d.moveCursor(ctx, b)
}

// keep makes the bytes of all mails durable, and that each was begun, in one step. A single one is kept when its turn comes.
func (d *Desk) keep(ctx context.Context, b Batch) ([]store.Raw, error) {
	if len(b.Mails) < 2 {
		return make([]store.Raw, len(b.Mails)), nil
	}
	var raws [][]byte
	for _, in := range b.Mails {
		raws = append(raws, in.Raw)
	}
	kept, err := d.Store.PutRaw(ctx, raws...)
	if err != nil {
		return nil, fmt.Errorf("desk %s: keep %d mails of %s up to uid %d: %w", d.Name, len(raws), b.Folder, b.UID, err)
	}
	return kept, nil
}

// company is how many of the first mails are dealt with in one step: those begun for the first time, or one that was begun before.
func company(kept []store.Raw) int {
	n := slices.IndexFunc(kept, func(r store.Raw) bool { return r.Attempts > 1 })
	if n < 0 {
		return len(kept)
	}
	return max(n, 1)
}

// together reads mails, which may take its time, and then decides about all of them in one commit.
func (d *Desk) together(ctx context.Context, b Batch, mails []Incoming, kept []store.Raw) error {
	var arrived []*arrival.Arrival
	for i, in := range mails {
		arrived = append(arrived, d.intake.Read(b.place(), in, kept[i]))
	}
	return d.Store.Together(ctx, func(view store.Store) error {
		within := d.on(view)
		for _, a := range arrived {
			if err := within.admit(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// oneByOne keeps, counts, reads and commits each mail by itself.
func (d *Desk) oneByOne(ctx context.Context, b Batch, mails []Incoming) error {
	for _, in := range mails {
		kept, err := d.Store.PutRaw(ctx, in.Raw)
		if err != nil {
			return fmt.Errorf("desk %s: keep %s uid %d: %w", d.Name, b.Folder, in.UID, err)
		}
		if err := d.admit(ctx, d.intake.Read(b.place(), in, kept[0])); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) admit(ctx context.Context, a *arrival.Arrival) error {
	what := fmt.Sprintf("receive %s uid %d", a.Folder, a.UID)
	return d.decide(ctx, what, func() ([]store.Change, error) { return d.intake.Admit(ctx, a) })
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
