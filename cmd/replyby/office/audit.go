package office

import (
	"context"
	"sync"
	"time"

	"replyby/cmd/replyby/reconcile"
	"replyby/letter/digest"
)

const (
	auditBefore = 5 * time.Minute // the digest; a comparison that takes longer is given up
	auditSpan   = 48 * time.Hour  // of mail is compared: what was missing earlier stood in an earlier digest
)

// audited is what the last comparison of mailbox and database found.
type audited struct {
	mu      sync.Mutex
	at      time.Time
	missing []digest.Mail
}

// audit compares the last days of the mailbox with the database shortly before each digest, until ctx ends. It looks at the clock again
// and again: a timer of a day would stand still while the machine sleeps.
func (w *worked) audit(ctx context.Context) error {
	again := time.NewTicker(time.Minute)
	defer again.Stop()
	for {
		if now := time.Now(); w.auditDue(ctx, now) {
			w.compare(ctx, now)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}

// auditDue reports whether a digest is near and nothing was compared for it.
func (w *worked) auditDue(ctx context.Context, now time.Time) bool {
	own, err := w.store.Load(ctx, w.plan.Desk.Name, 0)
	if err != nil || own.Wake.IsZero() || own.Wake.Sub(now) > auditBefore {
		return false // a store that cannot be read is found out by others
	}
	w.audited.mu.Lock()
	defer w.audited.mu.Unlock()
	return w.audited.at.Before(own.Wake.Add(-2 * auditBefore))
}

// compare remembers what is missing. That it could not be found out is for the log: why the mailbox cannot be read is told anyway.
func (w *worked) compare(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, auditBefore)
	defer cancel()
	mailbox := w.plan.Mailbox
	mailbox.Since = now.Add(-auditSpan).UTC().Format(time.RFC3339)
	found, err := reconcile.Compare(ctx, reconcile.Job{Name: w.plan.Desk.Name, Desk: w.desk, Store: w.store, Mailbox: mailbox})
	if err != nil {
		w.log.Warn("the mailbox was not compared with the database", "error", err)
	}
	w.audited.mu.Lock()
	defer w.audited.mu.Unlock()
	w.audited.at, w.audited.missing = now, nil
	if found == nil {
		return
	}
	for _, x := range found.Lost {
		w.audited.missing = append(w.audited.missing, digest.Mail{From: x.From, Subject: x.Subject, At: x.At})
	}
	w.log.Info("mailbox compared with the database", "tickets", found.Tickets, "filed", found.Filed, "waiting", found.Waiting, "missing", len(found.Lost))
}

// missing is what a comparison for the digest of now has found.
func (w *worked) missing(now time.Time) []digest.Mail {
	w.audited.mu.Lock()
	defer w.audited.mu.Unlock()
	if now.Sub(w.audited.at) > 2*auditBefore {
		return nil
	}
	return w.audited.missing
}
