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
	"replyby/sla"
	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Oblige sets one clock: its instants, its ladder and the count, as the policy and the service hours say now.
func (f *Dossier) Oblige(name sla.Obligation, from time.Time) (ticket.Obligation, error) {
	return f.obligeSince(name, from, f.Now)
}

// obligeSince sets a clock whose ladder announces nothing for before since.
func (f *Dossier) obligeSince(name sla.Obligation, from, since time.Time) (ticket.Obligation, error) {
	p := f.Contract()
	due, err := p.Due(name, from, f.attended())
	if err != nil {
		return ticket.Obligation{}, err
	}
	o := ticket.Obligation{
		Name: string(name), From: due.From, Target: due.Target, Limit: due.Limit, ActBy: due.ActBy,
		Calendar: due.Calendar, Reading: p.Name,
	}
	if o.Rungs, err = f.rungs(due, since); err != nil {
		return ticket.Obligation{}, err
	}
	return o, nil
}

// rungs places the ladder in time. Nothing is announced for before since.
func (f *Dossier) rungs(due sla.Due, since time.Time) ([]ticket.Rung, error) {
	placed, err := f.Contract().Rungs(sla.Situation{
		Due: due, Since: since, Now: f.Now, Service: f.attended(), Urgent: f.Urgent(), OwnHours: f.onCall(),
	})
	if err != nil {
		return nil, err
	}
	var rungs []ticket.Rung
	for _, r := range placed {
		rungs = append(rungs, ticket.Rung{Name: r.Name, At: r.At, To: r.To, Means: r.Means})
	}
	return rungs, nil
}

// urgencyBy is the flag that names who of the staff said how urgent a ticket is.
const urgencyBy = "urgency_by"

// Urged says that it is urgent because the customer says so.
func Urged(t ticket.Ticket) bool {
	return t.Verdict.Urgency == "urgent" && t.Verdict.Flags[urgencyBy] == ""
}

// SetUrgency makes the ticket "urgent" or "not_urgent". No deadline moves, but out of hours other people are told.
func (f *Dossier) SetUrgency(to, who string, body ticket.Body) error {
	f.T.Verdict.Urgency = to // as the event will leave it
	body.Verdict = &ticket.Verdict{Urgency: to}
	if who != Customer {
		body.Verdict.Flags = map[string]string{urgencyBy: who}
	}
	for _, o := range f.T.Duties {
		if !o.Running() {
			continue
		}
		told, err := f.toldAnew(o)
		if err != nil {
			return err
		}
		body.Obligations = append(body.Obligations, told)
	}
	f.Add(kind.Reclassified, who, body)
	return nil
}

// toldAnew settles who hears of the steps of an obligation that are not taken yet.
func (f *Dossier) toldAnew(o ticket.Obligation) (ticket.Obligation, error) {
	since := f.T.IntakeAt
	if o.Name != string(sla.ETA) { // which starts nowhere but at its end
		since = later(o.From, since)
	}
	placed, err := f.rungs(dueOf(o), since)
	if err != nil {
		return o, err
	}
	o.Rungs = slices.Clone(o.Rungs)
	for i, r := range o.Rungs {
		if j := slices.IndexFunc(placed, func(p ticket.Rung) bool { return p.Name == r.Name }); j >= 0 && r.Done.IsZero() {
			o.Rungs[i].To = placed[j].To
		}
	}
	return o, nil
}

func dueOf(o ticket.Obligation) sla.Due {
	return sla.Due{Obligation: sla.Obligation(o.Name), From: o.From, Target: o.Target, Limit: o.Limit, ActBy: o.ActBy}
}

// repeated adds to an obligation the next of its reminders, which are listed one ahead.
func (f *Dossier) repeated(o ticket.Obligation) (ticket.Obligation, error) {
	rungs, err := f.rungs(dueOf(o), o.From)
	if err != nil {
		return o, err
	}
	for _, r := range rungs {
		if !slices.ContainsFunc(o.Rungs, func(old ticket.Rung) bool { return old.Name == r.Name }) && r.At.After(f.Now) {
			o.Rungs = append(o.Rungs, r)
		}
	}
	return o, nil
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
		owed = f.firstDuties()
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
		owed = f.firstDuties()
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

// firstDuties are what a request is owed from the moment it came.
func (f *Dossier) firstDuties() []sla.Obligation {
	if f.Contract().Fix != nil && f.T.Verdict.Category != "presale" {
		return []sla.Obligation{sla.Ack, sla.Fix}
	}
	return []sla.Obligation{sla.Ack}
}

// oweUnheard starts the clock of a message that came while a letter decided before it was on its way: that letter stopped the
// clocks that ran, and it does not answer what its author had not read. A call alone starts none.
func (f *Dossier) oweUnheard() error {
	if f.T.UnheardAt.IsZero() || f.T.State == ticket.Closed || len(f.T.Duties) == 0 {
		return nil
	}
	return f.oweReply(f.T.UnheardAt)
}

// Answers lists the obligations that a letter of this kind meets when a server accepts it.
func (f *Dossier) Answers(template string) []string {
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

// enoughToTell is from how many characters on a text may change the language of its thread.
const enoughToTell = 60

// FollowLanguage turns to the language the customer has turned to. A few words change nothing.
func (f *Dossier) FollowLanguage(a *arrival.Arrival) {
	to := f.language(a.Verdict)
	if to == f.T.Verdict.Language || utf8.RuneCountInString(a.Verdict.Fresh.Text) < enoughToTell {
		return
	}
	f.Add(kind.Reclassified, Customer, ticket.Body{Verdict: &ticket.Verdict{Language: to}, Reason: "the customer wrote in another language"})
}

// counted explains a clock in one line, in a reader's language: how its limit, or its target where there is no limit, was counted.
// Nothing is said where today's calendar would count otherwise than was counted then.
func (f *Dossier) counted(o ticket.Obligation, language string) string {
	clock, ok := clockOf(f.Contract(), sla.Obligation(o.Name))
	say, err := wording.In(language)
	if !ok || err != nil {
		return ""
	}
	term, what, due := clock.Limit, "limit", o.Limit
	if due.IsZero() {
		term, what, due = clock.Target, "target", o.Target
	}
	c, err := term.Count(f.Contract().Calendar, f.attended(), o.From)
	if err != nil || !c.Due.Equal(due) {
		return ""
	}
	return c.Line(say, what)
}

func clockOf(p *sla.Policy, o sla.Obligation) (sla.Clock, bool) {
	switch {
	case o == sla.Ack:
		return p.Ack, true
	case o == sla.NextReply:
		return p.NextReply, true
	case o == sla.Fix && p.Fix != nil:
		return *p.Fix, true
	case o == sla.ResolutionNotice && p.ResolutionNotice != nil:
		return *p.ResolutionNotice, true
	}
	return sla.Clock{}, false
}

// Urgent says that the ticket comes before others.
func (f *Dossier) Urgent() bool { return f.T.Verdict.Urgency == "urgent" }
