package dossier

import (
	"slices"
	"strings"

	"replyby/ticket"
	"replyby/ticket/posted"
)

// DecidedBy says who decided the draft that a token was given for, and when its letter last moved; "" if nobody did.
func (f *Dossier) DecidedBy(k ticket.Token) string {
	for _, p := range slices.Backward(f.T.Posted) {
		if p.Customer && p.Draft == k.Draft {
			return f.author(p)
		}
	}
	return strings.TrimPrefix(k.Spent, "decided by ")
}

// AnsweredSince says who answered the customer with a later version of a draft than that of a token, and when that letter last moved; "" if
// nobody did.
func (f *Dossier) AnsweredSince(k ticket.Token) string {
	for _, p := range slices.Backward(f.T.Posted) {
		unheard := p.State == posted.Recalled || p.State == posted.Failed || p.State == posted.Bounced
		if p.Customer && p.Draft > k.Draft && !unheard {
			return f.author(p)
		}
	}
	return ""
}

func (f *Dossier) author(p ticket.Posted) string {
	return p.By + p.At.In(f.Zone).Format(", 02/01/2006 15:04")
}

// Spoken reports whether words have gone to a customer, or are about to. Those of a letter that never left, or that came back to this ticket
// or to one that goes on in it, have not reached him.
func (f *Dossier) Spoken(t ticket.Ticket, key string) bool {
	here := t.Number == f.T.Number || t.MergedInto != 0 && slices.Contains(f.T.Links, t.Number)
	return slices.ContainsFunc(t.Posted, func(p ticket.Posted) bool {
		unheard := p.State == posted.Recalled || p.State == posted.Failed || p.State == posted.Bounced && here
		return p.Customer && p.Words == key && !unheard
	})
}
