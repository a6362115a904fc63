package intake

import (
	"cmp"
	"context"
	"strings"

	"replyby/contract"
	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/thread"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/letter/beside"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/roster"
)

// fromInside keeps what somebody writes who was of the staff, or whom the program tells of a ticket without his being of it. It decides nothing,
// and no clock runs for him: the team is told where it is about a ticket, else the next digest names it. Nil where the mail is anybody's, or
// from a customer, as he may be by now.
func (n *Intake) fromInside(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	if a.Apart || a.From() == "" || a.Verdict.Source != "" {
		return nil, nil
	}
	t, _, err := thread.Concerned(ctx, n.Files, a)
	if err != nil {
		return nil, err
	}
	if inside, err := n.isInside(ctx, t, a); !inside || err != nil {
		return nil, err
	}
	if t != nil {
		if t, err = thread.GoesOn(ctx, n.Files, t); err != nil {
			return nil, err
		}
	}
	if t == nil || t.Number == 0 || t.Erased() {
		own, err := n.own(ctx, a)
		if err == nil {
			setApart(own, a)
		}
		return own, err
	}
	f := n.take(*t, a)
	setApart(f, a)
	return f, f.Ask(f.Reviewers(), letter.Review{
		Why: "inside", Word: a.Kept.Hash.String()[:12], Detail: beside.Person(a.Message().From),
		Request: cmp.Or(a.Verdict.Fresh.Text, a.Verdict.Text), Of: letter.Origin{Subject: token.Without(a.Mail.Subject), At: a.At},
	})
}

// setApart files the mail under what it is.
func setApart(f *dossier.Dossier, a *arrival.Arrival) {
	f.FileAs(a, "inside", "from somebody whom the program told of requests and who is not of the staff")
	f.Count("inside")
}

// isInside reports whether the writer is one whom the program learnt as one of its own people, or mailed about that ticket as such, and no
// customer. What customers write costs no look into the log.
func (n *Intake) isInside(ctx context.Context, t *ticket.Ticket, a *arrival.Arrival) (bool, error) {
	who := charter.Person{Addresses: []string{a.From()}}
	learnt, about := n.Roster.Of(who.Addresses) != (roster.Entry{}), t != nil && t.Number != 0
	if !learnt && !about || about && strings.EqualFold(t.Customer.Addr, a.From()) {
		return false, nil
	}
	if customer, err := n.isCustomer(ctx, a); customer || learnt || err != nil {
		return !customer && err == nil, err
	}
	mailed, err := n.MailedTo(ctx, t.Number, who.Addresses)
	return len(mailed) > 0, err
}

// isCustomer reports whether the writer has a request or a contract of his own, or one that cannot be read.
func (n *Intake) isCustomer(ctx context.Context, a *arrival.Arrival) (bool, error) {
	if n.Contracts.Of(a.From(), a.At.In(n.Zone), "", "").State == contract.Active {
		return true, nil
	}
	his, err := n.Store.Find(ctx, store.Query{Desk: n.Name, Customer: a.From(), Limit: 1})
	if store.Harmed(err) {
		return true, nil
	}
	return len(his) > 0, err
}
