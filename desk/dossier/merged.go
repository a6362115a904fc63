package dossier

import (
	"replyby/desk/arrival"
	"replyby/desk/clock"
	"replyby/letter"
	"replyby/ticket"
)

// TellBouncedIn records that a letter of a ticket that goes on in another one came back. Those who work on that hear of it now,
// with its words for a draft.
func (f *Dossier) TellBouncedIn(other *Dossier, a *arrival.Arrival, p ticket.Posted) error {
	body := bounced(a, p)
	if err := clock.BouncedIn(other.Sheet, f.Sheet, p.Letter, body); err != nil {
		return err
	}
	if err := other.draftAgain(p.Letter, f.Approved); err != nil {
		return err
	}
	err := other.Ask(other.Reviewers(), letter.Review{Why: "bounced", Note: f.Ref() + " → " + other.Ref() + " – " + body.Reason, Request: other.T.Excerpt})
	f.Also = append(f.Also, other.Change)
	return err
}

// Keep makes a draft that somebody wrote the draft in place of one that nobody has touched.
func (f *Dossier) Keep(d ticket.Draft) error {
	if d.By == "" {
		return nil
	}
	return f.draftAgain(ticket.Letter{}, func(int) (ticket.Draft, error) { return d, nil })
}
