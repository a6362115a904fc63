package dossier

import (
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/sheet"
	"replyby/desk/terms"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Classify records what the message is and starts its clocks. A pre-sale question has no clock of correction. Under a policy with
// faults every other request has one until a person calls it a question: the clock of a fault starts with the request, and
// one that nobody watched is the one that is missed. A call has no clock at all: "non possono essere prese in considerazione richieste
// telefoniche". Language is that of a related ticket, for texts too short to tell.
func (f *Dossier) Classify(a *arrival.Arrival, language string) error {
	f.T.Verdict.Language = language
	v := f.verdict(a)
	f.T.Verdict = v // the policy is part of it
	body := ticket.Body{Verdict: &v}
	if v.Category != ticket.Phone {
		owed, err := f.Terms().Owed(f.Terms().FirstDuties(), a.At)
		if err != nil {
			return err
		}
		body.Obligations = owed
	}
	f.Add(kind.Classified, sheet.Program, body)
	return nil
}

func (f *Dossier) verdict(a *arrival.Arrival) ticket.Verdict {
	v := ticket.Verdict{
		Urgency: string(a.Verdict.Urgency.Label), Contract: a.Verdict.Urgency.Contract, Hint: a.Verdict.Urgency.Hint, Language: f.language(a.Verdict),
		Source: a.Verdict.Source, Policy: a.Verdict.Policy, Reply: cmp.Or(a.Verdict.Reply, "email"), Fields: a.Verdict.Fields, Flags: a.Verdict.Flags,
		Reasons: slices.Concat(a.Verdict.Urgency.Reasons, a.Verdict.Reasons),
	}
	switch {
	case a.Called:
		v.Category = ticket.Phone
	case a.Verdict.Flags["presale"] == "yes":
		v.Category = "presale"
	}
	if a.Verdict.Link != "" {
		v.Fields = maps.Clone(v.Fields)
		v.Fields["link"] = a.Verdict.Link
	}
	return v
}

// language is the one the customer wrote in, if it is one we have texts for; else the thread's; else the desk's first.
func (f *Dossier) language(v classifier.Verdict) string {
	if v.LanguageSure && slices.Contains(f.Languages, v.Language) {
		return v.Language
	}
	return cmp.Or(f.T.Verdict.Language, f.Languages[0])
}

// enoughToTell is how many characters a text needs before its language is trusted over that of its thread.
const enoughToTell = 60

// FollowLanguage switches the ticket to the language that the customer has switched to. A text of a few words changes nothing.
func (f *Dossier) FollowLanguage(a *arrival.Arrival) {
	to := f.language(a.Verdict)
	if to == f.T.Verdict.Language || utf8.RuneCountInString(a.Verdict.Fresh.Text) < enoughToTell {
		return
	}
	f.Add(kind.Reclassified, sheet.Customer, ticket.Body{Verdict: &ticket.Verdict{Language: to}, Reason: "the customer wrote in another language"})
}

// urgent reports whether the ticket comes before others.
func (f *Dossier) urgent() bool { return f.T.Verdict.Urgency == "urgent" }

// ConfirmCare records what a person found who looked whether the customer has Business Care: yes or no. It moves no clock: who has
// none is owed an answer too.
func (f *Dossier) ConfirmCare(who, answer string) {
	v := ticket.Verdict{Flags: map[string]string{terms.CareActive: answer, terms.CareBy: who}}
	f.Add(kind.Reclassified, who, ticket.Body{Verdict: &v, Verb: "care", Text: answer})
}
