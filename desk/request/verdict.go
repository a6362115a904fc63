package request

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"replyby/classifier"
	tongue "replyby/classifier/language"
	"replyby/classifier/urgency"
	"replyby/desk/arrival"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/verdict"
)

// classify records what the message is and starts its clocks. A pre-sale question has no clock of correction. Under a policy with
// faults every other request has one until a person calls it a question: the clock of a fault starts with the request, and
// one that nobody watched is the one that is missed. A call has no clock at all: "non possono essere prese in considerazione richieste
// telefoniche". Language is that of a related ticket, for texts too short to tell.
func classify(f *dossier.Dossier, a *arrival.Arrival, language string) error {
	f.T.Verdict.Language = language
	v := judge(f, a)
	f.T.Verdict = v // the policy is part of it
	body := ticket.Body{Verdict: &v}
	if v.Category != verdict.Phone {
		owed, err := f.Terms().Owed(f.Terms().FirstDuties(), a.At)
		if err != nil {
			return err
		}
		body.Obligations = owed
	}
	f.Add(kind.Classified, sheet.Program, body)
	return nil
}

func judge(f *dossier.Dossier, a *arrival.Arrival) ticket.Verdict {
	v := ticket.Verdict{
		Urgency: verdict.Urgency(a.Verdict.Urgency.Label), Contract: a.Verdict.Urgency.Contract, Hint: a.Verdict.Urgency.Hint, Language: language(f, a.Verdict),
		Source: a.Verdict.Source, Policy: a.Verdict.Policy, Reply: cmp.Or(verdict.Reply(a.Verdict.Reply), verdict.Email), Fields: a.Verdict.Fields, Flags: a.Verdict.Flags,
		Reasons: slices.Concat(a.Verdict.Urgency.Reasons, a.Verdict.Reasons),
	}
	switch {
	case a.Called:
		v.Category = verdict.Phone
	case a.Verdict.Flags["presale"] == "yes":
		v.Category = verdict.Presale
	}
	if a.Verdict.Link != "" {
		v.Fields = maps.Clone(v.Fields)
		v.Fields["link"] = a.Verdict.Link
	}
	return v
}

// language is the one the customer wrote in, if it is one we have texts for; else the thread's; else one that he is likely to read, if he wrote in
// another for sure; else the desk's first.
func language(f *dossier.Dossier, v classifier.Verdict) string {
	if v.LanguageSure && slices.Contains(f.Languages, v.Language) {
		return v.Language
	}
	read := common(v)
	if !slices.Contains(f.Languages, read) {
		read = ""
	}
	return cmp.Or(f.T.Verdict.Language, read, f.Languages[0])
}

// common is a language that somebody is likely to read who certainly wrote in one that we have no texts for, else "".
func common(v classifier.Verdict) string {
	switch {
	case v.LanguageSure && v.Language == "ca":
		return "es"
	case v.LanguageSure, v.Language == tongue.Other:
		return "en"
	}
	return ""
}

// enoughToTell is how many characters a text needs before its language is trusted over that of its thread.
const enoughToTell = 60

// followLanguage switches the ticket to the language that the customer has switched to. A text of a few words changes nothing.
func followLanguage(f *dossier.Dossier, a *arrival.Arrival) {
	to := language(f, a.Verdict)
	if to == f.T.Verdict.Language || utf8.RuneCountInString(a.Written()) < enoughToTell {
		return
	}
	f.Add(kind.Reclassified, sheet.Customer, ticket.Body{Verdict: &ticket.Verdict{Language: to}, Reason: "the customer wrote in another language"})
}

// escalate makes the ticket urgent when the customer brings the term in with this message; a term already there, or
// dropped, changes nothing: only a person lowers.
func (c Clerk) escalate(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival) error {
	if a.Verdict.Urgency.Label != urgency.Urgent || f.T.Verdict.Urgency == verdict.Urgent {
		return nil
	}
	if strings.TrimSpace(a.Verdict.UrgencyIn) == strings.TrimSpace(a.Verdict.Subject) { // else a form's field or its text says so, below a subject that is always the same
		if repeats, err := c.repeats(ctx, f.T, a.Verdict.Subject); repeats || err != nil {
			return err
		}
	}
	return clock.SetUrgency(f.Sheet, verdict.Urgent, sheet.Customer, ticket.Body{Reason: "the customer wrote it in a later message"})
}

// repeats reports whether a subject with the term is one that stood above a message or a letter of the ticket before, or of one that goes on in it: the
// program of whoever answers wrote it there. Our letters about urgent tickets have the term in front of the customer's subject.
func (c Clerk) repeats(ctx context.Context, t ticket.Ticket, subject string) (bool, error) {
	subject = c.untagged(subject)
	known := func(earlier string) bool {
		return c.Judge.Urgent(subject, c.untagged(earlier), true).Label != urgency.Urgent
	}
	for e, err := range c.Events(ctx, t.Number, kind.Received, kind.Adopted, kind.Decided) {
		if err != nil {
			return false, fmt.Errorf("look for the subjects of ticket %d: %w", t.Number, err)
		}
		if e.Body.Message != nil && known(e.Body.Message.Subject) ||
			slices.ContainsFunc(e.Body.Letters, func(l ticket.Letter) bool { return l.Customer && known(l.Subject) }) {
			return true, nil
		}
	}
	for _, n := range t.Links {
		other, err := c.Store.Load(ctx, c.Name, n)
		if store.Harmed(err) {
			continue // rather urgent once too often
		}
		if err != nil {
			return false, fmt.Errorf("look for the subjects of ticket %d: %w", n, err)
		}
		if other.MergedInto != t.Number || other.Verdict.Urgency == verdict.Urgent { // which nobody has lowered
			continue
		}
		if repeated, err := c.repeats(ctx, other, subject); repeated || err != nil {
			return repeated, err
		}
	}
	return false, nil
}

var inBrackets = regexp.MustCompile(`\[[^\[\]]*\]`)

// untagged is a subject without what gateways and ticket systems write into it in brackets, unless that is the term.
func (c Clerk) untagged(subject string) string {
	return inBrackets.ReplaceAllStringFunc(subject, func(tag string) string {
		if c.Judge.Urgent(tag, "", false).Label == urgency.Urgent {
			return tag
		}
		return " "
	})
}
