package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"replyby/desk/arrival"
	"replyby/store"
)

// Batch is consecutive mails of one folder.
type Batch struct {
	Folder      string
	Role        arrival.Role
	UIDValidity uint32
	UID         uint32 // everything up to here is dealt with once the batch is
	Mails       []Incoming
	Now         time.Time
	Before      time.Time // at the end of a first contact, when the newest mail came that was there before; else zero
}

// Receive makes every mail of the batch a ticket, an entry of one, or a filed message, and moves the cursor with it. When it
// returns nil all of that is durable. An error means that the batch, or its rest, should be given again later.
//
// Every mail is stored, and counted as begun, before anything reads it, so that a mail which ends the program is recognised at the next
// start. Mails that were never begun before are read and committed together; any other one alone, so that no mail is blamed for its
// neighbour. See docs/decisions/0018.
func (d *Desk) Receive(ctx context.Context, b Batch) error {
	p, err := d.Prepare(ctx, b)
	if err != nil {
		return err
	}
	return d.Admit(ctx, p)
}

// Prepared is a batch that is stored, with those mails parsed and classified that were never begun before. Nothing is decided yet: if it is
// never admitted, its mails only count as begun.
type Prepared struct {
	batch Batch
	mails []prepared
}

type prepared struct {
	Incoming
	kept store.Raw
	read *arrival.Arrival // nil: to be stored again and read alone
}

// Prepare is the first half of Receive: it stores and reads. It may run while the batch before is being admitted.
func (d *Desk) Prepare(ctx context.Context, b Batch) (*Prepared, error) {
	kept, err := d.keep(ctx, b)
	if err != nil {
		return nil, err
	}
	p := &Prepared{batch: b}
	var together []int
	for i, in := range b.Mails {
		p.mails = append(p.mails, prepared{Incoming: in, kept: kept[i]})
		if kept[i].Attempts == 1 {
			together = append(together, i)
		}
	}
	d.tools.parallel(len(together), func(n int) {
		m := &p.mails[together[n]]
		m.read = d.intake.Read(ctx, b.place(), m.Incoming, m.kept)
	})
	return p, nil
}

// Admit is the second half of Receive: it decides and commits. The batch before must have been admitted.
func (d *Desk) Admit(ctx context.Context, p *Prepared) error {
	b := p.batch
	for mails := p.mails; len(mails) > 0; {
		n := admittedTogether(mails)
		if n == 1 || d.together(ctx, mails[:n]) != nil { // one by one, the mail at fault fails again and the others do not
			if err := d.oneByOne(ctx, b, mails[:n]); err != nil {
				return err
			}
		}
		mails = mails[n:]
	}
	if n := len(b.Mails); n > 0 && b.Mails[n-1].UID == b.UID && b.Before.IsZero() {
		return nil // the last mail's commit moved it
	}
	return d.moveCursor(ctx, b)
}

// keep stores all mails and counts each as begun, in one step. A single mail is left for oneByOne to store, since it is read alone.
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

// admittedTogether is how many of the first mails go into one commit: all up to one that is to be read alone, or that one.
func admittedTogether(mails []prepared) int {
	n := slices.IndexFunc(mails, func(m prepared) bool { return m.read == nil })
	if n < 0 {
		return len(mails)
	}
	return max(n, 1)
}

// together decides on several mails in one commit.
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

// oneByOne stores, counts, reads and commits each mail by itself, while no other mail is being read.
func (d *Desk) oneByOne(ctx context.Context, b Batch, mails []prepared) error {
	return d.tools.exclusive(func() error {
		for _, in := range mails {
			kept, err := d.Store.PutRaw(ctx, in.Raw)
			if err != nil {
				return fmt.Errorf("desk %s: keep %s uid %d: %w", d.Name, b.Folder, in.UID, err)
			}
			if err := d.admit(ctx, d.intake.Read(ctx, b.place(), in.Incoming, kept[0])); err != nil {
				return err
			}
		}
		return nil
	})
}

// admit decides on a mail. One that leads to what is harmed in the database stands alone: it must not keep those behind it waiting.
func (d *Desk) admit(ctx context.Context, a *arrival.Arrival) error {
	err := d.admitAs(ctx, a)
	for _, as := range []func(string, error) *arrival.Arrival{a.Alone, a.Blind} {
		if !store.Harmed(err) || errors.Is(err, ErrOwnFile) {
			return err
		}
		err = d.admitAs(ctx, as(d.Name, err))
	}
	return err
}

func (d *Desk) admitAs(ctx context.Context, a *arrival.Arrival) error {
	what := fmt.Sprintf("receive %s uid %d", a.Folder, a.UID)
	err := d.decide(ctx, what, func(d *Desk) ([]store.Change, error) { return d.intake.Admit(ctx, a) })
	if err == nil && a.Early {
		err = d.ahead(ctx, a)
	}
	return err
}

func (b Batch) place() arrival.Place {
	return arrival.Place{Folder: b.Folder, Role: b.Role, UIDValidity: b.UIDValidity, Now: b.Now}
}

func (d *Desk) moveCursor(ctx context.Context, b Batch) error {
	c := store.Change{Desk: d.Name, Cursor: &store.Cursor{Folder: b.Folder, UIDValidity: b.UIDValidity, UID: b.UID, Before: b.Before}}
	if err := d.Store.Commit(ctx, c); err != nil {
		return fmt.Errorf("desk %s: move the cursor of %s to %d: %w", d.Name, b.Folder, b.UID, err)
	}
	return nil
}
