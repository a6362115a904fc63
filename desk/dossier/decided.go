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
