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
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"replyby/classifier"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// program is the actor of what nobody decided.
const program = "replyby"

// conflicts is how often a decision is made anew before we believe that something is wrong with us, not with the moment.
const conflicts = 20

// Desk works one support address.
type Desk struct {
	cfg    Config
	store  store.Store
	judge  *classifier.Classifier
	letter *letter.Writer
	texts  *text.Texts
}

// New returns a desk. It reads and writes nothing yet.
func New(cfg Config, s store.Store, t Tools) *Desk {
	return &Desk{cfg: cfg, store: s, judge: t.Judge, letter: t.Letter, texts: t.Texts}
}

// Tools are what a desk thinks and writes with.
type Tools struct {
	Judge  *classifier.Classifier
	Letter *letter.Writer
	Texts  *text.Texts
}

// Name is the desk's name in the store and the configuration.
func (d *Desk) Name() string { return d.cfg.Name }

// decide loads, decides and commits until nobody was faster.
func (d *Desk) decide(ctx context.Context, what string, decision func() ([]store.Change, error)) error {
	for range conflicts {
		changes, err := decision()
		if err != nil {
			return fmt.Errorf("desk %s: %s: %w", d.cfg.Name, what, err)
		}
		if len(changes) == 0 {
			return nil
		}
		err = d.store.Commit(ctx, changes...)
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return fmt.Errorf("desk %s: %s: %w", d.cfg.Name, what, err)
		}
	}
	return fmt.Errorf("desk %s: %s: %w, %d times in a row", d.cfg.Name, what, store.ErrConflict, conflicts)
}

// dossier is one ticket while a decision is made about it: what it was, what has happened to it since, what to write.
type dossier struct {
	desk   *Desk
	now    time.Time
	cause  string
	t      ticket.Ticket
	change store.Change
}

// open takes an existing ticket, or the desk's own file as number 0, onto the desk.
func (d *Desk) open(ctx context.Context, number uint64, now time.Time, cause string) (*dossier, error) {
	t, err := d.store.Load(ctx, d.cfg.Name, number)
	if err != nil {
		return nil, fmt.Errorf("load ticket %d: %w", number, err)
	}
	return d.dossier(t, now, cause), nil
}

func (d *Desk) dossier(t ticket.Ticket, now time.Time, cause string) *dossier {
	now = now.UTC().Truncate(time.Microsecond)
	return &dossier{desk: d, now: now, cause: cause, t: t, change: store.Change{
		Desk: d.cfg.Name, Ticket: t.Number, Expect: t.Version, Day: now.In(d.cfg.Zone).Format(time.DateOnly),
	}}
}

// blank takes a new ticket onto the desk, with the number it will have if nobody is faster.
func (d *Desk) blank(ctx context.Context, now time.Time, cause string) (*dossier, error) {
	h, err := d.store.Head(ctx, d.cfg.Name)
	if err != nil {
		return nil, fmt.Errorf("read the end of the log: %w", err)
	}
	return d.dossier(ticket.Ticket{Desk: d.cfg.Name, Number: h.Next}, now, cause), nil
}

// ref is what people call the ticket: "MB-1".
func (f *dossier) ref() string {
	if f.t.Ref != "" {
		return f.t.Ref
	}
	return fmt.Sprintf("%s-%d", f.desk.cfg.Prefix, f.t.Number)
}

// add lets an event happen: to the ticket at hand now, to the stored one at commit.
func (f *dossier) add(k kind.Kind, actor string, b ticket.Body) {
	e := ticket.Event{Kind: k, Ticket: f.t.Number, Actor: actor, Cause: f.cause, At: f.now, Body: b}
	f.change.Events = append(f.change.Events, e)
	f.t = f.t.After(e, f.t.Version+1)
}

// key makes a word lead to the ticket. An empty word leads nowhere.
func (f *dossier) key(k store.KeyKind, value string) {
	if value != "" {
		f.change.Keys = append(f.change.Keys, store.Key{Kind: k, Value: value})
	}
}

// count adds one to a counter of the day.
func (f *dossier) count(name string) {
	if f.change.Count == nil {
		f.change.Count = map[string]int64{}
	}
	f.change.Count[name]++
}

// enclose puts rendered letters into the body of the event that decides them and their bytes into the change.
func (f *dossier) enclose(b *ticket.Body, letters ...letter.Rendered) {
	for _, r := range letters {
		b.Letters = append(b.Letters, r.Letter)
		f.change.Letters = append(f.change.Letters, store.Letter{Letter: r.Letter, Bytes: r.Bytes})
		f.key(store.LetterID, r.ID)
		f.key(store.MessageID, r.MessageID)
	}
}

// stamp gives a letter its identity: 128 random bits, which also make the Message-ID and the MIME boundary.
func (f *dossier) stamp() letter.Stamp {
	id := random()
	_, domain, _ := strings.Cut(f.desk.cfg.Address, "@")
	return letter.Stamp{ID: id, MessageID: "rb." + id + "@" + domain, Date: f.now.In(f.desk.cfg.Zone), Boundary: "rb-" + random()}
}

// random returns 128 random bits as 26 letters and digits that survive any mail program.
func random() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, crypto/rand ends the program instead
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}
