package correction

import (
	"context"
	"slices"

	"replyby/desk/dossier"
	"replyby/letter/beside"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
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
		if at, _ := last(f.T); at.At.After(bound.After) {
			refs = append(refs, f.Ref())
		}
	}
	return refs, nil
}

// written is the last answer to the customer of a ticket, with its words where it is later than the list that staff read before.
func (r Round) written(f *dossier.Dossier) (beside.Written, error) {
	w, draft := last(f.T)
	if w.By != "" {
		w.By = f.Called(w.By)
	}
	before := slices.IndexFunc(r.Lead.T.Draft.With, func(b ticket.Bound) bool { return b.Ticket == f.T.Number && w.At.After(b.After) })
	if before < 0 || draft == 0 || f.Approved == nil {
		return w, nil
	}
	said, err := f.Approved(draft)
	w.Words = said.Personal
	return w, err
}

// last is the last answer that the customer of a ticket got or is to get, and the version of its draft, 0 where somebody wrote without us.
func last(t ticket.Ticket) (w beside.Written, draft int) {
	for _, p := range t.Posted {
		lost := slices.Contains([]posted.State{posted.Recalled, posted.Failed, posted.Bounced}, p.State)
		if p.Customer && !lost && !p.DecidedAt.Before(w.At) {
			w, draft = beside.Written{At: p.DecidedAt, By: p.By, Subject: p.Subject}, p.Draft
		}
	}
	if l := t.Last; l.Kind == kind.AnsweredOutside && l.At.After(w.At) {
		return beside.Written{At: l.At, By: l.By}, 0
	}
	return w, draft
}
