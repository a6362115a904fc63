package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/desk/budget"
	"replyby/desk/dossier"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// forget is how far back a summary looks after a long stop; what is older is in the digest.
const forget = 24 * time.Hour

// merge tells in one mail to each what was over somebody's budget in the slots that have ended since the last such mail.
func (d *Desk) merge(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "summarise what was over a budget", func() ([]store.Change, error) {
		own, err := d.Load(ctx, 0, now, "tick")
		if err != nil {
			return nil, err
		}
		to := budget.Slot(now)
		from := budget.Slot(own.T.SummedAt)
		if far := budget.Slot(now.Add(-forget)); from.Before(far) {
			from = far
		}
		if any, err := d.unsaid(ctx, from, to); !any {
			return nil, err
		}
		tickets, err := d.Store.Find(ctx, store.Query{Desk: d.Name, Since: from})
		if err != nil {
			return nil, fmt.Errorf("find what was over a budget: %w", err)
		}
		return d.tell(own, d.held(tickets, from, to))
	})
}

// unsaid reports whether there is anything to summarise, without a look at tickets.
func (d *Desk) unsaid(ctx context.Context, from, to time.Time) (bool, error) {
	if !from.Before(to) {
		return false, nil
	}
	tallies, err := d.Store.Tallies(ctx, d.Name, from.In(d.Zone).Format(time.DateOnly), to.In(d.Zone).Format(time.DateOnly))
	if err != nil {
		return false, fmt.Errorf("read what was over a budget: %w", err)
	}
	return slices.ContainsFunc(tallies, func(t store.Tally) bool { return budget.Waiting(slices.Collect(maps.Keys(t.Count)), from, to) }), nil
}

// held lists for each person the tickets of which he was not told from one instant to before another. Whoever has left since hears of none: what
// was his is told to others.
func (d *Desk) held(tickets []ticket.Ticket, from, to time.Time) map[string][]ticket.Ticket {
	of := map[string][]ticket.Ticket{}
	for _, t := range tickets {
		for who, at := range t.Unsaid {
			if !at.Before(from) && at.Before(to) && d.hears(who, t) {
				of[who] = append(of[who], t)
			}
		}
	}
	return of
}

// hears reports whether a person is one who is written to about a ticket: of the staff, a manager, on call, or named by a step of its ladders.
func (d *Desk) hears(who string, t ticket.Ticket) bool {
	named := slices.ContainsFunc(t.Duties, func(o ticket.Obligation) bool {
		return slices.ContainsFunc(o.Rungs, func(r ticket.Rung) bool { return slices.Contains(r.To, who) })
	})
	return named || d.Enrolled(d.Person(who)) || slices.Contains(append(slices.Clone(d.Managers), d.OnCall), who)
}

// tell writes the summaries. That they were written is an event of the desk, also where nothing was left to tell.
func (d *Desk) tell(own *dossier.Dossier, held map[string][]ticket.Ticket) ([]store.Change, error) {
	body := ticket.Body{}
	for _, who := range slices.Sorted(maps.Keys(held)) {
		p := d.Person(who)
		rows, also, taken := grouped(held[who], who)
		done, err := d.Letter.Summary(letter.Summary{Person: p.Reader(), Why: "budget", Tickets: rows, Also: also, Steps: taken, All: len(held[who])}, own.Stamp())
		if err != nil {
			return nil, err
		}
		done.Urgent = slices.ContainsFunc(rows, urgent)
		own.Enclose(&body, done)
	}
	body.Reason = fmt.Sprintf("%d people got one mail for many", len(body.Letters))
	own.Add(kind.Summarised, dossier.Program, body)
	return []store.Change{own.Change}, nil
}

// grouped leaves one ticket of each customer, the most pressing, and counts his others: whoever writes a thousand times takes one line.
// Urgent ones come first, then what is due first. A ticket of which a person was not told that a deadline is near or past has a line of its
// own in any case, which says so.
func grouped(tickets []ticket.Ticket, person string) (rows []ticket.Ticket, also map[uint64]int, taken map[uint64][]letter.Step) {
	slices.SortFunc(tickets, pressing)
	also, taken = map[uint64]int{}, map[uint64][]letter.Step{}
	first := map[string]uint64{}
	for _, t := range tickets {
		if s := steps(t, t.Unsaid[person]); s != nil {
			taken[t.Number] = s
			rows = append(rows, t)
			continue
		}
		who := strings.ToLower(t.Customer.Addr)
		if n, known := first[who]; known && who != "" {
			also[n]++
			continue
		}
		first[who] = t.Number
		rows = append(rows, t)
	}
	return rows, also, taken
}

// steps are the steps of a ticket's ladders that were taken at an instant.
func steps(t ticket.Ticket, at time.Time) (taken []letter.Step) {
	for _, o := range t.Duties {
		for _, r := range o.Rungs {
			if r.Done.Equal(at) {
				taken = append(taken, letter.Step{Duty: o.Name, Means: r.Means})
			}
		}
	}
	return taken
}

func urgent(t ticket.Ticket) bool { return t.Verdict.Urgency == "urgent" }

func pressing(a, b ticket.Ticket) int {
	if urgent(a) != urgent(b) {
		if urgent(a) {
			return -1
		}
		return 1
	}
	return cmp.Or(dueBy(a).Compare(dueBy(b)), cmp.Compare(a.Number, b.Number))
}

// dueBy is the next target of a ticket; without one it comes last.
func dueBy(t ticket.Ticket) time.Time {
	o, ok := t.NextTarget()
	if !ok {
		return time.Unix(1<<40, 0)
	}
	if o.Target.IsZero() {
		return o.Limit
	}
	return o.Target
}
