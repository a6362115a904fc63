package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/desk/alarm"
	"replyby/desk/dossier"
	"replyby/desk/notice"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

const (
	// manyLate is how many late tickets get mails of their own; of more there is one summary.
	manyLate = 1
	// tickLimit bounds what one beat does for tickets that are in time; the rest is due at the next.
	tickLimit = 500
)

// Moment is the beat of the metronome. Alive is when the program was last known to run: where steps are late, the stretch
// between Alive and Now is the cause.
type Moment struct {
	Now    time.Time
	Alive  time.Time
	Health Health
}

// Tick takes the steps that time demands: warnings, breaches, questions about unknown deliveries, the digest. Each step is
// taken once, whatever restarts happen: it is an event of the ticket, in the same commit as its letters.
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
	if err := d.catchUp(ctx, m); err != nil {
		return err
	}
	if err := d.notices(ctx, m.Now); err != nil {
		return err
	}
	due, err := d.Store.Due(ctx, d.Name, m.Now, tickLimit)
	if err != nil {
		return fmt.Errorf("desk %s: read what is due: %w", d.Name, err)
	}
	for _, x := range due {
		if err := d.askAgain(ctx, x.Ticket, m.Now); err != nil {
			return err
		}
		if err := d.attend(ctx, x.Ticket, m); err != nil {
			return err
		}
	}
	return d.merge(ctx, m.Now)
}

// catchUp takes the steps that are late. Of several tickets one summary speaks, however many they are.
func (d *Desk) catchUp(ctx context.Context, m Moment) error {
	due, err := d.Store.Due(ctx, d.Name, m.Now, 0)
	if err != nil {
		return fmt.Errorf("desk %s: read what is due: %w", d.Name, err)
	}
	var late []store.Due
	for _, x := range due {
		if x.Ticket == 0 {
			continue
		}
		t, err := d.Store.Load(ctx, d.Name, x.Ticket)
		if err != nil {
			return fmt.Errorf("desk %s: load ticket %d: %w", d.Name, x.Ticket, err)
		}
		if overtaken(t, x.At, m.Now) {
			late = append(late, x)
		}
	}
	if len(late) <= manyLate {
		return nil
	}
	return d.summarise(ctx, m, late)
}

// noticesAtOnce bounds how many tickets that nobody wrote one beat opens.
const noticesAtOnce = 20

// notices opens tickets for what customers are to be told.
func (d *Desk) notices(ctx context.Context, now time.Time) error {
	for range noticesAtOnce {
		opened := false
		err := d.decide(ctx, "open a notice", func() ([]store.Change, error) {
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

// overtaken reports whether a step comes late: it was due some time ago, or at once when a request was taken in that had waited in the
// mailbox.
func overtaken(t ticket.Ticket, at, now time.Time) bool {
	if t.Notice.Asks {
		return false // it waits for nothing in particular
	}
	waited := t.IntakeAt.Sub(t.ReceivedAt) > dossier.LateAfter
	return now.Sub(at) > dossier.LateAfter || waited && !at.After(t.IntakeAt)
}

// start sets the time of the first digest, once; and again where a clock that ran ahead for a while has set it far off.
func (d *Desk) start(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "start", func() ([]store.Change, error) {
		f, err := d.Load(ctx, 0, now, "start")
		if err != nil || !f.T.Wake.IsZero() && f.T.Wake.Before(now.Add(digestWithin)) {
			return nil, err
		}
		wake := d.nextDigest(now)
		if wake.IsZero() {
			return nil, nil
		}
		f.Add(kind.Started, dossier.Program, ticket.Body{Wake: wake})
		return []store.Change{f.Change}, nil
	})
}

// askAgain asks for the proof of staff mail that could not be looked up.
func (d *Desk) askAgain(ctx context.Context, number uint64, now time.Time) error {
	return d.decide(ctx, fmt.Sprintf("ask again who wrote about ticket %d", number), func() ([]store.Change, error) {
		return d.intake.AskAgain(ctx, number, now)
	})
}

// attend takes every step of one ticket that is due.
func (d *Desk) attend(ctx context.Context, number uint64, m Moment) error {
	return d.decide(ctx, fmt.Sprintf("attend to ticket %d", number), func() ([]store.Change, error) {
		known, err := d.Informed(ctx)
		if err != nil {
			return nil, err
		}
		f, err := known.Load(ctx, number, m.Now, "tick")
		if err != nil || f.T.NextDue().IsZero() || f.T.NextDue().After(m.Now) {
			return nil, err
		}
		switch {
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

// summarise says in one mail what passed while nobody watched, instead of one mail for each ticket. All of it is one commit: the
// summary and the steps it stands for.
func (d *Desk) summarise(ctx context.Context, m Moment, late []store.Due) error {
	return d.decide(ctx, "summarise what passed", func() ([]store.Change, error) {
		known, err := d.Informed(ctx)
		if err != nil {
			return nil, err
		}
		own, err := known.Load(ctx, 0, m.Now, "tick")
		if err != nil {
			return nil, err
		}
		var stepped []*dossier.Dossier
		var missed []ticket.Ticket
		for _, x := range late {
			f, err := known.Load(ctx, x.Ticket, m.Now, "tick")
			if err != nil {
				return nil, err
			}
			missed = append(missed, f.T)
			if err := f.Climb(m.beat(), false); err != nil {
				return nil, err
			}
			if len(f.Change.Events) > 0 {
				stepped = append(stepped, f)
			}
		}
		if len(stepped) == 0 {
			return nil, nil
		}
		untold, err := alarm.Outage(own, m.beat(), missed)
		if err != nil {
			return nil, err
		}
		var changes []store.Change
		for _, f := range stepped {
			if people := untold[f.T.Number]; len(people) > 0 {
				f.LeaveUnsaid(people)
			}
			changes = append(changes, f.Change)
		}
		return append(changes, own.Change), nil
	})
}

func (m Moment) beat() dossier.Beat { return dossier.Beat{Now: m.Now, Alive: m.Alive} }
