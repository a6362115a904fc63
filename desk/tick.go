package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/desk/clock"
	"replyby/desk/notice"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// tickLimit bounds how many due tickets one Tick attends to; the others follow at the next.
const tickLimit = 500

// Moment is what a Tick is told. Alive is when the program was last known to run: if steps are late, the time between Alive and Now is why.
type Moment struct {
	Now    time.Time
	Alive  time.Time
	Health Health
}

// Tick takes the steps that time demands: warnings, breaches, questions about unknown deliveries, the digest. Each step is
// taken once, whatever restarts happen: it is an event of the ticket, in the same commit as its letters. Of what is late one summary tells.
//
// [store.ErrDamaged] says that something cannot be read, such as a ticket or the desk's own file; everything else has been done that can be.
func (d *Desk) Tick(ctx context.Context, m Moment) error {
	if err := d.start(ctx, m.Now); err != nil {
		return err
	}
	if err := d.gap(ctx, m); err != nil {
		return err
	}
	if err := d.trouble(ctx, m); err != nil {
		return err
	}
	var torn store.Damage
	if err := d.catchUp(ctx, m, &torn); err != nil {
		return err
	}
	if err := torn.Take(d.notices(ctx, m.Now)); err != nil {
		return err
	}
	due, err := d.Store.Due(ctx, d.Name, m.Now, tickLimit)
	if err != nil {
		return fmt.Errorf("desk %s: read what is due: %w", d.Name, err)
	}
	for _, x := range due {
		if err := torn.Take(d.askAgain(ctx, x.Ticket, m.Now)); err != nil {
			return err
		}
		if err := torn.Take(d.attend(ctx, x.Ticket, m)); err != nil {
			return err
		}
	}
	if err := torn.Take(d.tellUnsaid(ctx, m.Now)); err != nil {
		return err
	}
	return torn.Told()
}

// noticesAtOnce bounds how many notice tickets one Tick opens.
const noticesAtOnce = 20

// notices opens a ticket for each thing that customers are to be told.
func (d *Desk) notices(ctx context.Context, now time.Time) error {
	for range noticesAtOnce {
		opened := false
		err := d.decide(ctx, "open a notice", func(d *Desk) ([]store.Change, error) {
			known, err := d.Informed(ctx)
			if err != nil {
				return nil, err
			}
			changes, err := notice.Board{Files: known}.Open(ctx, now)
			opened = len(changes) > 0
			return changes, err
		})
		if err != nil || !opened {
			return err
		}
	}
	return nil
}

// start sets the time of the first digest. It sets it again if it lies too far off, because the machine's clock was ahead for a while.
func (d *Desk) start(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "start", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, now, "start")
		if err != nil || !f.T.Wake.IsZero() && f.T.Wake.Before(now.Add(digestWithin)) {
			return nil, err
		}
		wake := d.NextDigest(now)
		if wake.IsZero() {
			return nil, nil
		}
		f.Add(kind.Started, sheet.Program, ticket.Body{Wake: wake})
		return []store.Change{f.Change}, nil
	})
}

// askAgain looks up again who wrote a staff mail, where that failed before: once, however often it decides on what comes of that.
func (d *Desk) askAgain(ctx context.Context, number uint64, now time.Time) error {
	asks := d.intake.Once()
	return d.decide(ctx, fmt.Sprintf("ask again who wrote about ticket %d", number), func(d *Desk) ([]store.Change, error) {
		return asks.On(d.Files).AskAgain(ctx, number, now)
	})
}

// attend takes every step of one ticket that is due.
func (d *Desk) attend(ctx context.Context, number uint64, m Moment) error {
	return d.decide(ctx, fmt.Sprintf("attend to ticket %d", number), func(d *Desk) ([]store.Change, error) {
		known, err := d.Informed(ctx)
		if err != nil {
			return nil, err
		}
		f, err := known.Load(ctx, number, m.Now, "tick")
		if err != nil || f.T.NextDue().IsZero() || f.T.NextDue().After(m.Now) {
			return nil, err
		}
		switch {
		case number == 0 && m.Health.Unread:
			return nil, nil // what fell due while nothing ran would not know of the mail that waited; the next beat looks again
		case number == 0:
			err = d.digest(ctx, f, m)
		case f.T.Notice.Asks:
			err = notice.Board{Files: d.Files}.Attend(ctx, f)
		default:
			err = f.Climb(m.beat(), true)
		}
		return []store.Change{f.Change}, err
	})
}

func (m Moment) beat() clock.Beat { return clock.Beat{Now: m.Now, Alive: m.Alive} }
