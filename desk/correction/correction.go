// Package correction tells everybody who waits for a published correction of it with one approval: it finds the tickets concerned, works out
// what the letter of each would say and, once a person has approved exactly that, decides the letters.
//
// It promises that a ticket gets the letter that was shown for it or none: what was closed, or heard from its customer, since it was shown
// is left out and named. It commits nothing.
package correction

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/files"
	"replyby/letter"
	"replyby/letter/beside"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
	"replyby/ticket/verdict"
)

// Template is the text that tells of a correction.
const Template = "resolved_patch"

// most is how many tickets one approval answers. Further ones are left out, and said so.
const most = 200

// Round is one correction and the tickets it concerns. Lead is the ticket to which staff said it; its draft is the model for all others.
type Round struct {
	Lead  *dossier.Dossier
	Files files.Files
	By    charter.Person
	Cause string
	Hand  []*dossier.Dossier // other tickets that the same decision changes
}

// Waiting finds the numbers of the other tickets that wait for the same correction: the open ones about the same product that are faults
// or may be, and those linked to the lead. One that cannot be read may be among them.
func (r Round) Waiting(ctx context.Context) ([]uint64, error) {
	lead, product := r.Lead.T, named(r.Lead.Product(r.Lead.T))
	var numbers []uint64
	for t, err := range r.Files.Store.Each(ctx, store.Query{Desk: r.Files.Name, Open: true}) {
		if store.Harmed(err) && t.Number > 0 {
			numbers = append(numbers, t.Number)
			continue
		}
		if err != nil {
			return nil, err
		}
		same := product != "" && named(r.Lead.Product(t)) == product && (t.Verdict.Category == "" || t.Verdict.Category == verdict.Fault)
		if t.Number != lead.Number && (same || slices.Contains(lead.Links, t.Number)) {
			numbers = append(numbers, t.Number)
		}
	}
	for _, f := range r.Hand { // in the store still as they were
		numbers = append(numbers, f.T.Number)
	}
	return numbers, nil
}

func named(product string) string { return strings.ToLower(strings.Join(strings.Fields(product), " ")) }

// Propose works out the letters of other tickets by a draft of the lead: which would go, each bound by its hash, and which not and why.
func (r Round) Propose(ctx context.Context, model ticket.Draft, numbers []uint64) (with []ticket.Bound, shown []beside.Fellow, err error) {
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		if n == r.Lead.T.Number {
			continue
		}
		f, err := r.load(ctx, n)
		if store.Harmed(err) {
			shown = append(shown, r.unread(n))
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		one := r.letterFor(f, model)
		if one.Left == "" && len(with) == most {
			one.Left = "many"
		}
		if one.Written, err = r.written(f); err != nil {
			return nil, nil, err
		}
		shown = append(shown, one.Fellow)
		if one.Left == "" {
			with = append(with, ticket.Bound{Ticket: n, Letter: one.hash, After: one.Written.At})
		}
	}
	return with, shown, nil
}

// Publish decides the letter of every ticket that a draft of the lead is bound to and that is as it was when it was shown. It returns the
// changed tickets, and what became of each.
func (r Round) Publish(ctx context.Context, model ticket.Draft, body ticket.Body) (changed []*dossier.Dossier, told []beside.Fellow, err error) {
	for _, bound := range model.With {
		f, err := r.load(ctx, bound.Ticket)
		if store.Harmed(err) {
			told = append(told, r.unread(bound.Ticket))
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		one := r.letterFor(f, model)
		if one.Left == "" && one.hash != bound.Letter {
			one.Left = "changed"
		}
		if one.Left == "" {
			d, was := one.draft, f.T.Draft
			f.Add(kind.Drafted, r.By.Address(), ticket.Body{Draft: &d})
			body.Link = r.Lead.T.Number
			if _, err := Decide(f, d, r.By, body); err != nil {
				return nil, nil, err
			}
			if inHand(was) {
				if err := f.Keep(was); err != nil {
					return nil, nil, err
				}
			}
			changed = append(changed, f)
		}
		told = append(told, one.Fellow)
	}
	return changed, told, nil
}

// unread is a ticket that cannot be read: it is left out.
func (r Round) unread(n uint64) beside.Fellow {
	t := ticket.Ticket{Number: n}
	t.Ref = r.Lead.Beside(t).Ref()
	return beside.Fellow{Ticket: t, Left: "damaged"}
}

func (r Round) load(ctx context.Context, n uint64) (*dossier.Dossier, error) {
	for _, f := range r.Hand {
		if f.T.Number == n {
			return f, nil
		}
	}
	f, err := r.Files.Load(ctx, n, r.Lead.Now, r.Cause)
	if errors.Is(err, store.ErrNotFound) {
		return nil, dossier.Refusal{Code: "no_such_ticket", Detail: r.Lead.Beside(ticket.Ticket{Number: n}).Ref()}
	}
	return f, err
}

// one is the letter of one other ticket.
type one struct {
	beside.Fellow
	draft ticket.Draft
	hash  ticket.Hash
}

// inHand reports whether somebody wrote a draft that the letter of a correction does not stand for: it is no correction taken back before.
func inHand(d ticket.Draft) bool { return d.By != "" && (d.Template != Template || len(d.With) > 0) }

// letterFor works out what a ticket would get by the model of the lead. The person's words go where the customer reads their language.
func (r Round) letterFor(f *dossier.Dossier, model ticket.Draft) one {
	t := f.T
	d := ticket.Draft{
		Version: t.Draft.Version + 1, Template: Template, Language: cmp.Or(t.Verdict.Language, f.Languages[0]), Values: maps.Clone(model.Values),
		Times: maps.Clone(model.Times), To: []ticket.Address{t.Customer}, By: model.By,
		Files: model.Files,
	}
	if model.All {
		d.Cc, d.All = t.Cc, true
	}
	if d.Language == model.Language {
		d.Personal = model.Personal
	}
	o := one{Fellow: beside.Fellow{Ticket: t, Language: d.Language, Copied: d.Cc}, draft: d}
	filled, err := f.Case().Fill(d, r.By)
	switch ack, _ := t.Duty(duty.Ack); {
	case t.State == ticket.Closed || t.State == ticket.Resolved:
		o.Left = "closed"
	case t.Verdict.Reply == verdict.Portal:
		o.Left = "portal"
	case t.Customer.Addr == "":
		o.Left = "nobody"
	case ack.Running() && f.Terms().Contract().PersonalMin > 0:
		o.Left = "personal" // the same words to several people are no personal answer
	case err != nil || len(filled.Missing) > 0:
		o.Left = "incomplete"
	}
	if inHand(t.Draft) {
		o.Drafted = f.Called(t.Draft.By)
	}
	o.Subject, o.Text = filled.Subject, filled.Body
	seen := []string{t.Customer.Addr, filled.Subject, filled.Body, t.LastRaw.String()}
	for _, c := range d.Cc {
		seen = append(seen, c.Addr)
	}
	for _, f := range d.Files {
		seen = append(seen, f.Name, f.Hash.String())
	}
	o.hash = ticket.Sum([]byte(strings.Join(seen, "\x00")))
	o.draft.Text = filled.Body
	return o
}

// LeftOut tells which tickets a correction was proposed to as well, where the lead has been closed since it was as before.
func (r Round) LeftOut(before ticket.Ticket) []letter.Deed {
	if t := r.Lead.T; t.State != ticket.Closed || before.State == ticket.Closed || t.MergedInto != 0 || len(before.Draft.With) == 0 {
		return nil
	}
	var refs []string
	for _, w := range before.Draft.With {
		refs = append(refs, r.Lead.Beside(ticket.Ticket{Number: w.Ticket}).Ref())
	}
	return []letter.Deed{{Verb: "unlisted", Value: strings.Join(refs, ", ")}}
}

// Decide records that a person approved the letter of one ticket, and that its problem is solved by it.
func Decide(f *dossier.Dossier, d ticket.Draft, by charter.Person, body ticket.Body) (dossier.Written, error) {
	r, err := f.CustomerLetter(d, by, f.Case().Effects(d))
	if err != nil {
		return r, err
	}
	body.Draft, body.Text, body.Share = dossier.Decided(d), d.Personal, r.Share
	f.Enclose(&body, r.Rendered)
	f.Key(store.Words, r.Words)
	f.Add(kind.Decided, by.Address(), body)
	f.Count("decided")
	err = clock.Solve(f.Sheet, by.Address(), ticket.Body{Verb: body.Verb, Text: d.Values["version"]})
	f.OpenDraft()
	return r, err
}

// Recall takes back the letters that were decided together with one of the lead and still wait. It returns the changed tickets.
func (r Round) Recall(ctx context.Context, lead ticket.Posted) ([]*dossier.Dossier, error) {
	var changed []*dossier.Dossier
	for _, n := range r.Lead.T.Links {
		f, err := r.load(ctx, n)
		if store.Harmed(err) {
			continue // its letter does not leave
		}
		if err != nil {
			return nil, err
		}
		for _, p := range f.T.Posted {
			if p.Customer && p.State == posted.Queued && p.By == lead.By && p.NotBefore.Equal(lead.NotBefore) && !lead.NotBefore.IsZero() {
				if err := f.TakeBack(r.By.Address(), p); err != nil {
					return nil, err
				}
				changed = append(changed, f)
				break
			}
		}
	}
	return changed, nil
}

// Link takes the address out of a person's words if they end in one: where the correction can be had.
func Link(words string) (rest, link string) {
	words = strings.TrimSpace(words)
	i := strings.LastIndexAny(words, " \n\t")
	last := strings.Trim(words[i+1:], "<>")
	if !strings.HasPrefix(last, "https://") && !strings.HasPrefix(last, "http://") {
		return words, ""
	}
	return strings.TrimSpace(words[:i+1]), strings.TrimRight(last, ".")
}
