package alarm

import (
	"fmt"
	"slices"

	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Outage writes the one mail about everything that passed while nobody watched. It returns, by ticket, who had too many such mails lately
// to get another.
func Outage(f *dossier.Dossier, m clock.Beat, missed []ticket.Ticket) (untold map[uint64][]string, err error) {
	untold = map[uint64][]string{}
	steps := map[uint64][]letter.Step{}
	for _, t := range missed {
		steps[t.Number], _ = passed(t, m)
	}
	body := ticket.Body{Reason: fmt.Sprintf("%d tickets had steps due while nothing was watched", len(missed)), Wake: m.Alive}
	for _, x := range concerned(f, m, missed) {
		may, err := f.MayAlarm(x.person)
		if err != nil {
			return nil, err
		}
		if !may {
			for _, t := range x.tickets {
				untold[t.Number] = append(untold[t.Number], x.person.Address())
			}
			continue
		}
		done, err := f.Letter.Summary(letter.Summary{Person: x.person.Reader(), Why: "outage", Tickets: called(f, x.tickets), Steps: steps, From: m.Alive, To: m.Now}, f.Stamp())
		if err != nil {
			return nil, err
		}
		done.Urgent = true
		f.Enclose(&body, done)
	}
	f.Add(kind.Outage, sheet.Program, body)
	return untold, nil
}

// called are tickets with the names of those who hold them, as colleagues read them.
func called(f *dossier.Dossier, list []ticket.Ticket) []ticket.Ticket {
	list = slices.Clone(list)
	for i := range list {
		list[i].Assignee = f.Called(list[i].Assignee)
	}
	return list
}

// share is a person and the tickets he is to hear of.
type share struct {
	person  charter.Person
	tickets []ticket.Ticket
}

// concerned are the people who hear of what passed: team and managers of all of it, anybody else whom a step names, such as who is on call,
// of the tickets of those steps.
func concerned(f *dossier.Dossier, m clock.Beat, missed []ticket.Ticket) []share {
	var all []share
	for _, p := range f.Audience([]string{"team", "managers"}) {
		all = append(all, share{p, missed})
	}
	whole := len(all)
	for _, t := range missed {
		_, to := passed(t, m)
		for _, p := range f.AudienceOf(t, to) {
			switch i := slices.IndexFunc(all, func(x share) bool { return x.person.Address() == p.Address() }); {
			case i < 0:
				all = append(all, share{p, []ticket.Ticket{t}})
			case i >= whole:
				all[i].tickets = append(all[i].tickets, t)
			}
		}
	}
	return all
}

// passed names the steps of a ticket that are due, "ack 50%, ack limit", and whom they are for.
func passed(t ticket.Ticket, m clock.Beat) (steps []letter.Step, to []string) {
	for _, o := range t.Duties {
		if !o.Running() {
			continue
		}
		for _, r := range clock.DueRungs(o, m.Now) {
			steps = append(steps, letter.Step{Duty: o.Name, Means: r.Means})
			to = append(to, r.To...)
		}
	}
	return steps, to
}
