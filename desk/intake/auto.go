package intake

import (
	"context"
	"slices"
	"strings"

	"replyby/classifier"
	"replyby/contract"
	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/desk/thread"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// ownLetter recognises a copy of a letter of ours by the hash of its body: the field alone is something anybody can write. The
// copy proves that the letter was accepted, and shows the Message-ID it got on the way. A letter of another installation on
// our address is an alarm: two programs would answer the same customers.
func (n *Intake) ownLetter(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	instance, id, ok := strings.Cut(a.Mail.Header.Get(letter.MarkField), "/")
	if !ok || a.Verdict.Kind == classifier.Bounce || a.Verdict.Kind == classifier.Delay {
		return nil, nil
	}
	if instance != n.Store.ID() {
		return n.foreignLetter(ctx, a, instance)
	}
	t, err := n.ByKey(ctx, store.LetterID, id)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return n.unknownLetter(ctx, a, id)
	}
	f := n.take(*t, a)
	p, ok := t.Letter(id)
	if !ok || !p.Customer {
		if !n.cameBack(a, p) {
			return nil, nil
		}
		f.File(a, "our own letter came back")
		return f, nil
	}
	if bodyHash(a.Incoming.Raw) != p.BodyHash {
		return nil, nil // the field is ours, the mail is not: somebody copied it
	}
	return f, f.Prove(a, p)
}

// cameBack reports whether a mail with the mark of a letter to staff is that letter: it has its body, as long as that is known, or bears our
// address or that of staff. Forwarders rewrite From and leave Reply-To; anybody else's mail is his own, whatever it is marked with.
func (n *Intake) cameBack(a *arrival.Arrival, p ticket.Posted) bool {
	ours := func(by mailparse.Address) bool { return strings.EqualFold(by.Addr, n.Address) }
	return a.IsStaff || slices.ContainsFunc(slices.Concat(a.Mail.From, a.Mail.ReplyTo), ours) || bodyHash(a.Incoming.Raw) == p.BodyHash
}

// tried recognises the mails with which 'check -online' tries the mailbox out: nobody needs to hear of them. Whatever else bears their field has
// other words.
func (n *Intake) tried(a *arrival.Arrival) bool {
	return a.Mail.Header.Get(arrival.TrialField) != "" && strings.TrimSpace(a.Mail.Text) == arrival.TrialText
}

// file keeps automatic mail: with the ticket it answers where there is one, else with the desk. It changes no state, stops no
// clock and is answered by nothing.
func (n *Intake) file(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	f, err := n.fileFor(ctx, a)
	if err != nil {
		return nil, err
	}
	if n.tried(a) {
		f.FileAs(a, "copy", "the program tried its mailbox out")
		return f, nil
	}
	if a.Verdict.Kind == classifier.AutoReply && f.T.Number != 0 && !a.IsStaff {
		f.FileAway(a)
	} else {
		f.File(a, strings.Join(a.Verdict.Reasons, "; "))
	}
	f.Count("filed:" + string(a.Verdict.Kind))
	if a.Verdict.Kind == classifier.AutoReply && a.IsStaff {
		return f, n.colleagueAway(ctx, f, a)
	}
	return f, nil
}

func (n *Intake) fileFor(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	t, _, err := thread.Concerned(ctx, n.Files, a)
	if err != nil {
		return nil, err
	}
	if t != nil && (a.IsStaff || thread.Knows(t, a) || t.Erased() && isMachines(a)) {
		return n.take(*t, a), nil
	}
	return n.own(ctx, a)
}

// isMachines reports whether a mail is a machine's answer for certain. An erased ticket does not know its customer any more, so any of them may
// be his, and nobody has to read one; what may be a person's is nowhere else but with us.
func isMachines(a *arrival.Arrival) bool {
	return slices.Contains([]classifier.Kind{classifier.AutoReply, classifier.Bounce, classifier.Delay, classifier.Receipt}, a.Verdict.Kind)
}

// fromJunk looks for customers in the junk folder: answers to our letters join their ticket, and whoever has a contract is heard as
// anywhere; the rest is left there and counted for the digest.
func (n *Intake) fromJunk(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	th, err := thread.Of(ctx, n.Files, a)
	if err != nil {
		return nil, err
	}
	if th.Sure {
		return n.Join(ctx, th.Ticket, a)
	}
	fields := a.Verdict.Fields
	if n.Contracts.Of(a.Verdict.Customer.Addr, a.At.In(n.Zone), fields["product"], fields["shop_url"]).State == contract.Active {
		return n.Take(ctx, a)
	}
	f, err := n.own(ctx, a)
	if err != nil {
		return nil, err
	}
	f.FileAs(a, "junk", "in the junk folder, from nobody we know")
	f.Count("junk")
	return f, nil
}

// fromList joins what a customer answers to us through a group of his company, or by a service that writes the fields of mass mail into all it
// sends: mass mail answers nobody. The copy of a message that came by itself is filed like any list's mail.
func (n *Intake) fromList(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	th, err := thread.ByMail(ctx, n.Files, a)
	if err != nil {
		return nil, err
	}
	known, err := n.ByKey(ctx, store.MessageID, a.Mail.MessageID)
	if err != nil {
		return nil, err
	}
	if !th.Sure || known != nil || a.IsStaff {
		return n.file(ctx, a)
	}
	a.Heard(n.Judge)
	return n.Join(ctx, th.Ticket, a)
}

// bounced handles a delivery report. A failure that returns the Message-ID of a letter to a customer opens again what that
// letter had met, and staff are told at once. Anything else is filed.
func (n *Intake) bounced(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	t, p, err := n.returned(ctx, a.Mail)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return n.file(ctx, a)
	}
	f := n.take(*t, a)
	if a.Verdict.Kind == classifier.Delay || p.State == posted.Bounced {
		f.File(a, "report on letter "+p.ID)
		return f, nil
	}
	if copied := a.MissedBy(p.Letter); len(copied) > 0 {
		return f, f.TellCopyBounced(a, copied)
	}
	f.Count("bounced")
	goes, err := thread.GoesOn(ctx, n.Files, t)
	switch {
	case err != nil:
		return nil, err
	case goes.Number != t.Number && !goes.Erased(): // an erased one has nobody to write to, and is to have no words
		return f, f.TellBouncedIn(n.take(*goes, a), a, p)
	}
	return f, f.TellBounced(a, p)
}

// returned finds the letter a report is about: by the 128-bit Message-ID it returns, nothing weaker.
func (n *Intake) returned(ctx context.Context, m *mailparse.Message) (*ticket.Ticket, ticket.Posted, error) {
	if m.Report == nil || m.Report.OriginalMessageID == "" {
		return nil, ticket.Posted{}, nil
	}
	id := m.Report.OriginalMessageID
	t, err := n.ByKey(ctx, store.MessageID, id)
	if t == nil || err != nil {
		return nil, ticket.Posted{}, err
	}
	p, ok := t.Copy(id)
	if !ok {
		return nil, ticket.Posted{}, nil
	}
	return t, p, nil
}
