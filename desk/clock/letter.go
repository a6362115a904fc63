package clock

import (
	"time"

	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// Accepted records that a server has taken a letter, as its answer or a copy that came back proves, with everything that follows. The delivery
// of the body says when. Where a copy or a person was faster the letter has had its effects.
func Accepted(s *sheet.Sheet, l ticket.Letter, k kind.Kind, body ticket.Body) error {
	acted := s.T.Acted(l.ID)
	if p, _ := s.T.Letter(l.ID); p.State != posted.Sent {
		tally(s, p, body.Delivery.At)
	}
	s.Add(k, sheet.Program, body)
	if acted {
		return OweUnheard(s)
	}
	return TakeEffect(s, l)
}

// Answered records an answer that was given at an instant without a letter of ours.
func Answered(s *sheet.Sheet, at time.Time, k kind.Kind, actor string, body ticket.Body) {
	tallyElsewhere(s, at)
	s.Add(k, actor, body)
}

// Failed records that the server refused a letter for good.
func Failed(s *sheet.Sheet, l ticket.Letter, body ticket.Body) error {
	s.Add(kind.Failed, sheet.Program, body)
	if err := OweUnheard(s); err != nil {
		return err
	}
	unsolve(s, l)
	return nil
}

// Bounced records that an accepted letter came back. What it had met is open again, and what it did is taken back, unless the ticket is erased.
func Bounced(s *sheet.Sheet, l ticket.Letter, body ticket.Body) error {
	if s.T.Erased() {
		back(s, l, body)
		return nil
	}
	if err := uneffect(s, l); err != nil {
		return err
	}
	back(s, l, body)
	if err := OweUnheard(s); err != nil {
		return err
	}
	unsolve(s, l)
	return nil
}

// BouncedIn records that a letter of a ticket that goes on in another one came back. What it had met is owed there.
func BouncedIn(other, s *sheet.Sheet, l ticket.Letter, body ticket.Body) error {
	met := s.T.Duties
	back(s, l, body)
	var owed []ticket.Obligation
	for _, o := range met {
		if now, _ := s.T.Duty(o.Name); o.MetBy == l.ID && now.MetBy == "" { // else another letter answered it too
			o.MetAt, o.MetBy, o.Void = time.Time{}, "", false
			owed = append(owed, o)
		}
	}
	Inherit(other, sheet.Program, owed, ticket.Body{Link: s.T.Number, Reason: "a letter of " + s.Ref() + " came back: " + body.Reason})
	return unpledge(other, l, arrived(s.T)...)
}

// back records the report alone.
func back(s *sheet.Sheet, l ticket.Letter, body ticket.Body) {
	was := s.T.Duties
	s.Add(kind.Bounced, sheet.Program, body)
	s.Change.Done = append(s.Change.Done, l.ID) // where the report is faster than the end of the attempt
	tallyBack(s, was, l.ID)
}

// Withdraw recalls a letter that waits. What it was to say of a solution is said to nobody, so the ticket is open again; and what it would
// have answered is owed an answer.
func Withdraw(s *sheet.Sheet, who string, p ticket.Posted) error {
	s.Add(kind.Recalled, who, ticket.Body{Verb: "undo", Delivery: &ticket.Delivery{Letter: p.ID}})
	s.Change.Done = append(s.Change.Done, p.ID)
	body := ticket.Body{Verb: "undo", Reason: "the letter that said it was solved was taken back", Obligations: noNews(s, p.Letter)}
	if _, solved := p.Does(effect.Solves); solved && s.T.State == ticket.Resolved {
		s.Add(kind.Reopened, who, body)
		s.CountBy("resolved", -1)
	} else if body.Obligations != nil {
		s.Add(kind.Reclassified, who, body)
	}
	return OweUnheard(s)
}
