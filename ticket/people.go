package ticket

import (
	"strings"
	"time"

	"replyby/ticket/kind"
	"replyby/ticket/roster"
)

// attribute makes somebody the customer. Whom a person names by a mail address can be answered by mail, whatever brought the request.
func (t *Ticket) attribute(to *Address) {
	if to == nil {
		return
	}
	if !strings.EqualFold(t.Customer.Addr, to.Addr) { // what the one was told of, or agreed to, is nothing to the other
		t.Told, t.AgreedAt, t.AgreedTo = nil, time.Time{}, ""
	}
	t.Customer = *to
	if t.Verdict.Reply == "portal" {
		t.Verdict.Reply = "email"
	}
}

// learn takes in what an event says of a person of the staff.
func learn(known *roster.Entry, e Event) {
	switch e.Kind {
	case kind.Absent:
		known.Away, known.AwayWhy = e.Body.Wake, e.Body.Reason
	case kind.Greeted:
		known.Greeted = e.At
	case kind.Introduced:
		known.Answered, known.Proof, known.Signature, known.Junk = e.At, e.Body.Auth, e.Body.Text, e.Body.Verb == "junk"
	}
}
