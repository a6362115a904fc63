package ticket

import (
	"slices"
	"time"

	"replyby/ticket/effect"
	"replyby/ticket/posted"
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
		if _, offers := p.Does(effect.Offers); offers && p.State == posted.Sent && p.At.Before(before) {
			return p, true
		}
	}
	return Posted{}, false
}

// lastWith is the latest letter with one of these effects that has had it; zero if none has.
func (t Ticket) lastWith(any ...effect.Effect) Posted {
	for _, p := range slices.Backward(t.Posted) {
		does := slices.ContainsFunc(any, func(e effect.Effect) bool { _, yes := p.Does(e); return yes })
		if does && t.Acted(p.ID) {
			return p
		}
	}
	return Posted{}
}

// Acted reports whether a letter has had its effects on the ticket: it was delivered, or a person decided to leave it in doubt without having
// it sent again.
func (t Ticket) Acted(id string) bool {
	for i, p := range t.Posted {
		if p.ID == id {
			again := slices.ContainsFunc(t.Posted[i+1:], func(q Posted) bool { return q.MessageID == p.MessageID })
			return p.State == posted.Sent || p.State == posted.Left && !again
		}
	}
	return false
}

// Overtaken returns a letter that was decided after l and has already had its effects, so that l is not our latest word any more.
func (t Ticket) Overtaken(l Letter) (Posted, bool) {
	for _, p := range slices.Backward(t.Posted) {
		switch {
		case p.ID == l.ID:
			return Posted{}, false
		case p.Customer && p.MessageID != l.MessageID && t.Acted(p.ID):
			return p, true
		}
	}
	return Posted{}, false
}
