package intake

import (
	"context"
	"iter"
	"slices"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/desk/thread"
	"replyby/store"
	"replyby/ticket"
)

// clocksDiffer is how far the clock of the mail server may be from ours.
const clocksDiffer = 5 * time.Minute

// doubt withholds the letters that a mail from before a restore decides, of whatever tickets: they may have been decided and sent then.
func (n *Intake) doubt(ctx context.Context, f *dossier.Dossier) error {
	if !n.Doubt || !slices.ContainsFunc(append([]store.Change{f.Change}, f.Also...), decides) {
		return nil
	}
	if err := withhold(f); err != nil {
		return err
	}
	for i, c := range f.Also {
		if !decides(c) {
			continue
		}
		t := ticket.Ticket{Desk: c.Desk, Number: c.Ticket}
		if c.Expect > 0 {
			var err error
			if t, err = n.Store.Load(ctx, c.Desk, c.Ticket); err != nil {
				return err
			}
		}
		other := f.Resume(t, c)
		if err := withhold(other); err != nil {
			return err
		}
		f.Also[i] = other.Change
	}
	return nil
}

// decides reports whether a change bears letters to customers.
func decides(c store.Change) bool {
	return slices.ContainsFunc(c.Letters, func(l store.Letter) bool { return l.Customer })
}

// withhold makes the letters to the customer that were just decided end in doubt.
func withhold(f *dossier.Dossier) error {
	for _, l := range f.Change.Letters {
		if !l.Customer {
			continue
		}
		if err := f.End(l, dossier.InDoubt(f.Now)); err != nil {
			return err
		}
	}
	return nil
}

// since returns an intake that knows whether a mail came before the database was put back.
func (n *Intake) since(a *arrival.Arrival) *Intake {
	f := n.Files
	f.Doubt = !f.Restored.IsZero() && a.Internal.Before(f.Restored.Add(clocksDiffer))
	return n.On(f)
}

// lostLetter looks at a letter of ours from before a restore that the log does not know. It settles the letter with the same words that is
// in doubt now, or else counts as an answer from outside.
func (n *Intake) lostLetter(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	for t, err := range n.writtenTo(ctx, a) {
		switch {
		case store.Harmed(err) && t.Number > 0:
			continue // it may be of another one
		case err != nil:
			return nil, err
		}
		f := n.take(t, a)
		counts, err := f.Lost(a, func(h ticket.Hash) ([]byte, error) { return n.Store.Raw(ctx, h) })
		if counts || err != nil {
			return f, err
		}
	}
	return nil, nil
}

// writtenTo goes through the tickets that a letter of ours may belong to: that of its conversation, or, where it answered nothing, those of whom
// it is addressed to.
func (n *Intake) writtenTo(ctx context.Context, a *arrival.Arrival) iter.Seq2[ticket.Ticket, error] {
	t, err := thread.Answered(ctx, n.Files, a)
	if err == nil && t == nil && len(a.Mail.To) > 0 {
		return n.Store.Each(ctx, store.Query{Desk: n.Name, Customer: a.Mail.To[0].Addr})
	}
	return func(yield func(ticket.Ticket, error) bool) {
		if err != nil {
			yield(ticket.Ticket{}, err)
		} else if t != nil && t.Number != 0 {
			yield(*t, nil)
		}
	}
}
