// Package kind is the vocabulary of the ticket log: one constant for each thing that can happen to a ticket or a desk.
//
// The list is complete for the whole product from the first release, so that no later one has to migrate a log. A reader
// that meets a kind it does not know keeps the event and ignores it. Names never change meaning: a new meaning is a new kind.
package kind

// Kind names what an event says. Its string is what is stored and hashed.
type Kind string

// What happens to a ticket.
const (
	Received        Kind = "received"         // a message of the customer joined or opened the ticket
	AutoFiled       Kind = "auto_filed"       // automatic mail was kept; it decides nothing
	Classified      Kind = "classified"       // what the message is, its urgency and language; obligations were set
	Drafted         Kind = "drafted"          // a version of the answer proposed; older versions and their tokens are void
	ReviewAsked     Kind = "review_asked"     // staff were asked to decide, each with a token of his own
	Decided         Kind = "decided"          // a named person approved exactly one letter
	Postponed       Kind = "postponed"        // the proof of a staff mail could not be looked up: ask again, or no more
	DecisionRefused Kind = "decision_refused" // a mail that claimed to decide did not, and why
	Held            Kind = "held"             // a decided letter waits (hold time, person away)
	Recalled        Kind = "recalled"         // a decided letter was taken back before it left
	Sending         Kind = "sending"          // an attempt to send begins; without a later word its end is unknown
	Sent            Kind = "sent"             // the server accepted the letter; its reply is kept
	Failed          Kind = "failed"           // the server refused the letter for good
	Unknown         Kind = "unknown"          // nobody can say whether the letter was accepted
	Settled         Kind = "settled"          // an unknown was resolved by evidence or by a person
	Bounced         Kind = "bounced"          // an accepted letter came back: what it had met is open again
	AnsweredOutside Kind = "answered_outside" // staff answered from outside; observed with evidence
	PostedDeclared  Kind = "posted_declared"  // staff say they posted the answer in a portal
	Promised        Kind = "promised"         // an estimate was given or moved
	Waiting         Kind = "waiting"          // waiting for the customer
	Noted           Kind = "noted"            // an internal note
	Assigned        Kind = "assigned"         // who is responsible now
	Reclassified    Kind = "reclassified"     // category, urgency, contract state or ladder are others now
	Retimed         Kind = "retimed"          // deadlines recomputed after a change of calendar, closure or policy
	Warned          Kind = "warned"           // a step of the ladder was taken
	Breached        Kind = "breached"         // a limit passed unmet
	Consent         Kind = "consent"          // the customer agreed to extra billing
	Billed          Kind = "billed"           // minutes of work to bill to the customer
	Resolved        Kind = "resolved"         // solved; the resolution notice is decided separately
	Refused         Kind = "refused"          // the request was refused on a ground
	Refunded        Kind = "refunded"         // a refund was agreed
	Linked          Kind = "linked"           // possibly belongs to another ticket
	Merged          Kind = "merged"           // continues in another ticket
	Adopted         Kind = "adopted"          // a filed message was made a ticket by a person
	Opened          Kind = "opened"           // a ticket that nobody wrote: there is something to tell customers
	Closed          Kind = "closed"           // no further work
	Reopened        Kind = "reopened"         // work again
	Erased          Kind = "erased"           // bodies were erased; hashes and instants stay
	Attributed      Kind = "attributed"       // a person said whose ticket it is
)

// What happens to a desk itself.
const (
	Started          Kind = "started"           // the desk was opened; next digest set
	DigestSent       Kind = "digest_sent"       // the daily digest was decided; next one set
	Outage           Kind = "outage"            // a stretch in which nothing was watched, and what passed meanwhile
	ClosureAnnounced Kind = "closure_announced" // customers were told of a closure
	Summarised       Kind = "summarised"        // mails over a person's budget were told in one
	ContractsLoaded  Kind = "contracts_loaded"  // the contracts file was read
	Absent           Kind = "absent"            // a person of the staff is away until then
	Greeted          Kind = "greeted"           // a person of the staff was asked for one answer
	Introduced       Kind = "introduced"        // that answer came: its proof and its signature
)
