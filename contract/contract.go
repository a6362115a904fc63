// Package contract knows who has which contract from when to when. One CSV file is the truth; [Parse] reads it, a [Book]
// answers, [Diff] says what a new file changes.
//
// A contract runs from the first to the last of its days, both included, in the desk's zone: its status changes at local
// midnight and at no other time. Nothing here decides what becomes of a request: a person sees the status and confirms it.
// ("si assicuri sempre che il cliente abbia un servizio di business care attivo"; "In assenza di un contratto di Assistenza
// Tecnica annuale, le richieste di intervento saranno gestite secondo le modalità, tempistiche e tariffe del servizio di
// supporto al cliente.")
//
// The package is pure: no clock, no disk, no state. A Book never changes and may be asked from several goroutines; a nil
// *Book is that of a desk without a file.
package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Day is a calendar day without a zone, "2026-12-31". Days compare as text.
type Day string

// DayOf is the day of an instant in the instant's own zone.
func DayOf(at time.Time) Day { return Day(at.Format(time.DateOnly)) }

// next is the day after.
func (d Day) next() Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return DayOf(t.AddDate(0, 0, 1))
}

// OnCall is the kind of an agreement that adds to a contract that somebody can be reached out of hours, and governs nothing
// else. ("a meno che non sia stata pattuita e normata da diverso e specifico accordo con il cliente")
const OnCall = "on-call"

// Agreed is the on-call agreement that names no calendar: people are told out of hours, the clocks count as ever.
const Agreed = "yes"

// Contract is a line of the file.
type Contract struct {
	Line     int    `json:"line"`              // where it starts in the file, from 1
	Customer string `json:"customer"`          // addr-spec, or "@domain" for everybody there; lower case
	Kind     string `json:"kind"`              // name of a policy, or OnCall
	Product  string `json:"product,omitempty"` // product or site it is confined to; "" = all
	From     Day    `json:"from"`
	To       Day    `json:"to"`                // the last day, included
	OnCall   string `json:"on_call,omitempty"` // "", Agreed, or the calendar in which clocks count for this customer
	Note     string `json:"note,omitempty"`
}

// Terms says which contract it is and how long it runs: "agency 2026-01-01..2026-12-31".
func (c Contract) Terms() string {
	said := c.Kind + " " + string(c.From) + ".." + string(c.To)
	if c.Product != "" {
		said += ", " + c.Product
	}
	return said
}

// String is the whole contract in one line.
func (c Contract) String() string {
	said := c.Customer + ": " + c.Terms()
	if c.OnCall != "" {
		said += ", on call: " + c.OnCall
	}
	if c.Note != "" {
		said += " (" + c.Note + ")"
	}
	return said
}

// extra reports whether the contract only adds to another.
func (c Contract) extra() bool { return c.Kind == OnCall }

// runs reports whether the contract is in force on a day.
func (c Contract) runs(d Day) bool { return c.From <= d && d <= c.To }

// State is how a customer stands on a day.
type State string

// The states. A customer whose first contract is still to begin is unknown.
const (
	Active  State = "active"
	Expired State = "expired"
	Unknown State = "unknown"
)

// Status is what is known of a customer on a day. Contract is the one that runs or the last that ran, zero when unknown.
type Status struct {
	State    State
	Contract Contract
	// OnCall is what is agreed for outside service hours on that day: "", Agreed, or the name of a calendar.
	OnCall string
}

// Policy is the name of the policy that the contract in force names, "" for none.
func (s Status) Policy() string {
	if s.State != Active || s.Contract.extra() {
		return ""
	}
	return s.Contract.Kind
}

// Book is a file of contracts, read.
type Book struct {
	text      string
	contracts []Contract            // in order of lines
	of        map[string][]Contract // by customer
}

func newBook(text string, contracts []Contract) *Book {
	b := &Book{text: text, contracts: contracts, of: map[string][]Contract{}}
	for _, c := range contracts {
		b.of[c.Customer] = append(b.of[c.Customer], c)
	}
	return b
}

// Text is the file as it was, "" for no file.
func (b *Book) Text() string {
	if b == nil {
		return ""
	}
	return b.text
}

// Hash is the SHA-256 of the file in hexadecimal, "" for no file.
func (b *Book) Hash() string {
	if b == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(b.text))
	return hex.EncodeToString(sum[:])
}

// All lists the contracts in order of lines.
func (b *Book) All() []Contract {
	if b == nil {
		return nil
	}
	return slices.Clone(b.contracts)
}

// Elsewhere lists the kinds of contract whose customers another desk tells of closures and ends, so that nobody is told the same by two:
// the first desk whose own policy it is does, else the first of all. Policies are those of the desks in order, own is ours.
func (b *Book) Elsewhere(own int, policies []string) []string {
	var kinds []string
	for _, c := range b.All() {
		if max(0, slices.Index(policies, c.Kind)) != own && !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	return kinds
}

// Of says how a customer stands at an instant, whose zone must be the desk's: its day decides. about names what the request
// concerns, a product or a site, as far as that is known; where nothing is known, a contract for one product counts too. Lines
// for the address itself go before those for its domain, a product's own before those for all. Without a file the status is zero.
func (b *Book) Of(address string, at time.Time, about ...string) Status {
	if b == nil {
		return Status{}
	}
	address = strings.ToLower(strings.TrimSpace(address))
	_, domain, _ := strings.Cut(address, "@")
	q := question{DayOf(at), named(about)}
	levels := [][]Contract{b.of[address], b.of["@"+domain]}
	s := Status{State: Unknown}
	for _, extra := range []bool{false, true} {
		for _, lines := range levels {
			c, ok := q.best(lines, extra)
			if !ok {
				continue
			}
			if s.State == Unknown {
				s.State, s.Contract = q.state(c), c
			}
			if s.OnCall == "" && c.runs(q.day) {
				s.OnCall = c.OnCall
			}
			break // the address goes before its domain
		}
	}
	return s
}

// question is what is asked of the lines of a customer.
type question struct {
	day   Day
	about []string // canonical
}

// named leaves out what is not known.
func named(about []string) []string {
	var names []string
	for _, a := range about {
		if a = canonical(a); a != "" {
			names = append(names, a)
		}
	}
	return names
}

// canonical lets a product or site be written in any case, and a site with or without scheme, "www." and path.
func canonical(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), " ")
	_, rest, ok := strings.Cut(s, "://")
	if !ok && strings.HasPrefix(s, "www.") {
		rest, ok = s, true
	}
	if !ok {
		return s
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(host, "www.")
}

// best is the line that answers: of those that concern the request and have begun the one in force, else the last that was.
func (q question) best(lines []Contract, extra bool) (best Contract, ok bool) {
	for _, c := range lines {
		if c.extra() != extra || c.From > q.day || !q.concerns(c) {
			continue
		}
		if !ok || q.rank(c, best) > 0 {
			best, ok = c, true
		}
	}
	return best, ok
}

// rank is above 0 where a goes before b: in force, for this very product, ending later, further down in the file.
func (q question) rank(a, b Contract) int {
	first := func(yes func(Contract) bool) int {
		switch {
		case yes(a) == yes(b):
			return 0
		case yes(a):
			return 1
		}
		return -1
	}
	if r := first(func(c Contract) bool { return c.runs(q.day) }); r != 0 {
		return r
	}
	if r := first(q.exactly); r != 0 {
		return r
	}
	if r := strings.Compare(string(a.To), string(b.To)); r != 0 {
		return r
	}
	return a.Line - b.Line
}

func (q question) state(c Contract) State {
	if c.runs(q.day) {
		return Active
	}
	return Expired
}

// concerns reports whether a contract may be about the request.
func (q question) concerns(c Contract) bool {
	return c.Product == "" || len(q.about) == 0 || q.exactly(c)
}

func (q question) exactly(c Contract) bool {
	return c.Product != "" && slices.Contains(q.about, canonical(c.Product))
}

// Ending lists the contracts whose last day lies between those of two instants, both included, in order of that day. One that
// another of the same customer and product continues without a gap does not end.
func (b *Book) Ending(from, to time.Time) []Contract {
	first, last := DayOf(from), DayOf(to)
	var ending []Contract
	for _, c := range b.All() {
		if first <= c.To && c.To <= last && !b.continued(c) {
			ending = append(ending, c)
		}
	}
	slices.SortStableFunc(ending, func(a, b Contract) int { return strings.Compare(string(a.To), string(b.To)) })
	return ending
}

func (b *Book) continued(c Contract) bool {
	return slices.ContainsFunc(b.of[c.Customer], func(n Contract) bool { return sameMatter(c, n) && n.runs(c.To.next()) })
}

// sameMatter reports whether two lines speak of the same thing, so that only one of them can hold on a day.
func sameMatter(a, b Contract) bool {
	return a.Customer == b.Customer && a.extra() == b.extra() && canonical(a.Product) == canonical(b.Product)
}
