package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/store"
	"replyby/ticket"
)

// clocksDiffer is how far the clock of the mail server may be from ours.
const clocksDiffer = 5 * time.Minute

// doubt withholds the letters that a mail from before a restore decides: they may have been decided and sent then.
func (n *Intake) doubt(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival) error {
	letters := slices.DeleteFunc(slices.Clone(f.Change.Letters), func(l store.Letter) bool { return !l.Customer })
	if len(letters) == 0 {
		return nil
	}
	if old, err := n.beforeRestore(ctx, a); !old || err != nil {
		return err
	}
	for _, l := range letters {
		if err := f.End(l, dossier.InDoubt(a.Now)); err != nil {
			return err
		}
	}
	return nil
}

// beforeRestore says that a mail came before the database was put back.
func (n *Intake) beforeRestore(ctx context.Context, a *arrival.Arrival) (bool, error) {
	own, err := n.Store.Load(ctx, n.Name, 0)
	if err != nil {
		return false, fmt.Errorf("load the desk's own file: %w", err)
	}
	return !own.RestoredAt.IsZero() && a.Internal.Before(own.RestoredAt.Add(clocksDiffer)), nil
}

// lostLetter looks at a letter with our mark that the log does not know. After a restore it may be one that went before: it settles
// the letter with the same words that is in doubt now, or else counts as an answer from outside. At any other time, and from any
// other address, it is a mail with a field that anybody can write.
func (n *Intake) lostLetter(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	if !strings.EqualFold(a.From(), n.Address) {
		return nil, nil
	}
	if old, err := n.beforeRestore(ctx, a); !old || err != nil {
		return nil, err
	}
	t, err := n.conversation(ctx, a)
	if t == nil || t.Number == 0 || err != nil {
		return nil, err
	}
	f := n.take(*t, a)
	counts, err := f.Lost(a, func(h ticket.Hash) ([]byte, error) { return n.Store.Raw(ctx, h) })
	if !counts || err != nil {
		return nil, err
	}
	return f, nil
}
