package intake

import (
	"bytes"
	"context"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/ticket"
)

// sentOutside looks at our own folder of sent mail: whoever could put a mail there could log in. Mail that answers no ticket
// is none of our business, and what a program wrote there is nobody's answer.
func (n *Intake) sentOutside(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	t, err := n.conversation(ctx, a)
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
// it is none.
func (n *Intake) answeredOutside(ctx context.Context, t *ticket.Ticket, a *arrival.Arrival) (*dossier.Dossier, error) {
	goes, err := n.goesOn(ctx, t)
	if err != nil {
		return nil, err
	}
	f := n.take(*goes, a)
	if is, err := f.AnsweredOutside(a, t.Thread); err != nil || !is {
		return nil, err
	}
	return f, nil
}

// bodyHash is the hash of what follows the header, with line ends and the end of the text as letters have them: servers add
// header lines to a copy and may trim its end.
func bodyHash(raw []byte) ticket.Hash {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	_, body, _ := bytes.Cut(raw, []byte("\n\n"))
	body = append(bytes.TrimRight(body, "\n"), '\n')
	return ticket.Sum(bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n")))
}
