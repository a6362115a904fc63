package desk

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
	"replyby/ticket/kind"
)

// A database that was put back from a copy knows less than what happened. Mail that came since is read again, because the cursor is
// older, and its content says what is new. Letters that went since are what must not go again: those that wait in the restored outbox,
// and those that an old decision, read again, decides again. Both are in doubt from the start: the copy in the mailbox settles them,
// or a person does. Nothing that happened before the restore sends anything by itself.

// clocksDiffer is how far the clock of the mail server may be from ours.
const clocksDiffer = 5 * time.Minute

// Restored must be called at the first start on a restored database, before any letter leaves. It may be called again.
func (d *Desk) Restored(ctx context.Context, now time.Time) error {
	err := d.decide(ctx, "record the restore", func() ([]store.Change, error) {
		f, err := d.load(ctx, 0, now, "restore")
		if err != nil {
			return nil, err
		}
		f.Add(kind.Outage, dossier.Program, ticket.Body{Verb: "restore", Reason: "the database was put back from a copy; letters that may have gone since are in doubt"})
		return []store.Change{f.Change}, nil
	})
	if err != nil {
		return err
	}
	endOfTime := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	waiting, err := d.Outbox(ctx, endOfTime, 0)
	if err != nil {
		return err
	}
	for _, l := range waiting {
		if !l.Customer {
			continue
		}
		if err := d.End(ctx, l, inDoubt(now)); err != nil {
			return err
		}
	}
	return nil
}

func inDoubt(now time.Time) Ended {
	return Ended{Outcome: "unknown", Stage: "restart", At: now, Reply: "the database was restored from a copy: the letter may have gone before"}
}

// doubt withholds the letters that a mail from before a restore decides: they may have been decided and sent then.
func (d *Desk) doubt(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival) error {
	letters := slices.DeleteFunc(slices.Clone(f.Change.Letters), func(l store.Letter) bool { return !l.Customer })
	if len(letters) == 0 {
		return nil
	}
	if old, err := d.beforeRestore(ctx, a); !old || err != nil {
		return err
	}
	for _, l := range letters {
		if err := f.End(l, inDoubt(a.Now)); err != nil {
			return err
		}
	}
	return nil
}

// beforeRestore says that a mail came before the database was put back.
func (d *Desk) beforeRestore(ctx context.Context, a *arrival.Arrival) (bool, error) {
	own, err := d.store.Load(ctx, d.Name, 0)
	if err != nil {
		return false, fmt.Errorf("load the desk's own file: %w", err)
	}
	return !own.RestoredAt.IsZero() && a.Internal.Before(own.RestoredAt.Add(clocksDiffer)), nil
}

// lostLetter looks at a letter with our mark that the log does not know. After a restore it may be one that went before: it settles
// the letter with the same words that is in doubt now, or else counts as an answer from outside. At any other time, and from any
// other address, it is a mail with a field that anybody can write.
func (d *Desk) lostLetter(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	if !strings.EqualFold(a.From(), d.Address) {
		return nil, nil
	}
	if old, err := d.beforeRestore(ctx, a); !old || err != nil {
		return nil, err
	}
	t, err := d.conversation(ctx, a)
	if t == nil || t.Number == 0 || err != nil {
		return nil, err
	}
	f := d.take(*t, a)
	counts, err := f.Lost(a, func(h ticket.Hash) ([]byte, error) { return d.store.Raw(ctx, h) })
	if !counts || err != nil {
		return nil, err
	}
	return f, nil
}
