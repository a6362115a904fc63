// Package clock starts, stops and moves the clocks of a ticket in hand: what its customer is owed, what a letter to him does once its fate is
// known, and what that means for the figures.
//
// It writes to nobody and knows no mail: whoever is to hear of a step is told by package dossier.
package clock

import (
	"strings"
	"time"

	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
)

// OweReply starts the clock of the oldest customer message no person has answered. While the acknowledgement runs it is that clock.
func OweReply(s *sheet.Sheet, from time.Time) error {
	for _, name := range []duty.Name{duty.Ack, duty.NextReply} {
		if o, ok := s.T.Duty(name); ok && o.Running() {
			return nil
		}
	}
	names := []duty.Name{duty.NextReply}
	if _, ever := s.T.Duty(duty.Ack); !ever { // the first request of a ticket that began otherwise
		names = s.Terms().FirstDuties()
	}
	owed, err := s.Terms().Owed(names, from)
	if err != nil {
		return err
	}
	s.Add(kind.Classified, sheet.Program, ticket.Body{Obligations: owed})
	return nil
}

// OweUnheard starts the clock of a message that came while a letter decided before it was on its way: that letter stopped the
// clocks that ran, and it does not answer what its author had not read. A call alone starts none.
func OweUnheard(s *sheet.Sheet) error {
	if s.T.UnheardAt.IsZero() || s.T.State == ticket.Closed || len(s.T.Duties) == 0 {
		return nil
	}
	return OweReply(s, s.T.UnheardAt)
}

// Meets lists the obligations that a letter of this kind meets when a server accepts it.
func Meets(template string) []duty.Name {
	met := []duty.Name{duty.Ack, duty.NextReply, duty.NextUpdate}
	switch {
	case strings.HasPrefix(template, "resolved"):
		return append(met, duty.ETA, duty.Fix, duty.ResolutionNotice)
	case template == "refund": // the way out that the contract leaves where nothing was corrected
		return append(met, duty.Fix)
	}
	return met
}

// Inherit takes over the running clocks of a ticket that is merged into this one.
func Inherit(s *sheet.Sheet, by string, duties []ticket.Obligation, body ticket.Body) {
	body.Obligations = s.Terms().Inherited(duties)
	s.Add(kind.Linked, by, body)
}

// Reopen takes the ticket up again. With revive the clocks that its closing stopped run on, from the request, by the rules that hold now: no
// start has computed them anew while it was closed.
func Reopen(s *sheet.Sheet, by string, body ticket.Body, revive bool) error {
	if revive {
		body.Obligations = s.Terms().Revived()
	}
	s.Add(kind.Reopened, by, body)
	if len(body.Obligations) == 0 {
		return nil
	}
	return Retime(s)
}

// Solve records that the problem is solved. Where the contract owes a notice of that ("ed alla definitiva risoluzione del problema"), its
// clock runs until the letter is accepted, and again if it comes back.
func Solve(s *sheet.Sheet, by string, body ticket.Body) error {
	if s.Terms().Contract().ResolutionNotice != nil {
		o, err := s.Terms().Oblige(duty.ResolutionNotice, s.Now)
		if err != nil {
			return err
		}
		body.Obligations = []ticket.Obligation{o}
	}
	s.Add(kind.Resolved, by, body)
	s.Count("resolved")
	return nil
}
