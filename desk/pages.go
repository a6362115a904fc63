package desk

import (
	"context"
	"slices"
	"time"

	"replyby/desk/dossier"
	"replyby/store"
)

// pageSize is how many tickets are changed in one commit where there may be thousands. More would take memory and spare little.
const pageSize = 200

// round is something done to many tickets: what, because of what, and when.
type round struct {
	what, cause string
	now         time.Time
}

// byPages does something to each of many tickets, a page of them in a commit. [store.ErrDamaged] says which cannot be read, when all others are
// done.
func (d *Desk) byPages(ctx context.Context, r round, numbers []uint64, do func(*dossier.Dossier) error) error {
	var torn store.Damage
	for page := range slices.Chunk(numbers, pageSize) {
		var here store.Damage
		err := d.decide(ctx, r.what, func(d *Desk) (changes []store.Change, err error) {
			here = nil
			known, err := d.Informed(ctx)
			if err != nil {
				return nil, err
			}
			counted := map[string]int64{}
			for _, n := range page {
				f, err := known.Load(ctx, n, r.now, r.cause)
				if err == nil {
					err = do(f.Counting(counted))
				}
				if err := here.Take(err); err != nil {
					return nil, err
				}
				if f != nil && len(f.Change.Events) > 0 {
					changes = append(changes, f.Change)
				}
			}
			return changes, nil
		})
		if err != nil {
			return err
		}
		torn = append(torn, here...)
	}
	return torn.Told()
}
