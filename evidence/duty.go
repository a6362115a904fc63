package evidence

import (
	"slices"
	"time"

	"replyby/ticket"
)

// begun is when an obligation began. What was promised for an instant is counted from that very instant; it is owed since the promise was made.
func begun(o ticket.Obligation) time.Time {
	if o.From.Before(o.Target) || o.SetAt.IsZero() {
		return o.From
	}
	return o.SetAt
}

// owed says what an event makes owed, and for when.
func (t *teller) owed(e ticket.Event) (said []string) {
	for _, o := range e.Body.Obligations {
		said = append(said, t.say.Say("pair", "name", t.word("duty", o.Name), "value", t.due(o)))
	}
	return said
}

// outcome says what became of an obligation: it is met iff that was before the limit, or the target where there is no limit. Once a step
// has noted that this passed it is missed, also where nothing is owed any more by now.
func outcome(o ticket.Obligation) string {
	due := o.Limit
	if due.IsZero() {
		due = o.Target
	}
	noted := func(r ticket.Rung) bool { return !due.IsZero() && !r.Done.IsZero() && !r.At.Before(due) }
	switch {
	case o.MetAt.IsZero() && slices.ContainsFunc(o.Rungs, noted):
		return "passed"
	case o.Void:
		return "void"
	case o.MetAt.IsZero():
		return "running"
	case !due.IsZero() && !o.MetAt.Before(due):
		return "late"
	}
	return "kept"
}
