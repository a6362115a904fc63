package dossier

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/desk/terms"
	"replyby/sla"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Retime computes the running obligations anew, after a calendar, a closure, a policy or a contract may have changed, and records
// those that moved with old, new and why. What was promised stays: an estimate is a person's word. Steps already taken stay taken.
// An obligation that the policy knows no more keeps running without instants, and gets them back when it is known again.
func (f *Dossier) Retime() error {
	var moved []ticket.Obligation
	var why []string
	for _, o := range f.T.Duties {
		if !o.Running() || o.Name == string(sla.ETA) {
			continue
		}
		now, err := f.Terms().Oblige(sla.Obligation(o.Name), o.From, terms.Later(o.From, f.T.IntakeAt))
		if err != nil {
			return err
		}
		if now.Target.Equal(o.Target) && now.Limit.Equal(o.Limit) && now.ActBy.Equal(o.ActBy) {
			continue
		}
		now.Rungs = stillTaken(o.Rungs, now.Rungs)
		moved = append(moved, now)
		why = append(why, fmt.Sprintf("%s: target %s, limit %s, act by %s; was target %s, limit %s, act by %s: %s", o.Name,
			stamp(now.Target), stamp(now.Limit), stamp(now.ActBy), stamp(o.Target), stamp(o.Limit), stamp(o.ActBy), f.Terms().Changed(o, now)))
	}
	if f.lacksFix() {
		fix, err := f.Terms().Oblige(sla.Fix, f.T.ReceivedAt, f.Now)
		if err != nil {
			return err
		}
		moved = append(moved, fix)
		why = append(why, fmt.Sprintf("fix: target %s, limit %s; was none: policy %s", stamp(fix.Target), stamp(fix.Limit), fix.Reading))
	}
	if len(moved) > 0 {
		f.Add(kind.Retimed, Program, ticket.Body{Obligations: moved, Reason: strings.Join(why, "; ")})
	}
	return nil
}

// lacksFix says that the policy that holds now gives a request a clock of correction, which the one before did not. Where no clock was
// ever set nothing was requested.
func (f *Dossier) lacksFix() bool {
	_, had := f.T.Duty(string(sla.Fix))
	answered := f.T.State == ticket.Resolved || f.T.State == ticket.Closed
	return f.Terms().Contract().Fix != nil && len(f.T.Duties) > 0 && !had && !answered && f.mayBeFault()
}

// stillTaken marks in a new ladder the steps that were taken on the old one.
func stillTaken(old, placed []ticket.Rung) []ticket.Rung {
	for i := range placed {
		j := slices.IndexFunc(old, func(r ticket.Rung) bool { return r.Name == placed[i].Name })
		if j >= 0 {
			placed[i].Done = old[j].Done
		}
	}
	return placed
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.RFC3339)
}
