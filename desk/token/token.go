// Package token says what the tokens in our mails to staff are good for, and for how long. It neither makes nor stores any.
package token

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"replyby/letter"
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

// Hash is what a token is known by.
func Hash(text string) ticket.Hash { return ticket.Sum([]byte(text)) }

// Sight is a hash of the draft of a ticket as a person sees it: who gets it, who is left out, its subject and its text.
func Sight(t ticket.Ticket, d letter.Draft) ticket.Hash {
	seen := fmt.Appendf(nil, "%q %q %q %q %q", t.Draft.To, t.Draft.Cc, t.Cc, d.DraftSubject, d.DraftText)
	for _, f := range t.Draft.Files {
		seen = fmt.Appendf(seen, " %q %x", f.Name, f.Hash)
	}
	return ticket.Sum(seen)
}

// Shut reports whether the closing of its ticket made a token void.
func Shut(k ticket.Token) bool { return strings.HasPrefix(k.Spent, "ticket ") }

// Expired reports whether a token is too old to be good for anything. The answer to a first mail decides nothing and may take its time.
func Expired(k ticket.Token, now time.Time) bool {
	return k.Purpose != Greet && now.Sub(k.Given) > lifetime
}

// like matches what may be a token that somebody has copied somewhere. Without its "rb:" it may also be a very long word.
var like = regexp.MustCompile(`(?i)(rb:)?\b([a-z2-7]{26})\b`)

// Shows reports whether a text holds a token, whole, or one of the ticket's without its mark.
func Shows(text string, t ticket.Ticket) bool {
	return slices.ContainsFunc(like.FindAllStringSubmatch(text, -1), func(m []string) bool {
		_, ours := t.Token(Hash(strings.ToLower(m[2])))
		return ours || m[1] != ""
	})
}

// inSubject is the form in which our mails to staff carry a token: at the end of the subject, unbroken.
var inSubject = regexp.MustCompile(`\(rb:([a-z2-7]{26})\)\s*$`)

// InSubject returns the token at the end of a subject, "" if there is none.
func InSubject(subject string) string {
	if m := inSubject.FindStringSubmatch(subject); m != nil {
		return m[1]
	}
	return ""
}

// Without is a subject without the token at its end.
func Without(subject string) string {
	return strings.TrimSpace(inSubject.ReplaceAllString(subject, ""))
}
