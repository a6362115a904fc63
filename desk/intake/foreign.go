package intake

import (
	"context"
	"regexp"
	"strings"
	"time"

	"replyby/desk/alarm"
	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/desk/thread"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/store"
)

// Two installations that work one mailbox would both ask staff and both answer customers. Each knows its own letters by the identity of
// its store. What another one wrote, or staff wrote to another one, ends the sending of letters to customers here until a person says
// whose mailbox it is.

// foreignLetter looks at a letter that another installation wrote in the name of our address. Whoever puts mail into our folder of sent
// mail could log in; elsewhere the field is something that anybody can write, so the mail must be shown to come from our address, or,
// where nothing shows that of any mail, belong to a conversation that only the two sides know.
func (n *Intake) foreignLetter(ctx context.Context, a *arrival.Arrival, instance string) (*dossier.Dossier, error) {
	if a.Role != arrival.Sent && !strings.EqualFold(a.From(), n.Address) {
		return nil, nil
	}
	believed := a.Role == arrival.Sent || a.Proven()
	if !believed && a.Auth.Outcome != arrival.Fail {
		t, err := thread.Answered(ctx, n.Files, a)
		if err != nil {
			return nil, err
		}
		believed = t != nil && t.Number != 0
	}
	return n.fileForeign(ctx, a, "a letter of another installation ("+arrival.Clip(instance, 40)+") on our address: only one may work a mailbox", believed)
}

// inOurName reports whether a mail may come to be looked at by foreignLetter, for which it matters who wrote it.
func (n *Intake) inOurName(ctx context.Context, a *arrival.Arrival) bool {
	instance, id, ok := strings.Cut(a.Mail.Header.Get(letter.MarkField), "/")
	if !ok || a.Role == arrival.Sent || !strings.EqualFold(a.From(), n.Address) {
		return false
	}
	if instance != n.Store.ID() {
		return true
	}
	known, err := n.anywhere(ctx, store.Key{Kind: store.LetterID, Value: id})
	return !known && err == nil // what cannot be read is found out by the decision
}

// unknownLetter looks at a letter with the mark of this very database that its log does not know. One from before a restore was forgotten,
// and is nobody's request even where it belongs to no ticket; any other shows a copy of the database at work elsewhere.
func (n *Intake) unknownLetter(ctx context.Context, a *arrival.Arrival, id string) (*dossier.Dossier, error) {
	if !strings.EqualFold(a.From(), n.Address) {
		return nil, nil
	}
	if n.Doubt {
		if f, err := n.lostLetter(ctx, a); f != nil || err != nil || a.Role == arrival.Sent {
			return f, err
		}
		f, err := n.own(ctx, a)
		if err == nil {
			f.FileAs(a, "lost", "a letter of ours from before the restore, of a ticket that is forgotten")
		}
		return f, err
	}
	if known, err := n.anywhere(ctx, store.Key{Kind: store.LetterID, Value: id}); known || err != nil {
		return nil, err
	}
	return n.foreignLetter(ctx, a, "a copy of this database")
}

// anywhere reports whether any of our desks has one of these keys.
func (n *Intake) anywhere(ctx context.Context, keys ...store.Key) (bool, error) {
	for _, desk := range append([]string{n.Name}, n.Sisters...) {
		for _, k := range keys {
			found, err := n.Store.Find(ctx, store.Query{Desk: desk, Key: k, Limit: 1})
			if len(found) > 0 || err != nil {
				return true, err
			}
		}
	}
	return false, nil
}

// fileForeign sets aside a mail that shows another installation at work, and raises the alarm once. What came before this desk began, or
// before a person last said that the mailbox is ours alone, is no news.
func (n *Intake) fileForeign(ctx context.Context, a *arrival.Arrival, why string, believed bool) (*dossier.Dossier, error) {
	f, err := n.own(ctx, a)
	if err != nil {
		return nil, err
	}
	known := f.T.CreatedAt
	if f.T.ClaimedAt.After(known) {
		known = f.T.ClaimedAt
	}
	f.FileAs(a, "foreign", why)
	f.Count("foreign")
	if !believed || f.T.Foreign != "" || !known.IsZero() && a.Internal.Before(known.Truncate(time.Second)) {
		return f, nil
	}
	return f, alarm.Raise(f, "foreign", why, "nothing is sent to customers until a person claims the mailbox", a.Internal)
}

// forgotten is how long after a restore people may still answer mails of ours that the log has lost.
const forgotten = 24 * time.Hour

// isForgotten reports whether a mail may answer what was written before a restore.
func isForgotten(own *dossier.Dossier, a *arrival.Arrival) bool {
	back := own.T.RestoredAt
	return !back.IsZero() && a.Internal.Before(back.Add(forgotten))
}

// ourID is the form of the Message-IDs that this program writes.
var ourID = regexp.MustCompile(`^rb\.[a-z2-7]{26}@`)

// forAnother reports whether a mail of staff answers a letter of this program which none of our desks wrote, with a token that none of them
// gave.
func (n *Intake) forAnother(ctx context.Context, a *arrival.Arrival) (bool, error) {
	code := token.InSubject(a.Mail.Subject)
	if code == "" {
		return false, nil
	}
	keys := []store.Key{{Kind: store.TokenHash, Value: token.Hash(code).String()}}
	_, domain, _ := strings.Cut(n.Address, "@")
	for _, id := range a.Mail.InReplyTo {
		if ourID.MatchString(id) && strings.HasSuffix(strings.ToLower(id), "@"+strings.ToLower(domain)) {
			keys = append(keys, store.Key{Kind: store.MessageID, Value: id})
		}
	}
	if len(keys) == 1 {
		return false, nil
	}
	known, err := n.anywhere(ctx, keys...)
	return !known, err
}

// toAnother files such a mail. Its writer is not told that his word was refused: the installation he answered heard it. Where nothing
// proves the writer, and no alarm stands, it may be anybody's mail, and nil leaves it to the gate.
func (n *Intake) toAnother(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	own, err := n.own(ctx, a)
	if err != nil || !a.Proven() && own.T.Foreign == "" {
		return nil, err
	}
	if isForgotten(own, a) {
		return nil, nil // its writer is told
	}
	return n.fileForeign(ctx, a, "an answer to a letter of another installation on our address: only one may work a mailbox", a.Proven())
}
