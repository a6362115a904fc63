package dossier

import (
	"cmp"
	"slices"
	"strings"

	"replyby/desk/arrival"
	"replyby/desk/clock"
	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// AnsweredOutside recognises an answer that a person wrote to the customer without us: authentic, with the customer of the ticket among its
// recipients, answering a message of a conversation: the ticket's, or that of one which goes on in it. It needs no token because it only stops a clock; the draft somebody
// may be working on is withdrawn, so that the customer does not get two answers.
func (f *Dossier) AnsweredOutside(a *arrival.Arrival, conversation []string) (bool, error) {
	if !a.Proven() && a.Role != arrival.Sent {
		return false, nil
	}
	return f.answered(a, conversation, cmp.Or(a.Auth.Evidence, "in our own folder of sent mail"))
}

// answered reports whether the mail is an answer. What the customer has written since it was, and was read before it, is owed another.
func (f *Dossier) answered(a *arrival.Arrival, conversation []string, auth string) (bool, error) {
	if !f.ToCustomer(a) || !answers(a, conversation) {
		return false, nil
	}
	clock.Answered(f.Sheet, a.At, kind.AnsweredOutside, a.From(), ticket.Body{Message: a.Message(), Auth: auth})
	f.Count("outside")
	f.OpenDraft()
	return true, clock.OweUnheard(f.Sheet)
}

// ToCustomer reports whether the customer of the ticket is among a mail's recipients.
func (f *Dossier) ToCustomer(a *arrival.Arrival) bool {
	return slices.ContainsFunc(slices.Concat(a.Mail.To, a.Mail.Cc), func(to mailparse.Address) bool { return strings.EqualFold(to.Addr, f.T.Customer.Addr) })
}

// answers reports whether a mail names a message of a conversation with the customer.
func answers(a *arrival.Arrival, conversation []string) bool {
	return slices.ContainsFunc(slices.Concat(a.Mail.InReplyTo, a.Mail.References), func(id string) bool { return slices.Contains(conversation, id) })
}
