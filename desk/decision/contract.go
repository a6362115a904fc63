package decision

import (
	"cmp"
	"context"

	"replyby/contract"
	"replyby/desk/draft"
	"replyby/desk/figure"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// sensible refuses a letter that declares what cannot be true, as far as the desk knows the contract.
func (b *ballot) sensible(ctx context.Context, d ticket.Draft) error {
	switch d.Template {
	case draft.Renewal:
		if ends, err := b.board().Ends(ctx, b.Dossier); err != nil || !ends {
			return cmp.Or(err, refuse("not_ending", b.T.Notice.Matter))
		}
	case "refusal":
		state, terms := b.Terms().Standing()
		ground := d.Values["ground"]
		if (ground == "care" || ground == "contract") && state == contract.Active {
			return refuse("contract_active", terms)
		}
	case "refund":
		if b.Terms().Contract().Fix == nil {
			return refuse("no_refund", b.Terms().Contract().Name)
		}
	}
	return nil
}

// rest records that nobody has to do anything: the ticket waits for the customer, or it is closed. Where a letter goes with it, that holds
// only once the letter has arrived. A solved ticket waits for nobody.
func (b *ballot) rest(who string, c reply.Command) error {
	what := map[verb.Verb]kind.Kind{verb.Wait: kind.Waiting, verb.Close: kind.Closed}[c.Verb]
	switch {
	case c.Verb == verb.Wait && b.T.State == ticket.Closed:
		return b.closed()
	case c.Verb == verb.Wait && b.T.State == ticket.Resolved:
		return refuse("resolved", "")
	case !b.saves(c):
		b.Add(what, who, ticket.Body{Verb: string(c.Verb), Text: c.Args})
	}
	return nil
}

// consent records that the latest message of the customer's own agrees to the work that a letter before it offered. "Senza conferma non viene
// addebitato nulla": where nothing was offered there is nothing to agree to.
func (b *ballot) consent(ctx context.Context) error {
	word, err := b.clerk.Written(ctx, b.T.Number, b.T.Customer.Addr)
	if err != nil {
		return err
	}
	if word == nil {
		return refuse("no_offer", "")
	}
	offer, ok := b.T.Offer(word.ReceivedAt)
	if !ok {
		return refuse("no_offer", "")
	}
	b.Add(kind.Consent, b.Staff.Address(), ticket.Body{
		Verb: "consent", Message: &ticket.Message{Raw: word.Raw, ReceivedAt: word.ReceivedAt}, Delivery: &ticket.Delivery{Letter: offer.ID},
	})
	return nil
}

// bill keeps the minutes to bill, if the customer has agreed or has no contract. Else the letter offers the work, and without a letter
// nothing is kept.
func (b *ballot) bill(who string, c reply.Command) error {
	switch {
	case b.draftCase().Offers(b.Said):
		return nil
	case !b.Terms().Billable():
		return refuse("no_consent", "")
	}
	b.CountBy(figure.BilledMinutes, int64(c.Minutes-b.T.Billed))
	b.Add(kind.Billed, who, ticket.Body{Verb: "bill", Minutes: c.Minutes, Reason: c.Why})
	return nil
}

// deed is what a command did, for the receipt.
func (b *ballot) deed(c reply.Command) letter.Deed {
	d := letter.Deed{Verb: string(c.Verb), Value: c.Args, At: c.At}
	switch {
	case c.Verb == verb.Note:
		d.Value = b.note(c)
	case c.Verb == verb.Wait && b.Said.Writes() && c.Args != "":
		d.Verb = "wait.letter"
	case c.Verb == verb.Close && b.Said.Writes():
		d.Verb = "close.letter"
	case c.Verb == verb.Bill && b.draftCase().Offers(b.Said):
		d.Verb = "bill.offer"
	case c.Verb == verb.Assign:
		to := b.Named(c.Args)
		if len(to) != 1 {
			return d // nobody gets it
		}
		if d.Value = cmp.Or(to[0].Name, to[0].Address()); b.Roster.Away(to[0].Addresses, b.Dossier.Now) {
			d.Verb, d.At = "assign.away", b.Roster.Of(to[0].Addresses).Away
		}
	}
	return d
}
