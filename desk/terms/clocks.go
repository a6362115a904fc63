package terms

import (
	"cmp"
	"time"

	"replyby/sla"
	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/verdict"
)

// Oblige sets one clock: its instants, its ladder and the count, as the policy and the service hours say now. Nothing is announced for before
// now.
func (t Terms) Oblige(name duty.Name, from time.Time) (ticket.Obligation, error) {
	o, err := t.count(name, from)
	if err != nil {
		return o, err
	}
	o.Rungs, err = t.rungs(dueOf(o), t.Now)
	return o, err
}

// Owed is Oblige for several clocks that start together.
func (t Terms) Owed(names []duty.Name, from time.Time) ([]ticket.Obligation, error) {
	var owed []ticket.Obligation
	for _, name := range names {
		o, err := t.Oblige(name, from)
		if err != nil {
			return nil, err
		}
		owed = append(owed, o)
	}
	return owed, nil
}

// count is a clock without its ladder.
func (t Terms) count(name duty.Name, from time.Time) (ticket.Obligation, error) {
	p := t.Contract()
	due, err := p.Due(sla.Obligation(name), from, t.Attended())
	if err != nil {
		return ticket.Obligation{}, err
	}
	return ticket.Obligation{
		Name: name, From: due.From, Target: due.Target, Limit: due.Limit, ActBy: due.ActBy,
		Calendar: due.Calendar, Reading: p.Name,
	}, nil
}

// rungs places the ladder in time. Nothing is announced for before since. A limit is a step also where the ladder names nobody to tell: that
// it passed is recorded and counted.
func (t Terms) rungs(due sla.Due, since time.Time) ([]ticket.Rung, error) {
	placed, err := t.Contract().Rungs(sla.Situation{
		Due: due, Since: since, Now: t.Now, Service: t.Attended(), Urgent: t.Ticket.Verdict.Urgency == verdict.Urgent, OwnHours: t.OwnHours(),
	})
	if err != nil {
		return nil, err
	}
	var rungs []ticket.Rung
	noted := due.Limit.IsZero()
	for _, r := range placed {
		rungs = append(rungs, ticket.Rung{Name: r.Name, At: r.At, To: r.To, Means: r.Means})
		noted = noted || r.Means == limitPassed
	}
	if !noted {
		rungs = append(rungs, ticket.Rung{Name: "limit", At: later(due.Limit, since), Means: limitPassed})
	}
	return rungs, nil
}

// limitPassed is what a step at a limit announces.
const limitPassed = "limit_passed"

// termsOf names the clock of the policy by which an obligation is counted.
func termsOf(o ticket.Obligation) duty.Name { return cmp.Or(o.As, o.Name) }

func dueOf(o ticket.Obligation) sla.Due {
	return sla.Due{Obligation: sla.Obligation(termsOf(o)), From: o.From, Target: o.Target, Limit: o.Limit, ActBy: o.ActBy}
}

// FirstDuties are what a request is owed from the moment it came.
func (t Terms) FirstDuties() []duty.Name {
	if t.Contract().Fix != nil && t.Ticket.Verdict.Category != verdict.Presale {
		return []duty.Name{duty.Ack, duty.Fix}
	}
	return []duty.Name{duty.Ack}
}

// Counted explains a clock in one line, in a reader's language: how its limit, or its target where there is no limit, was counted.
// Nothing is said where today's calendar would count otherwise than was counted then.
func (t Terms) Counted(o ticket.Obligation, language string) string {
	clock, ok := clockOf(t.Contract(), termsOf(o))
	say, err := wording.In(language)
	if !ok || err != nil {
		return ""
	}
	term, what, due := clock.Limit, "limit", o.Limit
	if due.IsZero() {
		term, what, due = clock.Target, "target", o.Target
	}
	c, err := term.Count(t.Contract().Calendar, t.Attended(), o.From)
	if err != nil || !c.Due.Equal(due) {
		return ""
	}
	return c.Line(say, what)
}

func clockOf(p *sla.Policy, name duty.Name) (sla.Clock, bool) {
	switch {
	case name == duty.Ack:
		return p.Ack, true
	case name == duty.NextReply:
		return p.NextReply, true
	case name == duty.Fix && p.Fix != nil:
		return *p.Fix, true
	case name == duty.ResolutionNotice && p.ResolutionNotice != nil:
		return *p.ResolutionNotice, true
	}
	return sla.Clock{}, false
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
