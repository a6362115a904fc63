package dossier

import (
	"cmp"
	"time"

	"replyby/desk/figure"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// Ended is how an attempt to send ended. Outcome: sent, deferred (for now), refused (for good), unknown (nobody can say).
type Ended struct {
	Outcome string
	Code    int
	Reply   string // the server's words
	Server  string
	Stage   string
	At      time.Time
	Next    time.Time // deferred: when to try again
}

// tellPutOff is the attempt after which staff are told that a letter is being deferred: the fifth comes almost an hour after the first.
const tellPutOff = 5

// End records how an attempt to send a letter ended.
func (f *Dossier) End(l store.Letter, e Ended) error {
	del := &ticket.Delivery{Letter: l.ID, At: f.Now, Code: e.Code, Reply: e.Reply, Server: e.Server, Stage: e.Stage}
	body := ticket.Body{Delivery: del}
	if e.Outcome != "deferred" {
		f.Change.Done = append(f.Change.Done, l.ID)
	}
	what := cmp.Or(map[string]kind.Kind{"sent": kind.Sent, "deferred": kind.Held, "refused": kind.Failed}[e.Outcome], kind.Unknown)
	before, _ := f.T.Letter(l.ID)
	if before.State == posted.Bounced { // the bounce arrived first and has been dealt with
		f.Add(what, Program, body)
		return nil
	}
	switch what {
	case kind.Sent:
		acted := f.T.Acted(l.ID)
		if before.State != posted.Sent { // else the copy that proves it was faster
			f.tally(before, f.Now)
		}
		f.Add(what, Program, body)
		if acted {
			return f.oweUnheard()
		}
		return f.TakeEffect(l.Letter)
	case kind.Held:
		if l.Customer && l.Attempt+1 == tellPutOff {
			f.Add(what, Program, body)
			r := letter.Review{Why: "put_off", Note: e.Reply, Request: f.T.Excerpt}
			return f.askFor(f.answerable(before), r, ticket.Token{Purpose: token.Decide, Letter: l.ID})
		}
	case kind.Failed:
		f.Count("failed")
		if l.Customer {
			return f.tellFailed(l, body)
		}
	case kind.Unknown:
		if l.Customer {
			f.Count("unknown")
		}
	}
	f.Add(what, Program, body)
	return nil
}

// tally counts what the acceptance of a letter means for the figures. A limit that has passed since the last beat of the metronome counts
// as missed now: a clock that has stopped takes no step any more.
func (f *Dossier) tally(p ticket.Posted, at time.Time) {
	stops := f.T.Stops(p)
	for name, n := range figure.Accepted(f.T, p, at) {
		f.CountBy(name, n)
	}
	for _, o := range stops {
		if !o.Limit.IsZero() && !at.Before(o.Limit) {
			f.breach(o, at)
		}
	}
}

// breach takes the step at a limit that had passed when an answer came, if no beat has taken it.
func (f *Dossier) breach(o ticket.Obligation, at time.Time) {
	for _, r := range o.Rungs {
		if r.Means == "limit_passed" && r.Done.IsZero() {
			f.Count("missed")
			late := at.Sub(o.Limit).Round(time.Second)
			f.Add(kind.Breached, Program, ticket.Body{Obligation: o.Name, Rung: &r, Reason: late.String() + " late: answered after the limit, before a beat noticed that it had passed"})
		}
	}
}

// TallyElsewhere counts what an answer given without a letter of ours means for the figures. Call it before its event. It may have been
// given before the request was taken in.
func (f *Dossier) TallyElsewhere(at time.Time) {
	answers := []string{string(sla.Ack)}
	if next, owed := f.T.Duty(string(sla.NextReply)); owed && !at.Before(next.From) {
		answers = append(answers, next.Name)
	}
	f.tally(ticket.Posted{Letter: ticket.Letter{Answers: answers}, DecidedAt: f.Now}, at)
}

// tallyBack takes out of the figures the limits that a letter had kept and that run again now that it came back. was are the obligations
// before its report. How long the first answer took stays: it was written.
func (f *Dossier) tallyBack(was []ticket.Obligation, letter string) {
	for _, o := range was {
		if now, _ := f.T.Duty(o.Name); o.MetBy == letter && now.MetBy == "" && !o.Limit.IsZero() && o.MetAt.Before(o.Limit) {
			f.CountBy("kept", -1)
		}
	}
}
