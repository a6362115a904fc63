// Package outcome says what became of the obligations of tickets. It is pure: it knows tickets as they are, and no clock.
package outcome

import (
	"slices"
	"time"

	"replyby/ticket"
	"replyby/ticket/duty"
)

// Outcome is what became of an obligation.
type Outcome string

// What may become of an obligation.
const (
	Kept    Outcome = "kept"    // met before the instant it was due
	Late    Outcome = "late"    // met then or afterwards
	Passed  Outcome = "passed"  // not met, and a step of the ladder noted that the instant passed; so it stays, also where nothing is owed any more
	Running Outcome = "running" // owed
	Void    Outcome = "void"    // no longer owed, and it was not late when that came about
)

// Of says what became of an obligation: it is kept iff it was met before the instant it was due.
func Of(o ticket.Obligation) Outcome {
	due := Due(o)
	noted := func(r ticket.Rung) bool { return !due.IsZero() && !r.Done.IsZero() && !r.At.Before(due) }
	switch {
	case o.MetAt.IsZero() && slices.ContainsFunc(o.Rungs, noted):
		return Passed
	case o.Void:
		return Void
	case o.MetAt.IsZero():
		return Running
	case !due.IsZero() && !o.MetAt.Before(due):
		return Late
	}
	return Kept
}

// Due is the first late instant: the limit, or the target where there is no limit. Zero is never.
func Due(o ticket.Obligation) time.Time {
	if o.Limit.IsZero() {
		return o.Target
	}
	return o.Limit
}

// Replaced lists the obligations of a ticket in whose place others of the same name stand after an event: those of an earlier message, and
// promises that were moved. What ran until then is owed no longer.
func Replaced(before, after ticket.Ticket) (gone []ticket.Obligation) {
	for _, o := range before.Duties {
		now, _ := after.Duty(o.Name)
		if now.From.Equal(o.From) && now.SetAt.Equal(o.SetAt) {
			continue
		}
		if o.Running() {
			o.Void = true
		}
		gone = append(gone, o)
	}
	return gone
}

// Means is what a step of the ladder that was taken means at a later instant: what it said was near may have passed since.
func Means(o ticket.Obligation, means string, now time.Time) string {
	past := func(at time.Time) bool { return !at.IsZero() && !now.Before(at) }
	switch {
	case means != "warning" || !o.Running():
		return means
	case past(o.Limit):
		return "limit_passed"
	case past(o.Target) && (o.Name == duty.ETA || o.Name == duty.NextUpdate):
		return "promise_passed"
	case past(o.Target):
		return "target_passed"
	}
	return means
}
