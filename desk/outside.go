package desk

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// outside recognises an answer that a person wrote to the customer without us: authentic, with the customer of the ticket among its
// recipients, answering a message of the conversation. It needs no token because it only stops a clock; the draft somebody
// may be working on is withdrawn, so that the customer does not get two answers.
func (f *dossier) outside(_ context.Context, a *arrival) (bool, error) {
	if !a.proven() && a.role != "sent" || !f.toCustomer(a) || !f.answersCustomer(a) {
		return false, nil
	}
	f.add(kind.AnsweredOutside, a.from(), ticket.Body{Message: a.message(), Auth: orElse(a.Auth.Evidence, "in our own folder of sent mail")})
	f.count("outside")
	f.openDraft()
	return true, nil
}

func (f *dossier) toCustomer(a *arrival) bool {
	return slices.ContainsFunc(slices.Concat(a.m.To, a.m.Cc), func(to mailparse.Address) bool { return strings.EqualFold(to.Addr, f.t.Customer.Addr) })
}

// answersCustomer says whether a mail names a message of the conversation with the customer.
func (f *dossier) answersCustomer(a *arrival) bool {
	return slices.ContainsFunc(slices.Concat(a.m.InReplyTo, a.m.References), func(id string) bool { return slices.Contains(f.t.Thread, id) })
}

// sentOutside looks at our own folder of sent mail: whoever could put a mail there could log in. Mail that answers no ticket
// is none of our business.
func (d *Desk) sentOutside(ctx context.Context, a *arrival) (*dossier, error) {
	t, err := d.conversation(ctx, a)
	if err != nil {
		return nil, err
	}
	if t != nil && t.Number != 0 {
		f := d.dossier(ticket.Ticket(*t), a.now, a.cause())
		if answered, err := f.outside(ctx, a); answered || err != nil {
			return f, err
		}
	}
	return d.open(ctx, 0, a.now, a.cause())
}

// bodyHash is the hash of what follows the header, with line ends and the end of the text as letters have them: servers add
// header lines to a copy and may trim its end.
func bodyHash(raw []byte) ticket.Hash {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	_, body, _ := bytes.Cut(raw, []byte("\n\n"))
	body = append(bytes.TrimRight(body, "\n"), '\n')
	return ticket.Sum(bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n")))
}
