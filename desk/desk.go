// Package desk is the conductor: mail that arrived, time that passed and letters that ended become changes of tickets.
//
// It has three entrances (Receive, Tick, and Begin with End for letters on their way) and one exit, store.Commit. Each entrance
// loads, decides and commits; when somebody else was first it loads and decides again. It has no goroutine, no lock and no
// network, reads no clock, and sends nothing: a letter is born inside the event that decided it and leaves through the outbox.
// Two doors more are beside them: what is done once at every start (Restored, NoteContracts, Retime, Reassign), and what
// somebody orders at the command line (Adopt, Import, Greet, Claim, Erase, Forget). What is decided stands in the folders below,
// which docs/architecture.md lists; here is when, in which order, and in one commit with what.
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
	"replyby/desk/ending"
	"replyby/desk/files"
	"replyby/desk/intake"
	"replyby/desk/report"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/store"
)

// ErrOwnFile says that the desk's own file cannot be read. Nothing is decided or sent without it, see docs/decisions/0032.
var ErrOwnFile = files.ErrOwnFile

// freely is how often a decision is made while others may write: it may have much to read.
const freely = 3

// Types of the sub-packages that callers need.
type (
	// Config is what a desk must know of itself.
	Config = charter.Charter
	// Person is somebody of the staff.
	Person = charter.Person
	// Notices configures what customers are told without having asked.
	Notices = charter.Notices
	// Incoming is a mail as the mailbox gave it.
	Incoming = arrival.Incoming
	// Saved is a mail that lay in no mailbox of ours.
	Saved = arrival.Saved
	// Auth is the proof of who wrote a mail.
	Auth = arrival.Auth
	// Ended is how an attempt to send a letter ended.
	Ended = ending.Ended
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

// Tools are what a desk needs besides its store and its configuration.
type Tools struct {
	Judge  *classifier.Classifier
	Letter *letter.Writer
	Texts  *text.Texts
	// Prove looks up again who wrote a mail, where that failed when it came. Nil if nothing can be looked up.
	Prove intake.Prove
	// Parallel calls f for 0 to n-1, several at a time, and returns when all have returned. Nil calls them one after the other.
	Parallel func(n int, f func(i int))
	// Exclusive calls f while no other mail is being read; nil calls it at once. A mail that is read alone must not be blamed when another
	// one ends the program.
	Exclusive func(f func() error) error
}

func (t Tools) parallel(n int, f func(i int)) {
	if t.Parallel != nil {
		t.Parallel(n, f)
		return
	}
	for i := range n {
		f(i)
	}
}

func (t Tools) exclusive(f func() error) error {
	if t.Exclusive != nil {
		return t.Exclusive(f)
	}
	return f()
}

// New returns a desk. It reads and writes nothing yet.
func New(cfg Config, s store.Store, t Tools) *Desk {
	f := files.Files{Kit: dossier.Kit{Charter: &cfg, Letter: t.Letter, Texts: t.Texts}, Store: s}
	return &Desk{Files: f, intake: intake.New(f, t.Judge, t.Prove), tools: t}
}

// on returns the same desk on another view of its store.
func (d *Desk) on(view store.Store) *Desk {
	f := d.Files
	f.Store = view
	return &Desk{Files: f, intake: d.intake.On(f), tools: d.tools}
}

// decide makes a decision and commits it. Where somebody else was faster it makes the decision again from what the store has by then; where
// that happens again and again, because mail pours in, it decides while nobody else may write. The decision uses the desk that it is given.
func (d *Desk) decide(ctx context.Context, what string, decision func(*Desk) ([]store.Change, error)) error {
	on := func(d *Desk) error {
		changes, err := decision(d)
		if err != nil || len(changes) == 0 {
			return err
		}
		return d.Store.Commit(ctx, changes...)
	}
	err := on(d)
	for n := 1; n < freely && errors.Is(err, store.ErrConflict); n++ {
		err = on(d)
	}
	if errors.Is(err, store.ErrConflict) {
		err = d.Store.Together(ctx, func(view store.Store) error { return on(d.on(view)) })
	}
	if err != nil {
		return fmt.Errorf("desk %s: %s: %w", d.Name, what, err)
	}
	return nil
}
