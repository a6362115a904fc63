// Package desk is the conductor: mail that arrived, time that passed and letters that ended become changes of tickets.
//
// It has three entrances (Receive, Tick, and Begin with End for letters on their way) and one exit, store.Commit. Each entrance
// loads, decides and commits; when somebody else was first it loads and decides again. It has no goroutine, no lock and no
// network, reads no clock, and sends nothing: a letter is born inside the event that decided it and leaves through the outbox.
//
// It promises that nothing reaches a customer without the decision of a named, authenticated person holding an unspent token,
// and that whatever it does not act on is recorded with the reason.
package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/report"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/store"
	"replyby/ticket"
)

// conflicts is how often a decision is made anew before we believe that something is wrong with us, not with the moment.
const conflicts = 20

// Names of the sub-packages that callers need.
type (
	// Config is what a desk must know of itself.
	Config = charter.Charter
	// Person is somebody of the staff.
	Person = charter.Person
	// Incoming is a mail as the mailbox gave it.
	Incoming = arrival.Incoming
	// Auth is the proof of who wrote a mail.
	Auth = arrival.Auth
	// Ended is how an attempt to send a letter ended.
	Ended = dossier.Ended
	// Health is what the digest says of the program.
	Health = report.Health
)

// Desk works one support address.
type Desk struct {
	dossier.Kit
	store store.Store
	judge *classifier.Classifier
}

// Tools are what a desk thinks and writes with.
type Tools struct {
	Judge  *classifier.Classifier
	Letter *letter.Writer
	Texts  *text.Texts
}

// New returns a desk. It reads and writes nothing yet.
func New(cfg Config, s store.Store, t Tools) *Desk {
	return &Desk{Kit: dossier.Kit{Charter: &cfg, Letter: t.Letter, Texts: t.Texts}, store: s, judge: t.Judge}
}

// decide loads, decides and commits until nobody was faster.
func (d *Desk) decide(ctx context.Context, what string, decision func() ([]store.Change, error)) error {
	for range conflicts {
		changes, err := decision()
		if err != nil {
			return fmt.Errorf("desk %s: %s: %w", d.Name, what, err)
		}
		if len(changes) == 0 {
			return nil
		}
		err = d.store.Commit(ctx, changes...)
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return fmt.Errorf("desk %s: %s: %w", d.Name, what, err)
		}
	}
	return fmt.Errorf("desk %s: %s: %w, %d times in a row", d.Name, what, store.ErrConflict, conflicts)
}

// load takes up an existing ticket, or the desk's own file as number 0.
func (d *Desk) load(ctx context.Context, number uint64, now time.Time, cause string) (*dossier.Dossier, error) {
	t, err := d.store.Load(ctx, d.Name, number)
	if err != nil {
		return nil, fmt.Errorf("load ticket %d: %w", number, err)
	}
	return d.Open(t, now, cause), nil
}

// blank takes up a new ticket, with the number it will have if nobody is faster.
func (d *Desk) blank(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	h, err := d.store.Head(ctx, d.Name)
	if err != nil {
		return nil, fmt.Errorf("read the end of the log: %w", err)
	}
	return d.take(ticket.Ticket{Desk: d.Name, Number: h.Next}, a), nil
}

// take takes up a ticket because of an arrival.
func (d *Desk) take(t ticket.Ticket, a *arrival.Arrival) *dossier.Dossier {
	return d.Open(t, a.Now, a.Cause())
}

// own takes up the desk's own file because of an arrival.
func (d *Desk) own(ctx context.Context, a *arrival.Arrival) (*dossier.Dossier, error) {
	return d.load(ctx, 0, a.Now, a.Cause())
}

// byKey finds the one ticket a word leads to, or nil. An empty word leads nowhere.
func (d *Desk) byKey(ctx context.Context, k store.KeyKind, value string) (*ticket.Ticket, error) {
	if value == "" {
		return nil, nil
	}
	found, err := d.store.Find(ctx, store.Query{Desk: d.Name, Key: store.Key{Kind: k, Value: value}, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("find by %s: %w", k, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// SentWords implements decision.Archive.
func (d *Desk) SentWords(ctx context.Context, key string) (*ticket.Ticket, error) {
	return d.byKey(ctx, store.Words, key)
}

// Raw implements decision.Archive.
func (d *Desk) Raw(ctx context.Context, hash ticket.Hash) ([]byte, error) {
	return d.store.Raw(ctx, hash)
}
