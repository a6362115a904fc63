// Package dossier holds one ticket while a decision is made about it: the ticket, the events that the decision adds to it, and the letters to
// be written. Everything that can be done to a ticket is a method here. Nothing is stored before package desk commits the change. It knows no
// clock, and of the store only the shape of a change.
package dossier

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/figure"
	"replyby/desk/terms"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/roster"
)

// Program is the actor of events that no person caused.
const Program = "replyby"

// Customer is the actor of what the customer did. His address is in the body of the event, because erasing removes bodies and keeps actors.
const Customer = "customer"

// Kit is what a dossier is worked on with.
type Kit struct {
	*charter.Charter
	Letter *letter.Writer
	Texts  *text.Texts
	Roster roster.Roster // who is away, as far as it was asked for
}

// Dossier is one ticket in hand. T is the ticket as it has become; Change what is to be committed.
type Dossier struct {
	Kit
	T      ticket.Ticket
	Now    time.Time
	Change store.Change
	Also   []store.Change  // of other tickets, in the same commit
	Attach []letter.File   // goes with the receipt
	Others []letter.Fellow // named in the receipt
	// Counters reads the counters of a local day, for the budgets of those who get mail; nil where nothing is written.
	Counters func(day string) (map[string]int64, error)
	// Approved finds what a person approved when he decided that version of the draft; nil where nothing can be looked up.
	Approved func(version int) (ticket.Draft, error)
	shared   map[string]int64 // what several dossiers of one commit have counted for budgets; nil if there is only one
	cause    string
}

// Open opens a dossier on a ticket, or on the desk's own file (number 0). A new ticket has the number that it gets unless another commit takes
// it first.
func (k Kit) Open(t ticket.Ticket, now time.Time, cause string) *Dossier {
	now = now.UTC().Truncate(time.Microsecond)
	if t.Number == 0 {
		k.Roster = t.Roster // it stands in the desk's own file
	}
	return &Dossier{Kit: k, T: t, Now: now, cause: cause, Change: store.Change{
		Desk: k.Name, Ticket: t.Number, Expect: t.Version, Day: now.In(k.Zone).Format(time.DateOnly),
	}}
}

// Beside opens a dossier on another ticket in the same decision.
func (f *Dossier) Beside(t ticket.Ticket) *Dossier { return f.Kit.Open(t, f.Now, f.cause) }

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

// Terms are what was agreed with the customer of the ticket as it has become.
func (f *Dossier) Terms() terms.Terms {
	return terms.Terms{Charter: f.Charter, Ticket: f.T, Now: f.Now}
}

// Again starts the decision over, on the ticket as it was before.
func (f *Dossier) Again(before ticket.Ticket) {
	again := f.Kit.Open(before, f.Now, f.cause)
	again.Counters, again.Approved = f.Counters, f.Approved
	*f = *again
}

// Ref is what people call the ticket: "MB-1".
func (f *Dossier) Ref() string {
	if f.T.Ref != "" {
		return f.T.Ref
	}
	return fmt.Sprintf("%s-%d", f.Prefix, f.T.Number)
}

// Add adds an event to the change and applies it to the ticket. The actor may come from a command line and hold any bytes; what JSON cannot
// represent is replaced, or the envelope would have a different hash when its evidence is verified.
func (f *Dossier) Add(k kind.Kind, actor string, b ticket.Body) {
	actor = strings.ToValidUTF8(actor, "\uFFFD")
	if !f.T.ErasedAt.IsZero() && k != kind.Erased {
		b = b.Bare(k)
	}
	e := ticket.Event{Kind: k, Ticket: f.T.Number, Actor: actor, Cause: f.cause, At: f.Now, Body: b}
	f.Change.Events = append(f.Change.Events, e)
	f.T = f.T.After(e, f.T.Version+1)
}

// Key makes the ticket findable by a key. An empty value is ignored.
func (f *Dossier) Key(k store.KeyKind, value string) {
	if value != "" {
		f.Change.Keys = append(f.Change.Keys, store.Key{Kind: k, Value: value})
	}
}

// Count adds one to a counter of the day.
func (f *Dossier) Count(name string) { f.CountBy(name, 1) }

// CountBy adds to a counter of the day, or takes back what was counted before.
func (f *Dossier) CountBy(name string, n int64) {
	if f.Change.Count == nil {
		f.Change.Count = map[string]int64{}
	}
	f.Change.Count[name] += n
}

// CountSource counts the mails that a carrier's rule matched and the fields that it missed, so that a rule which stops working is noticed.
func (f *Dossier) CountSource(a *arrival.Arrival) {
	if a.Verdict.Source == "" {
		return
	}
	f.Count(figure.SourceMail + a.Verdict.Source)
	for _, field := range a.Verdict.Missing {
		f.Count(figure.SourceLacks + a.Verdict.Source + ":" + field)
	}
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
