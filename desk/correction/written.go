package correction

import (
	"context"

	"replyby/desk/dossier"
	"replyby/desk/handover"
	"replyby/letter/beside"
	"replyby/store"
)

// Since names the tickets whose customers were answered after the list was shown: whoever reads of that may not want to write them once more.
func (r Round) Since(ctx context.Context) (refs []string, err error) {
	for _, bound := range r.Lead.T.Draft.With {
		f, err := r.load(ctx, bound.Ticket)
		if store.Harmed(err) {
			continue // it gets no letter
		}
		if err != nil {
			return nil, err
		}
		if w, _ := beside.LastTo(f.T); w.At.After(bound.After) {
			refs = append(refs, f.Ref())
		}
	}
	return refs, nil
}

// written is the last answer to the customer of a ticket, with its words where it is later than the list that staff read before.
func (r Round) written(f *dossier.Dossier) (beside.Written, error) {
	read := f.Now
	for _, b := range r.Lead.T.Draft.With {
		if b.Ticket == f.T.Number {
			read = b.After
		}
	}
	return handover.Answered(f, read)
}
