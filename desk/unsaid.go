package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"replyby/desk/budget"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/desk/summary"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// maxAge is how far back a summary looks after a long stop; what is older is in the digest.
const maxAge = 24 * time.Hour

// tellUnsaid sends each person one summary of the mails that were not written to him since the last one, because they were over his budget.
// It covers the slots of [budget.Pause] that have ended.
func (d *Desk) tellUnsaid(ctx context.Context, now time.Time) error {
	var torn store.Damage
	err := d.decide(ctx, "summarise what was over a budget", func(d *Desk) ([]store.Change, error) {
		torn = nil
		own, err := d.Load(ctx, 0, now, "tick")
		if err != nil {
			return nil, err
		}
		to := budget.Slot(now)
		from := budget.Slot(own.T.SummedAt)
		if far := budget.Slot(now.Add(-maxAge)); from.Before(far) {
			from = far
		}
		if any, err := d.anyUnsaid(ctx, from, to); !any {
			return nil, err
		}
		of, err := d.unsaidTo(ctx, from, to, &torn)
		if err != nil {
			return nil, fmt.Errorf("find what was over a budget: %w", err)
		}
		return d.summaries(own, of)
	})
	return cmp.Or(err, torn.Told())
}

// anyUnsaid reports whether there is anything to summarise. It reads counters, no tickets.
func (d *Desk) anyUnsaid(ctx context.Context, from, to time.Time) (bool, error) {
	if !from.Before(to) {
		return false, nil
	}
	tallies, err := d.Store.Tallies(ctx, d.Name, from.In(d.Zone).Format(time.DateOnly), to.In(d.Zone).Format(time.DateOnly))
	if err != nil {
		return false, fmt.Errorf("read what was over a budget: %w", err)
	}
	return slices.ContainsFunc(tallies, func(t store.Tally) bool {
		return t.Count[store.Lost] > 0 || budget.Waiting(slices.Collect(maps.Keys(t.Count)), from, to)
	}), nil
}

// unsaidTo gathers, for each person, the tickets that a mail was not written about in [from, to). A person who has left since gets no summary:
// his tickets went to others.
func (d *Desk) unsaidTo(ctx context.Context, from, to time.Time, torn *store.Damage) (summary.Lists, error) {
	of := summary.Lists{}
	for t, err := range d.Store.Each(ctx, store.Query{Desk: d.Name, Since: from}) {
		if err != nil {
			if err := torn.Take(err); err != nil {
				return nil, err
			}
			continue
		}
		t.Assignee = d.Called(t.Assignee)
		for who, at := range t.Unsaid {
			if at.Before(from) || !at.Before(to) || !d.hears(who, t) {
				continue
			}
			passed, _ := summary.Taken(t, at.Equal)
			of.Of(who).Add(t, passed)
		}
	}
	return of, nil
}

// hears reports whether a person may be mailed about a ticket: staff, a manager, who is on call, or whom a step of its ladders names.
func (d *Desk) hears(who string, t ticket.Ticket) bool {
	named := slices.ContainsFunc(t.Duties, func(o ticket.Obligation) bool {
		return slices.ContainsFunc(o.Rungs, func(r ticket.Rung) bool { return slices.Contains(r.To, who) })
	})
	return named || d.Enrolled(d.Person(who)) || slices.Contains(append(slices.Clone(d.Managers), d.OnCall), who)
}

// summaries writes the summaries and records in the desk's own file that they were written, even if none was left to write: the next one
// begins there.
func (d *Desk) summaries(own *dossier.Dossier, of summary.Lists) ([]store.Change, error) {
	body := ticket.Body{}
	for _, who := range slices.Sorted(maps.Keys(of)) {
		done, err := d.Letter.Summary(of[who].Mail(d.Person(who).Reader()), own.Stamp())
		if err != nil {
			return nil, err
		}
		done.Urgent = of[who].Urgent()
		own.Enclose(&body, done)
	}
	body.Reason = fmt.Sprintf("%d people got one mail for many", len(body.Letters))
	own.Add(kind.Summarised, sheet.Program, body)
	return []store.Change{own.Change}, nil
}
