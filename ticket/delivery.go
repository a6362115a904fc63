package ticket

import (
	"slices"
	"time"

	"replyby/ticket/act"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// letterStates maps each delivery event to the state in which it leaves the letter.
func letterStates() map[kind.Kind]posted.State {
	return map[kind.Kind]posted.State{
		kind.Held: posted.Queued, kind.Sending: posted.Sending, kind.Sent: posted.Sent, kind.Failed: posted.Failed, kind.Unknown: posted.Unknown,
		kind.Settled: posted.Sent, kind.Bounced: posted.Bounced, kind.Recalled: posted.Recalled,
	}
}

// deliver records what became of a letter and moves the obligations that depend on it: acceptance meets them, a bounce
// opens them again.
func (t *Ticket) deliver(e Event) {
	d := e.Body.Delivery
	if d == nil {
		return
	}
	i := slices.IndexFunc(t.Posted, func(p Posted) bool { return p.ID == d.Letter })
	if i < 0 {
		return
	}
	p := &t.Posted[i]
	if p.known(e.Kind) {
		return // the copy that proves delivery, or the bounce, arrived before the end of the attempt was recorded
	}
	had := p.State == posted.Sent
	p.State, p.At, p.AskAt = letterStates()[e.Kind], acceptedAt(e), time.Time{}
	if e.Kind == kind.Settled && e.Body.Verb != "" {
		p.State = posted.Left // a person let it rest, alone or for a second copy: no proof that anything arrived
	}
	p.note(*d)
	if d.OnWire != "" {
		t.Thread = withLast(t.Thread, keepThread, d.OnWire)
	}
	if p.Customer && slices.Contains([]posted.State{posted.Recalled, posted.Failed, posted.Bounced}, p.State) {
		t.unhear(i)
	}
	switch {
	case e.Kind == kind.Unknown && p.Customer:
		p.AskAt = e.At.Add(askAfter)
	case e.Kind == kind.Bounced:
		t.unmeet(p.ID)
		t.disown(*p)
	case p.State == posted.Sent && p.Customer && !had: // a letter arrives once, however often that is proven
		t.meet(*p, acceptedAt(e))
	}
	if !p.Customer && (p.State == posted.Sent || p.State == posted.Recalled) {
		t.Posted = slices.Delete(t.Posted, i, i+1)
	}
}

// known reports whether the state of a letter rests on better evidence (a copy, a bounce) than this end of the sending attempt.
func (p Posted) known(end kind.Kind) bool {
	doubt := end == kind.Unknown || end == kind.Held
	return p.State == posted.Sent && doubt || p.State == posted.Bounced && (doubt || end == kind.Sent || end == kind.Failed)
}

// note keeps the words of the server; a later event without any does not erase them.
func (p *Posted) note(d Delivery) {
	if d.Attempt > 0 {
		p.Attempt = d.Attempt
	}
	if d.Reply != "" {
		p.Reply, p.Server = d.Reply, d.Server
	}
	if d.Proof != "" {
		p.Proof = d.Proof
	}
}

// acceptedAt is the instant of acceptance: the delivery's own where it knows one, else the event's.
func acceptedAt(e Event) time.Time {
	if d := e.Body.Delivery; d != nil && !d.At.IsZero() {
		return d.At
	}
	return e.At
}

func (t *Ticket) meet(p Posted, at time.Time) {
	t.AnsweredAt = at
	for _, o := range t.Stops(p) {
		t.stop(o.Name, at, p.ID)
	}
	lost := slices.ContainsFunc(t.Posted, func(q Posted) bool {
		return q.MessageID == p.MessageID && (q.State == posted.Failed || q.State == posted.Recalled)
	})
	if lost && t.UnheardAt.Equal(p.Heard) { // what a copy gave back that came to nothing has been answered by this one
		t.UnheardAt = time.Time{}
		if t.CustomerAt.After(p.DecidedAt) {
			t.UnheardAt = t.CustomerAt
		}
	}
}

// Stops lists the clocks that a letter stops if it is accepted now: those that run and that it answers.
func (t Ticket) Stops(p Posted) []Obligation {
	return slices.DeleteFunc(t.running(), func(o Obligation) bool { return !p.answers(o) })
}

// answers reports whether a letter meets an obligation. It meets none that came to be owed after the letter was decided, with one exception:
// where a copy of the letter was lost, what the letter had answered is owed again, from the same message, and it does meet that. The news that
// a letter promises is told by another.
func (p Posted) answers(o Obligation) bool {
	if o.Name == duty.NextUpdate && !o.SetAt.Before(p.DecidedAt) {
		return false
	}
	return slices.Contains(p.Answers, o.Name) && (!o.SetAt.After(p.DecidedAt) || o.From.Equal(p.Heard))
}

// unmeet reopens the obligations that a bounced letter had met, except those that another delivered letter answers as well.
func (t *Ticket) unmeet(letter string) {
	for i := range t.Duties {
		o := &t.Duties[i]
		if o.MetBy != letter {
			continue
		}
		o.MetAt, o.MetBy = time.Time{}, ""
		for _, p := range t.Posted {
			if p.State == posted.Sent && p.answers(*o) && (o.MetBy == "" || p.At.Before(o.MetAt)) {
				o.MetAt, o.MetBy = p.At, p.ID
			}
		}
	}
}

// unhear undoes hear for a letter that reaches nobody. The messages that it answered count as answered by the next letter that has reached the
// customer or still may, since its author had read them too. Where there is none they are unanswered again.
func (t *Ticket) unhear(i int) {
	heard := t.Posted[i].Heard
	t.Posted[i].Heard = time.Time{}
	for j := i + 1; j < len(t.Posted); j++ {
		p := &t.Posted[j]
		if p.Customer && (t.Acted(p.ID) || p.State.MayArrive()) {
			p.Heard = earlier(p.Heard, heard)
			return
		}
	}
	t.UnheardAt = earlier(t.UnheardAt, heard)
}

// answered records an answer that staff gave without us: it meets the same obligations as a letter would.
func (t *Ticket) answered(e Event) {
	at, how := e.At, "declared"
	if e.Kind == kind.AnsweredOutside {
		how = "observed"
		if e.Body.Message != nil {
			at = e.Body.Message.ReceivedAt
		}
	}
	t.AnsweredAt = at
	if !at.Before(t.Outside.At) { // one that came late is not the last
		t.Outside = act.Act{Kind: e.Kind, By: e.Actor, At: at}
	}
	t.stop(duty.Ack, at, how)
	if o, ok := t.Duty(duty.NextReply); ok && !at.Before(o.From) { // nobody answers what was not written yet
		t.stop(duty.NextReply, at, how)
	}
	if o, ok := t.Duty(duty.NextUpdate); ok && !at.Before(o.SetAt) {
		t.stop(duty.NextUpdate, at, how)
	}
	t.UnheardAt = unanswered(t.UnheardAt, at, t.CustomerAt)
	for i := range t.Posted {
		p, last := &t.Posted[i], t.CustomerAt
		if last.After(p.DecidedAt) {
			last = time.Time{} // the letter does not answer a message that came after its decision
		}
		p.Heard = unanswered(p.Heard, at, last)
	}
}

// unanswered returns when the oldest unanswered message came, zero for none, after an answer was given at an instant. Before that answer, the
// oldest was the one of first; last is when the latest came.
func unanswered(first, at, last time.Time) time.Time {
	switch {
	case first.IsZero() || at.Before(first):
		return first
	case last.After(at):
		return last
	}
	return time.Time{}
}

func (t *Ticket) stop(name duty.Name, at time.Time, by string) {
	for i := range t.Duties {
		if o := &t.Duties[i]; o.Name == name && o.Running() {
			o.MetAt, o.MetBy = at, by
			if name == duty.Ack && t.State == New {
				t.State = Open
			}
		}
	}
}
