package decision

import (
	"context"

	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/gate"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/letter/beside"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// stop does of a ballot of which nothing else is done what cannot wait for its author's next mail: it takes back the letter that is to be
// stopped, though the mail was written to somebody else. Where that one has left there is nothing to do.
func (b *ballot) stop(ctx context.Context) error {
	b.done = nil
	if !b.Said.Stops || b.Proof != gate.Proven && b.Astray == "" || b.T.Number == 0 {
		return nil
	}
	said, err := b.undo(ctx, false)
	if _, late := err.(dossier.Refusal); late {
		return nil
	}
	b.done = []letter.Deed{{Verb: string(verb.Undo), Value: said}}
	return err
}

// undo takes back a decided letter while it waits, and those that were decided with it. What it says is the draft again, unless it is replaced.
func (b *ballot) undo(ctx context.Context, replaced bool) (string, error) {
	if b.T.Notice.Asks {
		return b.recallNotice(ctx)
	}
	p, ok := b.Meant(posted.Queued, b.Token.Letter)
	switch {
	case !ok && b.T.State == ticket.Closed && b.Token.Letter == "":
		return "", b.closed() // that is what is to be taken back
	case !ok:
		return "", refuse("nothing_to_undo", "")
	}
	others, err := b.round().Recall(ctx, p)
	if err != nil {
		return "", err
	}
	var with []ticket.Bound // to nothing yet: no letter goes before the list is shown
	for _, f := range others {
		with = append(with, ticket.Bound{Ticket: f.T.Number})
	}
	if replaced { // behind the others, which are found by its letter
		err = clock.Withdraw(b.Sheet, b.Staff.Address(), p)
		if err == nil && !b.Said.Asks(verb.Detach) {
			b.files, err = b.FilesOf(p, b.files)
		}
	} else {
		err = b.TakeBack(b.Staff.Address(), p, with...)
	}
	if err != nil {
		return "", err
	}
	b.stopped = others
	for _, f := range others {
		b.alongside(f)
		b.Others = append(b.Others, beside.Fellow{Ticket: f.T, Left: "recalled"})
	}
	return "", nil
}

// bringBack shows the draft that a letter taken back, or a ticket opened again, has, with what the ballot says in place of its own, unless the
// words have gone elsewhere.
func (b *ballot) bringBack(ctx context.Context) error {
	if b.corrects() { // that was taken back, or that somebody is proposing meanwhile
		return b.proposeCorrection(ctx)
	}
	return b.lay("status")
}

// restores reports whether the ballot took a letter back, whose words are the draft again, and asks for no other.
func (b *ballot) restores() bool {
	return b.Said.Asks(verb.Undo) && !b.Said.Replaces() && !b.T.Notice.Asks && b.T.State != ticket.Closed
}
