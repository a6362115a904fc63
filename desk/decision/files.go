package decision

import (
	"context"

	"replyby/desk/enclosure"
	"replyby/desk/gate"
)

// gather looks which files of the mail may go with a letter.
func (b *ballot) gather(ctx context.Context) error {
	if b.T.Number == 0 || b.T.Erased() || len(b.Body.Attachments) == 0 {
		return nil
	}
	theirs, err := b.clerk.Sent(ctx, b.T.Number)
	if err != nil {
		return err
	}
	b.files, b.Dropped = enclosure.Of(b.Body, b.Kept.Hash, theirs)
	b.again = enclosure.Without(b.files, "again")
	if b.T.Notice.Asks { // logos concern nobody there
		b.again = enclosure.Without(b.files, "several")
		b.files, b.Dropped = nil, b.again
	}
	return nil
}

// enclose takes the files of the mail along with the letter that it is about. What does not go is told. Where nothing proves the sender none is
// taken but with a confirmation: a person is shown the name of a file, not what is in it.
func (b *ballot) enclose() error {
	if len(b.files)+len(b.Dropped) == 0 {
		return nil
	}
	switch {
	case !b.T.Notice.Asks && !b.Said.AboutLetter(): // nor where no letter goes
		b.files, b.Dropped = nil, enclosure.Without(b.files, "unused")
	case b.Proof < gate.Confirmed:
		b.files, b.Dropped = nil, append(enclosure.Without(b.files, "unproven"), b.Dropped...)
	}
	return b.Fits(b.finished().Files, 1)
}
