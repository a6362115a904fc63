package dossier

import (
	"strings"
	"time"

	"replyby/contract"
	"replyby/sla"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// What the fields and flags of a verdict are called where contracts read them.
const (
	careActive = "care_active" // yes or no: what the carrier's mail says, or a person who has looked
	careBy     = "care_by"     // address of that person
)

// Contract is the policy that governs the ticket: the source's where it names one, else that of the contract in force when the
// request came, else the desk's. Where an on-call agreement names a calendar, clocks count in that one. A closure that this very customer
// was told of stops them as one that all were told of does.
func (f *Dossier) Contract() *sla.Policy {
	agreed := f.agreement(f.T.ReceivedAt)
	p := f.PolicyOf(f.T.Verdict.Policy)
	if f.T.Verdict.Policy == "" {
		p = f.PolicyOf(agreed.Policy())
	}
	calendar := p.Calendar
	if own, ok := f.Calendars[agreed.OnCall]; ok {
		calendar = own
	}
	if len(f.T.Told) > 0 {
		calendar = calendar.Notified(f.T.Told)
	}
	if calendar == p.Calendar {
		return p
	}
	theirs := *p
	theirs.Calendar = calendar
	return &theirs
}

// agreement is how the customer stood at an instant, as the file of contracts says now.
func (f *Dossier) agreement(at time.Time) contract.Status {
	fields := f.T.Verdict.Fields
	return f.Contracts.Of(f.T.Customer.Addr, at.In(f.Zone), fields["product"], fields["shop_url"])
}

// onCall says that the customer may count on somebody out of hours.
func (f *Dossier) onCall() bool { return f.agreement(f.T.ReceivedAt).OnCall != "" }

// attended are the hours in which somebody works on the ticket: the calendar agreed with the customer, else the desk's.
func (f *Dossier) attended() *sla.Calendar {
	if own, ok := f.Calendars[f.agreement(f.T.ReceivedAt).OnCall]; ok {
		return own
	}
	return f.Service
}

// standing says how the customer's contract stands, for people. Who has looked knows best, then the file, then label: what the
// carrier's mail says. Nothing is said of a question before a purchase, or where nothing could be known.
func (f *Dossier) standing(label string) (state, terms string) {
	if f.T.Number == 0 || f.T.Verdict.Category == "presale" {
		return "", ""
	}
	at := f.T.CustomerAt
	if at.IsZero() {
		at = f.T.ReceivedAt
	}
	if !f.T.RefundedAt.IsZero() {
		return string(contract.Expired), "refund " + f.T.RefundedAt.In(f.Zone).Format(time.DateOnly) // "conllevará la finalización de la atención comercial"
	}
	s, by := f.agreement(at), f.T.Verdict.Flags[careBy]
	if by != "" {
		label = f.T.Verdict.Flags[careActive]
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

// Standing says how the customer's contract stands: active, expired or unknown, and under which terms.
func (f *Dossier) Standing() (state contract.State, terms string) {
	s, terms := f.standing(f.T.Verdict.Flags[careActive])
	return contract.State(s), terms
}

// Billable says that work on the ticket may be billed: the customer has agreed to it, or is known to have no contract, so that the
// rates of the support service hold ("in assenza di un contratto … secondo le modalità, tempistiche e tariffe del servizio di supporto").
func (f *Dossier) Billable() bool {
	state, _ := f.Standing()
	known := f.Contracts != nil || f.T.Verdict.Flags[careBy] != "" || !f.T.RefundedAt.IsZero()
	return f.T.AgreedTo != "" || known && (state == contract.Expired || state == contract.Unknown)
}

// ConfirmCare records what a person found who looked whether the customer has Business Care: yes or no. It moves no clock: who has
// none is owed an answer too.
func (f *Dossier) ConfirmCare(who, answer string) {
	v := ticket.Verdict{Flags: map[string]string{careActive: answer, careBy: who}}
	f.Add(kind.Reclassified, who, ticket.Body{Verdict: &v, Verb: "care", Text: answer})
}
