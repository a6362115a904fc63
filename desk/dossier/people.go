package dossier

import (
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// here reports whether a person can be asked now.
func (f *Dossier) here(p charter.Person) bool { return !f.Roster.Away(p.Addresses, f.Now) }

// Reviewers are the people asked to decide on the ticket.
func (f *Dossier) Reviewers() []charter.Person { return f.Charter.Reviewers(f.T, f.here) }

// Audience turns the roles of a rung into people, each once.
func (f *Dossier) Audience(roles []string) []charter.Person {
	return f.AudienceOf(f.T, roles)
}

// AudienceOf is Audience for another ticket of the desk.
func (f *Dossier) AudienceOf(t ticket.Ticket, roles []string) []charter.Person {
	return f.Charter.Audience(t, roles, f.here)
}

// answerable are the people to ask about a letter: who approved it, or everybody while he is away or no longer one of us.
func (f *Dossier) answerable(p ticket.Posted) []charter.Person {
	if by := f.Person(p.By); f.Enrolled(by) && f.here(by) {
		return []charter.Person{by}
	}
	return f.Audience([]string{"team"})
}

// AssignTurn gives the ticket to the person who has the fewest, so that in a larger team one and not all feel meant. open counts the open
// tickets of each address, in lower case, and counts on.
func (f *Dossier) AssignTurn(open map[string]int) {
	p := f.Lightest(open, f.here)
	f.Add(kind.Assigned, sheet.Program, ticket.Body{Person: p.Address(), Reason: "fewest open tickets"})
	open[strings.ToLower(p.Address())]++
}

// Orphaned gives the ticket of somebody who is no longer of the staff to whoever has the fewest; in a small team, where everybody is asked,
// to nobody. open counts open tickets as for AssignTurn.
func (f *Dossier) Orphaned(open map[string]int) error {
	if f.T.Assignee == "" || f.Enrolled(f.Person(f.T.Assignee)) {
		return nil
	}
	why := f.T.Assignee + " is no longer of the staff"
	if !f.Turns() {
		f.Add(kind.Assigned, sheet.Program, ticket.Body{Reason: why})
		return nil
	}
	return f.PassOn(open, why)
}

// PassOn assigns the ticket to the present person with the fewest open tickets, and asks him to review it.
func (f *Dossier) PassOn(open map[string]int, why string) error {
	to := f.Lightest(open, f.here)
	open[strings.ToLower(to.Address())]++
	f.Add(kind.Assigned, sheet.Program, ticket.Body{Person: to.Address(), Reason: why})
	return f.AskHeir(to, why)
}

// AskHeir asks whoever has got the ticket to review it.
func (f *Dossier) AskHeir(to charter.Person, why string) error {
	return f.Ask([]charter.Person{to}, letter.Review{Why: "yours", Note: why, Request: f.T.Excerpt})
}

// Absent records, in the desk's own file, that a person is away until an instant.
func (f *Dossier) Absent(by string, p charter.Person, until time.Time, why string) {
	f.Add(kind.Absent, by, ticket.Body{Person: p.Address(), Wake: until.UTC().Truncate(time.Microsecond), Verb: "absent", Reason: why})
}

// Greet mails a person a first mail, from whose answer the desk learns how to know his mail. It stands in the desk's own file.
func (f *Dossier) Greet(p charter.Person) error {
	token, k := f.grant(p, token.Greet, letter.Draft{})
	r, err := f.Letter.Hello(p.Reader(), token, f.Stamp())
	if err != nil {
		return err
	}
	body := ticket.Body{Person: p.Address(), Tokens: []ticket.Token{k}}
	f.Enclose(&body, r)
	f.Add(kind.Greeted, sheet.Program, body)
	return nil
}
