package office

import (
	"context"
	"fmt"
	"time"

	"replyby/store"
)

// began is since when the mail of a folder that was never read is the desk's: since that began, in all folders of the first contact with the mailbox, which
// may have come long after it, with a wrong password or without space on the disk. Another folder is new, and what lies there was nobody's request so far.
func (i inbox) began(ctx context.Context, folder string) (time.Time, error) {
	owed, err := i.owed(ctx, folder)
	if !owed || err != nil {
		return time.Time{}, err
	}
	own, err := i.desk.Own(ctx)
	if own.CreatedAt.IsZero() { // before the first beat
		return time.Now(), err
	}
	return own.CreatedAt, err
}

// owed reports whether a folder belongs to the first contact with the mailbox. All of them are written down before the first is read, as cursors with
// a UID and no UIDVALIDITY: the program may end between one and the next.
func (i inbox) owed(ctx context.Context, folder string) (owed bool, err error) {
	desk, names := i.plan.Desk.Name, append([]string{folder}, i.plan.Mailbox.Folders...)
	for _, name := range names {
		c, err := i.store.Cursor(ctx, desk, name)
		if err != nil || c.UIDValidity != 0 || c.UID != 0 {
			return name == folder, err
		}
	}
	err = i.store.Together(ctx, func(view store.Store) error {
		for _, name := range names {
			if err := view.Commit(ctx, store.Change{Desk: desk, Cursor: &store.Cursor{Folder: name, UID: 1}}); err != nil {
				return fmt.Errorf("desk %s: note that %s is read for the first time: %w", desk, name, err)
			}
		}
		return nil
	})
	return true, err
}
