package dossier

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/ticket"
	"replyby/ticket/kind"
)

// LateAfter is how late a step may be without being called late. The metronome ticks every minute.
const LateAfter = 2 * time.Minute

// Beat is one tick of the metronome. Alive is when the program was last known to run before it.
type Beat struct{ Now, Alive time.Time }

// slept reports whether the program did not run, or the machine slept, before this tick.
func (m Beat) slept() bool { return !m.Alive.IsZero() && m.Now.Sub(m.Alive) > LateAfter }

// Climb takes the due rungs of every running obligation. Where several of one obligation are due at once only the highest is
// said; the others are recorded as passed over. With mails unset (a summary says it all) nothing is written to people.
func (f *Dossier) Climb(m Beat, mails bool) error {
	for _, o := range f.T.Duties {
		if !o.Running() {
			continue
		}
		due := DueRungs(o, m.Now)
		for i := range due {
			if err := f.step(o, due[i], m, mails && i == len(due)-1); err != nil {
				return err
			}
		}
	}
	for _, p := range f.T.Posted {
		if !p.AskAt.IsZero() && !p.AskAt.After(m.Now) {
			if err := f.askFate(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// DueRungs are the steps of an obligation whose time has come and that nobody has taken, in order of time.
func DueRungs(o ticket.Obligation, now time.Time) []ticket.Rung {
	var due []ticket.Rung
	for _, r := range o.Rungs {
		if r.Done.IsZero() && !r.At.After(now) {
			due = append(due, r)
		}
	}
	slices.SortStableFunc(due, func(a, b ticket.Rung) int { return a.At.Compare(b.At) })
	return due
}

// step takes one rung: it mails the rung's people, or records that a higher rung or a summary has told them.
func (f *Dossier) step(o ticket.Obligation, r ticket.Rung, m Beat, say bool) error {
	k := kind.Warned
	if r.Means == "limit_passed" {
		k = kind.Breached
		f.Count("missed")
	}
	body := ticket.Body{Obligation: o.Name, Rung: &r, Reason: lateness(r, m)}
	if r.Means == "reminder" {
		taken, _ := f.T.Duty(o.Name) // with the steps that this beat has taken before
		next, err := f.Terms().Repeated(taken)
		if err != nil {
			return err
		}
		body.Obligations = []ticket.Obligation{next}
	}
	if !say {
		body.Reason = strings.TrimPrefix(body.Reason+"; said by a later step or in a summary", "; ")
		f.Add(k, Program, body)
		return nil
	}
	return f.warn(k, o, r, m, body)
}

// lateness says how late a step is and why, "" when it is in time.
func lateness(r ticket.Rung, m Beat) string {
	late := m.Now.Sub(r.At)
	if late <= LateAfter {
		return ""
	}
	why := "noticed late"
	if m.slept() {
		why = "the program did not run from " + m.Alive.UTC().Format(time.RFC3339) + " to " + m.Now.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s late: %s", late.Round(time.Second), why)
}
