// Package act tells what people do to a ticket from what happens to it by itself: steps of a ladder, deadlines that move, what becomes of
// letters. By that one sees which tickets stand still.
package act

import (
	"time"

	"replyby/ticket/kind"
)

// Actors that are none of the staff.
const (
	Program  = "replyby"  // nobody did it
	Customer = "customer" // his address is in the body of the event, for erasing removes bodies and keeps actors
)

// Act is what a person did to a ticket: the customer, or one of the staff.
type Act struct {
	Kind kind.Kind `json:"kind"`
	By   string    `json:"by"` // the actor of its event
	At   time.Time `json:"at"`
}

// Acts reports whether an event of that kind and actor is something that a person did. Of the customer that is a message alone. What a letter
// does when it arrives was done when it was decided, so an event that speaks of a letter counts only where a person took it back, said what
// became of it, or heard the customer agree to it. A mail that decided nothing may be anybody's.
func Acts(k kind.Kind, actor string, ofLetter bool) bool {
	switch actor {
	case "", Program:
		return false
	case Customer:
		return k == kind.Received
	}
	switch k {
	case kind.DecisionRefused, kind.Erased:
		return false
	case kind.Recalled, kind.Settled, kind.Consent:
		return true
	}
	return !ofLetter
}
