// Package effect is the vocabulary of what a letter to a customer does to its ticket once a server has taken it. A letter that never
// leaves, or comes to nothing, does nothing: so taking it back in time takes back all of it.
package effect

import "strings"

// Effect is one of a letter's effects as the log keeps it: a word, and for some an argument behind a blank ("refuse 3").
type Effect string

// Effects of letters.
const (
	Waits   Effect = "wait"   // the ticket waits for the customer
	Refuses Effect = "refuse" // the request is refused; the argument is the ground: 1 to 6, care, contract
	Refunds Effect = "refund" // a refund is agreed; the argument is the amount
	Closes  Effect = "close"  // no further work
	Solves  Effect = "fixed"  // nothing more: the ticket was solved when the letter was decided
	Offers  Effect = "offer"  // nothing by itself: the customer may agree to the paid work it offers
	Pledges Effect = "eta"    // the solution is promised; the argument is the instant (RFC 3339)
	Updates Effect = "next"   // news is promised; the argument is the instant (RFC 3339)
)

// With gives an effect its argument, if it has one.
func (e Effect) With(argument string) Effect {
	return Effect(strings.TrimSpace(string(e) + " " + argument))
}

// Cut takes an effect apart.
func (e Effect) Cut() (Effect, string) {
	word, argument, _ := strings.Cut(string(e), " ")
	return Effect(word), argument
}
