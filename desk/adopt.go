package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/desk/report"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Refusal is why something a person asked for was not done.
type Refusal = dossier.Refusal

// Adopt makes a message that was set aside a ticket, because the person named by says so. Its clock began when our server got the
// message. id is the beginning of the message's hash, as digests list it. A [Refusal] says that nothing was set aside under that id
// (not_filed), or that it is a ticket already (adopted, with its reference).
func (d *Desk) Adopt(ctx context.Context, id, by string, now time.Time) (ticket.Ticket, error) {
	var t ticket.Ticket
	err := d.decide(ctx, "adopt "+arrival.Clip(id, 80), func() ([]store.Change, error) {
		f, err := d.adopt(ctx, id, by, now)
		if err != nil {
			return nil, err
		}
		t = f.T
		return append([]store.Change{f.Change}, f.Also...), nil
	})
	return t, err
}

// Filed is a message that was set aside.
type Filed = report.Filed

// SetAside lists what was set aside after an instant, in order of time.
func (d *Desk) SetAside(ctx context.Context, after time.Time) ([]Filed, error) {
	return report.Source{Charter: d.Charter, Store: d.store}.SetAside(ctx, after)
}

// Adopted implements decision.Archive.
func (d *Desk) Adopted(ctx context.Context, a *arrival.Arrival, id string) (*dossier.Dossier, error) {
	return d.adopt(ctx, id, a.Staff.Address(), a.Now)
}

func (d *Desk) adopt(ctx context.Context, id, by string, now time.Time) (*dossier.Dossier, error) {
	m, err := d.setAside(ctx, id)
	if err != nil {
		return nil, err
	}
	raw, err := d.store.Raw(ctx, m.Raw)
	if err != nil {
		return nil, fmt.Errorf("read the message %s again: %w", id, err)
	}
	a := arrival.Anew(d.Charter, d.judge, m, raw, now)
	related, err := d.threadOf(ctx, a)
	if err != nil {
		return nil, err
	}
	if related.sure {
		related.why = "came in the conversation of " + related.Ref
	}
	f, err := d.blank(ctx, a)
	if err != nil {
		return nil, err
	}
	request := a.Request()
	request.Cc = d.othersOf(request)
	f.Add(kind.Adopted, by, ticket.Body{Message: request, Ref: f.Ref(), Reason: "was set aside as " + m.Kind})
	return f, d.begin(ctx, f, a, related)
}

// idLength is how many hex digits of a message's hash name it.
const idLength = 12

// setAside finds a message that was filed, by the beginning of its hash. It reads the log, which keeps all that were ever filed: to
// adopt is rare.
func (d *Desk) setAside(ctx context.Context, id string) (ticket.Message, error) {
	var filed ticket.Message
	id = strings.ToLower(strings.TrimSpace(id))
	if len(id) < idLength {
		return filed, Refusal{Code: "not_filed", Detail: id}
	}
	for r, err := range d.store.Log(ctx, d.Name, 1, -1) {
		if err != nil {
			return filed, fmt.Errorf("look for the message %s: %w", id, err)
		}
		if r.Kind != kind.AutoFiled && r.Kind != kind.Adopted && r.Kind != kind.Received {
			continue
		}
		e, err := r.Event()
		switch {
		case err != nil:
			return filed, fmt.Errorf("look for the message %s: %w", id, err)
		case e.Body.Message == nil || !strings.HasPrefix(e.Body.Message.Raw.String(), id):
		case r.Kind == kind.AutoFiled:
			filed = *e.Body.Message
		default:
			return filed, d.taken(ctx, e.Ticket)
		}
	}
	if filed.Raw.IsZero() {
		return filed, Refusal{Code: "not_filed", Detail: id}
	}
	return filed, nil
}

func (d *Desk) taken(ctx context.Context, number uint64) error {
	t, err := d.store.Load(ctx, d.Name, number)
	if err != nil {
		return err
	}
	return Refusal{Code: "adopted", Detail: t.Ref}
}
