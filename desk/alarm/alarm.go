// Package alarm tells people what is wrong with a desk itself, not with one of its tickets.
package alarm

import (
	"time"

	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Raise records in the desk's own file what is wrong and tells team and managers. What is a word that [letter.Notice] knows, detail what
// was seen, reason what follows from it, since when it began. Whoever has had too many such mails in this hour reads of it in the digest.
func Raise(f *dossier.Dossier, what, detail, reason string, since time.Time) error {
	body := ticket.Body{Verb: what, Text: detail, Reason: reason}
	for _, p := range f.Audience([]string{"team", "managers"}) {
		may, err := f.MayAlarm(p)
		if !may {
			if err != nil {
				return err
			}
			continue
		}
		r, err := f.Letter.Notice(letter.Notice{Person: p.Reader(), What: what, Detail: detail, Since: since}, f.Stamp())
		if err != nil {
			return err
		}
		r.Urgent = true
		f.Enclose(&body, r)
	}
	f.Add(kind.Outage, sheet.Program, body)
	return nil
}
