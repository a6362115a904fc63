// Package figure names what is counted of each day, so that reports read counters and never the history. It stores nothing.
package figure

import (
	"fmt"
	"time"

	"replyby/ticket"
	"replyby/ticket/duty"
)

// BilledMinutes counts minutes to bill, on the day they were noted.
const BilledMinutes = "billed_minutes"

// Counters of carriers: mails that a rule claimed, and those that lacked a field it names (rule, colon, field).
const (
	SourceMail  = "source:"
	SourceLacks = "source_lacks:"
)

// AckMinutes and a number of minutes count first answers that took so long.
const AckMinutes = "ack_minutes:"

// Accepted is what the acceptance of a letter, at an instant, means for the figures: limits kept, minutes to the first answer.
func Accepted(t ticket.Ticket, p ticket.Posted, at time.Time) map[string]int64 {
	counts := map[string]int64{}
	for _, o := range t.Stops(p) {
		if o.Name == duty.Ack {
			counts[fmt.Sprint(AckMinutes, roundMinutes(at.Sub(o.From)))]++
		}
		if !o.Limit.IsZero() && at.Before(o.Limit) { // a missed one was counted when it passed
			counts["kept"]++
			if !o.Target.IsZero() && !at.Before(o.Target) {
				counts["target_missed"]++
			}
		}
	}
	return counts
}

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
