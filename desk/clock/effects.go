package clock

import (
	"fmt"
	"slices"
	"time"

	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
)

// TakeEffect does to the ticket what the acceptance of a letter does, in the name of the person who decided it. A message that came
// while the letter was on its way is never buried by that: its clock runs, and a ticket closed over it is open again. A letter whose proof
// comes after that of one decided later is not the last word, and does nothing.
func TakeEffect(s *sheet.Sheet, l ticket.Letter) error {
	if newer, ok := s.T.Overtaken(l); ok {
		if len(l.Then) > 0 {
			s.Add(kind.Noted, sheet.Program, ticket.Body{Delivery: &ticket.Delivery{Letter: l.ID}, Reason: fmt.Sprintf("nothing follows from letter %s: letter %s, decided later, was there before it", l.ID, newer.ID)})
		}
		return OweUnheard(s)
	}
	unheard, wasClosed := s.T.UnheardAt, s.T.State == ticket.Closed
	for _, x := range l.Then {
		if err := takeEffect(s, x, l, unheard); err != nil {
			return err
		}
	}
	if s.T.State == ticket.Closed && !wasClosed && !unheard.IsZero() {
		_, closes := l.Does(effect.Closes) // and does not end what is owed, as a refusal or a refund does
		if err := Reopen(s, sheet.Program, ticket.Body{Reason: "the customer wrote before the letter arrived"}, closes); err != nil {
			return err
		}
		return OweReply(s, unheard)
	}
	return OweUnheard(s)
}

func takeEffect(s *sheet.Sheet, x effect.Effect, l ticket.Letter, unheard time.Time) error {
	what, argument := x.Cut()
	body := ticket.Body{Verb: string(what), Text: argument, Delivery: &ticket.Delivery{Letter: l.ID}}
	switch {
	case what == effect.Waits && unheard.IsZero():
		s.Add(kind.Waiting, l.By, body)
	case what == effect.Refuses:
		s.Add(kind.Refused, l.By, body)
	case what == effect.Refunds && (s.T.RefundedAt.IsZero() || s.T.State != ticket.Closed): // again where the first letter came back
		s.Add(kind.Refunded, l.By, body)
	case what == effect.Closes:
		s.Add(kind.Closed, l.By, body)
	case promises()[what] != "" && s.T.State != ticket.Resolved && s.T.State != ticket.Closed:
		at, err := time.Parse(time.RFC3339, argument)
		if err != nil {
			return nil // cannot happen: no release ever wrote another effect
		}
		o, err := s.Terms().Oblige(promises()[what], at)
		if err != nil {
			return err
		}
		body.Obligations = []ticket.Obligation{o}
		s.Add(kind.Promised, l.By, body)
		if s.T.Assignee == "" { // his word is his to keep
			s.Add(kind.Assigned, l.By, ticket.Body{Verb: string(what), Person: l.By, Delivery: body.Delivery})
		}
	}
	return nil
}

// promises are the obligations that a letter sets by its word.
func promises() map[effect.Effect]duty.Name {
	return map[effect.Effect]duty.Name{effect.Pledges: duty.ETA, effect.Updates: duty.NextUpdate}
}

// uneffect takes back what a letter did that has come back. A ticket that it closed is open again, for nobody has been told, and what closing
// had made void is owed again: unless a letter decided after it has told it as well, or a person has closed the ticket since.
func uneffect(s *sheet.Sheet, l ticket.Letter) error {
	i := slices.IndexFunc(s.T.Posted, func(p ticket.Posted) bool { return p.ID == l.ID })
	told := slices.ContainsFunc(s.T.Posted[i+1:], func(p ticket.Posted) bool { return closes(p.Letter) && s.T.Acted(p.ID) })
	if !closes(l) || told || s.T.State == ticket.Closed && s.T.ClosedBy != l.ID {
		return unpledge(s, l)
	}
	reason := "the letter that closed it has come back"
	if s.T.State == ticket.Closed {
		if err := Reopen(s, sheet.Program, ticket.Body{Reason: reason}, true); err != nil {
			return err
		}
	} else if owed := s.Terms().Revived(); len(owed) > 0 { // the customer had opened it before
		s.Add(kind.Reclassified, sheet.Program, ticket.Body{Obligations: owed, Reason: reason})
		if err := Retime(s); err != nil {
			return err
		}
	}
	return unpledge(s, l)
}

// unpledge takes back what a letter promised that has come back. What the latest letter that the customer has promises holds again, if there is
// one; moved are letters that he has of a ticket that goes on in this one.
func unpledge(s *sheet.Sheet, l ticket.Letter, moved ...ticket.Posted) error {
	for _, word := range []effect.Effect{effect.Pledges, effect.Updates} {
		if err := unword(s, word, l, moved); err != nil {
			return err
		}
	}
	return nil
}

func unword(s *sheet.Sheet, word effect.Effect, l ticket.Letter, moved []ticket.Posted) error {
	at, pledged := promised(word, l)
	owed, _ := s.T.Duty(promises()[word])
	if !pledged || !owed.Running() || !owed.From.Equal(at) {
		return nil
	}
	body := ticket.Body{Reason: "the letter that promised " + at.UTC().Format(time.RFC3339) + " has come back"}
	owed.Void = true
	for _, p := range slices.Backward(slices.Concat(moved, arrived(s.T))) {
		was, pledged := promised(word, p.Letter)
		if p.ID == l.ID || !pledged && word != effect.Updates {
			continue
		}
		if !pledged { // any letter is the news that one before it promised
			break
		}
		if was.Equal(at) {
			return nil // another letter, which he has, promises the same
		}
		var err error
		if owed, err = s.Terms().Oblige(promises()[word], was); err != nil {
			return err
		}
		body.Delivery = &ticket.Delivery{Letter: p.ID}
		break
	}
	body.Obligations = []ticket.Obligation{owed}
	s.Add(kind.Reclassified, sheet.Program, body)
	return nil
}

// arrived lists the letters of a ticket that the customer has, as they were decided.
func arrived(t ticket.Ticket) []ticket.Posted {
	return slices.DeleteFunc(slices.Clone(t.Posted), func(p ticket.Posted) bool { return !t.Acted(p.ID) })
}

// promised returns the instant that a letter promises, if it does.
func promised(word effect.Effect, l ticket.Letter) (time.Time, bool) {
	s, pledged := l.Does(word)
	at, err := time.Parse(time.RFC3339, s)
	return at, pledged && err == nil
}

// unsolve reopens a ticket whose resolution notice reached nobody, unless a running clock keeps it open anyway.
func unsolve(s *sheet.Sheet, l ticket.Letter) {
	_, solved := l.Does(effect.Solves)
	told := slices.ContainsFunc(s.T.Posted, func(p ticket.Posted) bool {
		_, solved := p.Does(effect.Solves)
		return solved && p.ID != l.ID && s.T.Acted(p.ID)
	})
	if solved && !told && s.T.State == ticket.Resolved && !s.T.IsOpen() {
		s.Add(kind.Reopened, sheet.Program, ticket.Body{Reason: "the letter that said it was solved has reached nobody"})
		s.CountBy("resolved", -1)
	}
	p, _ := s.T.Letter(l.ID)
	if notice := noNews(s, l); notice != nil && s.T.State != ticket.Resolved && s.T.CustomerAt.After(p.DecidedAt) {
		s.Add(kind.Reclassified, sheet.Program, ticket.Body{Obligations: notice, Reason: "no news of a solution is owed to a customer who has written that it is none"})
	}
}

// noNews is the clock of the news that a letter was to tell, of a solution, as it is when there is no such news; nil where none runs, or
// another letter will tell it.
func noNews(s *sheet.Sheet, l ticket.Letter) []ticket.Obligation {
	notice, _ := s.T.Duty(duty.ResolutionNotice)
	_, solved := l.Does(effect.Solves)
	another := slices.ContainsFunc(s.T.Posted, func(p ticket.Posted) bool {
		_, solved := p.Does(effect.Solves)
		return solved && p.ID != l.ID && p.State.MayArrive()
	})
	if !solved || another || !notice.Running() && !notice.Shut || notice.Name == "" {
		return nil
	}
	notice.Void, notice.Shut = true, false
	return []ticket.Obligation{notice}
}

func closes(l ticket.Letter) bool {
	return slices.ContainsFunc(l.Then, func(x effect.Effect) bool {
		what, _ := x.Cut()
		return what == effect.Refuses || what == effect.Refunds || what == effect.Closes
	})
}
