package dossier

import (
	"time"

	"replyby/desk/charter"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Here reports whether a person can be asked now.
func (f *Dossier) Here(p charter.Person) bool { return !f.Roster.Away(p.Addresses, f.Now) }

// Reviewers are the people asked to decide on the ticket.
func (f *Dossier) Reviewers() []charter.Person { return f.Charter.Reviewers(f.T, f.Here) }

// Audience turns the roles of a rung into people, each once.
func (f *Dossier) Audience(roles []string) []charter.Person {
	return f.AudienceOf(f.T, roles)
}

// AudienceOf is Audience for another ticket of the desk.
func (f *Dossier) AudienceOf(t ticket.Ticket, roles []string) []charter.Person {
	return f.Charter.Audience(t, roles, f.Here)
}

// answerable are the people to ask about a letter: who approved it, or everybody while he is away or no longer one of us.
func (f *Dossier) answerable(p ticket.Posted) []charter.Person {
	if by := f.Person(p.By); f.Enrolled(by) && f.Here(by) {
		return []charter.Person{by}
	}
	return f.Audience([]string{"team"})
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
