package intake

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"replyby/desk/arrival"
	"replyby/store"
	"replyby/ticket"
)

// thread is the ticket that an arrival may belong to, number 0 if none. Only a sure one is joined; to any other the new ticket is
// linked, for the reason why.
type thread struct {
	ticket.Ticket
	sure bool
	why  string // for the log
	how  string // as [letter.Relation] names it
}

// threadOf finds the ticket of a request: by the portal's conversation, then by the letters and messages it answers, then by a
// number in its subject.
func (n *Intake) threadOf(ctx context.Context, a *arrival.Arrival) (thread, error) {
	for _, look := range []func(context.Context, *arrival.Arrival) (thread, error){n.portalThread, n.mailThread, n.numberThread} {
		if th, err := look(ctx, a); th.Number != 0 || err != nil {
			return th, err
		}
	}
	return thread{}, nil
}

// portalThread goes by the conversation id that a carrier writes. Anybody can write one into a mail, so only a notification proven to
// be the carrier's joins, and only a ticket that such a one opened.
func (n *Intake) portalThread(ctx context.Context, a *arrival.Arrival) (thread, error) {
	key := a.Verdict.ThreadKey
	for _, k := range []string{key, unproven(key)} {
		t, err := n.portalTicket(ctx, k)
		if err == nil {
			t, err = n.goesOn(ctx, t)
		}
		if t != nil || err != nil {
			return suppose(t, carriersOwn(a) && k == key, "carrier"), err
		}
	}
	return thread{}, nil
}

// portalTicket returns the first ticket of a conversation in a portal that was not erased, nil if there is none. What comes for an erased
// one would be forgotten with it.
func (n *Intake) portalTicket(ctx context.Context, key string) (*ticket.Ticket, error) {
	t, err := n.ByKey(ctx, store.Thread, key)
	for err == nil && t != nil && !t.ErasedAt.IsZero() {
		var found []ticket.Ticket
		found, err = n.Store.Find(ctx, store.Query{Desk: n.Name, Key: store.Key{Kind: store.Thread, Value: key}, After: t.Number, Limit: 1})
		if t = nil; len(found) > 0 {
			t = &found[0]
		}
	}
	return t, err
}

// carriersOwn reports whether our own server found the notification to be what its rule demands.
func carriersOwn(a *arrival.Arrival) bool { return a.Verdict.Flags["authentic"] == "yes" }

// unproven is the key of a conversation that nothing proves: it leads to a suggestion, never into the ticket.
func unproven(key string) string {
	if key == "" {
		return ""
	}
	return key + "?"
}

// threadKey is what later notifications of the conversation are found by.
func threadKey(a *arrival.Arrival) string {
	if carriersOwn(a) {
		return a.Verdict.ThreadKey
	}
	return unproven(a.Verdict.ThreadKey)
}

// mailThread goes by the messages that a mail answers: 128 random bits of ours, or an id of the customer's own, in the hands of
// somebody the ticket knows.
func (n *Intake) mailThread(ctx context.Context, a *arrival.Arrival) (thread, error) {
	t, err := n.conversation(ctx, a)
	if err == nil {
		t, err = n.goesOn(ctx, t)
	}
	return suppose(t, t != nil && knows(t, a), "mentions"), err
}

// goesOn follows a ticket to the one in which it goes on. Only open tickets are merged, so the way has an end.
func (n *Intake) goesOn(ctx context.Context, t *ticket.Ticket) (*ticket.Ticket, error) {
	for t != nil && t.MergedInto != 0 {
		next, err := n.Store.Load(ctx, n.Name, t.MergedInto)
		if err != nil {
			return nil, err
		}
		t = &next
	}
	return t, nil
}

func suppose(t *ticket.Ticket, sure bool, how string) thread {
	if t == nil {
		return thread{}
	}
	why := "names " + t.Ref + " without proof that it belongs there"
	if how == "carrier" {
		why = "names the same conversation of the carrier, without proof that the carrier wrote it"
	}
	return thread{*t, sure && t.ErasedAt.IsZero(), why, how} // what comes for an erased one is forgotten with it
}

// conversation finds the ticket whose letters or messages the arrival answers, latest id first.
func (n *Intake) conversation(ctx context.Context, a *arrival.Arrival) (*ticket.Ticket, error) {
	for i, id := range a.Earlier() {
		if i == maxIDs {
			break
		}
		if t, err := n.ByKey(ctx, store.MessageID, id); t != nil || err != nil {
			return t, err
		}
	}
	return nil, nil
}

// maxIDs is how many references are looked up; a mail with more is no conversation.
const maxIDs = 50

// knows reports whether the writer is the customer of a ticket or was copied by him: under the address in From, or under that which
// certified mail or a forwarder wrote over.
func knows(t *ticket.Ticket, a *arrival.Arrival) bool {
	is := func(known ticket.Address) bool {
		return known.Addr != "" && (strings.EqualFold(known.Addr, a.From()) || strings.EqualFold(known.Addr, a.Verdict.Customer.Addr))
	}
	return is(t.Customer) || slices.ContainsFunc(t.Cc, is)
}

var refInSubject = regexp.MustCompile(`\[([A-Za-z0-9]{1,12})-(\d{1,9})\]`)

// numberThread goes by the number in the subject, which anybody can write.
func (n *Intake) numberThread(ctx context.Context, a *arrival.Arrival) (thread, error) {
	t, err := n.mentioned(ctx, a.Mail.Subject)
	return suppose(t, false, "mentions"), err
}

// mentioned finds the ticket whose number stands in a subject: good for a link, never for joining.
func (n *Intake) mentioned(ctx context.Context, subject string) (*ticket.Ticket, error) {
	m := refInSubject.FindStringSubmatch(subject)
	if m == nil || !strings.EqualFold(m[1], n.Prefix) {
		return nil, nil
	}
	number, _ := strconv.ParseUint(m[2], 10, 64)
	h, err := n.Store.Head(ctx, n.Name)
	if err != nil || number == 0 || number >= h.Next {
		return nil, err
	}
	t, err := n.Store.Load(ctx, n.Name, number)
	return &t, err
}
