package decision

import (
	"context"
	"slices"

	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/gate"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// stop does of a ballot of which nothing else is done what cannot wait for its author's next mail: it takes back the letter that is to be
// stopped.
func (b *ballot) stop(ctx context.Context) error {
	b.done = nil
	if !b.Said.Stops || b.Proof != gate.Proven || b.T.Number == 0 {
		return nil
	}
	said, err := b.undo(ctx, b.TakeBack)
	if err != nil {
		return err
	}
	b.done = []letter.Deed{{Verb: string(verb.Undo), Value: said}}
	return nil
}

// stopInTime is stop, but that it is no matter where the letter has left.
func (b *ballot) stopInTime(ctx context.Context) error {
	err := b.stop(ctx)
	if _, late := err.(dossier.Refusal); late {
		return nil
	}
	return err
}

// undoFirst lets nothing that a mail says stand in the way of what it stops: a ticket goes on in another one only when no letter of it waits.
func undoFirst(said []reply.Command) []reply.Command {
	i := slices.IndexFunc(said, func(c reply.Command) bool { return c.Verb == verb.Undo })
	if i < 0 {
		return said
	}
	return slices.Concat(said[i:i+1], said[:i], said[i+1:])
}

// undo takes back a decided letter while it waits, and those that were decided with it.
func (b *ballot) undo(ctx context.Context, takeBack withdrawal) (string, error) {
	if b.T.Notice.Asks {
		return b.recallNotice(ctx)
	}
	p, ok := b.meant(posted.Queued)
	if !ok {
		return "", refuse("nothing_to_undo", "")
	}
	others, err := b.round().Recall(ctx, p)
	if err != nil {
		return "", err
	}
	if err := takeBack(b.Staff.Address(), p); err != nil { // behind the others, which are found by its letter
		return "", err
	}
	for _, f := range others {
		b.alongside(f)
		b.Others = append(b.Others, letter.Fellow{Ticket: f.T, Left: "recalled"})
	}
	return "", nil
}

// withdrawal is how a letter is taken back.
type withdrawal func(who string, p ticket.Posted) error

// withdrawal makes what the letter says the draft again, unless what goes in its place stands in the same mail.
func (b *ballot) withdrawal() withdrawal {
	if !b.replaces() {
		return b.TakeBack
	}
	return func(who string, p ticket.Posted) error { return clock.Withdraw(b.Sheet, who, p) }
}

// bringBack shows the draft that a letter taken back is again, with what the ballot says in place of its own, unless the words have gone elsewhere.
func (b *ballot) bringBack(ctx context.Context) error {
	if len(b.T.Draft.With) > 0 { // a correction that somebody is proposing meanwhile
		return b.proposeCorrection(ctx)
	}
	said := b.Said
	if b.asks(verb.Note) || b.asks(verb.Posted) {
		said.Words = ""
	}
	d := b.draftCase().With(said, b.Staff)
	if err := b.promises(d); err != nil {
		return err
	}
	return b.Redraft(b.Staff, d, b.review("status"), b.Auth.Evidence)
}

// restores reports whether the ballot took a letter back, whose words are the draft again, and asks for no other.
func (b *ballot) restores() bool {
	return b.asks(verb.Undo) && !b.replaces() && !b.T.Notice.Asks && b.T.State != ticket.Closed
}

// replaces reports whether the ballot says what goes in place of a letter that it takes back. A date alone is for the words of that letter.
func (b *ballot) replaces() bool {
	return slices.ContainsFunc(b.Said.Commands, func(c reply.Command) bool {
		date := c.Verb == verb.ETA || c.Verb == verb.NoETA
		return c.Verb.Writes() && (b.Said.Words != "" || !date)
	})
}
