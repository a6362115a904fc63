package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/store"
	"replyby/ticket"
)

// Batch is consecutive mails of one folder. Folder roles: "inbox", "sent", "junk".
type Batch struct {
	Folder      string
	Role        string
	UIDValidity uint32
	UID         uint32 // everything up to here is dealt with once the batch is
	Mails       []Incoming
	Now         time.Time
}

// Receive makes every mail of the batch a ticket, an entry of one, or a filed message, and moves the cursor with it. When it
// returns nil all of that is durable. An error means that the batch, or its rest, should be given again later.
func (d *Desk) Receive(ctx context.Context, b Batch) error {
	for _, in := range b.Mails {
		// Kept, and counted as begun, one by one: what ends the program must not be held against the mail behind it.
		kept, err := d.store.PutRaw(ctx, in.Raw)
		if err != nil {
			return fmt.Errorf("desk %s: keep %s uid %d: %w", d.Name, b.Folder, in.UID, err)
		}
		a := arrival.Read(d.Charter, d.judge, b.place(), in, kept[0])
		err = d.decide(ctx, fmt.Sprintf("receive %s uid %d", b.Folder, in.UID), func() ([]store.Change, error) { return d.admit(ctx, a) })
		if err != nil {
			return err
		}
	}
	if n := len(b.Mails); n > 0 && b.Mails[n-1].UID == b.UID {
		return nil // the last mail's commit moved it
	}
	return d.moveCursor(ctx, b)
}

func (b Batch) place() arrival.Place {
	return arrival.Place{Folder: b.Folder, Role: b.Role, UIDValidity: b.UIDValidity, Now: b.Now}
}

func (d *Desk) moveCursor(ctx context.Context, b Batch) error {
	c := store.Change{Desk: d.Name, Cursor: &store.Cursor{Folder: b.Folder, UIDValidity: b.UIDValidity, UID: b.UID}}
	if err := d.store.Commit(ctx, c); err != nil {
		return fmt.Errorf("desk %s: move the cursor of %s to %d: %w", d.Name, b.Folder, b.UID, err)
	}
	return nil
}

// admit decides where an arrival belongs.
func (d *Desk) admit(ctx context.Context, a *arrival.Arrival) ([]store.Change, error) {
	known, err := d.byKey(ctx, store.Seen, a.Seen.String())
	if err != nil {
		return nil, err
	}
	if known != nil {
		return d.again(*known, a)
	}
	if old, err := d.beforeOurTime(ctx, a); old || err != nil {
		return d.take(ticket.Ticket{}, a).With(a), err
	}
	f, err := d.place(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := d.doubt(ctx, f, a); err != nil {
		return nil, err
	}
	if a.Role == "inbox" || f.T.Number != 0 { // what a person moves out of the junk folder must be new again
		f.Key(store.Seen, a.Seen.String())
	}
	return f.With(a), nil
}

// beforeOurTime says that a mail was in the mailbox before the desk began, when it was to begin with later mail only. Such mail comes
// up when the server gives a folder new numbers and everything is read again.
func (d *Desk) beforeOurTime(ctx context.Context, a *arrival.Arrival) (bool, error) {
	const recent = 24 * time.Hour // ordinary mail; only what is older is worth asking
	if d.FromStart || a.Now.Sub(a.Internal) < recent {
		return false, nil
	}
	own, err := d.store.Load(ctx, d.Name, 0)
	if err != nil {
		return false, fmt.Errorf("load the desk's own file: %w", err)
	}
	return own.Version > 0 && a.Internal.Before(own.CreatedAt.Add(-time.Hour)), nil // an hour for the server's clock
}

// again handles a message whose content was seen before. The same bytes are nothing new; other bytes with the same content
// (another way through the net) are kept with the ticket.
func (d *Desk) again(t ticket.Ticket, a *arrival.Arrival) ([]store.Change, error) {
	f := d.take(t, a)
	if !a.Kept.Kept {
		f.FileAs(a, "copy", "the same message in other bytes")
	}
	return f.With(a), nil
}

// place is the order in which an arrival is looked at: our own letters, automatic mail, staff, everybody else.
func (d *Desk) place(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	if own, err := d.ownLetter(ctx, a); own != nil || err != nil {
		return own, err
	}
	if a.Role == "sent" {
		return d.sentOutside(ctx, a)
	}
	if a.Verdict.Kind == classifier.Own {
		a.Verdict.Kind = a.Verdict.Else // the mark alone proves nothing
	}
	switch {
	case a.Verdict.Kind == classifier.Bounce || a.Verdict.Kind == classifier.Delay:
		return d.bounced(ctx, a)
	case a.Verdict.Kind != classifier.Person:
		return d.file(ctx, a)
	case a.IsStaff:
		return d.staffMail(ctx, a)
	case a.Role == "junk":
		return d.fromJunk(ctx, a)
	}
	return d.customerMail(ctx, a)
}
