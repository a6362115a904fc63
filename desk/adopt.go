package desk

import (
	"context"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/report"
	"replyby/store"
	"replyby/ticket"
)

// Adopt makes a message that was set aside a ticket, because the person named by says so. Its clock began when our server got the
// message. id is the beginning of the message's hash, as digests list it. A [Refusal] says that nothing was set aside under that id
// (not_filed), or that it is a ticket already (adopted, with its reference).
func (d *Desk) Adopt(ctx context.Context, id, by string, now time.Time) (ticket.Ticket, error) {
	var t ticket.Ticket
	err := d.decide(ctx, "adopt "+arrival.Clip(id, 80), func(d *Desk) ([]store.Change, error) {
		f, err := d.intake.Adopt(ctx, id, by, 0, now)
		if err != nil {
			return nil, err
		}
		t = f.T
		return append([]store.Change{f.Change}, f.Also...), nil
	})
	return t, err
}

// Import makes a saved mail a ticket, because the person that it names says so. A [Refusal] says why it is none, see
// [request.Clerk.Import].
func (d *Desk) Import(ctx context.Context, s Saved, now time.Time) (ticket.Ticket, error) {
	var t ticket.Ticket
	err := d.decide(ctx, "import a saved mail", func(d *Desk) ([]store.Change, error) {
		f, err := d.intake.Import(ctx, s, now)
		if err != nil {
			return nil, err
		}
		if _, err := d.Store.PutRaw(ctx, s.Raw); err != nil {
			return nil, err
		}
		t = f.T
		return append([]store.Change{f.Change}, f.Also...), nil
	})
	return t, err
}

// SetAside lists what was set aside after an instant, in order of time.
func (d *Desk) SetAside(ctx context.Context, after time.Time) ([]Filed, error) {
	return report.Source{Charter: d.Charter, Store: d.Store}.SetAside(ctx, after)
}

// Fate says what became of a message that the inbox has. It changes nothing.
func (d *Desk) Fate(ctx context.Context, in Incoming) (Fate, error) { return d.intake.Fate(ctx, in) }
