package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"replyby/desk/ending"
	"replyby/desk/notice"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// ErrWithdrawn says that a letter is not to be sent any more.
var ErrWithdrawn = errors.New("desk: letter withdrawn")

// Outbox returns letters of this desk that may be sent now, and those whose sending mark an earlier run left behind. While another
// installation works the mailbox, letters to customers stay where they are. So does one that cannot be read, with [store.ErrDamaged] beside the
// others.
func (d *Desk) Outbox(ctx context.Context, now time.Time, limit int) ([]store.Letter, error) {
	alone, err := d.alone(ctx)
	if err != nil {
		return nil, err
	}
	if !alone {
		limit = 0 // those that stay must not hide the others
	}
	var torn store.Damage
	rows, err := d.Store.Outbox(ctx, d.Name, now, limit)
	if err := torn.Take(err); err != nil {
		return nil, fmt.Errorf("desk %s: read the outbox: %w", d.Name, err)
	}
	if !alone {
		rows = slices.DeleteFunc(rows, func(l store.Letter) bool { return l.Customer && !l.Sending })
	}
	rows = slices.DeleteFunc(rows, func(l store.Letter) bool { return d.lost(ctx, l, &torn) })
	return rows, torn.Told()
}

// lost reports whether nobody can record how a letter ended whose sending an earlier run left behind, since its ticket cannot be read. It keeps
// its mark, so that it never goes again.
func (d *Desk) lost(ctx context.Context, l store.Letter, torn *store.Damage) bool {
	if !l.Customer || !l.Sending {
		return false
	}
	_, err := d.Store.Load(ctx, d.Name, l.Ticket)
	return err != nil && torn.Take(err) == nil
}

// Begin must be called, and must return nil, before a letter is given to a server. For a letter to a customer it writes down
// that an attempt begins, so that a crash from here on leaves an unknown and never a second copy. ErrWithdrawn: skip it. So is the letter of a
// ticket that cannot be read: it waits, with [store.ErrDamaged] beside that.
func (d *Desk) Begin(ctx context.Context, l store.Letter, now time.Time) error {
	if !l.Customer {
		return nil
	}
	withdrawn := false
	err := d.decide(ctx, "begin to send letter "+l.ID, func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, l.Ticket, now, "letter:"+l.ID)
		if err != nil {
			return nil, err
		}
		alone, err := d.alone(ctx)
		if err != nil {
			return nil, err
		}
		p, ok := f.T.Letter(l.ID)
		if withdrawn = !ok || p.State != posted.Queued || !alone; withdrawn {
			return nil, nil
		}
		f.Add(kind.Sending, sheet.Program, ticket.Body{Delivery: &ticket.Delivery{Letter: l.ID, Attempt: l.Attempt + 1}})
		f.Change.Sending = []string{l.ID}
		return []store.Change{f.Change}, nil
	})
	var torn store.Damage
	if err := torn.Take(err); err != nil {
		return err
	}
	switch {
	case len(torn) > 0:
		return fmt.Errorf("%w: %w", ErrWithdrawn, torn.Told())
	case withdrawn:
		return ErrWithdrawn
	}
	return nil
}

// End records how an attempt ended. A deferred letter stays in the outbox; any other leaves it, one to staff also where its ticket cannot be
// read.
func (d *Desk) End(ctx context.Context, l store.Letter, e Ended) error {
	deferred, over := e.Outcome == ending.Deferred, false
	if l.Customer || !deferred {
		err := d.decide(ctx, "record the end of letter "+l.ID, func(d *Desk) ([]store.Change, error) {
			known, err := d.Informed(ctx) // a refusal is told to who is here
			if err != nil {
				return nil, err
			}
			f, err := known.Load(ctx, l.Ticket, e.At, "letter:"+l.ID)
			if err != nil {
				return nil, err
			}
			p, ok := f.T.Letter(l.ID)
			if over = deferred && (!ok || p.State != posted.Sending); over {
				return nil, nil // a copy or a report came back meanwhile: the server took the letter, whatever it says
			}
			if err := f.End(l, e); err != nil {
				return nil, err
			}
			err = notice.Board{Files: d.Files}.Spread(ctx, f)
			return append([]store.Change{f.Change}, f.Also...), err
		})
		if err != nil && !l.Customer && errors.Is(err, store.ErrDamaged) { // or it would go again at every start
			err = d.Store.Commit(ctx, store.Change{Desk: d.Name, Done: []string{l.ID}})
		}
		if err != nil || !deferred || over {
			return err
		}
	}
	// The mark of sending goes last: a crash before leaves a doubt that a person settles, while a letter that the ticket believes on its
	// way and the outbox does not would never be sent and nobody asked.
	err := d.Store.Retry(ctx, d.Name, l.ID, e.Next)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("desk %s: put letter %s back until %s: %w", d.Name, l.ID, e.Next.Format(time.RFC3339), err)
	}
	return nil
}

// Turn is End for one letter and Begin for the next, in one commit. After ErrWithdrawn the end is recorded and the next is to be skipped.
func (d *Desk) Turn(ctx context.Context, l store.Letter, e Ended, next store.Letter, now time.Time) error {
	var withdrawn error
	err := d.Store.Together(ctx, func(view store.Store) error {
		within := d.on(view)
		if err := within.End(ctx, l, e); err != nil {
			return err
		}
		withdrawn = within.Begin(ctx, next, now)
		if errors.Is(withdrawn, ErrWithdrawn) {
			return nil
		}
		return withdrawn
	})
	return cmp.Or(err, withdrawn)
}
