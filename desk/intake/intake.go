// Package intake decides what a mail that arrived becomes: a ticket, an entry of one, a decision of staff, or a message set aside. It
// reads the store and commits nothing.
//
// It promises that a message seen once is dealt with once, that automatic mail decides nothing, and that nothing is joined to a ticket on
// the word of its sender alone.
package intake

import (
	"context"
	"fmt"
	"time"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/desk/files"
	"replyby/desk/notice"
	"replyby/desk/request"
	"replyby/store"
	"replyby/ticket"
)

// Intake decides on the incoming mail of a desk.
type Intake struct {
	request.Clerk
	prove Prove
}

// Prove looks up who wrote a mail that came earlier. Nil if nothing can be looked up.
type Prove func(ctx context.Context, raw []byte) arrival.Auth

// New returns the intake of a desk.
func New(f files.Files, judge *classifier.Classifier, prove Prove) *Intake {
	return &Intake{request.Clerk{Files: f, Judge: judge}, prove}
}

// Once returns an intake that looks up only once who wrote a mail, for a decision that may be made several times.
func (n *Intake) Once() *Intake {
	if n.prove == nil {
		return n
	}
	known := map[ticket.Hash]arrival.Auth{}
	return New(n.Files, n.Judge, func(ctx context.Context, raw []byte) arrival.Auth {
		hash := ticket.Sum(raw)
		if _, asked := known[hash]; !asked {
			known[hash] = n.prove(ctx, raw)
		}
		return known[hash]
	})
}

// On returns the same intake on other files.
func (n *Intake) On(f files.Files) *Intake { return New(f, n.Judge, n.prove) }

// Read understands a mail as far as that needs no decision, and looks up who wrote it where a decision may want to know: while one is made
// others may be kept from writing. Kept says how the store holds it.
func (n *Intake) Read(ctx context.Context, p arrival.Place, in arrival.Incoming, kept store.Raw) *arrival.Arrival {
	a := arrival.Read(n.Charter, n.Judge, p, in, kept)
	if !a.IsStaff && in.Prove != nil && n.inOurName(ctx, a) {
		a.Auth = in.Prove()
	}
	return a
}

// take takes up a ticket because of an arrival.
func (n *Intake) take(t ticket.Ticket, a *arrival.Arrival) *dossier.Dossier {
	return n.Open(t, a.Now, a.Cause())
}

// informed returns the intake with the roster loaded, so that it knows who is away.
func (n *Intake) informed(ctx context.Context) (*Intake, error) {
	f, err := n.Informed(ctx)
	return n.On(f), err
}

// own takes up the desk's own file because of an arrival.
func (n *Intake) own(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	return n.Load(ctx, 0, a.Now, a.Cause())
}

// Admit decides where an arrival belongs, and returns what to commit.
func (n *Intake) Admit(ctx context.Context, a *arrival.Arrival) ([]store.Change, error) {
	known, err := n.ByKey(ctx, store.Seen, a.Seen.String())
	if err != nil {
		return nil, err
	}
	if known != nil {
		switch counts, err := n.unrecorded(ctx, known, a); {
		case err != nil:
			return nil, err
		case !counts:
			return n.again(*known, a)
		}
	}
	if old, err := n.beforeOurTime(ctx, a); old || err != nil {
		return n.take(ticket.Ticket{}, a).With(a), err
	}
	switch f, err := n.copied(ctx, a); {
	case err != nil:
		return nil, err
	case f != nil:
		return f.With(a), nil
	}
	if n, err = n.informed(ctx); err != nil {
		return nil, err
	}
	n = n.since(a)
	f, err := n.place(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := n.doubt(ctx, f); err != nil {
		return nil, err
	}
	if err := (notice.Board{Files: n.Files}).Spread(ctx, f); err != nil {
		return nil, err
	}
	if known == nil && (a.Role == arrival.Inbox || f.T.Number != 0) { // what a person moves out of the junk folder must be new again
		f.Key(store.Seen, a.Seen.String())
	}
	return f.With(a), nil
}

// beforeOurTime reports whether a mail was in the mailbox before the desk began, when it was to begin with later mail only. Such mail comes
// up when the server gives a folder new numbers, or nobody knows how far it was read, and everything is read again. What is newer than all that
// the folder had at first contact was not there: its server says so by one clock, while ours may have been ahead when the desk began.
func (n *Intake) beforeOurTime(ctx context.Context, a *arrival.Arrival) (bool, error) {
	const recent = 24 * time.Hour // ordinary mail; only what is older is worth asking
	if n.FromStart || a.Now.Sub(a.Internal) < recent {
		return false, nil
	}
	own, err := n.Own(ctx)
	if err != nil {
		return false, fmt.Errorf("load the desk's own file: %w", err)
	}
	if own.Version == 0 || !a.Internal.Before(own.CreatedAt.Add(-time.Hour)) { // an hour for the server's clock
		return false, nil
	}
	c, err := n.Store.Cursor(ctx, n.Name, a.Folder)
	a.Early = !c.Before.IsZero() && a.Internal.After(c.Before)
	return !a.Early, err
}

// copied sets a mail aside that had come to a mailbox before the desk began, and into ours under a new date: nobody waits for an answer to it. Nil for
// any other. Where a company goes to another provider there are thousands of them, and not everything that copies mail keeps its date.
func (n *Intake) copied(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	const sure = 24 * time.Hour // of whatever clock wrote that it had come
	came := a.Copied()
	if n.FromStart || came.IsZero() {
		return nil, nil
	}
	own, err := n.Own(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the desk's own file: %w", err)
	}
	if own.Version == 0 || !came.Before(own.CreatedAt.Add(-sure)) {
		return nil, nil
	}
	f, err := n.own(ctx, a)
	if err != nil {
		return nil, err
	}
	f.FileAs(a, "older", fmt.Sprintf("it came on %s, before the desk began, and was copied into the mailbox", came.UTC().Format(time.DateOnly)))
	f.Count("older")
	f.Key(store.Seen, a.Seen.String())
	return f, nil
}

// again handles a message whose content was seen before. The same bytes are nothing new; other bytes with the same content
// (another way through the net) are kept with the ticket.
func (n *Intake) again(t ticket.Ticket, a *arrival.Arrival) ([]store.Change, error) {
	f := n.take(t, a)
	if !a.Kept.Kept {
		f.FileAs(a, "copy", "the same message in other bytes")
	}
	return f.With(a), nil
}

// place is the order in which an arrival is looked at: our own letters, automatic mail, staff, everybody else.
func (n *Intake) place(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	if own, err := n.ownLetter(ctx, a); own != nil || err != nil {
		return own, err
	}
	if a.Role == arrival.Sent {
		return n.sentOutside(ctx, a)
	}
	if a.Verdict.Kind == classifier.Own {
		a.Verdict.Kind = a.Verdict.Else // the mark alone proves nothing
	}
	switch {
	case a.Verdict.Kind == classifier.Bounce || a.Verdict.Kind == classifier.Delay:
		return n.bounced(ctx, a)
	case a.Verdict.Kind == classifier.List:
		return n.fromList(ctx, a)
	case a.Verdict.Kind != classifier.Person:
		return n.file(ctx, a)
	case a.IsStaff:
		return n.staffMail(ctx, a)
	case a.Role == arrival.Junk:
		return n.fromJunk(ctx, a)
	}
	for _, keep := range []func(context.Context, *arrival.Arrival) (*dossier.Dossier, error){n.copyToUs, n.fromInside} {
		if f, err := keep(ctx, a); f != nil || err != nil {
			return f, err
		}
	}
	return n.Take(ctx, a)
}
