package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"replyby/desk/figure"
	"replyby/letter/digest"
	"replyby/store"
	"replyby/ticket"
)

// bills lists the tickets with minutes to bill that somebody worked on in the stretch of the figures, oldest first.
// Where the counters of its days know of none, no ticket is read.
func (d Source) bills(ctx context.Context, r *digest.Report, days []store.Tally) error {
	if !slices.ContainsFunc(days, func(t store.Tally) bool { return t.Count[figure.BilledMinutes] != 0 }) {
		return nil
	}
	worked, err := d.Store.Find(ctx, store.Query{Desk: d.Name, Since: d.midnight(r.At, -figureDays)})
	if err != nil {
		return fmt.Errorf("list what is to bill: %w", err)
	}
	slices.SortFunc(worked, func(a, b ticket.Ticket) int { return cmp.Compare(a.Number, b.Number) })
	for _, t := range worked {
		if t.Billed > 0 {
			r.Bills = append(r.Bills, digest.Bill{Ref: t.Ref, Subject: t.Subject, Minutes: t.Billed, Consent: t.AgreedAt})
		}
	}
	return nil
}
