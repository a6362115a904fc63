// Package news names what a colleague may have done about a ticket, as mails about it say it.
package news

// What a colleague may have done.
const (
	Answered = "answered" // Letter goes to the customer
	Posted   = "posted"   // the answer stands in a portal
	Outside  = "outside"  // the customer has a mail that By wrote without us
	Closed   = "closed"   // without a letter
	Spam     = "spam"     // closed, because it is nobody's request
	Reopened = "reopened" // closed or solved, and to be worked on again
	Taken    = "taken"    // the ticket is By's now
	Assigned = "assigned" // the ticket is Heir's now
	Undone   = "undone"   // the letter that the person was told of was stopped in time
)
