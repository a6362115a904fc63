package desk

import (
	"slices"

	"replyby/desk/reply"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Bounds of what review mails carry of a request's attachments.
const (
	maxFiles     = 10
	maxFileBytes = 10 << 20
)

// grant makes a token for a person and the draft at hand. Its text goes into one mail and nowhere else.
func (f *dossier) grant(p Person, purpose string) (string, ticket.Token) {
	text := random()
	k := ticket.Token{Hash: tokenHash(text), Person: p.Address(), Draft: f.t.Draft.Version, Purpose: purpose}
	f.key(store.TokenHash, k.Hash.String())
	return text, k
}

// reader is a person as letters know him.
func reader(p Person) letter.Person {
	return letter.Person{Name: p.Name, Address: p.Address(), Language: p.Language}
}

// told is the ticket as one reader sees it: the counts of its clocks in his language.
func (f *dossier) told(language string) ticket.Ticket {
	t := f.t
	t.Duties = append([]ticket.Obligation(nil), t.Duties...)
	for i, o := range t.Duties {
		t.Duties[i].Count = f.counted(o, language)
	}
	return t
}

// ask mails a review to each person, each with a token of his own, and records that they were asked.
func (f *dossier) ask(people []Person, r letter.Review) error {
	return f.askFor(people, r, purposeDecide)
}

func (f *dossier) askFor(people []Person, r letter.Review, purpose string) error {
	var body ticket.Body
	for _, p := range people {
		token, k := f.grant(p, purpose)
		draft, err := f.shown(p)
		if err != nil {
			return err
		}
		r.Ticket, r.Person, r.Token, r.Draft = f.told(p.Language), reader(p), token, draft
		done, err := f.desk.letter.Review(r, f.stamp())
		if err != nil {
			return err
		}
		done.Urgent = f.t.Verdict.Urgency == "urgent"
		body.Tokens = append(body.Tokens, k)
		f.enclose(&body, done)
	}
	body.Reason = r.Why
	f.add(kind.ReviewAsked, program, body)
	return nil
}

// firstDraft opens the draft of the acknowledgement and asks staff to decide.
func (f *dossier) firstDraft(a *arrival) error {
	f.openDraft()
	people := f.desk.reviewers(f.t)
	if f.t.Verdict.Urgency == "urgent" && !f.desk.cfg.Service.IsOpen(f.now) {
		people = append(slices.Clone(people), f.desk.audience(f.t, []string{"on_call"})...)
	}
	files, left := carried(a.m)
	return f.ask(distinct(people), letter.Review{Why: "new", Request: a.v.Text, Files: files, Left: left, Facts: f.facts(a)})
}

// followUp tells staff that the customer wrote again. The draft they may be working on stays as it is.
func (f *dossier) followUp(a *arrival) error {
	files, left := carried(a.m)
	return f.ask(f.desk.reviewers(f.t), letter.Review{Why: "again", Request: a.v.Fresh.Text, Files: files, Left: left, Facts: f.facts(a)})
}

func (f *dossier) facts(a *arrival) letter.Facts {
	facts := letter.Facts{Contract: a.v.Flags["care_active"]}
	switch facts.Contract {
	case "yes":
		facts.Contract = "active"
	case "":
	default:
		facts.Contract = "unknown"
	}
	for _, p := range a.m.Problems {
		facts.Problems = append(facts.Problems, string(p.Code))
	}
	if a.Cut {
		facts.Problems = append(facts.Problems, "over the size limit: only the header was read, the whole mail is in "+a.folder)
	}
	return facts
}

// carried chooses the attachments that people look at, and names those left in the mailbox.
func carried(m *mailparse.Message) (files []letter.File, left []string) {
	total := 0
	for _, at := range m.Attachments {
		if at.Inline || !viewable(at.Type) || len(files) == maxFiles || total+at.Size > maxFileBytes {
			if !at.Inline {
				left = append(left, at.Name)
			}
			continue
		}
		total += at.Size
		files = append(files, letter.File{Name: at.Name, Type: at.Type, Data: m.Parts[at.Part].Content()})
	}
	return files, left
}

func viewable(mediaType string) bool {
	switch mediaType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv", "text/x-log":
		return true
	}
	return false
}

// redraft makes what a mail says a new version of the draft and mails back exactly what would go. Nothing is sent.
func (f *dossier) redraft(b *ballot, why string) error {
	draft, err := f.finished(b)
	if err != nil {
		return err
	}
	draft.Version++
	filled, err := f.fill(draft, b.staff)
	if err != nil {
		return err
	}
	draft.Text = filled.Body
	f.add(kind.Drafted, b.staff.Address(), ticket.Body{Draft: &draft, Auth: b.Auth.Evidence})
	purpose := purposeDecide
	if why == "confirm" {
		purpose = purposeConfirm
	}
	return f.askFor([]Person{b.staff}, letter.Review{Why: why}, purpose)
}

// askMeaning answers a mail that was half understood. Nothing was done.
func (f *dossier) askMeaning(b *ballot, d reply.Doubt) error {
	return f.ask([]Person{b.staff}, letter.Review{Why: "doubt", Word: d.Line, Nearest: string(d.Nearest), Note: d.Reason})
}

// tellRefused records a refused decision and tells the enrolled person why, with a token that is good for the draft as it stands.
func (f *dossier) tellRefused(p Person, why refusal, body ticket.Body) error {
	token, k := f.grant(p, purposeDecide)
	draft, err := f.shown(p)
	if err != nil {
		return err
	}
	r, err := f.desk.letter.Refused(letter.Refused{Ticket: f.told(p.Language), Person: reader(p), Token: token, Draft: draft, Reason: why.code, Detail: why.detail}, f.stamp())
	if err != nil {
		return err
	}
	body.Tokens = []ticket.Token{k}
	f.enclose(&body, r)
	f.add(kind.DecisionRefused, p.Address(), body)
	return nil
}

// help mails the whole reply language.
func (f *dossier) help(p Person) error {
	token, k := f.grant(p, purposeSpeak)
	r, err := f.desk.letter.Help(f.told(p.Language), reader(p), token, f.stamp())
	if err != nil {
		return err
	}
	body := ticket.Body{Tokens: []ticket.Token{k}, Reason: "help"}
	f.enclose(&body, r)
	f.add(kind.ReviewAsked, program, body)
	return nil
}

// receiptOf answers a mail that did something, with the letter it made, if it made one.
func (f *dossier) receiptOf(p Person, l *ticket.Letter, done []letter.Deed) error {
	token, k := f.grant(p, purposeSpeak)
	x := letter.Receipt{Ticket: f.told(p.Language), Person: reader(p), Token: token, Done: done, Letter: l}
	if l != nil {
		x.At = l.NotBefore
		x.Undo = l.NotBefore
	}
	r, err := f.desk.letter.Receipt(x, f.stamp())
	if err != nil {
		return err
	}
	body := ticket.Body{Tokens: []ticket.Token{k}, Reason: "receipt"}
	f.enclose(&body, r)
	f.add(kind.ReviewAsked, program, body)
	return nil
}
