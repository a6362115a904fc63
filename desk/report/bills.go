package report

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"replyby/desk/figure"
	"replyby/letter/digest"
	"replyby/store"
)

// bills lists the tickets with minutes to bill that somebody worked on in the stretch of the figures, oldest first.
// Where the counters of its days know of none, no ticket is read.
func (d Source) bills(ctx context.Context, r *digest.Report, days []store.Tally) error {
	if !slices.ContainsFunc(days, func(t store.Tally) bool { return t.Count[figure.BilledMinutes]+t.Count[store.Lost] != 0 }) {
		return nil
	}
	by := map[uint64]digest.Bill{} // number of the ticket
	for t, err := range d.Store.Each(ctx, store.Query{Desk: d.Name, Since: d.midnight(r.At, -figureDays)}) {
		if err := d.spare(r, t.Number, err); err != nil {
			return fmt.Errorf("list what is to bill: %w", err)
		}
		if t.Billed > 0 {
			by[t.Number] = digest.Bill{Ref: t.Ref, Subject: t.Subject, Minutes: t.Billed, Consent: t.AgreedAt}
		}
	}
	for _, number := range slices.Sorted(maps.Keys(by)) {
		r.Bills = append(r.Bills, by[number])
	}
	return nil
}
