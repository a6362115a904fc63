package report

import (
	"fmt"
	"slices"

	"replyby/letter/digest"
	"replyby/store"
)

// spare names in a report a ticket that cannot be read, and without a number says that there may be more that cannot: the report goes on. It
// returns any other error.
func (d Source) spare(r *digest.Report, number uint64, err error) error {
	switch {
	case !store.Harmed(err):
		return err
	case number == 0:
		r.Program.Trouble = append(r.Program.Trouble, digest.Trouble{Kind: "unread", What: err.Error()})
	default:
		d.named(r, number)
	}
	return nil
}

// named names a ticket that cannot be read, once.
func (d Source) named(r *digest.Report, number uint64) {
	if ref := fmt.Sprintf("%s-%d", d.Prefix, number); !slices.Contains(r.Damaged, ref) {
		r.Damaged = append(r.Damaged, ref)
	}
}
