// Package terms works out what was agreed with the customer of a ticket: which contract and policy hold, in which hours somebody works on it,
// and which clocks follow.
//
// It is a function of the desk, the ticket and the instant: nothing is recorded here.
package terms

import (
	"strings"
	"time"

	"replyby/contract"
	"replyby/desk/charter"
	"replyby/sla"
	"replyby/ticket"
	"replyby/ticket/verdict"
)

// Flags of a verdict that say how a contract stands.
const (
	CareActive = "care_active" // yes or no: what the carrier's mail says, or a person who has looked
	CareBy     = "care_by"     // address of that person
)

// Terms are what holds for one ticket at one instant.
type Terms struct {
	*charter.Charter
	Ticket ticket.Ticket
	Now    time.Time
}

// Contract is the policy that governs the ticket: the source's where it names one, else that of the contract in force when the
// request came, else the desk's. Where an on-call agreement names a calendar, clocks count in that one. A closure that this very customer
// was told of stops them as one that all were told of does.
func (t Terms) Contract() *sla.Policy {
	agreed := t.agreement(t.Ticket.ReceivedAt)
	p := t.PolicyOf(t.Ticket.Verdict.Policy)
	if t.Ticket.Verdict.Policy == "" {
		p = t.PolicyOf(agreed.Policy())
	}
	calendar := p.Calendar
	if own, ok := t.Calendars[agreed.OnCall]; ok {
		calendar = own
	}
	if len(t.Ticket.Told) > 0 {
		calendar = calendar.Notified(t.Ticket.Told)
	}
	if calendar == p.Calendar {
		return p
	}
	theirs := *p
	theirs.Calendar = calendar
	return &theirs
}

// agreement is how the customer stood at an instant, as the file of contracts says now.
func (t Terms) agreement(at time.Time) contract.Status {
	fields := t.Ticket.Verdict.Fields
	return t.Contracts.Of(t.Ticket.Customer.Addr, at.In(t.Zone), fields["product"], fields["shop_url"])
}

// OwnHours reports whether the customer may count on somebody out of hours.
func (t Terms) OwnHours() bool { return t.agreement(t.Ticket.ReceivedAt).OnCall != "" }

// Attended are the hours in which somebody works on the ticket: the calendar agreed with the customer, else the desk's.
func (t Terms) Attended() *sla.Calendar {
	if own, ok := t.Calendars[t.agreement(t.Ticket.ReceivedAt).OnCall]; ok {
		return own
	}
	return t.Service
}

// Labelled says how the customer's contract stands, active, expired or unknown, and under which terms, for people. Who has looked knows best, then the file, then label: what the
// carrier's mail says. Nothing is said of a question before a purchase, or where nothing could be known.
func (t Terms) Labelled(label string) (state, terms string) {
	if t.Ticket.Number == 0 || t.Ticket.Verdict.Category == verdict.Presale {
		return "", ""
	}
	at := t.Ticket.CustomerAt
	if at.IsZero() {
		at = t.Ticket.ReceivedAt
	}
	if !t.Ticket.RefundedAt.IsZero() {
		return string(contract.Expired), "refund " + t.Ticket.RefundedAt.In(t.Zone).Format(time.DateOnly) // "conllevará la finalización de la atención comercial"
	}
	s, by := t.agreement(at), t.Ticket.Verdict.Flags[CareBy]
	if by != "" {
		label = t.Ticket.Verdict.Flags[CareActive]
	}
	switch {
	case by != "" && label == "yes":
		s.State = contract.Active
	case by != "" && s.State == contract.Active:
		s = contract.Status{State: contract.Unknown}
	case s.State == contract.Active, s.State == contract.Expired: // the file knows
	case label == "yes":
		s.State = contract.Active
	case label != "":
		s.State = contract.Unknown
	}
	var said []string
	if s.Contract.Line > 0 {
		said = append(said, s.Contract.Terms())
	}
	if by != "" {
		said = append(said, by)
	}
	return string(s.State), strings.Join(said, ", ")
}

// Standing is Labelled with what the ticket's own carrier said.
func (t Terms) Standing() (state contract.State, terms string) {
	s, terms := t.Labelled(t.Ticket.Verdict.Flags[CareActive])
	return contract.State(s), terms
}

// Billable reports whether work on the ticket may be billed: the customer has agreed to it, or is known to have no contract, so that the
// rates of the support service hold ("in assenza di un contratto … secondo le modalità, tempistiche e tariffe del servizio di supporto").
func (t Terms) Billable() bool {
	state, _ := t.Standing()
	known := t.Contracts != nil || t.Ticket.Verdict.Flags[CareBy] != "" || !t.Ticket.RefundedAt.IsZero()
	return t.Ticket.AgreedTo != "" || known && (state == contract.Expired || state == contract.Unknown)
}
