package ticket

import (
	"time"

	"replyby/ticket/verdict"
)

// Notice is the subject of a ticket that no customer wrote: something that customers are to be told. Kind is closure or renewal; Matter
// identifies the closure or contract and names no customer. A closure lasts from From until before Until; a contract ends with the day before
// Until. Asks marks the one ticket in which staff are asked about all customers at once; each letter then has a ticket of its own, so that
// the evidence of one customer's ticket shows no other.
type Notice struct {
	Kind   string    `json:"kind"`
	Matter string    `json:"matter"`
	From   time.Time `json:"from,omitzero"`
	Until  time.Time `json:"until,omitzero"`
	Asks   bool      `json:"asks,omitempty"`
	To     Address   `json:"to,omitzero"` // opened: whom it is for
}

// open begins a ticket that nobody wrote.
func (t *Ticket) open(e Event) {
	n := e.Body.Notice
	if n == nil || t.State != "" {
		return
	}
	t.Ref, t.Customer, t.Subject, t.ReceivedAt, t.IntakeAt = e.Body.Ref, n.To, e.Body.Text, e.At, e.At
	t.Notice = *n
	t.Notice.To = Address{}
	t.propose(e.Body.Draft)
	t.Verdict.Language, t.Verdict.Reply = t.Draft.Language, verdict.Email
}

// rest sets when a ticket that asks staff about a notice is looked at again: never once it is closed.
func (t *Ticket) rest(until time.Time) {
	if !until.IsZero() {
		t.Wake = until
	}
	if t.State == Closed {
		t.Wake = time.Time{}
	}
}

// unwritten reports whether the ticket holds no written request yet (a notice, or a phone call), so that the customer's first message becomes
// its request.
func (t *Ticket) unwritten() bool {
	return len(t.Duties) == 0 && (t.Notice.Kind != "" || t.Verdict.Category == verdict.Phone)
}

// Unasked reports whether a ticket is about a letter that nobody had asked for, and that nobody has answered.
func (t Ticket) Unasked() bool { return t.Notice.Kind != "" && t.CustomerAt.IsZero() }
