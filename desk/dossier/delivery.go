package dossier

import (
	"time"

	"replyby/desk/figure"
	"replyby/letter"
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

// tellPutOff is the attempt at a letter whose failing is told: the fifth comes almost an hour after the first.
const tellPutOff = 5

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
		acted := f.T.Acted(l.ID)
		if before.State != "sent" { // else the copy that proves it was faster
			f.tally(before, f.Now)
		}
		f.Add(kind.Sent, Program, body)
		if acted {
			return f.oweUnheard()
		}
		return f.TakeEffect(l.Letter)
	case "deferred":
		f.Add(kind.Held, Program, body)
		if l.Customer && l.Attempt+1 == tellPutOff {
			p, _ := f.T.Letter(l.ID)
			return f.Ask(f.answerable(p), letter.Review{Why: "put_off", Note: e.Reply, Request: f.T.Excerpt})
		}
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

// tally counts what the acceptance of a letter means for the figures.
func (f *Dossier) tally(p ticket.Posted, at time.Time) {
	for name, n := range figure.Accepted(f.T, p, at) {
		f.CountBy(name, n)
	}
}
