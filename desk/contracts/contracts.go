// Package contracts records in the log of a desk which contracts file was in force since when. The whole file is kept, so that any decision
// can be checked against what was known at the time, and a new file compared with the last one.
package contracts

import (
	"context"
	"fmt"
	"time"

	"replyby/contract"
	"replyby/desk/dossier"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// Note returns what is to be committed where the file is another than was last loaded: one event of the desk with the file, its hash,
// how many contracts it holds and what it changed. The same file again is nothing new.
func Note(ctx context.Context, k dossier.Kit, s store.Store, now time.Time) ([]store.Change, error) {
	last, err := Last(ctx, s, k.Name)
	if err != nil || last.Book.Hash() == k.Contracts.Hash() {
		return nil, err
	}
	own, err := s.Load(ctx, k.Name, 0)
	if err != nil {
		return nil, fmt.Errorf("load the desk's own file: %w", err)
	}
	reason := "no file of contracts any more"
	if k.Contracts != nil {
		reason = fmt.Sprintf("sha256 %s; %d contracts: %s", k.Contracts.Hash(), len(k.Contracts.All()), contract.Diff(last.Book, k.Contracts))
	}
	f := k.Open(own, now, "start")
	f.Add(kind.ContractsLoaded, sheet.Program, ticket.Body{Text: k.Contracts.Text(), Reason: reason})
	return []store.Change{f.Change}, nil
}

// Loaded is a file of contracts as a desk loaded it, and when. Book is nil where there is none, At zero before the first.
type Loaded struct {
	Book *contract.Book
	At   time.Time
}

// Last reads from a desk's log which contracts it last loaded.
func Last(ctx context.Context, s store.Store, desk string) (Loaded, error) {
	var last logbook.Record
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
