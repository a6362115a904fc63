package files

import (
	"context"
	"fmt"
	"strings"

	"replyby/desk/dossier"
	"replyby/desk/handover"
)

// Informed returns the files of a desk that knows what it has learnt of its people: whoever is asked through them is here.
func (f Files) Informed(ctx context.Context) (Files, error) {
	own, err := f.Own(ctx)
	if err != nil {
		return f, fmt.Errorf("read who is away: %w", err)
	}
	f.Roster, f.Restored = own.Roster, own.RestoredAt
	return f, nil
}

// AssignTurn gives a new ticket to somebody, where that is how the desk works.
func (f Files) AssignTurn(ctx context.Context, d *dossier.Dossier) (err error) {
	open := map[string]int{}
	if len(f.Staff) > 1 && f.Turns() {
		open, err = f.OpenByHolder(ctx)
	}
	if err == nil && f.Turns() {
		handover.Turn(d, open)
	}
	return err
}

// OpenByHolder counts the open tickets of each address that has some, in lower case.
func (f Files) OpenByHolder(ctx context.Context) (map[string]int, error) {
	open, err := f.Store.Waiting(ctx, f.Name)
	if err != nil {
		return nil, fmt.Errorf("count the open tickets of each person: %w", err)
	}
	counts := map[string]int{}
	for _, t := range open {
		counts[strings.ToLower(t.Assignee)]++
	}
	return counts, nil
}
