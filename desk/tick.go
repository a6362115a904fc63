package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

const (
	// lateAfter is how late a step may be without a word about it: the metronome beats every minute.
	lateAfter = 2 * time.Minute
	// manyLate is from how many late tickets on one summary replaces their mails.
	manyLate = 3
	// tickLimit bounds one beat; the rest is due at the next.
	tickLimit = 500
)

// Moment is the beat of the metronome. Alive is when the program was last known to run: where steps are late, the stretch
// between Alive and Now is the cause.
type Moment struct {
	Now    time.Time
	Alive  time.Time
	Health Health
}

// Health is what the digest says of the program itself.
type Health struct {
	LastRead    time.Time
	ReadTrouble string
	LastSent    time.Time
	SendTrouble string
}

// Tick takes the steps that time demands: warnings, breaches, questions about unknown deliveries, the digest. Each step is
// taken once, whatever restarts happen: it is an event of the ticket, in the same commit as its letters.
func (d *Desk) Tick(ctx context.Context, m Moment) error {
	if err := d.start(ctx, m.Now); err != nil {
		return err
	}
	due, err := d.store.Due(ctx, d.cfg.Name, m.Now, tickLimit)
	if err != nil {
		return fmt.Errorf("desk %s: read what is due: %w", d.cfg.Name, err)
	}
	late := slices.DeleteFunc(slices.Clone(due), func(x store.Due) bool { return x.Ticket == 0 || m.Now.Sub(x.At) <= lateAfter })
	if len(late) > manyLate {
		if err := d.summarise(ctx, m, late); err != nil {
			return err
		}
	}
	for _, x := range due {
		if err := d.attend(ctx, x.Ticket, m); err != nil {
			return err
		}
	}
	return nil
}

// start sets the time of the first digest, once.
func (d *Desk) start(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "start", func() ([]store.Change, error) {
		f, err := d.open(ctx, 0, now, "start")
		if err != nil || !f.t.Wake.IsZero() {
			return nil, err
		}
		wake := d.nextDigest(now)
		if wake.IsZero() {
			return nil, nil
		}
		f.add(kind.Started, program, ticket.Body{Wake: wake})
		return []store.Change{f.change}, nil
	})
}

// attend takes every step of one ticket that is due.
func (d *Desk) attend(ctx context.Context, number uint64, m Moment) error {
	return d.decide(ctx, fmt.Sprintf("attend to ticket %d", number), func() ([]store.Change, error) {
		f, err := d.open(ctx, number, m.Now, "tick")
		if err != nil || f.t.NextDue().IsZero() || f.t.NextDue().After(m.Now) {
			return nil, err
		}
		if number == 0 {
			err = f.digest(ctx, m)
		} else {
			err = f.climb(m, true)
		}
		return []store.Change{f.change}, err
	})
}

// climb takes the due rungs of every running obligation. Where several of one obligation are due at once only the highest is
// said; the others are recorded as passed over. With mails unset (a summary says it all) nothing is written to people.
func (f *dossier) climb(m Moment, mails bool) error {
	for _, o := range f.t.Duties {
		if !o.Running() {
			continue
		}
		due := dueRungs(o, m.Now)
		for i := range due {
			if err := f.step(o, due[i], m, mails && i == len(due)-1); err != nil {
				return err
			}
		}
	}
	for _, p := range f.t.Posted {
		if !p.AskAt.IsZero() && !p.AskAt.After(m.Now) {
			if err := f.askFate(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func dueRungs(o ticket.Obligation, now time.Time) []ticket.Rung {
	var due []ticket.Rung
	for _, r := range o.Rungs {
		if r.Done.IsZero() && !r.At.After(now) {
			due = append(due, r)
		}
	}
	slices.SortStableFunc(due, func(a, b ticket.Rung) int { return a.At.Compare(b.At) })
	return due
}

// step takes one rung: says it to its people, or records that a higher one, or a summary, said it.
func (f *dossier) step(o ticket.Obligation, r ticket.Rung, m Moment, say bool) error {
	k := kind.Warned
	if r.Means == "limit_passed" {
		k = kind.Breached
		f.count("missed")
	}
	body := ticket.Body{Obligation: o.Name, Rung: &r, Reason: lateness(r, m)}
	if r.Means == "reminder" {
		next, err := f.repeated(o)
		if err != nil {
			return err
		}
		body.Obligations = []ticket.Obligation{next}
	}
	if !say {
		body.Reason = strings.TrimPrefix(body.Reason+"; said by a later step or in a summary", "; ")
		f.add(k, program, body)
		return nil
	}
	return f.warn(k, o, r, m, body)
}

// lateness says how late a step is and why, "" when it is in time.
func lateness(r ticket.Rung, m Moment) string {
	late := m.Now.Sub(r.At)
	if late <= lateAfter {
		return ""
	}
	why := "noticed late"
	if !m.Alive.IsZero() && m.Now.Sub(m.Alive) > lateAfter {
		why = "the program did not run from " + m.Alive.UTC().Format(time.RFC3339) + " to " + m.Now.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s late: %s", late.Round(time.Second), why)
}

// summarise says in one mail what passed while nobody watched, instead of one mail for each ticket. All of it is one commit: the
// summary and the steps it stands for.
func (d *Desk) summarise(ctx context.Context, m Moment, late []store.Due) error {
	return d.decide(ctx, "summarise what passed", func() ([]store.Change, error) {
		own, err := d.open(ctx, 0, m.Now, "tick")
		if err != nil {
			return nil, err
		}
		var changes []store.Change
		var missed []ticket.Ticket
		for _, x := range late {
			f, err := d.open(ctx, x.Ticket, m.Now, "tick")
			if err != nil {
				return nil, err
			}
			missed = append(missed, f.t)
			if err := f.climb(m, false); err != nil {
				return nil, err
			}
			if len(f.change.Events) > 0 {
				changes = append(changes, f.change)
			}
		}
		if len(changes) == 0 {
			return nil, nil
		}
		if err := own.outage(m, missed); err != nil {
			return nil, err
		}
		return append(changes, own.change), nil
	})
}
