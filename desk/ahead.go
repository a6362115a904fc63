package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/desk/alarm"
	"replyby/desk/arrival"
	"replyby/store"
)

// ahead tells team and managers, once a day, what a mail shows that came after the desk began and before by our clock: that this was ahead then, and
// may still be.
func (d *Desk) ahead(ctx context.Context, a *arrival.Arrival) error {
	return d.decide(ctx, "tell of the clock", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, a.Now, a.Cause())
		if err != nil {
			return nil, err
		}
		told, err := f.Counters(f.Change.Day)
		if err != nil || told["clock ahead"] > 0 {
			return nil, err
		}
		f.Count("clock ahead")
		why := fmt.Sprintf("replyby started here for the first time at %s by the clock of this machine, and a mail that came later did so at %s by that of the mail server",
			f.T.CreatedAt.UTC().Format(time.RFC3339), a.Internal.UTC().Format(time.RFC3339))
		err = alarm.Raise(f, "clock", why, "deadlines are counted by a clock that was ahead", time.Time{})
		return []store.Change{f.Change}, err
	})
}
