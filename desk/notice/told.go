package notice

import (
	"context"
	"maps"
	"time"

	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// toldAt is when a customer was told by the letter of a ticket; false while it is not accepted, or where it came back.
func toldAt(t ticket.Ticket) (time.Time, bool) {
	for _, p := range t.Posted {
		if p.Customer && p.Draft == 1 && p.State == posted.Sent {
			return p.At, true
		}
	}
	return time.Time{}, false
}

// Acquaint tells a ticket which closures its customer was told of. Call it before its clocks are set.
func (b Board) Acquaint(ctx context.Context, f *dossier.Dossier) error {
	if f.T.Customer.Addr == "" {
		return nil
	}
	told := own(f.T.Told)
	for _, n := range Closures(b.Charter, f.Now) {
		if _, known := told[n.Matter]; known {
			continue
		}
		letters, err := b.lettersTo(ctx, n, f.T.Customer.Addr)
		if err != nil {
			return err
		}
		for _, t := range letters { // one that was taken back may have another behind it
			if at, ok := toldAt(t); ok {
				told[n.Matter] = at
			}
		}
	}
	return acquaint(f, told, "the customer was told before")
}

// Spread takes what became of a letter about a closure to the customer's other open tickets: their clocks stop for it from its acceptance,
// and run again when it comes back.
func (b Board) Spread(ctx context.Context, f *dossier.Dossier) error {
	n := f.T.Notice
	if n.Kind != closure || n.Asks || f.T.Customer.Addr == "" {
		return nil
	}
	theirs, err := b.OfCustomer(ctx, f.T.Customer.Addr)
	if err != nil {
		return err
	}
	at, ok := toldAt(f.T)
	for _, t := range theirs {
		was, had := t.Told[n.Matter]
		if !t.IsOpen() || t.Number == f.T.Number || had == ok {
			continue
		}
		told := own(t.Told)
		why := "told by " + f.Ref()
		if told[n.Matter] = at; !ok {
			delete(told, n.Matter)
			why = "the letter of " + f.Ref() + ", accepted " + was.UTC().Format(time.RFC3339) + ", told him nothing"
		}
		other := f.Beside(t)
		if err := acquaint(other, told, why); err != nil {
			return err
		}
		f.Also = append(f.Also, other.Change)
	}
	return nil
}

// acquaint keeps which closures a customer was told of, and when, and computes anew the clocks that these stop.
func acquaint(f *dossier.Dossier, told map[string]time.Time, why string) error {
	if maps.EqualFunc(f.T.Told, told, time.Time.Equal) {
		return nil
	}
	f.Add(kind.ClosureAnnounced, sheet.Program, ticket.Body{Told: told, Reason: why})
	return clock.Retime(f.Sheet)
}

// own copies a map, so that the ticket it is from stays as it is.
func own(told map[string]time.Time) map[string]time.Time {
	if told == nil {
		return map[string]time.Time{}
	}
	return maps.Clone(told)
}
