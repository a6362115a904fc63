// Package bounce reads what a delivery report says about the delivery of another message.
package bounce

// Report is what a bounce, a delay notice or a complaint says about the delivery of one earlier message.
type Report struct {
	Recipients []Recipient
	// OriginalMessageID is the Message-ID of the message reported on, without brackets, "" if it is not quoted.
	OriginalMessageID string
	// OriginalHeader is the quoted header of that message as bytes, nil if there is none.
	OriginalHeader []byte
	// Structured says that the report is one of RFC 3464 or RFC 5965, not read out of prose.
	Structured bool
	// Complaint says that it is an abuse report (RFC 5965) and not a failure of delivery.
	Complaint bool
}

// Recipient is the fate of one recipient.
type Recipient struct {
	Final      string // address the failing host saw, "" if not given
	Original   string // address the sender wrote, "" if not given
	Action     string // failed, delayed, delivered, relayed, expanded (RFC 3464, 2.3.3), "" if not stated
	Status     string // enhanced status code (RFC 3463) such as 5.1.1, "" if not stated
	Diagnostic string // what the failing host said, one line
}
