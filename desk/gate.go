package desk

import (
	"context"
	"regexp"
	"strings"
	"time"

	"replyby/classifier"
	"replyby/desk/reply"
	"replyby/mailparse"
	"replyby/mailparse/fresh"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// refusal is why a staff mail decided nothing: a code the texts have words for, and what they are about.
type refusal struct{ code, detail string }

// Error makes a refusal pass for an error on its way out of the gate; it is also how the log keeps it.
func (r refusal) Error() string { return strings.TrimSuffix(r.code+": "+r.detail, ": ") }

func refuse(code, detail string) error { return refusal{code, detail} }

// tokenInSubject is the form in which our mails to staff carry a token: at the end of the subject, unbroken.
var tokenInSubject = regexp.MustCompile(`\(rb:([a-z2-7]{26})\)\s*$`)

// ballot is a staff mail that passed the gate: who, about what, with which right, saying what.
type ballot struct {
	*arrival
	before ticket.Ticket // as it was when the mail came
	token  ticket.Token
	proof  proof
	text   fresh.Fresh
	said   reply.Reply
}

// staffMail is the gate. Only a mail that is whole, authentic, not automatic, and holds an unspent token decides. Everything
// else is recorded with its reason, and the enrolled person is told.
func (d *Desk) staffMail(ctx context.Context, a *arrival) (*dossier, error) {
	token := tokenOf(a.m.Subject)
	t, err := d.concerned(ctx, a, token)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return d.customerMail(ctx, a) // a colleague who writes to support like anybody else
	}
	f := d.dossier(*t, a.now, a.cause())
	if token == "" {
		if outside, err := f.outside(ctx, a); outside || err != nil {
			return f, err
		}
	}
	b, err := f.pass(a, token)
	if err != nil {
		return f, f.refuse(a, err)
	}
	return f, f.carryOut(ctx, b)
}

// concerned finds the ticket a staff mail is about: by its token, else by the thread, else by the number in its subject.
func (d *Desk) concerned(ctx context.Context, a *arrival, token string) (*ticket.Ticket, error) {
	if token != "" {
		if t, err := d.byKey(ctx, store.TokenHash, tokenHash(token).String()); t != nil || err != nil {
			return t, err
		}
	}
	t, err := d.conversation(ctx, a)
	if t == nil && err == nil {
		t, err = d.mentioned(ctx, a.m.Subject)
	}
	if t == nil || t.Number == 0 {
		return nil, err
	}
	return (*ticket.Ticket)(t), err
}

func tokenOf(subject string) string {
	if m := tokenInSubject.FindStringSubmatch(subject); m != nil {
		return m[1]
	}
	return ""
}

// pass checks the conditions under which a mail may decide, in the order in which their failure is worth telling.
func (f *dossier) pass(a *arrival, token string) (*ballot, error) {
	if name := repeated(a.m); name != "" {
		return nil, refuse("repeated_field", name)
	}
	if a.v.Kind != classifier.Person || a.m.Header.Has("Auto-Submitted") && !strings.EqualFold(a.m.Header.Get("Auto-Submitted"), "no") {
		return nil, refuse("automatic", "")
	}
	if a.Cut {
		return nil, refuse("too_large", "")
	}
	if token == "" {
		return nil, refuse("no_token", "")
	}
	k, err := f.right(a, token)
	if err != nil {
		return nil, err
	}
	proof := proofOf(a, k)
	if proof == disproven {
		return nil, refuse("unproven", orElse(a.Auth.Evidence, "no proof asked or found"))
	}
	text := fresh.Cut(a.m.Text)
	return &ballot{arrival: a, before: f.t, token: k, proof: proof, text: text, said: reply.Parse(text.Text, f.now.In(f.desk.cfg.Zone))}, nil
}

// proof says how well a mail is known to come from the person.
type proof int

const (
	disproven proof = iota // there is proof to the contrary, or it could not be looked up
	missing                // the person's provider gives none: an approval goes two-step
	confirmed              // none, but the mail holds what was mailed to the enrolled address for this very purpose
	proven
)

// Purposes of tokens.
const (
	purposeDecide  = "decide"  // came with the draft: may approve it
	purposeConfirm = "confirm" // mailed to the enrolled address to prove an approval of exactly this draft
	purposeSpeak   = "speak"   // came without a draft: good for commands and for words of one's own, not for words never shown
)

func proofOf(a *arrival, k ticket.Token) proof {
	switch {
	case a.proven():
		return proven
	case a.Auth.Outcome != "none":
		return disproven
	case k.Purpose == purposeConfirm:
		return confirmed
	}
	return missing
}

// proven says that the mail was shown to come from the very address we read in From.
func (a *arrival) proven() bool {
	return a.Auth.Outcome == "pass" && strings.EqualFold(a.Auth.From, a.from())
}

// right finds the token among those of the ticket and checks that it is this person's.
func (f *dossier) right(a *arrival, token string) (ticket.Token, error) {
	k, ok := f.t.Token(tokenHash(token))
	switch {
	case !ok:
		return k, refuse("foreign_token", "")
	case !a.staff.owns(mailparse.Address{Addr: k.Person}):
		return k, refuse("other_person", k.Person)
	}
	return k, nil
}

// repeated names a field that may occur once and occurs again (RFC 5322, 3.6): a second one above a signed first would be
// read though the signature does not cover it.
func repeated(m *mailparse.Message) string {
	for _, name := range []string{"From", "Sender", "Reply-To", "To", "Cc", "Message-ID", "In-Reply-To", "References", "Subject", "Date"} {
		if m.Header.Count(name) > 1 {
			return name
		}
	}
	return ""
}

// tellAfter is how long a person is not told again about refused mails of one ticket.
const tellAfter = time.Hour

// refuse records that a mail decided nothing. The enrolled address is told, with a usable token, at most once per ticket and
// hour; automatic mail is filed and nobody is told, or two robots would talk.
func (f *dossier) refuse(a *arrival, why error) error {
	r, ok := why.(refusal)
	if !ok {
		return why
	}
	m := a.message()
	m.Text = ""
	if a.v.Kind != classifier.Person {
		f.add(kind.AutoFiled, a.from(), ticket.Body{Message: m, Reason: r.Error()})
		return nil
	}
	body := ticket.Body{Message: m, Reason: r.Error(), Auth: a.Auth.Evidence}
	f.count("refused")
	if f.toldLately(a.staff.Address()) {
		f.add(kind.DecisionRefused, a.staff.Address(), body)
		return nil
	}
	return f.tellRefused(a.staff, r, body)
}

func (f *dossier) toldLately(person string) bool {
	for _, r := range f.t.Refusals {
		if r.From == person && !r.ToldAt.IsZero() && f.now.Sub(r.ToldAt) < tellAfter {
			return true
		}
	}
	return false
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
