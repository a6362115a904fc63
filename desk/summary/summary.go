// Package summary gathers what one mail tells a person instead of a mail for each ticket: what was over his budget, or late when nobody watched.
package summary

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/verdict"
)

// List is what one person was not told. There may be thousands of tickets; kept are those that a mail lists.
//
// The tickets of a customer share one line, that of the most pressing, so that whoever writes a thousand times takes up no more. A ticket
// with a step of its ladder that the person was not told of has a line of its own always.
type List struct {
	all   int                      // tickets
	lines map[string]int           // tickets by what shares a line
	top   []ticket.Ticket          // of the first lines: urgent ones first, then by due time
	steps map[uint64][]letter.Step // by the number of a ticket
}

// Lists are those of several people, by their addresses.
type Lists map[string]*List

// Of is the list of a person.
func (l Lists) Of(who string) *List {
	if l[who] == nil {
		l[who] = &List{lines: map[string]int{}, steps: map[uint64][]letter.Step{}}
	}
	return l[who]
}

// Add takes up a ticket that the person was not told of, with the steps of its ladders that he was not told of.
func (u *List) Add(t ticket.Ticket, steps []letter.Step) {
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
func (u *List) line(t ticket.Ticket) string {
	if addr := strings.ToLower(t.Customer.Addr); addr != "" && u.steps[t.Number] == nil {
		return addr
	}
	return strconv.FormatUint(t.Number, 10)
}

// Mail is the mail about it.
func (u *List) Mail(to letter.Person) letter.Summary {
	also := map[uint64]int{}
	for _, t := range u.top {
		also[t.Number] = u.lines[u.line(t)] - 1
	}
	return letter.Summary{Person: to, Why: "budget", Tickets: u.top, More: len(u.lines) - len(u.top), Also: also, Steps: u.steps, All: u.all}
}

// Taken are the steps of a ticket's ladders that were taken at such an instant, of each ladder in order of time, and whom they are for.
func Taken(t ticket.Ticket, at func(time.Time) bool) (steps []letter.Step, to []string) {
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

// Urgent reports whether one of the tickets that the mail lists is.
func (u *List) Urgent() bool { return slices.ContainsFunc(u.top, urgent) }

func urgent(t ticket.Ticket) bool { return t.Verdict.Urgency == verdict.Urgent }

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
