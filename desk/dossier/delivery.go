package dossier

import (
	"fmt"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
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

// End records how an attempt to send a letter ended.
func (f *Dossier) End(l store.Letter, e Ended) error {
	del := &ticket.Delivery{Letter: l.ID, At: f.Now, Code: e.Code, Reply: e.Reply, Server: e.Server, Stage: e.Stage}
	body := ticket.Body{Delivery: del}
	if e.Outcome != "deferred" {
		f.Change.Done = append(f.Change.Done, l.ID)
	}
	switch e.Outcome {
	case "sent":
		before, _ := f.T.Letter(l.ID)
		f.tally(l.Answers, f.Now)
		f.Add(kind.Sent, Program, body)
		if before.State == "sent" { // the copy that proves it was faster
			return f.oweUnheard()
		}
		return f.TakeEffect(l.Letter)
	case "deferred":
		f.Add(kind.Held, Program, body)
	case "refused":
		f.Count("failed")
		if l.Customer {
			return f.tellFailed(l, body)
		}
		f.Add(kind.Failed, Program, body)
	default:
		if l.Customer {
			f.Count("unknown")
		}
		f.Add(kind.Unknown, Program, body)
	}
	return nil
}

// tally counts what the acceptance of a letter means for the figures: limits kept, minutes to the first answer.
func (f *Dossier) tally(answers []string, at time.Time) {
	for _, name := range answers {
		o, ok := f.T.Duty(name)
		if !ok || !o.Running() {
			continue
		}
		if name == "ack" {
			f.Count(fmt.Sprint(AckMinutes, roundMinutes(at.Sub(o.From))))
		}
		if !o.Limit.IsZero() && at.Before(o.Limit) { // a missed one was counted when it passed
			f.Count("kept")
			if !o.Target.IsZero() && !at.Before(o.Target) {
				f.Count("target_missed")
			}
		}
	}
}

// AckMinutes and a number of minutes count first answers that took so long.
const AckMinutes = "ack_minutes:"

// roundMinutes keeps the number of different counters small: exact below an hour, then by fives, then by hours.
func roundMinutes(d time.Duration) int {
	m := int(d.Minutes())
	switch {
	case m < 60:
		return m
	case m < 24*60:
		return m / 5 * 5
	}
	return m / 60 * 60
}
