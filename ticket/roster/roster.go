// Package roster is what a desk has learnt of its own people from their mail: who is away until when, who has answered the mail that
// asks everybody once for an answer, how that answer was proven and what signature stood below it.
//
// It is a value inside the desk's own file, folded from events. It is pure and decides nothing: whom to ask is the desk's business.
package roster

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Entry is one person. Instants are UTC; zero means never.
type Entry struct {
	Away      time.Time `json:"away,omitzero"` // others are asked until then
	AwayWhy   string    `json:"away_why,omitempty"`
	Greeted   time.Time `json:"greeted,omitzero"`    // last asked for one answer
	Answered  time.Time `json:"answered,omitzero"`   // last answered that
	Proof     string    `json:"proof,omitempty"`     // what proved the answer, "" = nothing did
	Signature string    `json:"signature,omitempty"` // the lines below the answer
	Junk      bool      `json:"junk,omitempty"`      // the answer, or by its words our mail, lay in a folder of junk
}

// Roster is what is known, by the address we write to, in lower case. It is never changed in place.
type Roster map[string]Entry

// With returns the roster with one entry changed. An empty address changes nothing.
func (r Roster) With(address string, change func(*Entry)) Roster {
	key := strings.ToLower(address)
	if key == "" {
		return r
	}
	next := Roster{}
	maps.Copy(next, r)
	e := next[key]
	change(&e)
	next[key] = e
	return next
}

// Of returns what is known of a person with these addresses. The order in which the configuration lists them may have changed since, so
// the latest of each thing counts.
func (r Roster) Of(addresses []string) Entry {
	var known Entry
	for _, a := range addresses {
		e, ok := r[strings.ToLower(a)]
		if !ok {
			continue
		}
		if e.Away.After(known.Away) {
			known.Away, known.AwayWhy = e.Away, e.AwayWhy
		}
		if e.Greeted.After(known.Greeted) {
			known.Greeted = e.Greeted
		}
		if e.Answered.After(known.Answered) {
			known.Answered, known.Proof, known.Signature, known.Junk = e.Answered, e.Proof, e.Signature, e.Junk
		}
	}
	return known
}

// Away reports whether a person is away at an instant.
func (r Roster) Away(addresses []string, now time.Time) bool { return r.Of(addresses).Away.After(now) }

// Signatures lists the signature learnt of a person, as a list of none or one.
func (r Roster) Signatures(addresses []string) []string {
	return slices.DeleteFunc([]string{r.Of(addresses).Signature}, func(s string) bool { return s == "" })
}
