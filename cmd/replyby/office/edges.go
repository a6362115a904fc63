package office

import (
	"context"
	"errors"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/ending"
	"replyby/imapwatch"
	"replyby/mailauth"
	"replyby/outbound"
	"replyby/store"
)

// inbox hands the mail of a mailbox to a desk.
type inbox struct{ *worked }

// Cursor implements imapwatch.Inbox.
func (i inbox) Cursor(ctx context.Context, folder string) (imapwatch.Cursor, error) {
	if err := i.full(); err != nil {
		return imapwatch.Cursor{}, err
	}
	c, err := i.store.Cursor(ctx, i.plan.Desk.Name, folder)
	if c.UIDValidity == 0 { // it may be owed
		return imapwatch.Cursor{}, err
	}
	return imapwatch.Cursor{UIDValidity: c.UIDValidity, UID: c.UID}, err
}

// Prepare implements imapwatch.Inbox. Letters may be born in what it returns, so the way out is told to look.
func (i inbox) Prepare(ctx context.Context, b imapwatch.Batch) (receive func() error, err error) {
	if err := i.full(); err != nil {
		return nil, err
	}
	batch := desk.Batch{
		Folder: b.Folder, Role: i.role(b.Folder), UIDValidity: b.Cursor.UIDValidity, UID: b.Cursor.UID, Now: time.Now(), Before: b.Before,
	}
	for _, m := range b.Mails {
		batch.Mails = append(batch.Mails, desk.Incoming{
			UID: m.UID, Internal: m.InternalDate, Raw: m.Raw, Cut: m.Cut, Prove: func() desk.Auth { return i.prove(ctx, m) },
		})
	}
	prepared, err := i.desk.Prepare(ctx, batch)
	if err != nil {
		return nil, err
	}
	return func() error {
		defer i.sender.Wake()
		if err := i.desk.Admit(ctx, prepared); err != nil {
			return err
		}
		if len(b.Mails) > 0 {
			i.log.Info("mail taken in", "folder", b.Folder, "mails", len(b.Mails), "uid", b.Cursor.UID)
		}
		return nil
	}, nil
}

// full is the error with which mail is left in the mailbox while the disk has too little space for it.
func (i inbox) full() error {
	if i.room != nil {
		if low := i.room.Low(); low != "" {
			return errors.New("mail stays in the mailbox: " + low)
		}
	}
	return nil
}

func (i inbox) role(folder string) arrival.Role {
	switch folder {
	case i.plan.Sent:
		return arrival.Sent
	case i.plan.Junk:
		return arrival.Junk
	}
	return arrival.Inbox
}

// prove asks who wrote a mail.
func (i inbox) prove(ctx context.Context, m imapwatch.Mail) desk.Auth {
	return proof(i.auth)(ctx, m.Raw)
}

// proof is mailauth's answer in the desk's words.
func proof(auth *mailauth.Checker) func(ctx context.Context, raw []byte) desk.Auth {
	return func(ctx context.Context, raw []byte) desk.Auth {
		v := auth.Check(ctx, raw)
		return desk.Auth{Outcome: arrival.Outcome(v.Outcome), From: v.From, Evidence: v.Evidence, Signed: v.Signed}
	}
}

// outbox hands the letters of a desk to a server.
type outbox struct{ *worked }

// Next implements outbound.Outbox.
func (o outbox) Next(ctx context.Context, now time.Time, limit int) ([]store.Letter, error) {
	if !honest(now) {
		return nil, nil
	}
	letters, err := o.desk.Outbox(ctx, now, limit)
	return letters, o.held(err)
}

// held says that letters wait which cannot be read, once, and notes it for whoever monitors. It returns any other error. The desk's own file is
// another matter: with an error about that come no letters, and nobody knows whether any may go.
func (w *worked) held(err error) error {
	said := ""
	if store.Harmed(err) && !errors.Is(err, desk.ErrOwnFile) {
		said, err = err.Error(), nil
	}
	if was := w.unread.Swap(&said); said != "" && (was == nil || *was != said) {
		w.log.Error("a letter waits that cannot be read, the others go", "error", said, "hint", "replyby verify says more")
	}
	return err
}

// Begin implements outbound.Outbox.
func (o outbox) Begin(ctx context.Context, l store.Letter, now time.Time) error {
	return o.skipped(o.desk.Begin(ctx, l, now))
}

// End implements outbound.Outbox.
func (o outbox) End(ctx context.Context, l store.Letter, r outbound.Result) error {
	return o.desk.End(ctx, l, ended(r))
}

// Turn implements outbound.Outbox.
func (o outbox) Turn(ctx context.Context, e outbound.Ended, next store.Letter, now time.Time) error {
	return o.skipped(o.desk.Turn(ctx, e.Letter, ended(e.Result), next, now))
}

// skipped says in the sender's words that a letter is not to go out.
func (o outbox) skipped(err error) error {
	if errors.Is(err, desk.ErrWithdrawn) {
		if store.Harmed(err) {
			o.log.Error("a letter waits whose ticket cannot be read", "error", err, "hint", "replyby verify says more")
		}
		return outbound.ErrWithdrawn
	}
	return err
}

func ended(r outbound.Result) desk.Ended {
	return desk.Ended{
		Outcome: ending.Outcome(r.Outcome), Code: r.Code, Reply: r.Reply, Server: r.Server, Stage: r.Stage, At: r.At, Next: r.NotBefore,
	}
}
