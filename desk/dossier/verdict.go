package dossier

import (
	"replyby/desk/terms"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/verdict"
)

// urgent reports whether the ticket comes before others.
func (f *Dossier) urgent() bool { return f.T.Verdict.Urgency == verdict.Urgent }

// ConfirmCare records what a person found who looked whether the customer has Business Care: yes or no. It moves no clock: who has
// none is owed an answer too.
func (f *Dossier) ConfirmCare(who, answer string) {
	v := ticket.Verdict{Flags: map[string]string{terms.CareActive: answer, terms.CareBy: who}}
	f.Add(kind.Reclassified, who, ticket.Body{Verdict: &v, Verb: "care", Text: answer})
}
