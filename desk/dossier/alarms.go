package dossier

import (
	"slices"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/budget"
	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/letter/news"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// TellBounced records that an accepted letter came back, and a person hears of it now. Of an erased ticket nobody is left to write to.
func (f *Dossier) TellBounced(a *arrival.Arrival, p ticket.Posted) error {
	body := bounced(a, p)
	if err := clock.Bounced(f.Sheet, p.Letter, body); err != nil || f.T.Erased() {
		return err
	}
	if err := f.draftAgain(p.Letter, f.Approved); err != nil {
		return err
	}
	return f.Ask(f.Reviewers(), letter.Review{Why: "bounced", Note: body.Reason, Request: f.T.Excerpt})
}

// TellCopyBounced files the report that somebody who was copied did not get a letter, and tells those who may know him. For the customer
// nothing changes.
func (f *Dossier) TellCopyBounced(a *arrival.Arrival, copied []string) error {
	note := strings.Join(copied, ", ") + ": " + a.Failure()
	f.File(a, "a copy did not arrive: "+note)
	return f.Ask(f.Reviewers(), letter.Review{Why: "copied", Note: note, Request: f.T.Excerpt})
}

// bounced is what the event of a letter that came back keeps of its report.
func bounced(a *arrival.Arrival, p ticket.Posted) ticket.Body {
	reason := a.Failure()
	return ticket.Body{Message: a.Message(), Reason: reason, Delivery: &ticket.Delivery{Letter: p.ID, Reply: reason, Proof: "report " + a.Kept.Hash.String()}}
}

// tellFailed records that the server refused a letter for good, and a person hears of it now.
func (f *Dossier) tellFailed(l store.Letter, body ticket.Body) error {
	if err := clock.Failed(f.Sheet, l.Letter, body); err != nil {
		return err
	}
	if err := f.draftAgain(l.Letter, f.Approved); err != nil {
		return err
	}
	return f.Ask(f.Reviewers(), letter.Review{Why: "bounced", Note: body.Delivery.Reply, Request: f.T.Excerpt})
}

// Inform mails a person what a colleague did. It may be left out, but for what makes untrue what he was told before.
func (f *Dossier) Inform(p charter.Person, n letter.News, b *ticket.Body) error {
	if may, err := f.mayTell(p, budget.Mail{News: n.What != news.Undone}, b); !may {
		return err
	}
	n.Ticket, n.Person = f.told(p.Language), p.Reader()
	r, err := f.Letter.News(n, f.Stamp())
	if err != nil {
		return err
	}
	f.Enclose(b, r)
	return nil
}

// warn takes a rung of the ladder: each of its people gets a mail that says what runs out when, and staff with it the draft and a
// token to answer at once.
func (f *Dossier) warn(k kind.Kind, o ticket.Obligation, r ticket.Rung, m clock.Beat, body ticket.Body) error {
	just, spared := clock.JustWarned(o, r, f.Now), false
	for _, p := range f.Audience(r.To) {
		if slices.Contains(just, p.Address()) {
			spared = true
			continue
		}
		if may, err := f.mayTell(p, budget.Mail{Urgent: true}, &body); !may {
			if err != nil {
				return err
			}
			continue
		}
		w := letter.Warning{Ticket: f.told(p.Language), Person: p.Reader(), Duty: o.Name, Means: r.Means, Late: k == kind.Breached || r.Means == "reminder" && !o.Limit.IsZero()}
		if left := f.Terms().Attended().Between(m.Now, o.Target); m.Now.Before(o.Target) && left >= time.Minute {
			w.Left = left
		}
		if late := m.Now.Sub(r.At); late > clock.LateAfter {
			w.Delay = late
		}
		if w.Delay > 0 && m.Slept() {
			w.Down = m.Alive
		}
		if f.Enrolled(p) {
			draft, err := f.shown(p)
			if err != nil {
				return err
			}
			var t ticket.Token
			w.Draft = draft
			w.Token, t = f.grant(p, token.Decide, draft)
			body.Tokens = append(body.Tokens, t)
		}
		done, err := f.Letter.Warning(w, f.Stamp())
		if err != nil {
			return err
		}
		done.Urgent = true
		f.Enclose(&body, done)
		body.Rung.Told = append(body.Rung.Told, p.Address())
	}
	if spared && len(body.Letters) == 0 { // else the log would not say why the step mailed nobody
		body.Reason = strings.TrimPrefix(body.Reason+"; told a moment ago by the step before", "; ")
	}
	f.Add(k, sheet.Program, body)
	return nil
}

// askFate asks the person who approved a letter, whose end nobody knows, what to do. Its token serves for the answer.
func (f *Dossier) askFate(p ticket.Posted) error {
	body := ticket.Body{Rung: &ticket.Rung{Name: p.AskStep(), At: p.AskAt}, Reason: "nobody can say whether the letter arrived"}
	if raw, err := f.Mail(p.Hash); err == nil { // a ticket does not keep it; where it cannot be read, it is asked about all the same
		p.Text = mailparse.Parse(raw).Text
	}
	for _, who := range f.answerable(p) {
		if may, err := f.mayTell(who, budget.Mail{Urgent: true}, &body); !may {
			if err != nil {
				return err
			}
			continue
		}
		token, k, err := f.lend(who, p.ID)
		if err != nil {
			return err
		}
		q := letter.Question{Ticket: f.told(who.Language), Person: who.Reader(), Token: token, Letter: p.Letter, At: p.At, Reply: p.Reply}
		done, err := f.Letter.Question(q, f.Stamp())
		if err != nil {
			return err
		}
		done.Urgent = true
		body.Tokens = append(body.Tokens, k)
		f.Enclose(&body, done)
	}
	f.Add(kind.Warned, sheet.Program, body)
	return nil
}
