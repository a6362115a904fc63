package evidence

import (
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
		said = append(said, t.say.Say("pair", "name", t.word("duty", string(o.Name)), "value", t.due(o)))
	}
	return said
}
