// Package posted is the vocabulary of how far a decided letter has come on its way.
package posted

// State is where a letter stands, as the fold of the log has it. Its string is what is kept and shown.
type State string

// States of letters.
const (
	Queued   State = "queued"   // decided and waiting to go: for the first time, or again after a server put it off
	Sending  State = "sending"  // an attempt to send it has begun and its end is not on record
	Sent     State = "sent"     // a server accepted it: by its own answer, or as a copy shows
	Failed   State = "failed"   // a server refused it for good
	Unknown  State = "unknown"  // nobody can say whether a server accepted it: it waits for a copy, a report or a person
	Bounced  State = "bounced"  // it was accepted and came back
	Recalled State = "recalled" // it was taken back before it left
	Left     State = "left"     // a person let an unknown one rest, alone or for a second copy: nothing proves that it arrived
)

// MayArrive reports whether a letter that nobody knows to have arrived may still do so: it waits, is being sent, or may have been.
func (s State) MayArrive() bool { return s == Queued || s == Sending || s == Unknown }
