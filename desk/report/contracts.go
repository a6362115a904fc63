package report

import (
	"time"

	"replyby/letter/digest"
)

// ending lists the contracts that end in the days looked at, so that somebody offers the renewal in time. One that ends today is
// still in force.
func (d Source) ending(r *digest.Report) {
	for _, c := range d.Contracts.Ending(d.midnight(r.At, 0), d.midnight(r.At, lookAhead)) {
		day, err := time.ParseInLocation(time.DateOnly, string(c.To), d.Zone)
		if err != nil {
			continue // a day that its reader has checked
		}
		name := c.Customer + ", " + c.Kind
		if c.Product != "" {
			name += ", " + c.Product
		}
		r.Coming = append(r.Coming, digest.Coming{From: day, Kind: "contract", Name: name})
	}
}
