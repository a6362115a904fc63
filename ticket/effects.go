package ticket

import (
	"slices"
	"time"

	"replyby/ticket/effect"
)

// Does returns the argument of an effect of the letter, and whether it has that effect.
func (l Letter) Does(e effect.Effect) (argument string, yes bool) {
	for _, x := range l.Then {
		if word, rest := x.Cut(); word == e {
			return rest, true
		}
	}
	return "", false
}

// Offer is the latest letter that the customer had before an instant and that offers paid work.
func (t Ticket) Offer(before time.Time) (Posted, bool) {
	for _, p := range slices.Backward(t.Posted) {
		if _, offers := p.Does(effect.Offers); offers && p.State == "sent" && p.At.Before(before) {
			return p, true
		}
	}
	return Posted{}, false
}
