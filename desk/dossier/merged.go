package dossier

import (
	"time"

	"replyby/desk/arrival"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Inherit takes over the running clocks of a ticket that is merged into this one.
func (f *Dossier) Inherit(by string, duties []ticket.Obligation, body ticket.Body) {
	body.Obligations = f.Terms().Inherited(duties)
	f.Add(kind.Linked, by, body)
}

// TellBouncedIn records that a letter of a ticket that goes on in another one came back. What it had met is owed there, and those who work
// on that hear of it now.
func (f *Dossier) TellBouncedIn(other *Dossier, a *arrival.Arrival, p ticket.Posted) error {
	met := f.T.Duties
	reason := a.Failure()
	f.addBounced(a, p, reason)
	var owed []ticket.Obligation
	for _, o := range met {
		if now, _ := f.T.Duty(o.Name); o.MetBy == p.ID && now.MetBy == "" { // else another letter answered it too
			o.MetAt, o.MetBy, o.Void = time.Time{}, "", false
			owed = append(owed, o)
		}
	}
	other.Inherit(Program, owed, ticket.Body{Link: f.T.Number, Reason: "a letter of " + f.Ref() + " came back: " + reason})
	if err := other.unpledge(p.Letter, arrived(f.T)...); err != nil {
		return err
	}
	err := other.Ask(other.Reviewers(), letter.Review{Why: "bounced", Note: f.Ref() + " → " + other.Ref() + " – " + reason, Request: other.T.Excerpt})
	f.Also = append(f.Also, other.Change)
	return err
}
