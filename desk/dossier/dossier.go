// Package dossier holds one ticket while a decision is made about it: its sheet, and the letters to be written. Everything that somebody hears
// of is a method here; what happens to the clocks alone is in package clock. Nothing is stored before package desk commits the change. It reads
// no clock, and of the store it knows only the shape of a change.
package dossier

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/sheet"
	"replyby/letter"
	"replyby/letter/beside"
	"replyby/letter/enclosed"
	"replyby/letter/text"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/roster"
)

// Kit is what a dossier is worked on with.
type Kit struct {
	*charter.Charter
	Letter *letter.Writer
	Texts  *text.Texts
	Roster roster.Roster // who is away, as far as it was asked for
	// Restored is when the database was put back last, as far as it was asked for. Doubt says that the mail in hand is older: what it decides may
	// have been decided and sent before.
	Restored time.Time
	Doubt    bool
}

// Dossier is the sheet of one ticket, with the letters that a decision writes.
type Dossier struct {
	Kit
	*sheet.Sheet
	Also    []store.Change     // of other tickets, in the same commit
	Attach  []letter.File      // goes with the receipt
	Others  []beside.Fellow    // named in the receipt
	Dropped []enclosed.Dropped // files of the mail in hand that do not go to the customer
	Asides  []beside.Aside     // shown beside the draft in whatever mail says what was done
	// Counters reads the counters of a local day, for the budgets of those who get mail; nil where nothing is written.
	Counters func(day string) (map[string]int64, error)
	// Approved finds what a person approved when he decided that version of the draft; nil where nothing can be looked up.
	Approved func(version int) (ticket.Draft, error)
	// Mail reads a mail that is kept; it finds none where nothing can be looked up.
	Mail func(ticket.Hash) ([]byte, error)
	// AlsoOpen finds what else of the customer is open, once a mail is written that says so; nil where none does.
	AlsoOpen func() ([]beside.Relation, error)
	shared   map[string]int64 // what several dossiers of one commit have counted for budgets; nil if there is only one
}

// Open opens a dossier on a ticket, or on the desk's own file (number 0).
func (k Kit) Open(t ticket.Ticket, now time.Time, cause string) *Dossier {
	if t.Number == 0 {
		k.Roster = t.Roster // it stands in the desk's own file
	}
	nowhere := func(ticket.Hash) ([]byte, error) { return nil, store.ErrNotFound }
	return &Dossier{Kit: k, Sheet: sheet.Open(k.Charter, t, now, cause), Mail: nowhere}
}

// Beside opens a dossier on another ticket in the same decision.
func (f *Dossier) Beside(t ticket.Ticket) *Dossier { return f.Kit.Open(t, f.Now, f.Cause) }

// Resume reopens the dossier of another ticket that the same decision already changes by c. t is that ticket as it was before.
func (f *Dossier) Resume(t ticket.Ticket, c store.Change) *Dossier {
	x := f.Beside(t)
	x.Change = c
	for _, e := range c.Events {
		x.T = x.T.After(e, x.T.Version+1)
	}
	return x
}

// Newborn counts the other new tickets that the same decision opens.
func (f *Dossier) Newborn() (n uint64) {
	for _, c := range f.Also {
		if c.Desk == f.Name && c.Ticket != 0 && c.Expect == 0 {
			n++
		}
	}
	return n
}

// Again starts the decision over, on the ticket as it was before.
func (f *Dossier) Again(before ticket.Ticket) {
	again := f.Kit.Open(before, f.Now, f.Cause)
	again.Counters, again.Approved = f.Counters, f.Approved
	*f = *again
}

// With completes the change with an arrival's message and cursor, and returns everything to commit.
func (f *Dossier) With(a *arrival.Arrival) []store.Change {
	f.eraseToo(a)
	f.Change.Raw = append(f.Change.Raw, a.Kept.Hash)
	f.Change.Cursor = a.Cursor()
	return append([]store.Change{f.Change}, f.Also...)
}

// Enclose adds rendered letters to the body of the event that decides them, and their bytes to the change.
func (f *Dossier) Enclose(b *ticket.Body, letters ...letter.Rendered) {
	for _, r := range letters {
		b.Letters = append(b.Letters, r.Letter)
		f.Change.Letters = append(f.Change.Letters, store.Letter{Letter: r.Letter, Bytes: r.Bytes})
		f.Key(store.LetterID, r.ID)
		f.Key(store.MessageID, r.MessageID)
	}
}

// Stamp gives a letter its identity: 128 random bits, which also make the Message-ID and the MIME boundary.
func (f *Dossier) Stamp() letter.Stamp {
	id := random()
	_, domain, _ := strings.Cut(f.Address, "@")
	return letter.Stamp{ID: id, MessageID: "rb." + id + "@" + domain, Date: f.Now.In(f.Zone), Boundary: "rb-" + random()}
}

// random returns 128 random bits as 26 letters and digits that survive any mail program.
func random() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, crypto/rand ends the program instead
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}
