// Package request takes up what customers ask: as a new ticket, or as an entry of the ticket it belongs to. It takes it from the mailbox,
// from what was set aside, or from a saved mail, and commits nothing.
package request

import (
	"context"
	"slices"
	"strings"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/figure"
	"replyby/desk/files"
	"replyby/desk/notice"
	"replyby/desk/sheet"
	"replyby/desk/thread"
	"replyby/letter/beside"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Clerk takes up the requests of a desk.
type Clerk struct {
	files.Files
	Judge *classifier.Classifier
}

// board gives access to the notices of the desk.
func (c Clerk) board() notice.Board { return notice.Board{Files: c.Files} }

// Take joins a message to the ticket it answers, or opens a new one. It joins only through a Message-ID of the
// conversation, for a correspondent the ticket knows, or the portal's proven conversation id: a number in the subject is
// written by anybody.
func (c Clerk) Take(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	var th thread.Thread
	if !a.Apart {
		var err error
		if th, err = thread.Of(ctx, c.Files, a); err != nil {
			return nil, err
		}
	}
	if th.Sure {
		return c.Join(ctx, th.Ticket, a)
	}
	f, err := c.Blank(ctx, 0, a.Now, a.Cause())
	if err != nil {
		return nil, err
	}
	return f, c.newTicket(ctx, f, a, th)
}

// newTicket opens a ticket for a request: the message, what it is, its clocks, a first draft, and the mails that ask staff to
// decide, all in one change.
func (c Clerk) newTicket(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival, related thread.Thread) error {
	f.Add(kind.Received, sheet.Customer, ticket.Body{Message: c.opening(a), Ref: f.Ref()})
	countSource(f, a)
	return c.begin(ctx, f, a, related)
}

// begin is what follows the event that opens a ticket.
func (c Clerk) begin(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival, related thread.Thread) error {
	keys(f, a)
	f.Key(store.Thread, thread.Key(a))
	if err := c.board().Acquaint(ctx, f); err != nil {
		return err
	}
	if err := classify(f, a, related.Verdict.Language); err != nil {
		return err
	}
	if err := c.refunded(ctx, f); err != nil {
		return err
	}
	var others []beside.Relation
	if related.Number != 0 {
		f.Add(kind.Linked, sheet.Program, ticket.Body{Link: related.Number, Reason: related.Why})
		others = append(others, relation(related, f.T.Customer))
	}
	twins, err := c.twins(ctx, f, a)
	if err != nil {
		return err
	}
	if err := c.AssignTurn(ctx, f); err != nil {
		return err
	}
	f.Count("new")
	f.AlsoOpen = func() ([]beside.Relation, error) { return c.alsoOpen(ctx, f, related.Number) }
	return f.FirstDraft(a, append(others, twins...))
}

// relation is what staff read of the ticket that a request may belong to, with what would join the two: the refusal of a command that a mail
// of ours named helps nobody.
func relation(to thread.Thread, customer ticket.Address) beside.Relation {
	r := beside.Relation{How: to.How, Ref: to.Ref, Join: "merge", Customer: to.Customer.Addr, Number: to.Number}
	switch {
	case !to.ErasedAt.IsZero():
		r.Join = ""
	case to.State == ticket.Closed:
		r.Join = "reopen"
	case to.Customer.Addr != "" && !strings.EqualFold(to.Customer.Addr, customer.Addr):
		r.Join = "customer"
	}
	return r
}

// keys makes the ids of a message lead to its ticket: its own, and that of the mail inside an envelope.
func keys(f *dossier.Dossier, a *arrival.Arrival) {
	f.Key(store.MessageID, a.Mail.MessageID)
	if a.Body.MessageID != a.Mail.MessageID {
		f.Key(store.MessageID, a.Body.MessageID)
	}
}

// twins links the ticket to those that the very same mail opened at other desks, in both directions. It returns what to tell staff.
func (c Clerk) twins(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival) ([]beside.Relation, error) {
	var said []beside.Relation
	for _, desk := range c.Sisters {
		found, err := c.Store.Find(ctx, store.Query{Desk: desk, Key: store.Key{Kind: store.Seen, Value: a.SeenAt(desk).String()}, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 || found[0].Number == 0 {
			continue // not there, or set aside there
		}
		why := "the same mail came to the desk " + desk + " and is " + found[0].Ref + " there"
		f.Add(kind.Linked, sheet.Program, ticket.Body{Reason: why})
		twin := c.Open(found[0], a.Now, a.Cause())
		twin.Change.Desk = desk
		twin.Add(kind.Linked, sheet.Program, ticket.Body{Reason: "the same mail came to the desk " + c.Name + " and is " + f.Ref() + " there"})
		f.Also = append(f.Also, twin.Change)
		said = append(said, beside.Relation{How: "twin", Ref: found[0].Ref, Desk: desk})
	}
	return said, nil
}

// opening is the message that opens a ticket. Who else the customer wrote to, without us, is copied.
func (c Clerk) opening(a *arrival.Arrival) *ticket.Message {
	m := a.Request()
	m.Cc = slices.DeleteFunc(slices.Concat(m.To, m.Cc), func(to ticket.Address) bool {
		return strings.EqualFold(to.Addr, c.Address) || strings.EqualFold(to.Addr, m.From.Addr)
	})
	return m
}

// Join adds the customer's next message to the ticket. It reopens what was resolved or closed, starts the next_reply clock
// unless the acknowledgement runs, and asks staff again.
func (c Clerk) Join(ctx context.Context, t ticket.Ticket, a *arrival.Arrival) (*dossier.Dossier, error) {
	f := c.Open(t, a.Now, a.Cause())
	wasClosed, wasRequest := f.T.State == ticket.Closed, len(f.T.Duties) > 0
	f.Add(kind.Received, sheet.Customer, ticket.Body{Message: a.Request()})
	countSource(f, a)
	keys(f, a)
	if wasClosed {
		if err := c.reopen(ctx, f); err != nil {
			return nil, err
		}
	}
	if err := c.board().Acquaint(ctx, f); err != nil {
		return nil, err
	}
	if err := c.escalate(ctx, f, a); err != nil {
		return nil, err
	}
	followLanguage(f, a)
	if err := clock.OweReply(f.Sheet, a.At); err != nil {
		return nil, err
	}
	if !wasRequest {
		f.OpenDraft() // until now the draft answered no request
	}
	letters, err := c.Letters(ctx, t)
	if err != nil {
		return nil, err
	}
	return f, f.FollowUp(a, letters, t)
}

// reopen takes a closed ticket up again because its customer wrote. The clocks that staff stopped by closing it run on, since he says that
// they were wrong to; those that ended with a refusal, a refund or a merge ended for good.
func (c Clerk) reopen(ctx context.Context, f *dossier.Dossier) error {
	how, err := c.ClosedBy(ctx, f.T.Number)
	if err != nil {
		return err
	}
	return clock.Reopen(f.Sheet, sheet.Customer, ticket.Body{Reason: "the customer wrote again"}, how == kind.Closed)
}

// countSource counts the mails that a carrier's rule matched and the fields that it missed, so that a rule which stops working is noticed.
func countSource(f *dossier.Dossier, a *arrival.Arrival) {
	if a.Verdict.Source == "" {
		return
	}
	f.Count(figure.SourceMail + a.Verdict.Source)
	for _, field := range a.Verdict.Missing {
		f.Count(figure.SourceLacks + a.Verdict.Source + ":" + field)
	}
}
