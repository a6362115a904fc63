// Package duty is the vocabulary of what is owed on a ticket. Each duty has a clock of its own; how long it runs is the contract's.
package duty

// Name names a duty.
type Name string

// Duties.
const (
	Ack              Name = "ack"               // a named person takes the request in charge
	NextReply        Name = "next_reply"        // a further message of the customer wants its answer
	NextUpdate       Name = "next_update"       // news that was promised
	Fix              Name = "fix"               // the fault is corrected
	ETA              Name = "eta"               // the solution that was promised
	ResolutionNotice Name = "resolution_notice" // the mail that says that it is solved
)
