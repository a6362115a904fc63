package office

import (
	"context"
	"fmt"
	"time"

	"replyby/cmd/replyby/reconcile"
	"replyby/desk/arrival"
	"replyby/store"
)

// began is since when the mail of a folder that was never read is the desk's: since that began, in all folders of the first contact with the mailbox, which
// may have come long after it, with a wrong password or without space on the disk. Another folder is new, and what lies there was nobody's request so far,
// unless it is one that we read under another name.
func (i inbox) began(ctx context.Context, folder string) (time.Time, error) {
	own, err := i.desk.Own(ctx)
	if err != nil {
		return time.Time{}, err
	}
	since := own.CreatedAt
	if since.IsZero() { // before the first beat
		since = time.Now()
	}
	if owed, err := i.owed(ctx, folder); owed || err != nil {
		return since, err
	}
	if i.role(folder) != arrival.Inbox {
		return time.Time{}, nil
	}
	return i.lastRead(ctx, folder, since), nil
}

// lookBack is how much of a folder with a new name is compared with what we know.
const lookBack = 30 * 24 * time.Hour

// lastRead is when the newest mail of a folder came that we know, zero where we know none: then it was never read, under whatever name. Where that
// cannot be found out the others must not wait for it.
func (i inbox) lastRead(ctx context.Context, folder string, since time.Time) time.Time {
	if back := time.Now().Add(-lookBack); back.After(since) {
		since = back
	}
	mailbox := i.plan.Mailbox
	mailbox.Folders, mailbox.Since = []string{folder}, since.UTC().Format(time.RFC3339)
	ctx, cancel := context.WithTimeout(ctx, auditBefore)
	defer cancel()
	found, err := reconcile.Compare(ctx, reconcile.Job{Name: i.plan.Desk.Name, Desk: i.desk, Store: i.store, Mailbox: mailbox})
	switch {
	case err != nil:
		i.log.Error("a folder is read for the first time, and whether it had another name before is not known: only later mail in it makes tickets",
			"folder", folder, "error", err, "hint", "replyby import takes in what waited there")
	case found.Known.IsZero():
		i.log.Warn("a folder is read for the first time: only later mail in it makes tickets", "folder", folder, "hint", "replyby import takes in what waited there")
	default:
		i.log.Warn("a folder is read that had another name before: what came since the newest mail that is known is taken in", "folder", folder, "since", found.Known)
		return found.Known
	}
	return time.Time{}
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
