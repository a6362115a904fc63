package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// ErrWithdrawn says that a letter is not to be sent any more.
var ErrWithdrawn = errors.New("desk: letter withdrawn")

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

// Outbox returns letters of this desk that may be sent now, and those whose sending mark an earlier run left behind.
func (d *Desk) Outbox(ctx context.Context, now time.Time, limit int) ([]store.Letter, error) {
	rows, err := d.store.Outbox(ctx, d.cfg.Name, now, limit)
	if err != nil {
		return nil, fmt.Errorf("desk %s: read the outbox: %w", d.cfg.Name, err)
	}
	return rows, nil
}

// Begin must be called, and must return nil, before a letter is given to a server. For a letter to a customer it writes down
// that an attempt begins, so that a crash from here on leaves an unknown and never a second copy. ErrWithdrawn: skip it.
func (d *Desk) Begin(ctx context.Context, l store.Letter, now time.Time) error {
	if !l.Customer {
		return nil
	}
	withdrawn := false
	err := d.decide(ctx, "begin to send letter "+l.ID, func() ([]store.Change, error) {
		f, err := d.open(ctx, l.Ticket, now, "letter:"+l.ID)
		if err != nil {
			return nil, err
		}
		p, ok := f.t.Letter(l.ID)
		if withdrawn = !ok || p.State != "queued"; withdrawn {
			return nil, nil
		}
		f.add(kind.Sending, program, ticket.Body{Delivery: &ticket.Delivery{Letter: l.ID, Attempt: l.Attempt + 1}})
		f.change.Sending = []string{l.ID}
		return []store.Change{f.change}, nil
	})
	if err == nil && withdrawn {
		return ErrWithdrawn
	}
	return err
}

// End records how an attempt ended. A deferred letter stays in the outbox; any other leaves it.
func (d *Desk) End(ctx context.Context, l store.Letter, e Ended) error {
	if e.Outcome == "deferred" {
		if err := d.store.Retry(ctx, d.cfg.Name, l.ID, e.Next); err != nil {
			return fmt.Errorf("desk %s: put letter %s back until %s: %w", d.cfg.Name, l.ID, e.Next.Format(time.RFC3339), err)
		}
		if !l.Customer {
			return nil
		}
	}
	return d.decide(ctx, "record the end of letter "+l.ID, func() ([]store.Change, error) {
		f, err := d.open(ctx, l.Ticket, e.At, "letter:"+l.ID)
		if err != nil {
			return nil, err
		}
		if err := f.ended(l, e); err != nil {
			return nil, err
		}
		return []store.Change{f.change}, nil
	})
}

func (f *dossier) ended(l store.Letter, e Ended) error {
	del := &ticket.Delivery{Letter: l.ID, At: f.now, Code: e.Code, Reply: e.Reply, Server: e.Server, Stage: e.Stage}
	body := ticket.Body{Delivery: del}
	if e.Outcome != "deferred" {
		f.change.Done = []string{l.ID}
	}
	switch e.Outcome {
	case "sent":
		f.tally(l)
		f.add(kind.Sent, program, body)
	case "deferred":
		f.add(kind.Held, program, body)
	case "refused":
		f.count("failed")
		if l.Customer {
			return f.tellFailed(l, body)
		}
		f.add(kind.Failed, program, body)
	default:
		if l.Customer {
			f.count("unknown")
		}
		f.add(kind.Unknown, program, body)
	}
	return nil
}

// tally counts what the acceptance of a letter means for the figures: limits kept, minutes to the first answer.
func (f *dossier) tally(l store.Letter) {
	for _, name := range l.Answers {
		o, ok := f.t.Duty(name)
		if !ok || !o.Running() {
			continue
		}
		if name == "ack" {
			f.count(fmt.Sprint(ackMinutes, roundMinutes(f.now.Sub(o.From))))
		}
		if !o.Limit.IsZero() && f.now.Before(o.Limit) { // a missed one was counted when it passed
			f.count("kept")
			if !o.Target.IsZero() && !f.now.Before(o.Target) {
				f.count("target_missed")
			}
		}
	}
}

// ackMinutes and a number of minutes count first answers that took so long.
const ackMinutes = "ack_minutes:"

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
