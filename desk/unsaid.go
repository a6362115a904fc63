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
	"replyby/desk/sheet"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// maxAge is how far back a summary looks after a long stop; what is older is in the digest.
const maxAge = 24 * time.Hour

// tellUnsaid sends each person one summary of the mails that were not written to him since the last one, because they were over his budget.
// It covers the slots of [budget.Pause] that have ended.
func (d *Desk) tellUnsaid(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "summarise what was over a budget", func(d *Desk) ([]store.Change, error) {
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
		tickets, err := d.Store.Find(ctx, store.Query{Desk: d.Name, Since: from})
		if err != nil {
			return nil, fmt.Errorf("find what was over a budget: %w", err)
		}
		return d.summaries(own, d.unsaidTo(tickets, from, to))
	})
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
	return slices.ContainsFunc(tallies, func(t store.Tally) bool { return budget.Waiting(slices.Collect(maps.Keys(t.Count)), from, to) }), nil
}

// unsaidTo lists, for each person, the tickets that a mail was not written about in [from, to). A person who has left since gets no summary:
// his tickets went to others.
func (d *Desk) unsaidTo(tickets []ticket.Ticket, from, to time.Time) map[string][]ticket.Ticket {
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

// hears reports whether a person may be mailed about a ticket: staff, a manager, who is on call, or whom a step of its ladders names.
func (d *Desk) hears(who string, t ticket.Ticket) bool {
	named := slices.ContainsFunc(t.Duties, func(o ticket.Obligation) bool {
		return slices.ContainsFunc(o.Rungs, func(r ticket.Rung) bool { return slices.Contains(r.To, who) })
	})
	return named || d.Enrolled(d.Person(who)) || slices.Contains(append(slices.Clone(d.Managers), d.OnCall), who)
}

// summaries writes the summaries and records in the desk's own file that they were written, even if none was left to write: the next one
// begins there.
func (d *Desk) summaries(own *dossier.Dossier, unsaid map[string][]ticket.Ticket) ([]store.Change, error) {
	body := ticket.Body{}
	for _, who := range slices.Sorted(maps.Keys(unsaid)) {
		p := d.Person(who)
		rows, also, taken := grouped(unsaid[who], who)
		done, err := d.Letter.Summary(letter.Summary{Person: p.Reader(), Why: "budget", Tickets: rows, Also: also, Steps: taken, All: len(unsaid[who])}, own.Stamp())
		if err != nil {
			return nil, err
		}
		done.Urgent = slices.ContainsFunc(rows, urgent)
		own.Enclose(&body, done)
	}
	body.Reason = fmt.Sprintf("%d people got one mail for many", len(body.Letters))
	own.Add(kind.Summarised, sheet.Program, body)
	return []store.Change{own.Change}, nil
}

// grouped keeps the most pressing ticket of each customer and counts his others, so that whoever writes a thousand times takes up one line.
// Urgent tickets come first, then by due time. A ticket with a step of its ladder that the person was not told of always keeps its line, and
// taken has the step.
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

// pressing compares tickets: urgent ones first, then by due time, then by number.
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
