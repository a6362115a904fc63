// Package sheet holds one ticket while a decision is made about it, and the events that the decision adds to it. It writes to nobody, and
// nothing is stored before package desk commits the change. It reads no clock, and of the store only the shape of a change.
package sheet

import (
	"fmt"
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/terms"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/act"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
)

// Program is the actor of events that no person caused.
const Program = act.Program

// Customer is the actor of what the customer did.
const Customer = act.Customer

// Sheet is one ticket in hand. T is the ticket as it has become; Change what is to be committed.
type Sheet struct {
	T      ticket.Ticket
	Now    time.Time
	Cause  string // of the events
	Change store.Change
	desk   *charter.Charter
}

// Open begins a sheet on a ticket, or on the desk's own file (number 0). A new ticket has the number that it gets unless another commit takes
// it first.
func Open(desk *charter.Charter, t ticket.Ticket, now time.Time, cause string) *Sheet {
	now = now.UTC().Truncate(time.Microsecond)
	return &Sheet{T: t, Now: now, Cause: cause, desk: desk, Change: store.Change{
		Desk: desk.Name, Ticket: t.Number, Expect: t.Version, Day: now.In(desk.Zone).Format(time.DateOnly),
	}}
}

// Terms are what was agreed with the customer of the ticket as it has become.
func (s *Sheet) Terms() terms.Terms {
	return terms.Terms{Charter: s.desk, Ticket: s.T, Now: s.Now}
}

// Ref is what people call the ticket: "MB-1".
func (s *Sheet) Ref() string {
	if s.T.Ref != "" {
		return s.T.Ref
	}
	return fmt.Sprintf("%s-%d", s.desk.Prefix, s.T.Number)
}

// Add adds an event to the change and applies it to the ticket. The actor may come from a command line and hold any bytes; what JSON cannot
// represent is replaced, or the envelope would have a different hash when its evidence is verified.
func (s *Sheet) Add(k kind.Kind, actor string, b ticket.Body) {
	actor = strings.ToValidUTF8(actor, "\uFFFD")
	if s.T.Erased() && k != kind.Erased {
		b = erasure.Bare(b, k)
	}
	e := ticket.Event{Kind: k, Ticket: s.T.Number, Actor: actor, Cause: s.Cause, At: s.Now, Body: b}
	s.Change.Events = append(s.Change.Events, e)
	s.T = s.T.After(e, s.T.Version+1)
}

// Key makes the ticket findable by a key. An empty value is ignored.
func (s *Sheet) Key(k store.KeyKind, value string) {
	if value != "" {
		s.Change.Keys = append(s.Change.Keys, store.Key{Kind: k, Value: value})
	}
}

// Count adds one to a counter of the day.
func (s *Sheet) Count(name string) { s.CountBy(name, 1) }

// CountBy adds to a counter of the day, or takes back what was counted before.
func (s *Sheet) CountBy(name string, n int64) {
	if s.Change.Count == nil {
		s.Change.Count = map[string]int64{}
	}
	s.Change.Count[name] += n
}
