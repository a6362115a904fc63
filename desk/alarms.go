package desk

import (
	"replyby/letter"
	"replyby/sla"
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
	return f.ask(f.desk.reviewers(f.t), letter.Review{Why: "failed", Note: body.Delivery.Reply, Request: f.t.Excerpt})
}

// warn takes a rung of the ladder: each of its people gets a mail that says what runs out when, with a token to answer.
func (f *dossier) warn(k kind.Kind, o ticket.Obligation, r ticket.Rung, m Moment, body ticket.Body) error {
	for _, p := range f.desk.audience(f.t, r.To) {
		token, t := f.grant(p, purposeDecide)
		w := letter.Warning{Ticket: f.told(p.Language), Person: reader(p), Token: token, Duty: o.Name, Rung: r.Name, Late: k == kind.Breached}
		if !o.Target.IsZero() && m.Now.Before(o.Target) {
			w.Left = f.desk.cfg.Service.Between(m.Now, o.Target)
		}
		if body.Reason != "" {
			w.Delay, w.Cause = m.Now.Sub(r.At), body.Reason
		}
		done, err := f.desk.letter.Warning(w, f.stamp())
		if err != nil {
			return err
		}
		done.Urgent = true
		body.Tokens = append(body.Tokens, t)
		f.enclose(&body, done)
	}
	f.add(k, program, body)
	return nil
}

// counted explains a clock in one line, in a reader's language.
func (f *dossier) counted(p *sla.Policy, o ticket.Obligation, language string) string {
	return o.Count
}
