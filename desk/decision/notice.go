package decision

import (
	"context"
	"slices"
	"strconv"

	"replyby/desk/notice"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/ticket"
)

// fitsNotice reports whether a ballot about a notice to many asks for nothing that only one customer can be given. Its text is for readers of
// several languages, so words of one's own have no place in it.
func (b *ballot) fitsNotice() bool {
	fit := []verb.Verb{verb.OK, verb.Note, verb.Take, verb.Assign, verb.Close, verb.Spam, verb.Reopen, verb.Undo, verb.Status, verb.Help, verb.Absent}
	for _, c := range b.Said.Commands {
		if !slices.Contains(fit, c.Verb) || c.Verb == verb.OK && c.Args != "" {
			return false
		}
	}
	_, noted := b.Said.Has(verb.Note)
	return len(b.Said.Commands) > 0 && (b.Said.Words == "" || noted && !b.Said.Writes())
}

// announce carries out the approval of a notice: a letter to each of the customers the person was shown.
func (b *ballot) announce(ctx context.Context, done []letter.Deed) error {
	body := ticket.Body{Verb: b.Said.Verbs(), Auth: b.Auth.Evidence, Message: b.Message()}
	body.Message.Text = ""
	n, last, err := b.board().Announce(ctx, b.Dossier, b.Staff, body)
	if err != nil || n == 0 && b.T.Decided < b.T.Draft.Version {
		return err // or another text than he saw, which he is asked about
	}
	b.Count("announced")
	done = slices.DeleteFunc(done, func(d letter.Deed) bool { return d.Verb == string(verb.OK) })
	return b.Dossier.Receipt(b.Staff, nil, append(done, letter.Deed{Verb: "announced", Value: strconv.Itoa(n), At: last}))
}

// recallNotice takes back what has not left of a notice.
func (b *ballot) recallNotice(ctx context.Context) (string, error) {
	n, err := b.board().Recall(ctx, b.Dossier, b.Staff)
	if err == nil && n == 0 {
		err = refuse("nothing_to_undo", "")
	}
	return strconv.Itoa(n), err
}

func (b *ballot) board() notice.Board { return notice.Board{Files: b.clerk.Files} }
