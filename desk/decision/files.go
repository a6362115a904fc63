package decision

import (
	"context"
	"fmt"

	"replyby/desk/enclosure"
	"replyby/desk/reply/verb"
	"replyby/letter/enclosed"
)

// enclose takes the files of the mail along with the letter that it is about. What does not go is told.
func (b *ballot) enclose(ctx context.Context) error {
	if b.T.Number == 0 || len(b.Body.Attachments) == 0 {
		return nil
	}
	theirs, err := b.clerk.Sent(ctx, b.T.Number)
	if err != nil {
		return err
	}
	b.files, b.Dropped = enclosure.Of(b.Body, b.Kept.Hash, theirs)
	if why := b.letterless(); why != "" {
		b.Dropped = nil // logos concern nobody there
		for _, f := range b.files {
			b.Dropped = append(b.Dropped, enclosed.Dropped{Name: f.Name, Why: why})
		}
		b.files = nil
	}
	return fits(enclosure.Size(b.finished().Files), enclosure.Most)
}

// fits refuses files that are too large for mail.
func fits(size, most int) error {
	if size > most {
		return refuse("files_large", fmt.Sprintf("%.1f/%d MB", float64(size)/(1<<20), most>>20))
	}
	return nil
}

// letterless is why the files of the mail go with no letter, "" if they do.
func (b *ballot) letterless() string {
	switch {
	case b.T.Notice.Asks:
		return "several"
	case b.Said.Asks(verb.Resend), b.Said.Noted():
		return "unused"
	case len(b.Said.Commands) == 0, b.Said.Writes(), b.Said.Drafts(), b.restores(), b.Said.OpenToDoubt(), b.Said.Asks(verb.Customer):
		return ""
	}
	return "unused"
}
