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
	p, err := d.Prepare(ctx, b)
	if err != nil {
		return err
	}
	return d.Admit(ctx, p)
}

// Prepared is a batch of which all is kept that has company, and read what was never begun before. It decides nothing: one that is
// never admitted only counts as begun.
type Prepared struct {
	batch Batch
	mails []prepared
}

type prepared struct {
	Incoming
	kept store.Raw
	read *arrival.Arrival // nil: to be kept again, and read, alone
}

// Prepare does what comes first in Receive. It may run while the batch before is being admitted.
func (d *Desk) Prepare(ctx context.Context, b Batch) (*Prepared, error) {
	kept, err := d.keep(ctx, b)
	if err != nil {
		return nil, err
	}
	p := &Prepared{batch: b}
	var company []int
	for i, in := range b.Mails {
		p.mails = append(p.mails, prepared{Incoming: in, kept: kept[i]})
		if kept[i].Attempts == 1 {
			company = append(company, i)
		}
	}
	d.tools.abreast(len(company), func(n int) {
		m := &p.mails[company[n]]
		m.read = d.intake.Read(b.place(), m.Incoming, m.kept)
	})
	return p, nil
}

// Admit does the rest of Receive. The batch before must have been admitted.
func (d *Desk) Admit(ctx context.Context, p *Prepared) error {
	b := p.batch
	for mails := p.mails; len(mails) > 0; {
		n := company(mails)
		if n == 1 || d.together(ctx, mails[:n]) != nil { // whose fault it was shows again when each stands alone
			if err := d.oneByOne(ctx, b, mails[:n]); err != nil {
				return err
			}
		}
		mails = mails[n:]
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

// company is how many of the first mails are dealt with in one step: those that were read in company, or one that was not.
func company(mails []prepared) int {
	n := slices.IndexFunc(mails, func(m prepared) bool { return m.read == nil })
	if n < 0 {
		return len(mails)
	}
	return max(n, 1)
}

// together decides about mails in one commit.
func (d *Desk) together(ctx context.Context, mails []prepared) error {
	return d.Store.Together(ctx, func(view store.Store) error {
		within := d.on(view)
		for _, m := range mails {
			if err := within.admit(ctx, m.read); err != nil {
				return err
			}
		}
		return nil
	})
}

// oneByOne keeps, counts, reads and commits each mail by itself, while no other is read.
func (d *Desk) oneByOne(ctx context.Context, b Batch, mails []prepared) error {
	return d.tools.apart(func() error {
		for _, in := range mails {
			kept, err := d.Store.PutRaw(ctx, in.Raw)
			if err != nil {
				return fmt.Errorf("desk %s: keep %s uid %d: %w", d.Name, b.Folder, in.UID, err)
			}
			if err := d.admit(ctx, d.intake.Read(b.place(), in.Incoming, kept[0])); err != nil {
				return err
			}
		}
		return nil
	})
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
