package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"replyby/classifier"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// letterField marks every mail we send: the store's identity, a slash, the letter's id.
const letterField = "X-Replyby-Letter"

// ownLetter recognises a copy of a letter of ours by the hash of its body: the field alone is something anybody can write. The
// copy proves that the letter was accepted, and shows the Message-ID it got on the way. A letter of another installation on
// our address is an alarm: two programs would answer the same customers.
func (d *Desk) ownLetter(ctx context.Context, a *arrival) (*dossier, error) {
	instance, id, ok := strings.Cut(a.m.Header.Get(letterField), "/")
	if !ok || a.v.Kind == classifier.Bounce || a.v.Kind == classifier.Delay {
		return nil, nil
	}
	if instance != d.store.ID() {
		return d.foreignLetter(ctx, a, instance)
	}
	t, err := d.byKey(ctx, store.LetterID, id)
	if t == nil || err != nil {
		return nil, err
	}
	f := d.dossier(*t, a.now, a.cause())
	p, ok := t.Letter(id)
	if !ok || !p.Customer {
		f.fileQuietly(a, "our own letter came back")
		return f, nil
	}
	if bodyHash(a.Raw) != p.BodyHash {
		return nil, nil // somebody copied our field into a mail of his own
	}
	f.proven(a, p)
	return f, nil
}

// proven settles an unknown delivery by the copy that came back, and notes the proof of one already known.
func (f *dossier) proven(a *arrival, p ticket.Posted) {
	del := &ticket.Delivery{Letter: p.ID, At: a.at, Proof: "copy in " + a.folder + ", " + a.by}
	if a.m.MessageID != p.MessageID {
		del.OnWire = a.m.MessageID
		f.key(store.MessageID, a.m.MessageID)
	}
	if p.State == "sent" {
		del.At = p.At
	}
	f.add(kind.Settled, program, ticket.Body{Delivery: del})
	f.change.Done = append(f.change.Done, p.ID)
}

func (d *Desk) foreignLetter(ctx context.Context, a *arrival, instance string) (*dossier, error) {
	if a.role != "sent" && !strings.EqualFold(a.from(), d.cfg.Address) {
		return nil, nil
	}
	f, err := d.open(ctx, 0, a.now, a.cause())
	if err != nil {
		return nil, err
	}
	f.fileQuietly(a, fmt.Sprintf("a letter of another installation (%q) on our address: only one may work a mailbox", clip(instance, 40)))
	f.count("foreign")
	return f, nil
}

// file keeps automatic mail: with the ticket it answers where there is one, else with the desk. It changes no state, stops no
// clock and is answered by nothing.
func (d *Desk) file(ctx context.Context, a *arrival) (*dossier, error) {
	f, err := d.fileFor(ctx, a)
	if err != nil {
		return nil, err
	}
	f.fileQuietly(a, strings.Join(a.v.Reasons, "; "))
	f.count("filed:" + string(a.v.Kind))
	return f, nil
}

func (d *Desk) fileFor(ctx context.Context, a *arrival) (*dossier, error) {
	t, err := d.concerned(ctx, a, tokenOf(a.m.Subject))
	if err != nil {
		return nil, err
	}
	if t != nil && (a.isStaff || (*known)(t).knows(a.from())) {
		return d.dossier(*t, a.now, a.cause()), nil
	}
	return d.open(ctx, 0, a.now, a.cause())
}

func (f *dossier) fileQuietly(a *arrival, reason string) {
	f.add(kind.AutoFiled, a.from(), ticket.Body{Message: a.message(), Reason: reason})
}

// fromJunk looks for customers in the junk folder: answers to our letters join their ticket, the rest is left there and
// counted for the digest.
func (d *Desk) fromJunk(ctx context.Context, a *arrival) (*dossier, error) {
	t, err := d.conversation(ctx, a)
	if err != nil {
		return nil, err
	}
	if t != nil && t.knows(a.from()) {
		return d.join(ctx, *t, a)
	}
	f, err := d.open(ctx, 0, a.now, a.cause())
	if err != nil {
		return nil, err
	}
	f.fileQuietly(a, "in the junk folder, from nobody we know")
	f.change.Count = map[string]int64{"junk": 1}
	return f, nil
}

// bounced handles a delivery report. A failure that returns the Message-ID of a letter to a customer opens again what that
// letter had met, and staff are told at once. Anything else is filed.
func (d *Desk) bounced(ctx context.Context, a *arrival) (*dossier, error) {
	t, p, err := d.returned(ctx, a.m)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return d.file(ctx, a)
	}
	f := d.dossier(*t, a.now, a.cause())
	if a.v.Kind == classifier.Delay || p.State == "bounced" {
		f.fileQuietly(a, "report on letter "+p.ID)
		return f, nil
	}
	f.count("bounced")
	return f, f.tellBounced(a, p)
}

// returned finds the letter a report is about: by the 128-bit Message-ID it returns, nothing weaker.
func (d *Desk) returned(ctx context.Context, m *mailparse.Message) (*ticket.Ticket, ticket.Posted, error) {
	if m.Report == nil || m.Report.OriginalMessageID == "" {
		return nil, ticket.Posted{}, nil
	}
	id := m.Report.OriginalMessageID
	t, err := d.byKey(ctx, store.MessageID, id)
	if t == nil || err != nil {
		return nil, ticket.Posted{}, err
	}
	i := slices.IndexFunc(t.Posted, func(p ticket.Posted) bool { return p.Customer && p.MessageID == id })
	if i < 0 {
		return nil, ticket.Posted{}, nil
	}
	return t, t.Posted[i], nil
}

// failureOf says in one line what a report says.
func failureOf(m *mailparse.Message) string {
	for _, r := range m.Report.Recipients {
		if words := strings.Join(strings.Fields(r.Status+" "+r.Diagnostic), " "); words != "" {
			return clip(words, 300)
		}
	}
	return "returned without a reason"
}
