// Package decision is the gate through which staff decide by mail, and what their decisions do.
//
// Only a mail that is whole, not automatic, proven to come from an enrolled person, and holds that person's unspent token decides.
// Everything else is recorded on the ticket with its reason, and the enrolled address is told. A mail has its whole effect or none.
package decision

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/files"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/mailparse/fresh"
	"replyby/mailparse/problem"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Archive is where a decision looks things up: other tickets, whether words were sent before, the bytes of mail.
type Archive struct {
	files.Files
	Adopter
}

// Adopter makes tickets of messages that were set aside.
type Adopter interface {
	// Adopted takes up such a message as a new ticket, because the person named by says so, beside what the same mail does to another.
	Adopted(ctx context.Context, id, by string, beside *dossier.Dossier) (*dossier.Dossier, error)
}

// tokenInSubject is the form in which our mails to staff carry a token: at the end of the subject, unbroken.
var tokenInSubject = regexp.MustCompile(`\(rb:([a-z2-7]{26})\)\s*$`)

// TokenOf returns the token at the end of a subject, "" if there is none.
func TokenOf(subject string) string {
	if m := tokenInSubject.FindStringSubmatch(subject); m != nil {
		return m[1]
	}
	return ""
}

// ballot is a staff mail that passed the gate: about which ticket, from whom, with which right, saying what.
type ballot struct {
	*dossier.Dossier
	*arrival.Arrival
	archive Archive
	before  ticket.Ticket // as it was when the mail came
	token   ticket.Token
	proof   proof
	text    fresh.Fresh
	said    reply.Reply
	done    []letter.Deed // what it did, beside the letter
}

// Hear lets a staff mail about a ticket through the gate and carries out what it says, or records why not.
func Hear(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival, archive Archive) error {
	b := &ballot{Dossier: f, Arrival: a, archive: archive, before: f.T}
	err := b.pass(TokenOf(a.Mail.Subject))
	if r, ok := err.(dossier.Refusal); ok && r.Code == "temporary" && b.postponed() {
		return nil
	}
	if err != nil {
		return b.refuse(err)
	}
	if b.token.Purpose == token.Greet {
		deed := b.introduce()
		if b.proof != proven || b.said.Doubt != nil || !b.aboutDesk() {
			return b.Dossier.Receipt(b.Staff, nil, []letter.Deed{deed})
		}
	}
	return b.carryOut(ctx)
}

// A proof that cannot be looked up now is asked for again every minute; after askFor the person is told.
const (
	askEvery = time.Minute
	askFor   = 10 * time.Minute
)

// postponed puts the mail off until its proof is asked for again, if there is time left for that.
func (b *ballot) postponed() bool {
	since, m := b.Dossier.Now, b.Message()
	for _, p := range b.T.Postponed {
		if p.Raw == m.Raw {
			since = p.Since
		}
	}
	if b.T.Number == 0 || b.Dossier.Now.Sub(since) >= askFor {
		return false
	}
	m.Text = ""
	b.Add(kind.Postponed, dossier.Program, ticket.Body{Message: m, Auth: b.Auth.Evidence, Wake: b.Dossier.Now.Add(askEvery), Reason: "its proof could not be looked up"})
	return true
}

// HearDesk carries out a mail that holds no token and is about no ticket, if it is proven and says nothing but what concerns its writer
// alone. False says that it is not such a mail, and that nothing was done.
func HearDesk(ctx context.Context, own *dossier.Dossier, a *arrival.Arrival, archive Archive) (bool, error) {
	b := &ballot{Dossier: own, Arrival: a, archive: archive, before: own.T, proof: proven}
	if !a.Proven() || a.Cut || b.automatic() || whole(a.Mail) != nil || b.read() != nil {
		return false, nil
	}
	for _, c := range b.said.Commands {
		if c.Verb != verb.Absent && c.Verb != verb.Help {
			return false, nil
		}
	}
	if len(b.said.Commands) == 0 {
		return false, nil
	}
	return true, b.carryOut(ctx)
}

// pass checks the conditions under which a mail may decide, in the order in which their failure is worth telling.
func (b *ballot) pass(token string) error {
	if b.automatic() {
		return refuse("automatic", "")
	}
	if err := whole(b.Mail); err != nil {
		return err
	}
	if b.Cut {
		return refuse("too_large", "")
	}
	if token == "" {
		return refuse("no_token", "")
	}
	if err := b.right(token); err != nil {
		return err
	}
	if b.Auth.Outcome == "temporary" {
		return refuse("temporary", b.Auth.Evidence)
	}
	if b.proof = b.proofOf(); b.proof == disproven {
		return refuse("unproven", cmp.Or(b.Auth.Evidence, "no proof asked or found"))
	}
	return b.read()
}

// read finds what the person says. It begins above every quote and signature: what stands below may be somebody else's words.
func (b *ballot) read() error {
	if sealed(b.Mail) {
		return refuse("unreadable", "")
	}
	if slices.ContainsFunc(b.Mail.Problems, func(p mailparse.Problem) bool { return p.Code == problem.TextTruncated && p.Detail != "Subject" }) {
		return refuse("too_large", "")
	}
	b.text = fresh.Cut(b.Mail.Text, b.Roster.Signatures(b.Staff.Addresses)...).Above(b.Address)
	if !b.text.OnTop || fromFile(b.Mail) {
		if b.text.Text != "" && b.text.Quoted != "" && !fromFile(b.Mail) {
			return refuse("below", "")
		}
		return refuse("empty", "")
	}
	b.said = reply.Parse(b.text.Text, b.written().In(b.Zone))
	if len(b.said.Commands) > 0 && signsOff(b.said.Words, b.Staff) {
		b.said.Words = "" // they would take the place of words just shown
	}
	for _, c := range b.said.Commands {
		if !c.At.IsZero() && !c.At.After(b.Dossier.Now) {
			b.said = reply.Reply{Doubt: &reply.Doubt{Line: c.Line, Nearest: c.Verb, Code: "late", Reason: "the mail was read late, and that is past"}}
			break
		}
	}
	return nil
}

// signsOff says that words are nothing but the name of their writer.
func signsOff(words string, p charter.Person) bool {
	name := strings.Join(strings.Fields(strings.Trim(words, " \n.,-–—")), " ")
	first, _, _ := strings.Cut(p.Name, " ")
	return name != "" && (strings.EqualFold(name, p.Name) || strings.EqualFold(name, first))
}

// fromFile says that the text was read out of a file that was sent along, because nothing else was there to read.
func fromFile(m *mailparse.Message) bool {
	for i, p := range m.Parts {
		if p.Name != "" && strings.HasPrefix(p.Type, "text/") && !slices.ContainsFunc(m.Attachments, func(at mailparse.Attachment) bool { return at.Part == i }) {
			return true
		}
	}
	return false
}

// damaged says that words of the mail may be missing or changed.
func damaged(m *mailparse.Message) bool {
	return slices.ContainsFunc(m.Problems, func(p mailparse.Problem) bool {
		switch p.Code {
		case problem.EncodingDamaged, problem.EncodingUnknown, problem.CharsetUnknown, problem.CharsetWrong, problem.BoundaryMissing,
			problem.BoundaryNotClosed, problem.TooDeep, problem.TooManyParts, problem.TNEFDamaged:
			return true
		}
		return false
	})
}

// written is the instant as of which the dates of a mail are meant: when it came, however late it is read.
func (b *ballot) written() time.Time {
	if b.Arrival.At.After(b.Dossier.Now) {
		return b.Dossier.Now // the server's clock is fast
	}
	return b.Arrival.At
}

// sealed tells mail whose words are encrypted, or wrapped in a signature that has to be opened first (RFC 8551, 3.2; RFC 3156;
// RFC 9580, 6.2). Words beside such a part were not what the person sealed.
func sealed(m *mailparse.Message) bool {
	return strings.HasPrefix(strings.TrimSpace(m.Text), "-----BEGIN PGP ") || m.ContentType == "multipart/encrypted" ||
		slices.ContainsFunc(m.Parts, func(p mailparse.Part) bool {
			return p.Type == "application/pkcs7-mime" || p.Type == "application/x-pkcs7-mime" || p.Type == "application/pgp-encrypted"
		})
}

// automatic says that no person wrote the mail just now. It is stricter than the classifier: any word of RFC 3834 but "no", any
// invitation (RFC 5546, 1.4), and a mail that looks like a request of a known form may still be a machine's.
func (b *ballot) automatic() bool {
	h := b.Mail.Header
	switch {
	case b.Verdict.Kind != classifier.Person, h.Has("Auto-Submitted") && !strings.EqualFold(h.Get("Auto-Submitted"), "no"):
		return true
	case b.Mail.CalendarMethod != "" && b.Mail.CalendarMethod != "PUBLISH":
		return true
	}
	return b.Verdict.Source != "" && (nullPath(b.Mail) || slices.ContainsFunc(machineFields(), h.Has))
}

func nullPath(m *mailparse.Message) bool { return m.ReturnPath != nil && *m.ReturnPath == "" }

// machineFields are written by programs about mail of programs. The classifier weighs them where no form claims a mail.
func machineFields() []string {
	return []string{"X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Reply", "X-Autoresponder", "X-Vacation", "Precedence", "X-Precedence", "List-Id",
		"List-Unsubscribe", "X-Autogenerated"}
}

// right finds the token among those of the ticket and checks that it is this person's.
func (b *ballot) right(code string) error {
	k, ok := b.T.Token(token.Hash(code))
	switch {
	case !ok:
		return refuse("foreign_token", "")
	case !b.Staff.Owns(mailparse.Address{Addr: k.Person}):
		return refuse("other_person", k.Person)
	case token.Expired(k, b.Dossier.Now):
		return refuse("expired", k.Given.In(b.Zone).Format(time.DateOnly))
	}
	b.token = k
	return nil
}

// proof says how well a mail is known to come from the person.
type proof int

const (
	disproven proof = iota // there is proof to the contrary, or it could not be looked up
	missing                // the person's provider gives none: an approval goes two-step
	confirmed              // none, but the mail holds what was mailed to the enrolled address for this very purpose
	proven
)

func (b *ballot) proofOf() proof {
	switch {
	case b.Proven():
		return proven
	case b.Auth.Outcome != "none":
		return disproven
	case b.token.Purpose == token.Confirm || b.token.Purpose == token.Several:
		return confirmed
	}
	return missing
}

// whole checks the fields that may occur once (RFC 5322, 3.6; RFC 2045, 3): a second one above a signed first would be read though
// the signature does not cover it, and where there is none a stranger could add one.
func whole(m *mailparse.Message) error {
	for _, name := range []string{"From", "Date", "Message-ID"} {
		if !m.Header.Has(name) {
			return refuse("unreadable", "no "+name)
		}
	}
	for _, name := range []string{"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID", "In-Reply-To", "References", "Subject", "Date",
		"MIME-Version", "Content-Type", "Content-Transfer-Encoding"} {
		if m.Header.Count(name) > 1 {
			return refuse("repeated_field", name)
		}
	}
	return nil
}

func refuse(code, detail string) error { return dossier.Refusal{Code: code, Detail: detail} }

// tellAfter is how long a person is not told again about refused mails of one ticket.
const tellAfter = time.Hour

// refuse records that a mail decided nothing. The enrolled address is told, with a usable token, at most once per ticket and
// hour; automatic mail is filed and nobody is told, or two robots would talk.
func (b *ballot) refuse(why error) error {
	r, ok := why.(dossier.Refusal)
	if !ok {
		return why
	}
	b.Again(b.before)
	if r.Code == "automatic" {
		b.File(b.Arrival, r.Error())
		return nil
	}
	body := ticket.Body{Message: b.Message(), Reason: r.Error(), Auth: b.Auth.Evidence}
	body.Message.Text = ""
	b.Count("refused")
	if b.toldLately() {
		b.Add(kind.DecisionRefused, b.Staff.Address(), body)
		return nil
	}
	return b.TellRefused(b.Staff, r.Code, r.Detail, body)
}

func (b *ballot) toldLately() bool {
	for _, r := range b.T.Refusals {
		if r.From == b.Staff.Address() && !r.ToldAt.IsZero() && b.Dossier.Now.Sub(r.ToldAt) < tellAfter {
			return true
		}
	}
	return false
}
