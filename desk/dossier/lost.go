package dossier

import (
	"fmt"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/ending"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// Lost takes in the copy of a letter of ours that the log has lost. It settles the letter with the same words that is in doubt, or else
// counts as an answer from outside; false says that it does neither. raw reads the bytes of a letter.
func (f *Dossier) Lost(a *arrival.Arrival, raw func(ticket.Hash) ([]byte, error)) (bool, error) {
	for _, p := range f.T.Posted {
		if !p.Customer || p.State != posted.Unknown {
			continue
		}
		b, err := raw(p.Hash)
		if err != nil {
			return false, fmt.Errorf("read letter %s again: %w", p.ID, err)
		}
		if gist(mailparse.Parse(b)) == gist(a.Mail) {
			return true, f.Prove(a, p)
		}
	}
	f.Key(store.MessageID, a.Mail.MessageID)
	return f.answered(a, f.T.Thread, "copy of a letter of this installation, sent before its database was restored")
}

// gist is recipients, subject and text of a letter: what stays the same when it is rendered again.
func gist(m *mailparse.Message) string {
	return strings.Join(strings.Fields(fmt.Sprintln(m.To, m.Cc, m.Subject, m.Text)), " ")
}

// InDoubt is the outcome of a letter that may have been sent before the database was restored.
func InDoubt(now time.Time) ending.Ended {
	return ending.Ended{Outcome: ending.Unknown, Stage: "restart", At: now, Reply: "the database was restored from a copy: the letter may have gone before"}
}
