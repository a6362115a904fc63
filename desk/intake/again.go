package intake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// AskAgain asks once more for the proof of a staff mail that could not be looked up when it came. With the proof, or without hope of one,
// the mail goes through the gate as if it came now; its clock is that of its arrival. Nil where nothing is to be asked.
func (n *Intake) AskAgain(ctx context.Context, number uint64, now time.Time) ([]store.Change, error) {
	n, err := n.informed(ctx)
	if err != nil {
		return nil, err
	}
	f, err := n.Load(ctx, number, now, "tick")
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(f.T.Postponed, func(p ticket.Postponed) bool { return !p.Next.After(now) })
	if i < 0 {
		return nil, nil
	}
	a, err := n.comeAgain(ctx, f.T.Postponed[i], now)
	if err != nil {
		return nil, err
	}
	n = n.since(a)
	f = n.take(f.T, a)
	if a.IsStaff { // else he was removed from the staff meanwhile
		err := n.hear(ctx, f, a)
		if err == nil {
			err = n.doubt(ctx, f)
		}
		if err != nil {
			return nil, err
		}
	}
	if !waits(f.T, a.Kept.Hash, now) {
		f.Add(kind.Postponed, sheet.Program, ticket.Body{Message: a.Message(), Auth: a.Auth.Evidence, Reason: "not asked again"})
	}
	return append([]store.Change{f.Change}, f.Also...), nil
}

// comeAgain is a postponed mail as it would arrive now.
func (n *Intake) comeAgain(ctx context.Context, p ticket.Postponed, now time.Time) (*arrival.Arrival, error) {
	raw, err := n.Store.Raw(ctx, p.Raw)
	if err != nil {
		return nil, fmt.Errorf("read the postponed mail %s again: %w", p.Raw, err)
	}
	in := arrival.Incoming{Internal: p.ReceivedAt, Raw: raw}
	if n.prove != nil {
		in.Prove = func() arrival.Auth { return n.prove(ctx, raw) }
	}
	a := n.Read(ctx, arrival.Place{Folder: p.Folder, Role: arrival.Inbox, Now: now}, in, store.Raw{Hash: p.Raw, Kept: true})
	a.At, a.By = p.ReceivedAt, p.ReceivedBy
	return a, nil
}

// waits reports whether the mail was put off once more.
func waits(t ticket.Ticket, raw ticket.Hash, now time.Time) bool {
	return slices.ContainsFunc(t.Postponed, func(p ticket.Postponed) bool { return p.Raw == raw && p.Next.After(now) })
}
