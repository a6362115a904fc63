package intake

import (
	"context"
	"slices"
	"strings"

	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/desk/thread"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// customerMail joins a message to the ticket it answers, or opens a new one. It joins only through a Message-ID of the
// conversation, for a correspondent the ticket knows, or the portal's proven conversation id: a number in the subject is
// written by anybody.
func (n *Intake) customerMail(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	th, err := thread.Of(ctx, n.Files, a)
	if err != nil {
		return nil, err
	}
	if th.Sure {
		return n.join(ctx, th.Ticket, a)
	}
	f, err := n.blank(ctx, a)
	if err != nil {
		return nil, err
	}
	return f, n.newTicket(ctx, f, a, th)
}

// newTicket opens a ticket for a request: the message, what it is, its clocks, a first draft, and the mails that ask staff to
// decide, all in one change.
func (n *Intake) newTicket(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival, related thread.Thread) error {
	m := a.Request()
	m.Cc = n.othersOf(m)
	f.Add(kind.Received, sheet.Customer, ticket.Body{Message: m, Ref: f.Ref()})
	f.CountSource(a)
	return n.begin(ctx, f, a, related)
}

// begin is what follows the event that opens a ticket.
func (n *Intake) begin(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival, related thread.Thread) error {
	n.keys(f, a)
	f.Key(store.Thread, thread.Key(a))
	if err := n.board().Acquaint(ctx, f); err != nil {
		return err
	}
	if err := f.Classify(a, related.Verdict.Language); err != nil {
		return err
	}
	if err := n.refunded(ctx, f); err != nil {
		return err
	}
	var others []letter.Relation
	if related.Number != 0 {
		f.Add(kind.Linked, sheet.Program, ticket.Body{Link: related.Number, Reason: related.Why})
		others = append(others, letter.Relation{How: related.How, Ref: related.Ref})
	}
	twins, err := n.twins(ctx, f, a)
	if err != nil {
		return err
	}
	if len(n.Staff) > charter.AskAll {
		open, err := n.OpenByHolder(ctx)
		if err != nil {
			return err
		}
		f.AssignTurn(open)
	}
	f.Count("new")
	return f.FirstDraft(a, append(others, twins...))
}

// keys makes the ids of a message lead to its ticket: its own, and that of the mail inside an envelope.
func (n *Intake) keys(f *dossier.Dossier, a *arrival.Arrival) {
	f.Key(store.MessageID, a.Mail.MessageID)
	if a.Body.MessageID != a.Mail.MessageID {
		f.Key(store.MessageID, a.Body.MessageID)
	}
}

// twins links the ticket to those that the very same mail opened at other desks, in both directions. It returns what to tell staff.
func (n *Intake) twins(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival) ([]letter.Relation, error) {
	var said []letter.Relation
	for _, desk := range n.Sisters {
		found, err := n.Store.Find(ctx, store.Query{Desk: desk, Key: store.Key{Kind: store.Seen, Value: a.SeenAt(desk).String()}, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 || found[0].Number == 0 {
			continue // not there, or set aside there
		}
		why := "the same mail came to the desk " + desk + " and is " + found[0].Ref + " there"
		f.Add(kind.Linked, sheet.Program, ticket.Body{Reason: why})
		twin := n.take(found[0], a)
		twin.Change.Desk = desk
		twin.Add(kind.Linked, sheet.Program, ticket.Body{Reason: "the same mail came to the desk " + n.Name + " and is " + f.Ref() + " there"})
		f.Also = append(f.Also, twin.Change)
		said = append(said, letter.Relation{How: "twin", Ref: found[0].Ref, Desk: desk})
	}
	return said, nil
}

// othersOf lists who else the customer wrote to, without us.
func (n *Intake) othersOf(m *ticket.Message) []ticket.Address {
	return slices.DeleteFunc(slices.Concat(m.To, m.Cc), func(a ticket.Address) bool {
		return strings.EqualFold(a.Addr, n.Address) || strings.EqualFold(a.Addr, m.From.Addr)
	})
}

// join adds the customer's next message to the ticket. It reopens what was resolved or closed, starts the next_reply clock
// unless the acknowledgement runs, and asks staff again.
func (n *Intake) join(ctx context.Context, t ticket.Ticket, a *arrival.Arrival) (*dossier.Dossier, error) {
	f := n.take(t, a)
	wasClosed, wasRequest := f.T.State == ticket.Closed, len(f.T.Duties) > 0
	m := a.Request()
	f.Add(kind.Received, sheet.Customer, ticket.Body{Message: m})
	f.CountSource(a)
	n.keys(f, a)
	if wasClosed {
		if err := n.reopen(ctx, f); err != nil {
			return nil, err
		}
	}
	if err := n.board().Acquaint(ctx, f); err != nil {
		return nil, err
	}
	if err := f.Escalate(a); err != nil {
		return nil, err
	}
	f.FollowLanguage(a)
	if err := clock.OweReply(f.Sheet, a.At); err != nil {
		return nil, err
	}
	if !wasRequest {
		f.OpenDraft() // until now the draft answered no request
	}
	letters, err := n.Letters(ctx, t.Number)
	if err != nil {
		return nil, err
	}
	return f, f.FollowUp(a, letters)
}

// reopen takes a closed ticket up again because its customer wrote. The clocks that staff stopped by closing it run on, since he says that
// they were wrong to; those that ended with a refusal, a refund or a merge ended for good.
func (n *Intake) reopen(ctx context.Context, f *dossier.Dossier) error {
	how, err := n.ClosedBy(ctx, f.T.Number)
	if err != nil {
		return err
	}
	return clock.Reopen(f.Sheet, sheet.Customer, ticket.Body{Reason: "the customer wrote again"}, how == kind.Closed)
}
