package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	return slices.ContainsFunc(tallies, func(t store.Tally) bool { return budget.Waiting(slices.Collect(maps.Keys(t.Count)), from, to) }), nil
}

// unsaidTo gathers, for each person, the tickets that a mail was not written about in [from, to). A person who has left since gets no summary:
// his tickets went to others.
func (d *Desk) unsaidTo(ctx context.Context, from, to time.Time, torn *store.Damage) (map[string]*unsaid, error) {
	of := map[string]*unsaid{}
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
			passed, _ := taken(t, at.Equal)
			listOf(of, who).add(t, passed)
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
func (d *Desk) summaries(own *dossier.Dossier, of map[string]*unsaid) ([]store.Change, error) {
	body := ticket.Body{}
	for _, who := range slices.Sorted(maps.Keys(of)) {
		done, err := d.Letter.Summary(of[who].summary(d.Person(who).Reader()), own.Stamp())
		if err != nil {
			return nil, err
		}
		done.Urgent = slices.ContainsFunc(of[who].top, urgent)
		own.Enclose(&body, done)
	}
	body.Reason = fmt.Sprintf("%d people got one mail for many", len(body.Letters))
	own.Add(kind.Summarised, sheet.Program, body)
	return []store.Change{own.Change}, nil
}

// unsaid is what one person was not told. There may be thousands of tickets; kept are those that a mail lists.
//
// The tickets of a customer share one line, that of the most pressing, so that whoever writes a thousand times takes up no more. A ticket
// with a step of its ladder that the person was not told of has a line of its own always.
type unsaid struct {
	all   int                      // tickets
	lines map[string]int           // tickets by what shares a line
	top   []ticket.Ticket          // of the first lines: urgent ones first, then by due time
	steps map[uint64][]letter.Step // by the number of a ticket
}

// listOf is the list of a person.
func listOf(of map[string]*unsaid, who string) *unsaid {
	if of[who] == nil {
		of[who] = &unsaid{lines: map[string]int{}, steps: map[uint64][]letter.Step{}}
	}
	return of[who]
}

// add takes up a ticket that the person was not told of, with the steps of its ladders that he was not told of.
func (u *unsaid) add(t ticket.Ticket, steps []letter.Step) {
	u.all++
	if steps != nil {
		u.steps[t.Number] = steps
	}
	line := u.line(t)
	u.lines[line]++
	if i := slices.IndexFunc(u.top, func(x ticket.Ticket) bool { return u.line(x) == line }); i >= 0 {
		if pressing(u.top[i], t) <= 0 {
			return
		}
		u.top = slices.Delete(u.top, i, i+1)
	}
	i, _ := slices.BinarySearchFunc(u.top, t, pressing)
	u.top = slices.Insert(u.top, i, t)
	u.top = u.top[:min(len(u.top), letter.MaxRows)]
}

// line is what a ticket shares its line with.
func (u *unsaid) line(t ticket.Ticket) string {
	if addr := strings.ToLower(t.Customer.Addr); addr != "" && u.steps[t.Number] == nil {
		return addr
	}
	return strconv.FormatUint(t.Number, 10)
}

// summary is the mail about it.
func (u *unsaid) summary(to letter.Person) letter.Summary {
	also := map[uint64]int{}
	for _, t := range u.top {
		also[t.Number] = u.lines[u.line(t)] - 1
	}
	return letter.Summary{Person: to, Why: "budget", Tickets: u.top, More: len(u.lines) - len(u.top), Also: also, Steps: u.steps, All: u.all}
}

// taken are the steps of a ticket's ladders that were taken at such an instant, of each ladder in order of time, and whom they are for.
func taken(t ticket.Ticket, at func(time.Time) bool) (steps []letter.Step, to []string) {
	for _, o := range t.Duties {
		for _, r := range slices.SortedStableFunc(slices.Values(o.Rungs), func(a, b ticket.Rung) int { return a.At.Compare(b.At) }) {
			if !r.Done.IsZero() && at(r.Done) {
				steps = append(steps, letter.Step{Duty: o.Name, Means: r.Means})
				to = append(to, r.To...)
			}
		}
	}
	return steps, to
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
