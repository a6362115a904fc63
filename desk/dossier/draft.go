package dossier

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/draft"
	"replyby/desk/reply"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/letter/beside"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
)

// OpenDraft begins the next answer to the customer: the acknowledgement while it is owed, an ordinary reply after that.
func (f *Dossier) OpenDraft() {
	d := ticket.Draft{Version: f.T.Draft.Version + 1, Language: cmp.Or(f.T.Verdict.Language, f.Kit.Languages[0])}
	if f.T.Customer.Addr != "" {
		d.To = []ticket.Address{f.T.Customer}
	}
	d.Template = f.Case().Template(reply.Reply{}, d)
	f.Add(kind.Drafted, sheet.Program, ticket.Body{Draft: &d})
}

// TakeBack withdraws a letter that waits, and makes its words the draft again, for the tickets that it was decided with: they are taken back to be
// corrected.
func (f *Dossier) TakeBack(who string, p ticket.Posted, with ...ticket.Bound) error {
	if err := clock.Withdraw(f.Sheet, who, p); err != nil || f.Approved == nil {
		return err
	}
	return f.draftAgain(p.Letter, func(version int) (ticket.Draft, error) {
		d, err := f.Approved(version)
		d.With = with
		return d, err
	})
}

// draftAgain opens a draft after a letter that reached nobody: with what a person is working on, else with what the letter said, so that who
// corrects the address, or the words, has not to find them again. Approved finds that by its version, in this ticket or in one that goes on in
// it. Who was copied may have got it, and is not copied again.
func (f *Dossier) draftAgain(l ticket.Letter, approved func(version int) (ticket.Draft, error)) error {
	d, said := f.T.Draft, ticket.Draft{}
	if approved != nil {
		var err error
		if said, err = approved(l.Draft); err != nil {
			return err
		}
		said.Version, said.Language = d.Version, cmp.Or(said.Language, d.Language)
	}
	if d.By != "" {
		f.SetAside(said, d)
	} else if approved != nil {
		d = said
	}
	d.Version++
	d.To, d.Cc, d.All, d.Text = nil, nil, false, ""
	if f.T.Customer.Addr != "" {
		d.To = []ticket.Address{f.T.Customer}
	}
	d.Template = f.Case().Template(reply.Reply{}, d)
	f.Add(kind.Drafted, sheet.Program, ticket.Body{Draft: &d})
	return nil
}

// SetAside has a text that somebody wrote shown beside the draft, unless that has all he said.
func (f *Dossier) SetAside(d, draft ticket.Draft) {
	if d.By == "" || d.Personal == draft.Personal && maps.Equal(d.Values, draft.Values) && maps.Equal(d.Times, draft.Times) && slices.Equal(d.Files, draft.Files) {
		return
	}
	by := f.Person(d.By)
	text, err := f.Case().Fill(d, by)
	if err != nil { // a text that an earlier release had
		text.Body = d.Personal
	}
	f.Asides = append(f.Asides, beside.Aside{By: cmp.Or(by.Name, d.By), Text: text.Body, Files: d.Files})
}

// Decided is what the event of a decision keeps of its draft beside the person's words, which are its text.
func Decided(d ticket.Draft) *ticket.Draft {
	d.Personal, d.Text, d.Unproven, d.With = "", "", "", nil
	return &d
}

// RenewDraft makes the draft as it stands a new version: every token given for it is void.
func (f *Dossier) RenewDraft(by charter.Person) {
	d := f.T.Draft
	d.Version++
	f.Add(kind.Drafted, by.Address(), ticket.Body{Draft: &d})
}

// Case is the ticket as its next answer sees it.
func (f *Dossier) Case() draft.Case {
	t := f.T
	t.Ref = f.Ref()
	terms := f.Terms()
	c := draft.Case{
		Charter: f.Charter, Texts: f.Texts, Ticket: t, Attended: terms.Attended(), Now: f.Now,
		Billable: terms.Billable(), Announced: terms.Contract().ResolutionNotice != nil,
	}
	c.Ticket.Draft = c.Current()
	return c
}

// shown is the current draft as a person sees it.
func (f *Dossier) shown(p charter.Person) (letter.Draft, error) {
	if f.T.Number == 0 {
		return letter.Draft{}, nil // nobody to write to
	}
	c := f.Case()
	d, err := c.Shown(p, f.Letter.Mark(p.Reader()))
	if least, _ := f.Demands(c.Ticket.Draft); utf8.RuneCountInString(draft.Squeezed(c.Ticket.Draft.Personal)) < least {
		d.Least = least
	}
	ack, _ := f.T.Duty(duty.Ack)
	d.Estimate = ack.Running() && f.Terms().Contract().Estimate && c.Ticket.Draft.Times["eta"] == ""
	return d, err
}

// Demands is how many characters of a person's own words a draft needs, and whether its policy demands them of the first answer. A plain reply
// says nothing without any.
func (f *Dossier) Demands(d ticket.Draft) (least int, demanded bool) {
	ack, _ := f.T.Duty(duty.Ack)
	least = f.Terms().Contract().PersonalMin
	switch {
	case ack.Running() && least > 0:
		return least, true
	case d.Template == "reply", d.Template == "eta_changed" && d.Values["eta_reason"] == "":
		return 1, false
	}
	return 0, false
}

// Written is a letter to the customer, and how much of it the person wrote for this case, in percent.
type Written struct {
	letter.Rendered
	Share int
}

// CustomerLetter renders the letter a person decided, to go out when the hold is over.
func (f *Dossier) CustomerLetter(d ticket.Draft, p charter.Person, then []effect.Effect) (Written, error) {
	filled, err := f.Case().Fill(d, p)
	if err != nil {
		return Written{}, err
	}
	switch {
	case len(filled.Missing) > 0:
		return Written{}, Refusal{"incomplete", strings.Join(filled.Missing, ", ")}
	case token.Shows(filled.Subject+"\n"+filled.Body, f.T):
		return Written{}, Refusal{"unsendable", "the code of a mail to staff stands in its text"}
	}
	files, err := f.enclosed(d.Files)
	if err != nil {
		return Written{}, err
	}
	c := letter.Customer{
		Agent: p.Reader(), Purpose: draft.Purpose(d.Template), To: d.To, Cc: d.Cc, Subject: filled.Subject, Text: filled.Body,
		References: f.T.Thread, Files: files,
	}
	if n := len(f.T.Thread); n > 0 {
		c.InReplyTo = f.T.Thread[n-1]
	}
	if f.Kit.ProveByCopy {
		c.Bcc = []string{f.Kit.Address}
	}
	r, err := f.Letter.Customer(c, f.Stamp())
	if err != nil {
		return Written{}, Refusal{"unsendable", err.Error()}
	}
	r.Draft, r.By, r.Answers, r.Urgent = d.Version, p.Address(), clock.Meets(d.Template), f.urgent()
	r.Then = then
	if d.Personal != "" {
		r.Words = draft.Key(d.Personal)
	}
	if f.Kit.Hold > 0 {
		r.NotBefore = f.Now.Add(f.Kit.Hold)
	}
	return Written{r, int(math.Round(100 * filled.Share))}, nil
}

// SendAgain decides a second copy of a letter in doubt: the same bytes under the same Message-ID, because a person said so.
func (f *Dossier) SendAgain(who charter.Person, auth string, p ticket.Posted, raw []byte) ticket.Letter {
	l := p.Letter
	l.ID, l.By, l.NotBefore = random(), who.Address(), time.Time{}
	f.Add(kind.Settled, l.By, ticket.Body{Verb: "resend", Delivery: &ticket.Delivery{Letter: p.ID, Proof: "in doubt; sent again by " + l.By}})
	body := ticket.Body{Verb: "resend", Auth: auth}
	f.Enclose(&body, letter.Rendered{Letter: l, Bytes: raw})
	f.Add(kind.Decided, l.By, body)
	return l
}

// Refusal is why something a person asked for was not done: a code the texts have words for, and what they are about.
type Refusal struct{ Code, Detail string }

// Error is how the log keeps a refusal.
func (r Refusal) Error() string { return strings.TrimSuffix(r.Code+": "+r.Detail, ": ") }
