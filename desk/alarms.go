package desk

import (
	"fmt"
	"strings"
	"time"

	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// tellBounced records that an accepted letter came back. What it had met is open again, and a person hears of it now.
func (f *dossier) tellBounced(a *arrival, p ticket.Posted) error {
	reason := failureOf(a.m)
	f.add(kind.Bounced, a.from(), ticket.Body{Message: a.message(), Reason: reason, Delivery: &ticket.Delivery{Letter: p.ID, Reply: reason, Proof: "report " + a.raw.Hash.String()}})
	f.openDraft()
	return f.ask(f.desk.reviewers(f.t), letter.Review{Why: "bounced", Note: reason, Request: f.t.Excerpt})
}

// tellFailed records that the server refused a letter for good, and a person hears of it now.
func (f *dossier) tellFailed(l store.Letter, body ticket.Body) error {
	f.add(kind.Failed, program, body)
	f.openDraft()
	return f.ask(f.desk.reviewers(f.t), letter.Review{Why: "bounced", Note: body.Delivery.Reply, Request: f.t.Excerpt})
}

// warn takes a rung of the ladder: each of its people gets a mail that says what runs out when, and staff with it the draft and a
// token to answer at once.
func (f *dossier) warn(k kind.Kind, o ticket.Obligation, r ticket.Rung, m Moment, body ticket.Body) error {
	for _, p := range f.desk.audience(f.t, r.To) {
		w := letter.Warning{Ticket: f.told(p.Language), Person: reader(p), Duty: o.Name, Rung: r.Name, Late: k == kind.Breached}
		if left := f.desk.cfg.Service.Between(m.Now, o.Target); m.Now.Before(o.Target) && left >= time.Minute {
			w.Left = left
		}
		if body.Reason != "" {
			w.Delay, w.Cause = m.Now.Sub(r.At), body.Reason
		}
		if f.desk.enrolled(p) {
			draft, err := f.shown(p)
			if err != nil {
				return err
			}
			var t ticket.Token
			w.Draft = draft
			w.Token, t = f.grant(p, purposeDecide)
			body.Tokens = append(body.Tokens, t)
		}
		done, err := f.desk.letter.Warning(w, f.stamp())
		if err != nil {
			return err
		}
		done.Urgent = true
		f.enclose(&body, done)
	}
	f.add(k, program, body)
	return nil
}

// askFate asks the person who approved a letter, whose end nobody knows, what to do. Its token serves for the answer.
func (f *dossier) askFate(p ticket.Posted) error {
	body := ticket.Body{Rung: &ticket.Rung{Name: ticket.UnknownRung + p.ID, At: p.AskAt}, Reason: "nobody can say whether the letter arrived"}
	for _, who := range f.desk.audience(f.t, []string{orElse(p.By, "team")}) {
		token, k := f.grant(who, purposeSpeak)
		q := letter.Question{Ticket: f.told(who.Language), Person: reader(who), Token: token, Letter: p.Letter, At: p.At, Reply: p.Reply}
		done, err := f.desk.letter.Question(q, f.stamp())
		if err != nil {
			return err
		}
		done.Urgent = true
		body.Tokens = append(body.Tokens, k)
		f.enclose(&body, done)
	}
	f.add(kind.Warned, program, body)
	return nil
}

// outage writes the one mail about everything that passed while nobody watched, to team and managers.
func (f *dossier) outage(m Moment, missed []ticket.Ticket) error {
	notes := map[uint64]string{}
	for _, t := range missed {
		notes[t.Number] = passed(t, m)
	}
	body := ticket.Body{Reason: fmt.Sprintf("%d tickets had steps due while nothing was watched", len(missed)), Wake: m.Alive}
	for _, p := range f.desk.audience(f.t, []string{"team", "managers"}) {
		done, err := f.desk.letter.Summary(letter.Summary{Person: reader(p), Why: "outage", Tickets: missed, Notes: notes, From: m.Alive, To: m.Now}, f.stamp())
		if err != nil {
			return err
		}
		done.Urgent = true
		f.enclose(&body, done)
	}
	f.add(kind.Outage, program, body)
	return nil
}

// passed names the steps of a ticket that are due, "ack 50%, ack limit".
func passed(t ticket.Ticket, m Moment) string {
	var names []string
	for _, o := range t.Duties {
		if o.Running() {
			for _, r := range dueRungs(o, m.Now) {
				names = append(names, o.Name+" "+r.Name)
			}
		}
	}
	return strings.Join(names, ", ")
}
