package desk

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// customerMail joins a message to the ticket it answers, or opens a new one. It joins only through a Message-ID of the
// conversation, or the portal's conversation id, and only for a correspondent the ticket knows: a number in the subject is
// written by anybody.
func (d *Desk) customerMail(ctx context.Context, a *arrival) (*dossier, error) {
	t, err := d.conversation(ctx, a)
	if err != nil {
		return nil, err
	}
	if t != nil && t.Number != 0 && t.knows(a.from()) {
		return d.join(ctx, *t, a)
	}
	if t == nil {
		if t, err = d.mentioned(ctx, a.m.Subject); err != nil {
			return nil, err
		}
	}
	return d.newTicket(ctx, a, t)
}

// conversation finds the ticket whose letters or messages the arrival names, latest id first.
func (d *Desk) conversation(ctx context.Context, a *arrival) (*known, error) {
	if t, err := d.byKey(ctx, store.Thread, a.v.ThreadKey); t != nil || err != nil {
		return asKnown(t), err
	}
	ids := slices.Concat(a.m.References, a.m.InReplyTo)
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
	if m == nil || !strings.EqualFold(m[1], d.cfg.Prefix) {
		return nil, nil
	}
	n, _ := strconv.ParseUint(m[2], 10, 64)
	h, err := d.store.Head(ctx, d.cfg.Name)
	if err != nil || n == 0 || n >= h.Next {
		return nil, err
	}
	t, err := d.store.Load(ctx, d.cfg.Name, n)
	return asKnown(&t), err
}

// newTicket opens a ticket: the message, what it is, its clocks, a first draft, and the mails that ask staff to decide,
// all in one change.
func (d *Desk) newTicket(ctx context.Context, a *arrival, related *known) (*dossier, error) {
	f, err := d.blank(ctx, a.now, a.cause())
	if err != nil {
		return nil, err
	}
	m := a.message()
	m.From = ticket.Address{Name: a.v.Customer.Name, Addr: a.v.Customer.Addr}
	if a.v.Subject != "" {
		m.Subject = a.v.Subject
	}
	m.Cc = d.othersOf(m)
	f.add(kind.Received, m.From.Addr, ticket.Body{Message: m, Ref: f.ref()})
	f.key(store.MessageID, a.m.MessageID)
	f.key(store.Thread, a.v.ThreadKey)
	if err := f.classify(a); err != nil {
		return nil, err
	}
	if related != nil && related.Number != 0 {
		f.add(kind.Linked, program, ticket.Body{Link: related.Number, Reason: "names " + related.Ref + " without proof that it belongs there"})
	}
	f.assignTurn()
	f.count("new")
	return f, f.firstDraft(a)
}

// othersOf lists who else the customer wrote to, without us.
func (d *Desk) othersOf(m *ticket.Message) []ticket.Address {
	return slices.DeleteFunc(slices.Concat(m.To, m.Cc), func(a ticket.Address) bool {
		return strings.EqualFold(a.Addr, d.cfg.Address) || strings.EqualFold(a.Addr, m.From.Addr)
	})
}

// assignTurn gives a new ticket of a larger team to the next person in turn, so that one and not all feel meant.
func (f *dossier) assignTurn() {
	staff := f.desk.cfg.Staff
	if len(staff) <= askAll {
		return
	}
	p := staff[int(f.t.Number)%len(staff)]
	f.add(kind.Assigned, program, ticket.Body{Person: p.Address(), Reason: "next in turn"})
}

// join adds the customer's next message to the ticket. It reopens what was resolved or closed, starts the next_reply clock
// unless the acknowledgement still runs, and asks staff again.
func (d *Desk) join(_ context.Context, t known, a *arrival) (*dossier, error) {
	f := d.dossier(ticket.Ticket(t), a.now, a.cause())
	wasClosed := f.t.State == ticket.Closed
	f.add(kind.Received, a.from(), ticket.Body{Message: a.message()})
	f.key(store.MessageID, a.m.MessageID)
	if wasClosed {
		f.add(kind.Reopened, a.from(), ticket.Body{Reason: "the customer wrote again"})
	}
	f.escalate(a)
	if err := f.startNextReply(a); err != nil {
		return nil, err
	}
	return f, f.followUp(a)
}

// escalate makes the ticket urgent when the customer brings the term in with this message; a term already there, or
// dropped, changes nothing: only a person lowers.
func (f *dossier) escalate(a *arrival) {
	if a.v.Urgency.Label != "urgent" || f.t.Verdict.Urgency == "urgent" {
		return
	}
	f.add(kind.Reclassified, a.from(), ticket.Body{Verdict: &ticket.Verdict{Urgency: "urgent"}, Reason: "the customer wrote it in a later message"})
}
