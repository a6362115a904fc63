// Package handover gives tickets to people: a new one to whoever has the fewest, that of somebody who is away or has left to another, and tells
// whoever gets one what he has to know of it.
package handover

import (
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/letter"
	"replyby/letter/beside"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Turn gives a ticket to the person who has the fewest, so that in a larger team one and not all feel meant. open counts the open
// tickets of each address, in lower case, and counts on.
func Turn(f *dossier.Dossier, open map[string]int) {
	give(f, open, "fewest open tickets")
}

func give(f *dossier.Dossier, open map[string]int, why string) charter.Person {
	to := f.Lightest(open, f.Here)
	open[strings.ToLower(to.Address())]++
	f.Add(kind.Assigned, sheet.Program, ticket.Body{Person: to.Address(), Reason: why})
	return to
}

// Orphaned gives the ticket of somebody who is no longer of the staff to whoever has the fewest; in a small team, where everybody is asked,
// to nobody. open counts open tickets as for Turn.
func Orphaned(f *dossier.Dossier, open map[string]int) error {
	if f.T.Assignee == "" || f.Enrolled(f.Person(f.T.Assignee)) {
		return nil
	}
	if !f.Turns() {
		f.Add(kind.Assigned, sheet.Program, ticket.Body{Reason: f.T.Assignee + left})
		return nil
	}
	return passOn(f, open, left)
}

// Why somebody has a ticket no more, as the log says it behind his address.
const (
	away = " is away"
	left = " is no longer of the staff"
)

// Away gives the ticket of somebody who is away to the present person with the fewest open tickets, and asks him to review it.
func Away(f *dossier.Dossier, open map[string]int) error { return passOn(f, open, away) }

func passOn(f *dossier.Dossier, open map[string]int, why string) error {
	from, note := f.Called(f.T.Assignee), "away"
	if why == left {
		note = "left"
	}
	return ask(f, give(f, open, f.T.Assignee+why), letter.Review{Note: note, Detail: from})
}

// Ask asks whoever has got a ticket from somebody to review it. He reads what its customer was last told: the customer takes it that he knows.
func Ask(f *dossier.Dossier, to charter.Person) error { return ask(f, to, letter.Review{}) }

func ask(f *dossier.Dossier, to charter.Person, r letter.Review) (err error) {
	if r.Answered, err = Answered(f, time.Time{}); err != nil {
		return err
	}
	r.Why, r.Request = "yours", f.T.Excerpt
	return f.Ask([]charter.Person{to}, r)
}

// Answered is what the customer of a ticket was last told, with what a person wrote in it where that was after an instant.
func Answered(f *dossier.Dossier, after time.Time) (w beside.Written, err error) {
	w, draft := beside.LastTo(f.T)
	if w.By != "" {
		w.By = f.Called(w.By)
	}
	if !w.At.After(after) || draft == 0 || f.Approved == nil {
		return w, nil
	}
	said, err := f.Approved(draft)
	w.Words = said.Personal
	return w, err
}
