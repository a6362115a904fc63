// Package colleague tells people who were asked about a ticket that somebody else has answered it, with a letter or without one, closed it, opened
// it again, taken it, or taken an answer back, so that nobody writes what has been written. It decides nothing and takes nobody's right to decide: it looks at
// what a mail of staff has made of the ticket, whatever way it did, and mails that to the others below what they got before.
package colleague

import (
	"context"
	"slices"
	"strings"

	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/reply/verb"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/letter/news"
	"replyby/mailparse/fresh"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// Reason is that of the event which bears what colleagues were told.
const Reason = "news"

// Archive looks up with which events our people were mailed about a ticket.
type Archive interface {
	Mailed(ctx context.Context, number uint64) ([]ticket.Event, error)
}

// act is what somebody has done about a ticket.
type act struct {
	*dossier.Dossier
	before  ticket.Ticket
	by      charter.Person
	decided *ticket.Letter  // to the customer, nil for none
	settled settled         // without a letter
	stopped []ticket.Posted // letters to the customer that were taken back
	mailed  []ticket.Event  // with what our people got before
}

// Tell mails others what the mail of a person has made of a ticket, which is in hand as it has become. Before is how it was.
func Tell(ctx context.Context, f *dossier.Dossier, before ticket.Ticket, by charter.Person, archive Archive) error {
	if !f.TellColleagues && !keeps(f, before) || f.T.Number == 0 || f.T.Notice.Asks || f.T.Erased() {
		return nil
	}
	a := &act{Dossier: f, before: before, by: by, decided: decided(f, before), settled: settles(f, before), stopped: stopped(f, before)}
	if a.decided == nil && a.settled.what == "" && len(a.stopped) == 0 && !a.handed() {
		return nil
	}
	var err error
	if a.mailed, err = archive.Mailed(ctx, f.T.Number); err != nil {
		return err
	}
	return a.tell()
}

// keeps reports whether the draft is still what somebody was writing before. He hears what becomes of it, whatever the desk wants to be told.
func keeps(f *dossier.Dossier, before ticket.Ticket) bool {
	return before.Draft.By != "" && f.T.Draft.By == before.Draft.By
}

// decided is the letter that was decided. One that goes to several customers is none of these: its receipt lists them. Nor is one that is sent
// once more: it says nothing of what has been asked since.
func decided(f *dossier.Dossier, before ticket.Ticket) *ticket.Letter {
	for _, e := range f.Change.Events {
		several := e.Body.Verb == string(verb.Patch) && len(before.Draft.With) > 0
		if e.Kind != kind.Decided || several || e.Body.Verb == string(verb.Resend) {
			continue
		}
		if i := slices.IndexFunc(e.Body.Letters, func(l ticket.Letter) bool { return l.Customer }); i >= 0 {
			return &e.Body.Letters[i]
		}
	}
	return nil
}

// settled is how a ticket was answered, closed or opened again without a letter, as package news names it, and with which words; zero for not
// at all.
type settled struct{ what, words string }

// settles finds that in what has just been done. What is answered and closed at once is answered.
func settles(f *dossier.Dossier, before ticket.Ticket) (s settled) {
	done := before.State == ticket.Closed || before.State == ticket.Resolved
	for _, e := range f.Change.Events {
		switch {
		case e.Kind == kind.PostedDeclared:
			return settled{news.Posted, e.Body.Text}
		case e.Kind == kind.AnsweredOutside:
			return settled{news.Outside, fresh.Cut(e.Body.Message.Text).Text}
		case e.Kind == kind.Closed && e.Body.Verb == string(verb.Spam):
			s = settled{what: news.Spam}
		case e.Kind == kind.Closed && e.Body.Verb == string(verb.Close):
			s = settled{news.Closed, e.Body.Text}
		case e.Kind == kind.Reopened && e.Body.Verb == string(verb.Reopen) && done:
			s = settled{what: news.Reopened}
		}
	}
	return s
}

// stopped are the letters that waited before and have been taken back, unless others were with them: that is a correction, of which nobody was
// told.
func stopped(f *dossier.Dossier, before ticket.Ticket) (list []ticket.Posted) {
	for _, c := range f.Also {
		if slices.ContainsFunc(c.Events, func(e ticket.Event) bool { return e.Kind == kind.Recalled }) {
			return nil
		}
	}
	for _, p := range f.T.Posted {
		if was, known := before.Letter(p.ID); known && p.Customer && was.State != posted.Recalled && p.State == posted.Recalled {
			list = append(list, p)
		}
	}
	return list
}

// handed reports whether somebody else has the ticket now.
func (a *act) handed() bool {
	return a.T.Assignee != "" && !strings.EqualFold(a.T.Assignee, a.before.Assignee)
}

// tell writes one mail to each of the others, about what concerns him most.
func (a *act) tell() error {
	body := ticket.Body{Reason: Reason}
	if a.decided != nil {
		body.Delivery = &ticket.Delivery{Letter: a.decided.ID}
	} else {
		body.Verb = a.settled.what
	}
	for _, p := range a.others() {
		n := letter.News{By: a.by.Name, Heir: a.Person(a.T.Assignee).Name}
		heard := a.heard(p)
		switch {
		case a.decided != nil:
			n.What, n.Letter, n.Instead = news.Answered, *a.decided, len(heard) > 0
		case a.settled.what != "":
			n.What, n.Words, n.Instead, n.Yours = a.settled.what, a.settled.words, len(heard) > 0, a.drafts(p)
		case len(heard) > 0:
			n.What = news.Undone
		case !a.handed() || p.Holds(a.T):
			continue
		case a.by.Holds(a.T):
			n.What = news.Taken
		default:
			n.What = news.Assigned
		}
		n.Thread = append(a.asked(p), heard...)
		if err := a.Inform(p, n, &body); err != nil {
			return err
		}
	}
	if len(body.Letters)+len(body.Unsaid) > 0 {
		a.Add(kind.ReviewAsked, sheet.Program, body)
	}
	return nil
}

// others are the people who were asked, or believe that a letter goes which does not, but for who did it and who is mailed by it anyway.
func (a *act) others() []charter.Person {
	var people []charter.Person
	for _, k := range a.before.Tokens {
		if a.asks(k) || a.settled.what == news.Reopened && shows(k) {
			people = append(people, a.Person(k.Person))
		}
	}
	for _, p := range a.Staff {
		if len(a.heard(p)) > 0 {
			people = append(people, p)
		}
	}
	return slices.DeleteFunc(charter.Distinct(people), func(p charter.Person) bool {
		return !a.Enrolled(p) || p.Address() == a.by.Address() || a.writtenTo(p) || !a.TellColleagues && !a.drafts(p)
	})
}

// drafts reports whether the draft is what a person was writing, which what was done without a letter leaves unsent.
func (a *act) drafts(p charter.Person) bool {
	return a.settled.what != "" && a.settled.what != news.Reopened && keeps(a.Dossier, a.before) && p.Address() == a.before.Draft.By
}

// writtenTo reports whether the same commit mails the person already: he was handed the ticket.
func (a *act) writtenTo(p charter.Person) bool {
	return slices.ContainsFunc(a.Change.Events, func(e ticket.Event) bool { return mailTo(e, p) != "" })
}

// asks reports whether the person who got a token still believes that he is asked: no letter answers what it was given for. A draft that has
// changed since voids the token and changes nothing about that, nor does a closing that was taken back.
func (a *act) asks(k ticket.Token) bool {
	open := k.Spent == "" || strings.HasPrefix(k.Spent, "superseded") || strings.HasPrefix(k.Spent, "decided") ||
		token.Shut(k) && a.before.State != ticket.Closed
	return open && shows(k) && !token.Expired(k, a.Now) && k.Draft > a.answered() && !a.settledSince(k)
}

// settledSince reports whether the person has been told, since he got a token, that nothing is to be done: no draft says that.
func (a *act) settledSince(k ticket.Token) (told bool) {
	for _, e := range a.mailed {
		switch {
		case slices.ContainsFunc(e.Body.Tokens, func(has ticket.Token) bool { return has.Hash == k.Hash }):
			told = false
		case e.Body.Reason == Reason && e.Body.Verb != "" && mailTo(e, a.Person(k.Person)) != "":
			told = e.Body.Verb != news.Reopened
		}
	}
	return told
}

// shows reports whether a token came with the draft.
func shows(k ticket.Token) bool {
	return slices.Contains([]string{token.Decide, token.Confirm, token.Several}, k.Purpose)
}

// answered is the latest version of the draft that had been decided and stands.
func (a *act) answered() (version int) {
	for _, p := range a.T.Posted {
		if _, known := a.before.Letter(p.ID); known && p.Customer && p.State != posted.Recalled {
			version = max(version, p.Draft)
		}
	}
	return version
}

// asked finds the latest mail that asked a person, by its Message-ID.
func (a *act) asked(p charter.Person) []string {
	for _, e := range slices.Backward(a.mailed) {
		if slices.ContainsFunc(e.Body.Tokens, func(k ticket.Token) bool { return shows(k) && a.Person(k.Person).Address() == p.Address() }) {
			if id := mailTo(e, p); id != "" {
				return []string{id}
			}
		}
	}
	return nil
}

// heard finds what a person was told of the letters that were taken back, by its Message-IDs: news, or the receipt of whoever decided them.
func (a *act) heard(p charter.Person) (ids []string) {
	for _, e := range a.mailed {
		about := func(letter string) bool {
			return slices.ContainsFunc(a.stopped, func(s ticket.Posted) bool { return s.ID == letter })
		}
		told := e.Body.Reason == Reason && e.Body.Delivery != nil && about(e.Body.Delivery.Letter)
		receipt := slices.ContainsFunc(e.Body.Tokens, func(k ticket.Token) bool { return k.Purpose == token.Speak && about(k.Letter) })
		if id := mailTo(e, p); id != "" && (told || receipt) {
			ids = append(ids, id)
		}
	}
	return ids
}

// mailTo is the Message-ID of what an event mails to a person, "" if nothing.
func mailTo(e ticket.Event, p charter.Person) string {
	for _, l := range e.Body.Letters {
		if !l.Customer && slices.Contains(l.To, p.Address()) {
			return l.MessageID
		}
	}
	return ""
}
