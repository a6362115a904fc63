package ticket

import (
	"strings"
	"time"

	"replyby/ticket/act"
	"replyby/ticket/kind"
	"replyby/ticket/roster"
	"replyby/ticket/verdict"
)

// attribute sets the customer. Staff name him by a mail address, so he can be answered by mail even if the request came through a portal.
func (t *Ticket) attribute(to *Address) {
	if to == nil {
		return
	}
	if !strings.EqualFold(t.Customer.Addr, to.Addr) { // these belong to the former customer
		t.Told, t.AgreedAt, t.AgreedTo = nil, time.Time{}, ""
	}
	t.Customer = *to
	if t.Verdict.Reply == verdict.Portal {
		t.Verdict.Reply = verdict.Email
	}
}

// learn updates a staff member's entry in the roster.
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

// act records what a person did last. A mail was written when it came, however late it was taken in.
func (t *Ticket) act(e Event) {
	at := e.At
	if m := e.Body.Message; m != nil && (e.Kind == kind.Received || e.Kind == kind.AnsweredOutside) && m.ReceivedAt.Before(at) {
		at = m.ReceivedAt
	}
	if act.Acts(e.Kind, e.Actor, e.Body.Delivery != nil) && !at.Before(t.Last.At) {
		t.Last = act.Act{Kind: e.Kind, By: e.Actor, At: at}
	}
}
