// Package verdict is the vocabulary of what the classifier or a person says of a request. The zero value of each word is that nobody said it.
package verdict

// Urgency is whether the request claims to be urgent.
type Urgency string

// Urgencies.
const (
	Urgent    Urgency = "urgent"
	Negated   Urgency = "negated" // the customer says that it is not
	NotUrgent Urgency = "not_urgent"
)

// Category is what the request is about.
type Category string

// Categories. Where nobody has said one, the request may be a fault.
const (
	Fault    Category = "fault"
	Question Category = "question"
	Presale  Category = "presale" // before a purchase
	Phone    Category = "phone"   // a call: no clock of a contract runs for it, since requests are made in writing
)

// Reply is how the customer is answered.
type Reply string

// Ways of answering.
const (
	Email  Reply = "email"
	Portal Reply = "portal" // by a person, in the marketplace: mail reaches nobody there
)
