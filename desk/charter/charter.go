// Package charter describes a desk: its address, its hours, what it promised, and its people. It comes from the configuration and
// never changes while the program runs.
package charter

import (
	"time"

	"replyby/contract"
	"replyby/sla"
)

// Charter is what a desk needs to know of itself and of its people.
type Charter struct {
	Name      string // "support": how the configuration and the log call it
	Prefix    string // "MB": tickets are MB-1, MB-2, …
	Address   string // the support address; customers and staff write here
	Team      string // how letters to customers are signed below the person's name
	Hours     string // the service hours as the configuration has them; texts name the days in their language
	Zone      *time.Location
	Languages []string // of customers; the first is used where the language is unknown
	Policy    *sla.Policy
	Policies  map[string]*sla.Policy   // by name, for sources and contracts that name one
	Service   *sla.Calendar            // our own service hours: act-by, ladder
	Contracts *contract.Book           // who has which contract when; nil: everybody is treated alike
	Calendars map[string]*sla.Calendar // by name, for on-call agreements that name one
	Staff     []Person
	Managers  []string // addresses; they get the last steps of the ladder and the digest
	OnCall    string   // address told of urgent requests outside service hours; "" = managers
	DigestAt  string   // "14:00", local time of every working day
	// IdleDays is for how many working days nobody has done anything with a ticket that the digest names for that; 0 = it names none.
	IdleDays int
	// ExtraRate is what work outside the contract costs, in words for letters; "" = none is offered.
	ExtraRate string
	// UrgentTerms are the words in a subject that claim urgency under the contract, as texts name them.
	UrgentTerms []string
	// Products are the names of what the desk supports, by which a subject tells what a request is about.
	Products []string
	// Hold is how long a decided letter waits, so that it can be recalled. 0 sends at once.
	Hold time.Duration
	// OwnHosts are the names under which our mail servers write Received lines (RFC 5321, 4.4); * stands for any run of characters.
	OwnHosts []string
	// Sisters names the other desks of the installation: the same mail to two of them is two tickets that know each other.
	Sisters []string
	// FromStart takes in mail that was in the mailbox before the desk began, as far as the mailbox hands it over.
	FromStart bool
	// ProveByCopy adds our own address to the envelope of letters to customers: the copy that comes back proves acceptance.
	ProveByCopy bool
	// TellColleagues mails whoever was asked about a ticket what somebody else did about it.
	TellColleagues bool
	Notices        Notices
}

// Notices configures what customers are told without having asked, once a person has agreed. Zero days turn a notice off.
type Notices struct {
	ClosureDays int // how long before a closure staff are asked whether to tell customers
	RenewalDays int // how long before a contract ends staff are asked whether to remind the customer
	RenewHow    string
	PerMinute   int // how many of the letters of one decision go in a minute
	// Elsewhere are the kinds of contract whose customers another desk tells.
	Elsewhere []string
}

// Person is somebody of the staff. The first address is the one we write to; all of them may decide.
type Person struct {
	Name      string
	Addresses []string
	Language  string // it, es, fr, en
}

// PolicyOf is the policy of that name, or the desk's own.
func (c *Charter) PolicyOf(name string) *sla.Policy {
	if p, ok := c.Policies[name]; ok {
		return p
	}
	return c.Policy
}
