package office

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// reckon lets every desk reckon with what may have happened after the copy was taken that the database was put back from. It is over
// once all have; a crash before that has it done again.
func (f *Office) reckon(ctx context.Context, now time.Time) error {
	restored, err := f.store.Restored()
	if err != nil || !restored {
		return err
	}
	if !honest(now) { // what came before would look as if it came after
		return errors.New("the database was restored and the clock of this machine is wrong; set it by the network and start again")
	}
	for _, w := range f.desks {
		if err := w.desk.Restored(ctx, now); err != nil {
			return fmt.Errorf("reckon with the restore: %w", err)
		}
	}
	f.log.Warn("the database was put back from a copy; letters that may have gone since are in doubt")
	return f.store.Reckoned()
}
