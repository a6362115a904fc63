package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/desk/summary"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// manyLate is how many late tickets get mails of their own; more of them get one summary.
const manyLate = 1

// catchUp takes the steps that are late. If they belong to several tickets, one summary tells of all of them, instead of one mail for each.
//
// They may be thousands, so they are taken by pages. That nobody is told of them yet stands in the desk's own file, from before the first of
// them until the commit of the summary: whoever is interrupted in between goes on there, and the summary tells of those before as well.
func (d *Desk) catchUp(ctx context.Context, m Moment, torn *store.Damage) error {
	late, err := d.late(ctx, m.Now, torn)
	if err != nil {
		return err
	}
	own, err := d.Load(ctx, 0, m.Now, "tick")
	if err != nil {
		return fmt.Errorf("desk %s: look what is late: %w", d.Name, err)
	}
	if len(late) <= manyLate && own.T.LateSince.IsZero() {
		return nil
	}
	since, err := d.fallBehind(ctx, m.Now)
	if err != nil {
		return err
	}
	may := mayHear(own)
	err = d.byPages(ctx, round{"take what is late", "tick", m.Now}, late, func(f *dossier.Dossier) error { return passOver(f, m, may) })
	if err := torn.Take(err); err != nil {
		return err
	}
	return d.tellLate(ctx, m, since, torn)
}

// late lists the tickets of which a step is late.
func (d *Desk) late(ctx context.Context, now time.Time, torn *store.Damage) (late []uint64, err error) {
	due, err := d.Store.Due(ctx, d.Name, now, 0)
	if err != nil {
		return nil, fmt.Errorf("desk %s: read what is due: %w", d.Name, err)
	}
	for _, x := range due {
		if x.Ticket == 0 {
			continue
		}
		t, err := d.Store.Load(ctx, d.Name, x.Ticket)
		if err != nil {
			err = fmt.Errorf("desk %s: load ticket %d: %w", d.Name, x.Ticket, err)
		}
		if err := torn.Take(err); err != nil {
			return nil, err
		}
		if isLate(t, now) {
			late = append(late, x.Ticket)
		}
	}
	return late, nil
}

// isLate reports whether a step of a ticket is late: by more than the metronome explains, or because its request had waited in the mailbox
// before it was taken in.
func isLate(t ticket.Ticket, now time.Time) bool {
	waited := t.IntakeAt.Sub(t.ReceivedAt) > clock.LateAfter
	return slices.ContainsFunc(t.Duties, func(o ticket.Obligation) bool {
		return o.Running() && slices.ContainsFunc(clock.DueRungs(o, now), func(r ticket.Rung) bool {
			return now.Sub(r.At) > clock.LateAfter || waited && !r.At.After(t.IntakeAt)
		})
	})
}

// fallBehind writes down since when late steps are taken that nobody is told of yet. A clock that was set back begins earlier.
func (d *Desk) fallBehind(ctx context.Context, now time.Time) (since time.Time, err error) {
	err = d.decide(ctx, "begin with what is late", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, now, "tick")
		if err != nil {
			return nil, err
		}
		if since = f.T.LateSince; !since.IsZero() && !since.After(f.Now) {
			return nil, nil
		}
		since = f.Now
		f.Add(kind.Outage, sheet.Program, ticket.Body{Verb: "late", Reason: "steps are late; one mail will tell of all of them"})
		return []store.Change{f.Change}, nil
	})
	return since, err
}

// mayHear says of people whether they may get the mail about what was late, as it is for now, and always the same of each.
func mayHear(own *dossier.Dossier) func(charter.Person) (bool, error) {
	known := map[string]bool{}
	return func(p charter.Person) (may bool, err error) {
		may, asked := known[p.Address()]
		if !asked {
			may, err = own.MayAlarm(p)
			known[p.Address()] = may
		}
		return may, err
	}
}

// passOver takes the due steps of a late ticket. Whoever has had too many alarms to get the mail that tells of them reads of it in the next
// summary of what was over a budget.
func passOver(f *dossier.Dossier, m Moment, may func(charter.Person) (bool, error)) error {
	if !isLate(f.T, m.Now) {
		return nil
	}
	if err := f.Climb(m.beat(), false); err != nil {
		return err
	}
	_, to := summary.Taken(f.T, f.Now.Equal)
	var over []string
	for _, p := range concerned(f, f.T, to) {
		if may, err := may(p); err != nil {
			return err
		} else if !may {
			over = append(over, p.Address())
		}
	}
	if len(over) > 0 {
		f.LeaveUnsaid(over)
	}
	return nil
}

// concerned are the people who hear of late steps of a ticket: team and managers, and whom else the steps name, such as who is on call.
func concerned(f *dossier.Dossier, t ticket.Ticket, to []string) []charter.Person {
	return charter.Distinct(append(f.Audience([]string{"team", "managers"}), f.AudienceOf(t, to)...))
}

// tellLate writes the one mail about everything that was late, to each who has not been told otherwise. It ends the catching up.
func (d *Desk) tellLate(ctx context.Context, m Moment, since time.Time, torn *store.Damage) error {
	of, n, err := d.behind(ctx, m.Now, since, torn) // while others may write: nobody else takes late steps
	if err != nil {
		return fmt.Errorf("desk %s: find what was late: %w", d.Name, err)
	}
	return d.decide(ctx, "summarise what passed", func(d *Desk) ([]store.Change, error) {
		own, err := d.Load(ctx, 0, m.Now, "tick")
		if err != nil {
			return nil, err
		}
		body := ticket.Body{Reason: fmt.Sprintf("%d tickets had steps due while nothing was watched", n), Wake: m.Alive}
		for _, who := range slices.Sorted(maps.Keys(of)) {
			s := of[who].Mail(d.Person(who).Reader())
			s.Why, s.From, s.To = "outage", m.Alive, m.Now
			done, err := d.Letter.Summary(s, own.Stamp())
			if err != nil {
				return nil, err
			}
			if _, err := own.MayAlarm(d.Person(who)); err != nil { // counts it; who may not has been left out
				return nil, err
			}
			done.Urgent = true
			own.Enclose(&body, done)
		}
		own.Add(kind.Outage, sheet.Program, body)
		return []store.Change{own.Change}, nil
	})
}

// behind gathers, for each person, the tickets with steps taken since an instant that he is still to be told of, and counts all of them.
func (d *Desk) behind(ctx context.Context, now, since time.Time, torn *store.Damage) (of summary.Lists, n int, err error) {
	own, err := d.Load(ctx, 0, now, "tick")
	if err != nil {
		return nil, 0, err
	}
	of = summary.Lists{}
	for t, err := range d.Store.Each(ctx, store.Query{Desk: d.Name, Since: since}) {
		if err := torn.Take(err); err != nil {
			return nil, 0, err
		}
		steps, to := summary.Taken(t, func(at time.Time) bool { return !at.Before(since) })
		if steps == nil {
			continue
		}
		n++
		people := concerned(own, t, to)
		t.Assignee = d.Called(t.Assignee)
		for _, p := range people {
			if t.Unsaid[p.Address()].Before(since) {
				of.Of(p.Address()).Add(t, steps)
			}
		}
	}
	return of, n, nil
}
