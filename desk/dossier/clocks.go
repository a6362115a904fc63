package dossier

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/terms"
	"replyby/sla"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Oblige sets one clock: its instants, its ladder and the count, as the policy and the service hours say now.
func (f *Dossier) Oblige(name sla.Obligation, from time.Time) (ticket.Obligation, error) {
	return f.Terms().Oblige(name, from, f.Now)
}

// urgencyBy is the flag that names who of the staff said how urgent a ticket is.
const urgencyBy = "urgency_by"

// Urged reports whether the ticket is urgent because the customer, and not staff, says so.
func Urged(t ticket.Ticket) bool {
	return t.Verdict.Urgency == "urgent" && t.Verdict.Flags[urgencyBy] == ""
}

// SetUrgency makes the ticket "urgent" or "not_urgent". No deadline moves, but out of hours other people are told.
func (f *Dossier) SetUrgency(to, who string, body ticket.Body) error {
	f.T.Verdict.Urgency = to // the ladder depends on it, and the event is added last
	body.Verdict = &ticket.Verdict{Urgency: to}
	if who != Customer {
		body.Verdict.Flags = map[string]string{urgencyBy: who}
	}
	for _, o := range f.T.Duties {
		if !o.Running() {
			continue
		}
		told, err := f.Terms().ToldAnew(o)
		if err != nil {
			return err
		}
		body.Obligations = append(body.Obligations, told)
	}
	f.Add(kind.Reclassified, who, body)
	return nil
}

// Classify records what the message is and starts its clocks. A pre-sale question has no clock of correction. Under a policy with
// faults every other request has one until a person calls it a question: the clock of a fault starts with the request, and
// one that nobody watched is the one that is missed. A call has no clock at all: "non possono essere prese in considerazione richieste
// telefoniche". Language is that of a related ticket, for texts too short to tell.
func (f *Dossier) Classify(a *arrival.Arrival, language string) error {
	f.T.Verdict.Language = language
	v := f.verdict(a)
	f.T.Verdict = v // the policy is part of it
	var owed []sla.Obligation
	if v.Category != ticket.Phone {
		owed = f.Terms().FirstDuties()
	}
	body := ticket.Body{Verdict: &v}
	for _, name := range owed {
		o, err := f.Oblige(name, a.At)
		if err != nil {
			return err
		}
		body.Obligations = append(body.Obligations, o)
	}
	f.Add(kind.Classified, Program, body)
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

// StartNextReply starts the clock of the oldest customer message no person has answered. While the acknowledgement runs it is
// that clock.
func (f *Dossier) StartNextReply(a *arrival.Arrival) error { return f.oweReply(a.At) }

func (f *Dossier) oweReply(from time.Time) error {
	for _, name := range []sla.Obligation{sla.Ack, sla.NextReply} {
		if o, ok := f.T.Duty(string(name)); ok && o.Running() {
			return nil
		}
	}
	owed := []sla.Obligation{sla.NextReply}
	if _, ever := f.T.Duty(string(sla.Ack)); !ever { // the first request of a ticket that began otherwise
		owed = f.Terms().FirstDuties()
	}
	var body ticket.Body
	for _, name := range owed {
		o, err := f.Oblige(name, from)
		if err != nil {
			return err
		}
		body.Obligations = append(body.Obligations, o)
	}
	f.Add(kind.Classified, Program, body)
	return nil
}

// oweUnheard starts the clock of a message that came while a letter decided before it was on its way: that letter stopped the
// clocks that ran, and it does not answer what its author had not read. A call alone starts none.
func (f *Dossier) oweUnheard() error {
	if f.T.UnheardAt.IsZero() || f.T.State == ticket.Closed || len(f.T.Duties) == 0 {
		return nil
	}
	return f.oweReply(f.T.UnheardAt)
}

// meets lists the obligations that a letter of this kind meets when a server accepts it.
func (f *Dossier) meets(template string) []string {
	met := []string{string(sla.Ack), string(sla.NextReply)}
	switch {
	case strings.HasPrefix(template, "resolved"):
		return append(met, string(sla.ETA), string(sla.Fix), string(sla.ResolutionNotice))
	case template == "refund": // the way out that the contract leaves where nothing was corrected
		return append(met, string(sla.Fix))
	}
	return met
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
	f.Add(kind.Reclassified, Customer, ticket.Body{Verdict: &ticket.Verdict{Language: to}, Reason: "the customer wrote in another language"})
}

// urgent reports whether the ticket comes before others.
func (f *Dossier) urgent() bool { return f.T.Verdict.Urgency == "urgent" }

// ConfirmCare records what a person found who looked whether the customer has Business Care: yes or no. It moves no clock: who has
// none is owed an answer too.
func (f *Dossier) ConfirmCare(who, answer string) {
	v := ticket.Verdict{Flags: map[string]string{terms.CareActive: answer, terms.CareBy: who}}
	f.Add(kind.Reclassified, who, ticket.Body{Verdict: &v, Verb: "care", Text: answer})
}
