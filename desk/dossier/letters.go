package dossier

import (
	"cmp"
	"slices"
	"strings"

	"replyby/classifier/source"
	"replyby/desk/arrival"
	"replyby/desk/budget"
	"replyby/desk/charter"
	"replyby/desk/reply"
	"replyby/desk/reply/courtesy"
	"replyby/desk/reply/verb"
	"replyby/desk/sheet"
	"replyby/desk/terms"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/letter/beside"
	"replyby/mailparse/fresh"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// told is the ticket as it is shown to one reader, with the counts of its clocks in his language and the name of whoever holds it.
func (f *Dossier) told(language string) ticket.Ticket {
	t := f.T
	if t.Notice.Asks {
		t.Draft.To = nil // the text lists them by language
	}
	if t.Number == 0 {
		t.Ref = f.Prefix // what is about no ticket is about the desk
	}
	t = t.Calling(f.Called)
	t.Duties = append([]ticket.Obligation(nil), t.Duties...)
	for i, o := range t.Duties {
		t.Duties[i].Count = f.Terms().Counted(o, language)
	}
	return t
}

// Ask mails a review to each person, each with a token of his own, and records that they were asked.
func (f *Dossier) Ask(people []charter.Person, r letter.Review) error {
	return f.askFor(people, r, ticket.Token{Purpose: token.Decide})
}

// askFor gives tokens of a purpose, and about a letter where the mail is about one.
func (f *Dossier) askFor(people []charter.Person, r letter.Review, right ticket.Token) error {
	var body ticket.Body
	r.Facts.Away, r.Asides, r.Dropped = f.away(), f.Asides, f.Dropped
	if r.Facts.Contract == "" {
		r.Facts.Contract, r.Facts.Terms = f.Terms().Labelled(f.T.Verdict.Flags[terms.CareActive])
	}
	for _, p := range people {
		if may, err := f.mayTell(p, budget.Mail{Answer: !unasked(r.Why)}, &body); !may {
			if err != nil {
				return err
			}
			continue
		}
		if err := f.relate(&r); err != nil {
			return err
		}
		r.Ticket, r.Person, r.Token, r.Draft = f.told(p.Language), p.Reader(), "", letter.Draft{}
		if f.Enrolled(p) { // whoever else is on call hears of it; what he answers decides nothing
			draft, err := f.shown(p)
			if err != nil {
				return err
			}
			text, k := f.grant(p, right.Purpose, draft)
			k.Letter = right.Letter
			r.Token, r.Draft = text, draft
			body.Tokens = append(body.Tokens, k)
		}
		done, err := f.Letter.Review(r, f.Stamp())
		if err != nil {
			return err
		}
		done.Urgent = f.urgent()
		f.Enclose(&body, done)
	}
	body.Reason, body.Link = r.Why, cmp.Or(beside.Others(r.Related), beside.First(r.Others))
	if r.Why == "doubt" && r.Nearest == string(verb.Note) {
		body.Text = r.Word // evidence knows by it what is internal
	}
	f.Add(kind.ReviewAsked, sheet.Program, body)
	return nil
}

// relate names what else is open, in the first mail of a request that is written: in a flood hardly any is, and looking costs more than the rest.
func (f *Dossier) relate(r *letter.Review) error {
	if f.AlsoOpen == nil {
		return nil
	}
	open, err := f.AlsoOpen()
	f.AlsoOpen, r.Related = nil, append(r.Related, open...)
	return err
}

// unasked reports whether a review is sent on our own initiative and not as an answer to a mail of the person.
func unasked(why string) bool {
	return slices.Contains([]string{"new", "again", "replied", "merged", "bounced", "copied", "put_off", "yours", "inside", "closure", "closure_more", "renewal"}, why)
}

// FirstDraft opens the draft of the acknowledgement and asks staff to decide, naming the tickets it may have to do with.
func (f *Dossier) FirstDraft(a *arrival.Arrival, related []beside.Relation) error {
	f.OpenDraft()
	files, left := a.Carried()
	return f.Ask(f.hearers(), letter.Review{Why: "new", Related: related, Request: whole(a), Files: files, Left: left, Facts: f.facts(a)})
}

// hearers are the people who are told at once of what a customer writes: out of hours also who is on call, if it is urgent or was agreed
// ("un costante presidio delle segnalazioni").
func (f *Dossier) hearers() []charter.Person {
	people := f.Reviewers()
	if (f.urgent() || f.Terms().OwnHours()) && !f.Service.IsOpen(f.Now) {
		people = append(slices.Clone(people), f.Audience([]string{"on_call"})...)
	}
	return charter.Distinct(people)
}

// FollowUp tells staff that the customer wrote, who has had these letters of us, to a ticket as it was before. The draft they may be working on
// stays as it is.
func (f *Dossier) FollowUp(a *arrival.Arrival, letters []string, before ticket.Ticket) error {
	files, left := a.Carried()
	r := letter.Review{Why: "again", Request: f.further(a, letters), Files: files, Left: left, Facts: f.facts(a), Of: a.Renames(before)}
	r.Facts.Raised = f.T.Verdict.Urgency != before.Verdict.Urgency
	r.Facts.Term = r.Facts.Raised && a.Verdict.Urgency.Contract
	if before.Unasked() {
		r.Why = "replied"
	}
	settled := before.Unasked() || before.State == ticket.Resolved || before.State == ticket.Closed
	r.Thanks = settled && len(files)+len(left) == 0 && courtesy.Thanks(a.Verdict.Fresh.Text, beside.Person(a.Request().From))
	return f.Ask(f.hearers(), r)
}

// further is what staff are shown of a further mail: all of it, unless what is left out is for certain the letter of ours that it answers.
// What a customer forwards or quotes of others is his request, and so is what he writes into our letter.
func (f *Dossier) further(a *arrival.Arrival, letters []string) string {
	cut := a.Verdict.Fresh
	if cut.Uncertain || !f.quotesUs(cut.Quoted) || fresh.Adds(cut.Quoted, letters) {
		return whole(a)
	}
	return cut.Text
}

// whole is what staff are shown of a request: with the product, the order or the number to call that a form has above its message.
func whole(a *arrival.Arrival) string {
	const enough = 4000
	return strings.TrimSpace(arrival.Clip(a.Verdict.Above, enough) + "\n\n" + a.Verdict.Text)
}

// quotesUs reports whether the attribution line of quoted text names us.
func (f *Dossier) quotesUs(quoted string) bool {
	var names []string
	for _, p := range f.Staff {
		names = append(names, p.Name)
	}
	return fresh.IsBy(quoted, f.Address, names)
}

func (f *Dossier) facts(a *arrival.Arrival) letter.Facts {
	facts := letter.Facts{ReplyTo: f.answersAt(a), Sender: f.sentBy(a), Encrypted: a.Body.Encrypted(), Apart: a.Apart}
	facts.Contract, facts.Terms = f.Terms().Labelled(a.Verdict.Flags[terms.CareActive])
	for _, p := range a.Mail.Problems {
		facts.Problems = append(facts.Problems, string(p.Code))
	}
	if a.Cut {
		facts.Cut = a.Folder
	}
	return facts
}

// sentBy returns From of a mail in which a rule, or what its text repeats, found the customer elsewhere, unless it is one of ours. What holds for forms of
// any site holds for what anybody writes in their way, so whoever approves the answer has to see who wrote.
func (f *Dossier) sentBy(a *arrival.Arrival) string {
	from, form := a.From(), a.Verdict.Source != "" || source.Visitor(a.Mail).Addr != ""
	if !form || strings.EqualFold(from, f.T.Customer.Addr) || strings.EqualFold(from, f.Address) {
		return ""
	}
	return arrival.Clip(from, 200)
}

// answersAt returns the Reply-To address of a mail if answers would not go there anyway, else "".
func (f *Dossier) answersAt(a *arrival.Arrival) string {
	var at []string
	for _, by := range a.Mail.ReplyTo {
		if by.Addr != "" && !strings.EqualFold(by.Addr, f.T.Customer.Addr) && !strings.EqualFold(by.Addr, f.Address) {
			at = append(at, by.Addr)
		}
	}
	return arrival.Clip(strings.Join(at, ", "), 200)
}

// Redraft makes a finished draft the current one and mails back exactly what would go. Nothing is sent. With a token that confirms, only
// that mail's token can approve it without other proof.
func (f *Dossier) Redraft(p charter.Person, draft ticket.Draft, r letter.Review, auth string) error {
	draft.Version++
	filled, err := f.Case().Fill(draft, p)
	if err != nil {
		return err
	}
	draft.Text = filled.Body
	f.Add(kind.Drafted, p.Address(), ticket.Body{Draft: &draft, Auth: auth})
	purpose := token.Decide
	switch r.Why {
	case "confirm":
		purpose = token.Confirm
	case "patch":
		purpose = token.Several
	}
	return f.askFor([]charter.Person{p}, r, ticket.Token{Purpose: purpose})
}

// AskMeaning answers a mail that was half understood, and says what was done all the same.
func (f *Dossier) AskMeaning(p charter.Person, d reply.Doubt, done []letter.Deed) error {
	r := letter.Review{Why: "doubt", Word: d.Line, Nearest: string(d.Nearest), Doubt: d.Code, Detail: d.Detail, Note: d.Reason, Done: done, Others: f.Others}
	return f.Ask([]charter.Person{p}, r)
}

// TellRefused records a refused decision and tells the enrolled person why, and what was done all the same, with a token that is good for the
// draft as it stands. About an erased ticket there is nothing to decide.
func (f *Dossier) TellRefused(p charter.Person, why Refusal, done []letter.Deed, body ticket.Body) error {
	if may, err := f.mayTell(p, budget.Mail{Answer: true}, &body); !may {
		f.Add(kind.DecisionRefused, p.Address(), body)
		return err
	}
	x := letter.Refused{Ticket: f.told(p.Language), Person: p.Reader(), Reason: why.Code, Detail: f.named(why), Done: done, Others: f.Others, Asides: f.Asides, Dropped: f.Dropped}
	if !f.T.Erased() {
		draft, err := f.shown(p)
		if err != nil {
			return err
		}
		text, k := f.grant(p, token.Decide, draft)
		x.Token, x.Draft = text, draft
		body.Tokens = []ticket.Token{k}
	}
	r, err := f.Letter.Refused(x, f.Stamp())
	if err != nil {
		return err
	}
	body.Link = beside.First(f.Others)
	f.Enclose(&body, r)
	f.Add(kind.DecisionRefused, p.Address(), body)
	return nil
}

// named is what a refusal is about, with the name of whom it speaks of. The log keeps the address, which two people do not share.
func (f *Dossier) named(why Refusal) string {
	if why.Code != "spent" && why.Code != "other_person" {
		return why.Detail
	}
	address, _, _ := strings.Cut(why.Detail, ",")
	return f.Called(address) + why.Detail[len(address):]
}

// Help mails the whole reply language.
func (f *Dossier) Help(p charter.Person) error {
	if may, err := f.mayTell(p, budget.Mail{Answer: true}, nil); !may {
		return err
	}
	token, k, err := f.lend(p, "")
	if err != nil {
		return err
	}
	r, err := f.Letter.Help(f.told(p.Language), p.Reader(), token, func(c string) string { return reply.Names(c, p.Language) }, f.Stamp())
	if err != nil {
		return err
	}
	body := ticket.Body{Tokens: []ticket.Token{k}, Reason: "help"}
	f.Enclose(&body, r)
	f.Add(kind.ReviewAsked, sheet.Program, body)
	return nil
}

// Receipt answers a mail that did something, with the letter it made, if it made one.
func (f *Dossier) Receipt(p charter.Person, l *ticket.Letter, done []letter.Deed) error {
	if may, err := f.mayTell(p, budget.Mail{Answer: true}, nil); !may && l == nil { // that a letter goes out in his name he hears in any case
		return err
	}
	about := ""
	if l != nil {
		about = l.ID
	}
	token, k, err := f.lend(p, about)
	if err != nil {
		return err
	}
	x := letter.Receipt{Ticket: f.told(p.Language), Person: p.Reader(), Token: token, Done: done, Letter: l, Attached: f.Attach, Others: f.Others, Asides: f.Asides, Dropped: f.Dropped, Doubt: f.Doubt}
	if l != nil {
		x.At = l.NotBefore
		x.Undo = l.NotBefore
	}
	r, err := f.Letter.Receipt(x, f.Stamp())
	if err != nil {
		return err
	}
	body := ticket.Body{Tokens: []ticket.Token{k}, Reason: "receipt", Link: beside.First(f.Others)}
	f.Enclose(&body, r)
	f.Add(kind.ReviewAsked, sheet.Program, body)
	return nil
}
