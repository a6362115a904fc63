package request

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"replyby/desk/company"
	"replyby/desk/dossier"
	"replyby/letter/beside"
	"replyby/store"
	"replyby/ticket"
)

// maxOpen is how many other open tickets are named.
const maxOpen = 3

// alsoOpen names the latest other tickets that are open and may be about the same matter, but for the one that staff read of anyhow: those of
// the customer, who may have written again, and as far as there is room those of others of his company. Harm keeps no request waiting for this.
func (c Clerk) alsoOpen(ctx context.Context, f *dossier.Dossier, but uint64) ([]beside.Relation, error) {
	customer := f.T.Customer.Addr
	if customer == "" {
		return nil, nil
	}
	open, err := c.latest(ctx, store.Query{Customer: customer})
	if domain := c.companyOf(customer); err == nil && domain != "" && len(open) < maxOpen {
		var theirs []ticket.Ticket
		theirs, err = c.latest(ctx, store.Query{Domain: domain})
		theirs = slices.DeleteFunc(theirs, func(t ticket.Ticket) bool { return strings.EqualFold(t.Customer.Addr, customer) })
		open = append(open, theirs[:min(len(theirs), maxOpen-len(open))]...)
	}
	switch {
	case store.Harmed(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("list what else of the customer is open: %w", err)
	}
	open = slices.DeleteFunc(open, func(t ticket.Ticket) bool { return t.Number == but || t.Number == f.T.Number || t.Notice.Kind != "" })
	said := make([]beside.Relation, len(open))
	for i, t := range open {
		said[i] = alike(f, t)
	}
	return said, nil
}

// latest are the latest open tickets of a query, the last one first.
func (c Clerk) latest(ctx context.Context, q store.Query) ([]ticket.Ticket, error) {
	q.Desk, q.Open, q.Latest, q.Limit = c.Name, true, true, maxOpen
	open, err := c.Store.Find(ctx, q)
	slices.Reverse(open)
	return open, err
}

// companyOf is the domain of a customer's company, "" for none and for our own, where everybody would be named.
func (c Clerk) companyOf(customer string) string {
	if domain := company.Of(customer); domain != company.Of(c.Address) {
		return domain
	}
	return ""
}

// alike says of another open ticket what it is. Two of different people join where one of them becomes the other's, who alone is answered then.
func alike(f *dossier.Dossier, t ticket.Ticket) beside.Relation {
	r := beside.Relation{How: "open", Ref: t.Ref, Join: "same", Subject: t.Subject, Since: t.ReceivedAt, Number: t.Number}
	if !strings.EqualFold(t.Customer.Addr, f.T.Customer.Addr) {
		r.How, r.Join, r.Customer, r.From = "company", "company", t.Customer.Addr, beside.Person(t.Customer)
		r.Domain = company.Of(r.Customer)
	}
	if t.Assignee != "" {
		r.Holder = f.Called(t.Assignee)
	}
	return r
}
