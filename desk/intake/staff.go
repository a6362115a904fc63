package intake

import (
	"context"

	"replyby/desk/arrival"
	"replyby/desk/colleague"
	"replyby/desk/decision"
	"replyby/desk/dossier"
	"replyby/desk/thread"
	"replyby/desk/token"
)

// staffMail brings a mail of staff to the ticket it is about, and through the gate. Without any ticket it is a request like anybody's.
func (n *Intake) staffMail(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	another, err := n.forAnother(ctx, a)
	if err != nil {
		return nil, err
	}
	if another {
		if f, err := n.toAnother(ctx, a); f != nil || err != nil {
			return f, err
		}
	}
	t, numbered, err := thread.Concerned(ctx, n.Files, a)
	if err != nil {
		return nil, err
	}
	a.Numbered = numbered
	if t == nil {
		return n.unasked(ctx, a, another)
	}
	if token.InSubject(a.Mail.Subject) == "" {
		if f, err := n.answeredOutside(ctx, t, a); f != nil || err != nil {
			return f, err
		}
	}
	f := n.take(*t, a)
	return f, n.hear(ctx, f, a)
}

// hear carries out what a mail of staff decides, and tells of it who else was asked about the ticket.
func (n *Intake) hear(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival) error {
	before := f.T
	if err := decision.Hear(ctx, f, a, n.Clerk); err != nil {
		return err
	}
	return colleague.Tell(ctx, f, before, a.Staff, n.Files)
}

// unasked takes a mail of staff that is about no ticket: a word about the writer himself, or a request like anybody's. One that answers what
// a restore made us forget asks for nothing; the gate tells its writer.
func (n *Intake) unasked(ctx context.Context, a *arrival.Arrival, another bool) (*dossier.Dossier, error) {
	own, err := n.own(ctx, a)
	if err != nil {
		return nil, err
	}
	if done, err := decision.HearDesk(ctx, own, a, n.Clerk); done || err != nil {
		return own, err
	}
	if another && isForgotten(own, a) {
		return own, decision.Hear(ctx, own, a, n.Clerk)
	}
	return n.Take(ctx, a)
}
