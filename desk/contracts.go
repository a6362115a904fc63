package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/contract"
	"replyby/desk/dossier"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// NoteContracts records that the file of contracts is another than at the last start: whole, with its hash, how many contracts it
// holds and what changed. It is called once at every start; the same file again is nothing new.
func (d *Desk) NoteContracts(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "note the contracts", func() ([]store.Change, error) {
		last, err := LastContracts(ctx, d.store, d.Name)
		if err != nil || last.Book.Hash() == d.Contracts.Hash() {
			return nil, err
		}
		f, err := d.load(ctx, 0, now, "start")
		if err != nil {
			return nil, err
		}
		reason := "no file of contracts any more"
		if d.Contracts != nil {
			reason = fmt.Sprintf("sha256 %s; %d contracts: %s", d.Contracts.Hash(), len(d.Contracts.All()), contract.Diff(last.Book, d.Contracts))
		}
		f.Add(kind.ContractsLoaded, dossier.Program, ticket.Body{Text: d.Contracts.Text(), Reason: reason})
		return []store.Change{f.Change}, nil
	})
}

// Loaded is a file of contracts as a desk loaded it, and when. Book is nil, At zero, before the first.
type Loaded struct {
	Book *contract.Book
	At   time.Time
}

// LastContracts reads from a desk's log which contracts it last loaded.
func LastContracts(ctx context.Context, s store.Store, desk string) (Loaded, error) {
	var last ticket.Record
	for r, err := range s.Log(ctx, desk, 1, 0) {
		if err != nil {
			return Loaded{}, fmt.Errorf("look for the contracts last loaded: %w", err)
		}
		if r.Kind == kind.ContractsLoaded {
			last = r
		}
	}
	if last.Kind == "" {
		return Loaded{}, nil
	}
	e, err := last.Event()
	if err != nil {
		return Loaded{}, fmt.Errorf("read the contracts last loaded: %w", err)
	}
	l := Loaded{At: e.At}
	if e.Body.Text != "" {
		l.Book, _ = contract.Parse([]byte(e.Body.Text)) // it had no problems when it was loaded
	}
	return l, nil
}
