package dossier

import (
	"replyby/desk/charter"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
)

// grant makes a token for a person and for the draft as it is shown to him. Its text goes into one mail and is stored nowhere.
func (f *Dossier) grant(p charter.Person, purpose string, shown letter.Draft) (string, ticket.Token) {
	text := random()
	k := ticket.Token{Hash: token.Hash(text), Person: p.Address(), Draft: f.T.Draft.Version, Purpose: purpose, Given: f.Now, Shown: token.Sight(f.T, shown)}
	f.Key(store.TokenHash, k.Hash.String())
	return text, k
}

// lend makes a token for a mail that shows no draft. It too is bound to the draft as the person would see it now; about is the letter to
// the customer that the mail is about, "" if it is about none.
func (f *Dossier) lend(p charter.Person, about string) (string, ticket.Token, error) {
	d, err := f.shown(p)
	if err != nil {
		return "", ticket.Token{}, err
	}
	text, k := f.grant(p, token.Speak, d)
	k.Letter = about
	return text, k, nil
}

// Lend gives a person a token, for a mail about no ticket, and lists it in the body of the event that bears the mail.
func (f *Dossier) Lend(p charter.Person, b *ticket.Body) string {
	text, k := f.grant(p, token.Speak, letter.Draft{})
	b.Tokens = append(b.Tokens, k)
	return text
}

// AsShown reports whether the draft of the ticket in hand would be shown to the person as it was when the token was given: nothing it is made
// of, a text, a name, a term, an instant, is another now.
func (f *Dossier) AsShown(k ticket.Token, p charter.Person) bool {
	d, err := f.shown(p)
	return err == nil && token.Sight(f.T, d) == k.Shown
}
