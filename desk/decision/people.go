package decision

import (
	"context"
	"strings"

	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/gate"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/mailparse/fresh"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// take makes the ticket the person's own.
func (b *ballot) take() {
	who := b.Staff.Address()
	b.Add(kind.Assigned, who, ticket.Body{Verb: "take", Person: who})
}

// assign hands the ticket to a colleague, who is asked from now on and so gets a mail with a token of his own, once all is done that the ballot
// says: what changes the draft would make that token void.
func (b *ballot) assign(name string) error {
	found := b.Named(name)
	switch {
	case found == nil:
		return refuse("nobody", name)
	case len(found) > 1:
		return refuse("several", charter.Listed(found))
	}
	p := found[0]
	if p.Address() == b.Staff.Address() {
		b.take()
		return nil
	}
	b.Add(kind.Assigned, b.Staff.Address(), ticket.Body{Verb: "assign", Person: p.Address()})
	b.heir = &p
	return nil
}

// absent records that the person is away; it ends by itself. It is about the desk, whatever ticket the mail is about.
func (b *ballot) absent(ctx context.Context, c reply.Command) error {
	own, err := b.ownFile(ctx)
	if err != nil {
		return err
	}
	own.Absent(b.Staff.Address(), b.Staff, c.At, "said so")
	b.alongside(own)
	return nil
}

// ownFile is the desk's own file: the one in hand where the ballot is about no ticket.
func (b *ballot) ownFile(ctx context.Context) (*dossier.Dossier, error) {
	if b.T.Number == 0 {
		return b.Dossier, nil
	}
	return b.clerk.Load(ctx, 0, b.Dossier.Now, b.Cause())
}

// alongside commits what was done to another ticket with the ballot.
func (b *ballot) alongside(other *dossier.Dossier) {
	if other != b.Dossier {
		b.Also = append(append(b.Also, other.Change), other.Also...)
	}
}

// introduce takes in the one answer that every person is asked for: what proves his mail, and the signature below it.
func (b *ballot) introduce() letter.Deed {
	body := ticket.Body{Person: b.Staff.Address(), Text: fresh.Learnt(b.Text.Text, b.Text.Signature), Message: b.Message()}
	body.Message.Text = ""
	deed := letter.Deed{Verb: "hello_unproven"}
	if b.Proof == gate.Proven {
		deed = letter.Deed{Verb: "hello_unsigned"}
		if first, _, _ := strings.Cut(body.Text, "\n"); first != "" {
			deed = letter.Deed{Verb: "hello", Value: first}
		}
		body.Auth = b.Auth.Evidence
	}
	if b.Role == arrival.Junk || saysJunk(b.Said) {
		body.Verb = "junk"
	}
	b.Add(kind.Introduced, b.Staff.Address(), body)
	return deed
}

// saysJunk reports whether the person found our mail in his junk folder: the answer begins with that word.
func saysJunk(said reply.Reply) bool {
	return len(said.Commands) > 0 && said.Commands[0].Verb == verb.Spam
}
