package dossier

import (
	"cmp"
	"slices"
	"strings"

	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/draft"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// AnsweredOutside recognises an answer that a person wrote to the customer without us: authentic, with the customer of the ticket among its
// recipients, answering a message of a conversation: the ticket's, or that of one which goes on in it. It needs no token because it only stops a clock; what a
// colleague is writing has to be approved anew, so that the customer does not get two answers unseen.
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
	d, m := f.T.Draft, a.Message()
	clock.Answered(f.Sheet, a.At, kind.AnsweredOutside, a.From(), ticket.Body{Message: m, Auth: auth})
	f.Count("outside")
	f.OpenDraft()
	return true, cmp.Or(f.Keep(draft.Left(d, f.Person(a.From()), m.Text)), clock.OweUnheard(f.Sheet))
}

// AnsweredInPortal records an answer that a person gave in a portal, and says what became of it.
func (f *Dossier) AnsweredInPortal(by charter.Person, said string) (letter.Deed, error) {
	d, deed := draft.Left(f.T.Draft, by, said), letter.Deed{Verb: "posted"}
	clock.Answered(f.Sheet, f.Now, kind.PostedDeclared, by.Address(), ticket.Body{Verb: "posted", Text: said})
	f.OpenDraft()
	switch {
	case len(d.With) > 0:
		deed.Verb = "posted.list"
	case d.By != "":
		deed.Verb, deed.Value = "posted.draft", f.Called(d.By)
	}
	return deed, f.Keep(d)
}

// ToCustomer reports whether the customer of the ticket is among a mail's recipients.
func (f *Dossier) ToCustomer(a *arrival.Arrival) bool {
	return slices.ContainsFunc(slices.Concat(a.Mail.To, a.Mail.Cc), func(to mailparse.Address) bool { return strings.EqualFold(to.Addr, f.T.Customer.Addr) })
}

// answers reports whether a mail names a message of a conversation with the customer.
func answers(a *arrival.Arrival, conversation []string) bool {
	return slices.ContainsFunc(slices.Concat(a.Mail.InReplyTo, a.Mail.References), func(id string) bool { return slices.Contains(conversation, id) })
}
