// Package verb is the vocabulary of staff answers: one constant for each thing a person can ask of the desk by mail.
//
// The list is complete for the whole product. Synonyms, arguments and effects are in package reply, which reads them.
package verb

import "slices"

// Verb is what a person asks for, in the one spelling the program uses.
type Verb string

// Verbs that make a letter to the customer.
const (
	OK     Verb = "ok"     // send the draft, or the text below it
	ETA    Verb = "eta"    // promise when it will be solved
	NoETA  Verb = "noeta"  // say why that cannot be promised yet
	Fixed  Verb = "fixed"  // it is solved
	Patch  Verb = "patch"  // a corrected version is published
	Refuse Verb = "refuse" // the request is refused on a ground of the contract
	Refund Verb = "refund" // a refund is agreed
	Resend Verb = "resend" // send a letter of unknown fate once more
)

// Verbs that change or tell something inside.
const (
	Next     Verb = "next"     // promise when the customer hears from us next
	Note     Verb = "note"     // keep an internal note
	Wait     Verb = "wait"     // waiting for the customer
	Fault    Verb = "fault"    // the request is about a fault
	Question Verb = "question" // the request is a question
	Presale  Verb = "presale"  // the request comes before a purchase
	Urgent   Verb = "urgent"   // it is urgent
	Normal   Verb = "normal"   // it is not urgent
	Care     Verb = "care"     // the customer has Business Care, or has not
	Take     Verb = "take"     // I take it
	Assign   Verb = "assign"   // somebody else takes it
	Absent   Verb = "absent"   // I am away until then
	Customer Verb = "customer" // whose ticket it is
	Merge    Verb = "merge"    // it continues in another ticket
	Adopt    Verb = "adopt"    // a message set aside is a ticket
	Close    Verb = "close"    // no further work
	Reopen   Verb = "reopen"   // work again
	Bill     Verb = "bill"     // minutes to bill
	Consent  Verb = "consent"  // the customer agrees to be billed
	Field    Verb = "field"    // words for a place in the text to the customer
	Detach   Verb = "detach"   // the letter goes without files
	Spam     Verb = "spam"     // put away without an answer
	Posted   Verb = "posted"   // the answer was posted in the portal
	Leave    Verb = "leave"    // let a letter of unknown fate rest
	Original Verb = "original" // mail me the customer's own mail
	Undo     Verb = "undo"     // take back a letter that has not left
	Help     Verb = "help"     // list the language
	Status   Verb = "status"   // say where the ticket stands
)

// Writes reports whether the verb makes a letter to the customer, and so needs a token and spends it.
func (v Verb) Writes() bool {
	return slices.Contains([]Verb{OK, ETA, NoETA, Fixed, Patch, Refuse, Refund, Resend}, v)
}
