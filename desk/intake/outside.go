package intake

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/colleague"
	"replyby/desk/dossier"
	"replyby/desk/thread"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// sentOutside looks at our own folder of sent mail: whoever could put a mail there could log in. Mail that answers no ticket
// is none of our business, and what a program wrote there is nobody's answer.
func (n *Intake) sentOutside(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	t, err := thread.Answered(ctx, n.Files, a)
	if err != nil {
		return nil, err
	}
	if t != nil && t.Number != 0 && a.Verdict.Kind == classifier.Person {
		if f, err := n.answeredOutside(ctx, t, a); f != nil || err != nil {
			return f, err
		}
	}
	return n.own(ctx, a)
}

// answeredOutside takes a mail for an answer to a message of a ticket, and what goes with that is done where the ticket goes on. Nil where
// it is none. Who else was asked is told.
func (n *Intake) answeredOutside(ctx context.Context, t *ticket.Ticket, a *arrival.Arrival) (*dossier.Dossier, error) {
	goes, err := thread.GoesOn(ctx, n.Files, t)
	if err != nil {
		return nil, err
	}
	f := n.take(*goes, a)
	if is, err := f.AnsweredOutside(a, t.Thread); err != nil || !is {
		return nil, err
	}
	by := f.Person(a.From()) // nobody's own address where somebody wrote from the shared mailbox
	by.Name = f.Called(a.From())
	return f, colleague.Tell(ctx, f, *goes, by, n.Files)
}

// copyToUs files a mail from our own address that answers a conversation with its customer: somebody wrote it from the shared mailbox and
// copied us. It is nobody's request; that it is an answer shows its copy in our folder of sent mail alone, since anybody can write our
// address into From. Nil where the mail is something else.
func (n *Intake) copyToUs(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	if !strings.EqualFold(a.From(), n.Address) || a.Verdict.Customer.Addr != "" {
		return nil, nil
	}
	t, err := thread.Current(ctx, n.Files, a)
	if t == nil || err != nil {
		return nil, err
	}
	f := n.take(*t, a)
	if !f.ToCustomer(a) {
		return nil, nil
	}
	f.FileAs(a, "copy", "from our own address to the customer; it counts where our folder of sent mail has it")
	return f, nil
}

// unrecorded reports whether a mail in our own folder of sent mail may be an answer that only another copy was seen of, which counts for nothing.
func (n *Intake) unrecorded(ctx context.Context, known *ticket.Ticket, a *arrival.Arrival) (bool, error) {
	if a.Role != arrival.Sent || a.Mail.Header.Has(letter.MarkField) || !a.IsStaff && !strings.EqualFold(a.From(), n.Address) {
		return false, nil
	}
	t, err := thread.Current(ctx, n.Files, a)
	if t == nil || err != nil {
		return false, err
	}
	for _, number := range []uint64{t.Number, known.Number} {
		if done, err := n.recorded(ctx, number, a); done || err != nil {
			return false, err
		}
	}
	return true, nil
}

// recorded reports whether a ticket has a mail as an answer from outside, or has one that was erased since.
func (n *Intake) recorded(ctx context.Context, number uint64, a *arrival.Arrival) (bool, error) {
	for e, err := range n.Events(ctx, number, kind.AnsweredOutside) {
		if err != nil {
			return false, fmt.Errorf("look for an answer from outside: %w", err)
		}
		if e.Body.Message == nil || e.Body.Message.Seen == a.Seen {
			return true, nil
		}
	}
	return false, nil
}

// bodyHash is the hash of what follows the header, with line ends and the end of the text as letters have them: servers add
// header lines to a copy and may trim its end.
func bodyHash(raw []byte) ticket.Hash {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	_, body, _ := bytes.Cut(raw, []byte("\n\n"))
	body = append(bytes.TrimRight(body, "\n"), '\n')
	return ticket.Sum(bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n")))
}
