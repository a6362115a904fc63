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

	"replyby/classifier"
	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/files"
	"replyby/desk/intake"
	"replyby/desk/report"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/store"
)

// conflicts is how often a decision is made anew before we believe that something is wrong with us, not with the moment.
const conflicts = 20

// Names of the sub-packages that callers need.
type (
	// Config is what a desk must know of itself.
	Config = charter.Charter
	// Person is somebody of the staff.
	Person = charter.Person
	// Notices is what customers are told unasked.
	Notices = charter.Notices
	// Incoming is a mail as the mailbox gave it.
	Incoming = arrival.Incoming
	// Saved is a mail that lay in no mailbox of ours.
	Saved = arrival.Saved
	// Auth is the proof of who wrote a mail.
	Auth = arrival.Auth
	// Ended is how an attempt to send a letter ended.
	Ended = dossier.Ended
	// Health is what the digest says of the program.
	Health = report.Health
	// Fate is what became of a message of the inbox.
	Fate = intake.Fate
	// Filed is a message that was set aside.
	Filed = report.Filed
	// Refusal is why something a person asked for was not done.
	Refusal = dossier.Refusal
)

// Desk works one support address.
type Desk struct {
	files.Files
	intake *intake.Intake
	tools  Tools
}

// Tools are what a desk thinks and writes with.
type Tools struct {
	Judge  *classifier.Classifier
	Letter *letter.Writer
	Texts  *text.Texts
	// Prove says who wrote a mail of which that could not be looked up when it came; nil where nobody can.
	Prove intake.Prove
	// Abreast calls f for 0 to n-1, several at a time, and returns when all have returned; nil is one after the other.
	Abreast func(n int, f func(i int))
	// Apart calls f while no mail is being read in company; nil calls it at once. Nobody else's end of the program may be held
	// against a mail that stands alone.
	Apart func(f func() error) error
}

func (t Tools) abreast(n int, f func(i int)) {
	if t.Abreast != nil {
		t.Abreast(n, f)
		return
	}
	for i := range n {
		f(i)
	}
}

func (t Tools) apart(f func() error) error {
	if t.Apart != nil {
		return t.Apart(f)
	}
	return f()
}

// New returns a desk. It reads and writes nothing yet.
func New(cfg Config, s store.Store, t Tools) *Desk {
	f := files.Files{Kit: dossier.Kit{Charter: &cfg, Letter: t.Letter, Texts: t.Texts}, Store: s}
	return &Desk{Files: f, intake: intake.New(f, t.Judge, t.Prove), tools: t}
}

// on is the same desk at work on another view of its store.
func (d *Desk) on(view store.Store) *Desk {
	f := d.Files
	f.Store = view
	return &Desk{Files: f, intake: d.intake.On(f), tools: d.tools}
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
		err = d.Store.Commit(ctx, changes...)
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return fmt.Errorf("desk %s: %s: %w", d.Name, what, err)
		}
	}
	return fmt.Errorf("desk %s: %s: %w, %d times in a row", d.Name, what, store.ErrConflict, conflicts)
}
