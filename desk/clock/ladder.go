package clock

import (
	"fmt"
	"slices"
	"time"

	"replyby/desk/terms"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// LateAfter is how late a step may be without being called late. The metronome ticks every minute.
const LateAfter = 2 * time.Minute

// Beat is one tick of the metronome. Alive is when the program was last known to run before it.
type Beat struct{ Now, Alive time.Time }

// Slept reports whether the program did not run, or the machine slept, before this tick.
func (m Beat) Slept() bool { return !m.Alive.IsZero() && m.Now.Sub(m.Alive) > LateAfter }

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

// Step is the event of a rung that is taken.
func Step(t terms.Terms, o ticket.Obligation, r ticket.Rung, m Beat) (kind.Kind, ticket.Body, error) {
	body := ticket.Body{Obligation: o.Name, Rung: &r, Reason: lateness(r, m)}
	switch r.Means {
	case "limit_passed":
		return kind.Breached, body, nil
	case "reminder":
		taken, _ := t.Ticket.Duty(o.Name) // with the steps that this beat has taken before
		next, err := t.Repeated(taken)
		if err != nil {
			return kind.Warned, body, err
		}
		body.Obligations = []ticket.Obligation{next}
	}
	return kind.Warned, body, nil
}

// lateness says how late a step is and why, "" when it is in time.
func lateness(r ticket.Rung, m Beat) string {
	late := m.Now.Sub(r.At)
	if late <= LateAfter {
		return ""
	}
	why := "noticed late"
	if m.Slept() {
		why = "the program did not run from " + m.Alive.UTC().Format(time.RFC3339) + " to " + m.Now.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s late: %s", late.Round(time.Second), why)
}

// soon is how long nobody is warned again that the same target comes near.
const soon = 10 * time.Minute

// JustWarned are the addresses of those whom a step has mailed a moment ago what this one warns of again. They are not looked up by its roles:
// who fills those may have changed since. What passes is told to all.
func JustWarned(o ticket.Obligation, r ticket.Rung, now time.Time) (told []string) {
	for _, x := range o.Rungs {
		if r.Means == "warning" && x.Means == "warning" && !x.Done.After(now) && now.Sub(x.Done) < soon {
			told = append(told, x.Told...)
		}
	}
	return told
}
