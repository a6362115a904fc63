package intake

import (
	"context"
	"errors"
	"fmt"

	"replyby/desk/arrival"
	"replyby/store"
	"replyby/ticket"
)

// Fate is what became of a message of the inbox.
type Fate string

// Fates of messages.
const (
	WithTicket Fate = "ticket" // it is one, or an entry of one
	SetAside   Fate = "filed"  // the desk's own file has it
	TooOld     Fate = "older"  // it was there before the desk began
	Missing    Fate = "missing"
)

// Fate says what became of a message that the inbox has. It changes nothing; a message that ended the program before is known by its
// bytes and not read again.
func (n *Intake) Fate(ctx context.Context, in arrival.Incoming) (Fate, error) {
	const enough = 1 << 20 // attempts: not to be read
	for _, attempts := range []int{enough, 0} {
		a := arrival.Read(n.Charter, n.Judge, arrival.Place{Role: arrival.Inbox}, in, store.Raw{Alone: attempts})
		t, err := n.ByKey(ctx, store.Seen, a.Seen.String())
		switch {
		case err != nil:
			return "", err
		case t != nil && t.Number == 0:
			return SetAside, nil
		case t != nil:
			return WithTicket, nil
		}
	}
	own, err := n.Own(ctx)
	if err != nil {
		return "", fmt.Errorf("load the desk's own file: %w", err)
	}
	if !n.FromStart && in.Internal.Before(own.CreatedAt) {
		return TooOld, nil
	}
	switch _, err := n.Store.Raw(ctx, ticket.Sum(in.Raw)); {
	case err == nil:
		return TooOld, nil // kept, and nothing more: it was older than the desk when it came
	case errors.Is(err, store.ErrNotFound):
		return Missing, nil
	default:
		return "", err
	}
}
