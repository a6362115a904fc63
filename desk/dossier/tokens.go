package dossier

import (
	"fmt"
	"time"

	"replyby/desk/charter"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
)

// Purposes of tokens.
const (
	Decide  = "decide"  // came with the draft: may approve it
	Confirm = "confirm" // mailed to the enrolled address to prove an approval of exactly this draft
	Several = "several" // came with a list of tickets and every text: may approve exactly those; mailed to the enrolled address alone
	Greet   = "greet"   // came with the mail that asks for one answer; decides nothing
	Speak   = "speak"   // came without a draft: good for commands and for words of one's own, not for words never shown
)

// lifetime is how long a token is good for. Who answers an older mail has forgotten what else it said, and a mail that turns up after months
// was not written now. No clock of a contract is longer, and each of its warnings brings a new token.
const lifetime = 30 * 24 * time.Hour

// TokenHash is what a token is known by.
func TokenHash(token string) ticket.Hash { return ticket.Sum([]byte(token)) }

// grant makes a token for a person and the draft as he is shown it. Its text goes into one mail and nowhere else.
func (f *Dossier) grant(p charter.Person, purpose string, shown letter.Draft) (string, ticket.Token) {
	text := random()
	k := ticket.Token{Hash: TokenHash(text), Person: p.Address(), Draft: f.T.Draft.Version, Purpose: purpose, Given: f.Now, Shown: f.sight(shown)}
	f.Key(store.TokenHash, k.Hash.String())
	return text, k
}

// lend makes a token for a mail that shows no draft. It too is bound to the draft as the person would see it now.
func (f *Dossier) lend(p charter.Person) (string, ticket.Token, error) {
	d, err := f.shown(p)
	if err != nil {
		return "", ticket.Token{}, err
	}
	text, k := f.grant(p, Speak, d)
	return text, k, nil
}

// Lend gives a person a token, for a mail about no ticket, and lists it in the body of the event that bears the mail.
func (f *Dossier) Lend(p charter.Person, b *ticket.Body) string {
	text, k := f.grant(p, Speak, letter.Draft{})
	b.Tokens = append(b.Tokens, k)
	return text
}

// sight stands for a draft as a person sees it: who gets it, who is left out of it, its subject and every word of it.
func (f *Dossier) sight(d letter.Draft) ticket.Hash {
	return ticket.Sum(fmt.Appendf(nil, "%q %q %q %q %q", f.T.Draft.To, f.T.Draft.Cc, f.T.Cc, d.DraftSubject, d.DraftText))
}

// Expired says that a token is too old to be good for anything.
func (f *Dossier) Expired(k ticket.Token) bool {
	return k.Purpose != Greet && f.Now.Sub(k.Given) > lifetime
}

// AsShown says whether the draft of the ticket in hand would be shown to the person as it was when the token was given: nothing it is made
// of, a text, a name, a term, an instant, is another now.
func (f *Dossier) AsShown(k ticket.Token, p charter.Person) bool {
	d, err := f.shown(p)
	return err == nil && f.sight(d) == k.Shown
}
