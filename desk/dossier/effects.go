package dossier

import (
	"fmt"
	"slices"
	"time"

	"replyby/sla"
	"replyby/ticket"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
)

// TakeEffect does to the ticket what the acceptance of a letter does, in the name of the person who decided it. A message that came
// while the letter was on its way is never buried by that: its clock runs, and a ticket closed over it is open again. A letter whose proof
// comes after that of one decided later is not the last word, and does nothing.
func (f *Dossier) TakeEffect(l ticket.Letter) error {
	if newer, ok := f.T.Overtaken(l); ok {
		if len(l.Then) > 0 {
			f.Add(kind.Noted, Program, ticket.Body{Delivery: &ticket.Delivery{Letter: l.ID}, Reason: fmt.Sprintf("nothing follows from letter %s: letter %s, decided later, was there before it", l.ID, newer.ID)})
		}
		return f.oweUnheard()
	}
	unheard, wasClosed := f.T.UnheardAt, f.T.State == ticket.Closed
	for _, x := range l.Then {
		if err := f.takeEffect(x, l, unheard); err != nil {
			return err
		}
	}
	if f.T.State == ticket.Closed && !wasClosed && !unheard.IsZero() {
		_, closes := l.Does(effect.Closes) // and does not end what is owed, as a refusal or a refund does
		if err := f.Reopen(Program, ticket.Body{Reason: "the customer wrote before the letter arrived"}, closes); err != nil {
			return err
		}
		return f.oweReply(unheard)
	}
	return f.oweUnheard()
}

func (f *Dossier) takeEffect(x effect.Effect, l ticket.Letter, unheard time.Time) error {
	what, argument := x.Cut()
	body := ticket.Body{Verb: string(what), Text: argument, Delivery: &ticket.Delivery{Letter: l.ID}}
	switch {
	case what == effect.Waits && unheard.IsZero():
		f.Add(kind.Waiting, l.By, body)
	case what == effect.Refuses:
		f.Add(kind.Refused, l.By, body)
	case what == effect.Refunds && (f.T.RefundedAt.IsZero() || f.T.State != ticket.Closed): // again where the first letter came back
		f.Add(kind.Refunded, l.By, body)
	case what == effect.Closes:
		f.Add(kind.Closed, l.By, body)
	case what == effect.Pledges && f.T.State != ticket.Resolved && f.T.State != ticket.Closed:
		at, err := time.Parse(time.RFC3339, argument)
		if err != nil {
			return nil // cannot happen: no release ever wrote another effect
		}
		o, err := f.Oblige(sla.ETA, at)
		if err != nil {
			return err
		}
		body.Obligations = []ticket.Obligation{o}
		f.Add(kind.Promised, l.By, body)
	}
	return nil
}

// uneffect takes back what a letter did that has come back. A ticket that it closed is open again, for nobody has been told, and what closing
// had made void is owed again: unless a letter decided after it has told it as well, or a person has closed the ticket since.
func (f *Dossier) uneffect(l ticket.Letter) error {
	i := slices.IndexFunc(f.T.Posted, func(p ticket.Posted) bool { return p.ID == l.ID })
	told := slices.ContainsFunc(f.T.Posted[i+1:], func(p ticket.Posted) bool { return closes(p.Letter) && f.T.Acted(p.ID) })
	if !closes(l) || told || f.T.State == ticket.Closed && f.T.ClosedBy != l.ID {
		return f.unpledge(l)
	}
	reason := "the letter that closed it has come back"
	if f.T.State == ticket.Closed {
		if err := f.Reopen(Program, ticket.Body{Reason: reason}, true); err != nil {
			return err
		}
	} else if owed := f.Terms().Revived(); len(owed) > 0 { // the customer had opened it before
		f.Add(kind.Reclassified, Program, ticket.Body{Obligations: owed, Reason: reason})
		if err := f.Retime(); err != nil {
			return err
		}
	}
	return f.unpledge(l)
}

// unpledge takes back the estimate of a letter that has come back. That of the latest letter that the customer has holds again, if there is
// one; moved are letters that he has of a ticket that goes on in this one.
func (f *Dossier) unpledge(l ticket.Letter, moved ...ticket.Posted) error {
	at, pledged := pledge(l)
	eta, _ := f.T.Duty(string(sla.ETA))
	if !pledged || !eta.Running() || !eta.From.Equal(at) {
		return nil
	}
	body := ticket.Body{Reason: "the letter that promised " + at.UTC().Format(time.RFC3339) + " has come back"}
	eta.Void = true
	for _, p := range slices.Backward(slices.Concat(moved, arrived(f.T))) {
		was, pledged := pledge(p.Letter)
		if !pledged || p.ID == l.ID {
			continue
		}
		if was.Equal(at) {
			return nil // another letter, which he has, promises the same
		}
		var err error
		if eta, err = f.Oblige(sla.ETA, was); err != nil {
			return err
		}
		body.Delivery = &ticket.Delivery{Letter: p.ID}
		break
	}
	body.Obligations = []ticket.Obligation{eta}
	f.Add(kind.Reclassified, Program, body)
	return nil
}

// arrived lists the letters of a ticket that the customer has, as they were decided.
func arrived(t ticket.Ticket) []ticket.Posted {
	return slices.DeleteFunc(slices.Clone(t.Posted), func(p ticket.Posted) bool { return !t.Acted(p.ID) })
}

// pledge returns the date that a letter promises for the solution, if it promises one.
func pledge(l ticket.Letter) (time.Time, bool) {
	s, pledged := l.Does(effect.Pledges)
	at, err := time.Parse(time.RFC3339, s)
	return at, pledged && err == nil
}

// unsolve reopens a ticket whose resolution notice reached nobody, unless a running clock keeps it open anyway.
func (f *Dossier) unsolve(l ticket.Letter) {
	_, solved := l.Does(effect.Solves)
	told := slices.ContainsFunc(f.T.Posted, func(p ticket.Posted) bool {
		_, solved := p.Does(effect.Solves)
		return solved && p.ID != l.ID && f.T.Acted(p.ID)
	})
	if solved && !told && f.T.State == ticket.Resolved && !f.T.IsOpen() {
		f.Add(kind.Reopened, Program, ticket.Body{Reason: "the letter that said it was solved has reached nobody"})
		f.CountBy("resolved", -1)
	}
	p, _ := f.T.Letter(l.ID)
	if notice := f.noNews(l); notice != nil && f.T.State != ticket.Resolved && f.T.CustomerAt.After(p.DecidedAt) {
		f.Add(kind.Reclassified, Program, ticket.Body{Obligations: notice, Reason: "no news of a solution is owed to a customer who has written that it is none"})
	}
}

// noNews is the clock of the news that a letter was to tell, of a solution, as it is when there is no such news; nil where none runs, or
// another letter will tell it.
func (f *Dossier) noNews(l ticket.Letter) []ticket.Obligation {
	notice, _ := f.T.Duty(string(sla.ResolutionNotice))
	_, solved := l.Does(effect.Solves)
	another := slices.ContainsFunc(f.T.Posted, func(p ticket.Posted) bool {
		_, solved := p.Does(effect.Solves)
		return solved && p.ID != l.ID && p.State.MayArrive()
	})
	if !solved || another || !notice.Running() && !notice.Shut || notice.Name == "" {
		return nil
	}
	notice.Void, notice.Shut = true, false
	return []ticket.Obligation{notice}
}

// Reopen takes the ticket up again. With revive the clocks that its closing stopped run on, from the request, by the rules that hold now: no
// start has computed them anew while it was closed.
func (f *Dossier) Reopen(by string, body ticket.Body, revive bool) error {
	if revive {
		body.Obligations = f.Terms().Revived()
	}
	f.Add(kind.Reopened, by, body)
	if len(body.Obligations) == 0 {
		return nil
	}
	return f.Retime()
}

func closes(l ticket.Letter) bool {
	return slices.ContainsFunc(l.Then, func(x effect.Effect) bool {
		what, _ := x.Cut()
		return what == effect.Refuses || what == effect.Refunds || what == effect.Closes
	})
}

// TakeBack recalls a letter that waits. What it was to say of a solution is said to nobody, so the ticket is open again; and what it would
// have answered is owed an answer.
func (f *Dossier) TakeBack(who string, p ticket.Posted) error {
	f.Add(kind.Recalled, who, ticket.Body{Verb: "undo", Delivery: &ticket.Delivery{Letter: p.ID}})
	f.Change.Done = append(f.Change.Done, p.ID)
	body := ticket.Body{Verb: "undo", Reason: "the letter that said it was solved was taken back", Obligations: f.noNews(p.Letter)}
	if _, solved := p.Does(effect.Solves); solved && f.T.State == ticket.Resolved {
		f.Add(kind.Reopened, who, body)
		f.CountBy("resolved", -1)
	} else if body.Obligations != nil {
		f.Add(kind.Reclassified, who, body)
	}
	return f.oweUnheard()
}
