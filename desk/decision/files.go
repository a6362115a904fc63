package decision

import (
	"context"
	"fmt"

	"replyby/desk/enclosure"
	"replyby/desk/reply/verb"
	"replyby/letter/enclosed"
	"replyby/ticket"
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
	b.again = without(b.files, "again")
	return nil
}

// enclose takes the files of the mail along with the letter that it is about. What does not go is told.
func (b *ballot) enclose() error {
	if len(b.files)+len(b.Dropped) == 0 {
		return nil
	}
	if why := b.letterless(); why != "" {
		b.Dropped = without(b.files, why) // logos concern nobody there
		b.files = nil
	}
	return fits(enclosure.Size(b.finished().Files), enclosure.Most)
}

// without tells of files that go nowhere.
func without(files []ticket.Enclosed, why string) (told []enclosed.Dropped) {
	for _, f := range files {
		told = append(told, enclosed.Dropped{Name: f.Name, Why: why})
	}
	return told
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
