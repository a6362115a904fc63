package terms

import (
	"fmt"
	"slices"
	"time"

	"replyby/sla"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/verdict"
)

// Moved computes the running obligations anew, after a calendar, a closure, a policy or a contract may have changed, and returns those that
// moved, each with old, new and why. What was promised stays: an estimate is a person's word. An obligation that the policy knows no more
// keeps running without instants, and gets them back when it is known again. Where the policy itself is known no more all stay as they are.
func (t Terms) Moved() (moved []ticket.Obligation, why []string, err error) {
	if t.orphaned() {
		return nil, nil, nil
	}
	for _, o := range t.Ticket.Duties {
		if !o.Running() || sla.Obligation(o.Name).Promised() {
			continue
		}
		now, err := t.count(termsOf(o), o.From)
		if err != nil {
			return nil, nil, err
		}
		if now.Target.Equal(o.Target) && now.Limit.Equal(o.Limit) && now.ActBy.Equal(o.ActBy) {
			continue
		}
		placed, err := t.rungs(dueOf(now), later(o.From, t.Ticket.IntakeAt))
		if err != nil {
			return nil, nil, err
		}
		now.Name, now.As, now.Rungs = o.Name, o.As, t.stillTaken(o.Rungs, placed)
		moved = append(moved, now)
		why = append(why, fmt.Sprintf("%s: target %s, limit %s, act by %s; was target %s, limit %s, act by %s: %s", o.Name,
			stamp(now.Target), stamp(now.Limit), stamp(now.ActBy), stamp(o.Target), stamp(o.Limit), stamp(o.ActBy), t.changed(o, now)))
	}
	if t.lacksFix() {
		fix, err := t.Oblige(duty.Fix, t.Ticket.ReceivedAt)
		if err != nil {
			return nil, nil, err
		}
		moved = append(moved, fix)
		why = append(why, fmt.Sprintf("fix: target %s, limit %s; was none: policy %s", stamp(fix.Target), stamp(fix.Limit), fix.Reading))
	}
	return moved, why, nil
}

// orphaned reports whether the policy that the ticket's source named stands in the configuration no more: it was renamed, or the source has another
// by now. The desk's own was never agreed for the ticket.
func (t Terms) orphaned() bool {
	name := t.Ticket.Verdict.Policy
	_, known := t.Policies[name]
	return name != "" && !known && name != t.Policy.Name
}

// lacksFix reports whether the policy that holds now gives a request a clock of correction, which the one before did not. Where no clock was
// ever set nothing was requested.
func (t Terms) lacksFix() bool {
	_, had := t.Ticket.Duty(duty.Fix)
	answered := t.Ticket.State == ticket.Resolved || t.Ticket.State == ticket.Closed
	return t.Contract().Fix != nil && len(t.Ticket.Duties) > 0 && !had && !answered && t.mayBeFault()
}

// mayBeFault reports whether nobody has said that the request is no fault.
func (t Terms) mayBeFault() bool {
	return t.Ticket.Verdict.Category == "" || t.Ticket.Verdict.Category == verdict.Fault
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.RFC3339)
}

// changed says what moved an obligation: its calendar or its policy, each with what it was, or else the service hours, which a
// ticket does not keep.
func (t Terms) changed(was, now ticket.Obligation) string {
	switch {
	case now.Reading != was.Reading:
		return fmt.Sprintf("policy %s, was %s", now.Reading, was.Reading)
	case now.Calendar != was.Calendar:
		return fmt.Sprintf("calendar %s, was %s", now.Calendar, was.Calendar)
	}
	return fmt.Sprintf("policy %s or the service hours %s changed", now.Reading, t.Attended().Label())
}

// Revived are the clocks that the closing of the ticket stopped: they ran from the request and run on from there.
func (t Terms) Revived() []ticket.Obligation {
	var owed []ticket.Obligation
	for _, o := range t.Ticket.Duties {
		if o.Shut && (o.Name != duty.Fix || t.mayBeFault()) {
			o.Void, o.Shut = false, false
			owed = append(owed, o)
		}
	}
	return owed
}

// Knows reports whether the contract has every clock of another ticket that would go on in this one. One that it does not have would lose its
// instants when deadlines are next computed anew.
func (t Terms) Knows(duties []ticket.Obligation) bool {
	return !slices.ContainsFunc(t.Inherited(duties), func(o ticket.Obligation) bool {
		_, has := clockOf(t.Contract(), termsOf(o))
		return !has && !sla.Obligation(o.Name).Promised()
	})
}

// Inherited are the clocks of another ticket as this one, in which it goes on, takes them over: each that runs, unless the same one runs there
// since earlier. An acknowledgement owed to somebody who has one there already is an answer owed, by the same instants and the same terms.
func (t Terms) Inherited(duties []ticket.Obligation) []ticket.Obligation {
	var over []ticket.Obligation
	for _, o := range duties {
		if !o.Running() {
			continue
		}
		there, has := t.Ticket.Duty(o.Name)
		if o.Name == duty.Ack && has && !there.Running() {
			o.Name, o.As = duty.NextReply, o.Name
			there, has = t.Ticket.Duty(o.Name)
		}
		i := slices.IndexFunc(over, func(x ticket.Obligation) bool { return x.Name == o.Name })
		switch {
		case has && there.Running() && !o.From.Before(there.From):
		case i < 0:
			over = append(over, o)
		case o.From.Before(over[i].From):
			over[i] = o
		}
	}
	return over
}
