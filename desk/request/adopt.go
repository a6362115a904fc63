package request

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/desk/thread"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Adopt takes up a message that was set aside as a new ticket, because the person named by says so. id is the beginning of the message's
// hash, as digests list it; beside is how many new tickets the same decision opens before. A [dossier.Refusal] says that nothing was set
// aside under that id (not_filed), or that it is a ticket already (adopted, with its reference).
func (c Clerk) Adopt(ctx context.Context, id, by string, beside uint64, now time.Time) (_ *dossier.Dossier, err error) {
	if c.Files, err = c.Informed(ctx); err != nil {
		return nil, err
	}
	m, err := c.setAside(ctx, id)
	if err != nil {
		return nil, err
	}
	raw, err := c.Store.Raw(ctx, m.Raw)
	switch {
	case errors.Is(err, store.ErrNotFound): // erased with a ticket that had the same mail
		return nil, dossier.Refusal{Code: "not_filed", Detail: id}
	case err != nil:
		return nil, fmt.Errorf("read the message %s again: %w", id, err)
	}
	a := arrival.Anew(c.Charter, c.Judge, m, raw, now)
	return c.takeUp(ctx, a, by, "was set aside as "+m.Kind, beside)
}

// takeUp opens a ticket with a mail that the person named by says is a request.
func (c Clerk) takeUp(ctx context.Context, a *arrival.Arrival, by, why string, beside uint64) (*dossier.Dossier, error) {
	related, err := thread.Of(ctx, c.Files, a)
	if err != nil {
		return nil, err
	}
	if related.Sure {
		related.Why = "came in the conversation of " + related.Ref
	}
	f, err := c.Blank(ctx, beside, a.Now, a.Cause())
	if err != nil {
		return nil, err
	}
	f.Add(kind.Adopted, by, ticket.Body{Message: c.opening(a), Ref: f.Ref(), Reason: why})
	return f, c.begin(ctx, f, a, related)
}

// idLength is how many hex digits of a message's hash name it.
const idLength = 12

// setAside finds a message that was filed, by the beginning of its hash. It reads the log, which keeps all that were ever filed: to
// adopt is rare.
func (c Clerk) setAside(ctx context.Context, id string) (ticket.Message, error) {
	var filed ticket.Message
	id = strings.ToLower(strings.TrimSpace(id))
	if len(id) < idLength {
		return filed, dossier.Refusal{Code: "not_filed", Detail: id}
	}
	for r, err := range c.Store.Log(ctx, c.Name, 1, -1) {
		if err != nil {
			return filed, fmt.Errorf("look for the message %s: %w", id, err)
		}
		if r.Kind != kind.AutoFiled && r.Kind != kind.Adopted && r.Kind != kind.Received {
			continue
		}
		e, err := r.Event()
		switch m := e.Body.Message; {
		case err != nil:
			return filed, fmt.Errorf("look for the message %s: %w", id, err)
		case r.Kind != kind.AutoFiled && strings.HasPrefix(e.Cause, "raw:"+id): // what is erased has its cause still
			return filed, c.taken(ctx, e.Ticket)
		case m == nil || !strings.HasPrefix(m.Raw.String(), id):
		case r.Kind == kind.AutoFiled:
			filed = *m
		default:
			return filed, c.taken(ctx, e.Ticket)
		}
	}
	if filed.Raw.IsZero() {
		return filed, dossier.Refusal{Code: "not_filed", Detail: id}
	}
	return filed, nil
}

func (c Clerk) taken(ctx context.Context, number uint64) error {
	t, err := c.Store.Load(ctx, c.Name, number)
	if err != nil {
		return err
	}
	return dossier.Refusal{Code: "adopted", Detail: t.Ref}
}
