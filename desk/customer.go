package desk

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// customerMail joins a message to the ticket it answers, or opens a new one. It joins only through a Message-ID of the
// conversation, or the portal's conversation id, and only for a correspondent the ticket knows: a number in the subject is
// written by anybody.
func (d *Desk) customerMail(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	t, err := d.conversation(ctx, a)
	if err != nil {
		return nil, err
	}
	if t != nil && t.Number != 0 && t.knows(a.From()) {
		return d.join(ctx, *t, a)
	}
	if t == nil {
		if t, err = d.mentioned(ctx, a.Mail.Subject); err != nil {
			return nil, err
		}
	}
	return d.newTicket(ctx, a, t)
}

// conversation finds the ticket whose letters or messages the arrival names, latest id first.
func (d *Desk) conversation(ctx context.Context, a *arrival.Arrival) (*known, error) {
	if t, err := d.byKey(ctx, store.Thread, a.Verdict.ThreadKey); t != nil || err != nil {
		return asKnown(t), err
	}
	ids := slices.Concat(a.Mail.References, a.Mail.InReplyTo)
	slices.Reverse(ids)
	for i, id := range ids {
		if i == maxIDs {
			break
		}
		if t, err := d.byKey(ctx, store.MessageID, id); t != nil || err != nil {
			return asKnown(t), err
		}
	}
	return nil, nil
}

// maxIDs is how many references are looked up; a mail with more is no conversation.
const maxIDs = 50

// known is a ticket asked whether it knows somebody.
type known ticket.Ticket

func asKnown(t *ticket.Ticket) *known { return (*known)(t) }

// knows says whether an address is the customer's or was copied by the customer.
func (t *known) knows(addr string) bool {
	is := func(a ticket.Address) bool { return addr != "" && strings.EqualFold(a.Addr, addr) }
	return is(t.Customer) || slices.ContainsFunc(t.Cc, is)
}

var refInSubject = regexp.MustCompile(`\[([A-Za-z0-9]{1,12})-(\d{1,9})\]`)

// mentioned finds the ticket whose number stands in a subject: good for a link, never for joining.
func (d *Desk) mentioned(ctx context.Context, subject string) (*known, error) {
	m := refInSubject.FindStringSubmatch(subject)
	if m == nil || !strings.EqualFold(m[1], d.Prefix) {
		return nil, nil
	}
	n, _ := strconv.ParseUint(m[2], 10, 64)
	h, err := d.store.Head(ctx, d.Name)
	if err != nil || n == 0 || n >= h.Next {
		return nil, err
	}
	t, err := d.store.Load(ctx, d.Name, n)
	return asKnown(&t), err
}

// newTicket opens a ticket: the message, what it is, its clocks, a first draft, and the mails that ask staff to decide,
// all in one change.
func (d *Desk) newTicket(ctx context.Context, a *arrival.Arrival, related *known) (*dossier.Dossier, error) {
	f, err := d.blank(ctx, a)
	if err != nil {
		return nil, err
	}
	m := a.Message()
	m.From = ticket.Address{Name: a.Verdict.Customer.Name, Addr: a.Verdict.Customer.Addr}
	if a.Verdict.Subject != "" {
		m.Subject = a.Verdict.Subject
	}
	m.Cc = d.othersOf(m)
	f.Add(kind.Received, m.From.Addr, ticket.Body{Message: m, Ref: f.Ref()})
	f.Key(store.MessageID, a.Mail.MessageID)
	f.Key(store.Thread, a.Verdict.ThreadKey)
	if err := f.Classify(a); err != nil {
		return nil, err
	}
	if related != nil && related.Number != 0 {
		f.Add(kind.Linked, dossier.Program, ticket.Body{Link: related.Number, Reason: "names " + related.Ref + " without proof that it belongs there"})
	}
	f.AssignTurn()
	f.Count("new")
	return f, f.FirstDraft(a)
}

// othersOf lists who else the customer wrote to, without us.
func (d *Desk) othersOf(m *ticket.Message) []ticket.Address {
	return slices.DeleteFunc(slices.Concat(m.To, m.Cc), func(a ticket.Address) bool {
		return strings.EqualFold(a.Addr, d.Address) || strings.EqualFold(a.Addr, m.From.Addr)
	})
}

// join adds the customer's next message to the ticket. It reopens what was resolved or closed, starts the next_reply clock
// unless the acknowledgement still runs, and asks staff again.
func (d *Desk) join(_ context.Context, t known, a *arrival.Arrival) (*dossier.Dossier, error) {
	f := d.take(ticket.Ticket(t), a)
	wasClosed := f.T.State == ticket.Closed
	f.Add(kind.Received, a.From(), ticket.Body{Message: a.Message()})
	f.Key(store.MessageID, a.Mail.MessageID)
	if wasClosed {
		f.Add(kind.Reopened, a.From(), ticket.Body{Reason: "the customer wrote again"})
	}
	f.Escalate(a)
	if err := f.StartNextReply(a); err != nil {
		return nil, err
	}
	return f, f.FollowUp(a)
}
