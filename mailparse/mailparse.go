// Package mailparse turns the bytes of a mail into a Message. It never fails and never panics: whatever comes in, a Message
// comes out, with the text a person would read, and Problems that say what was odd.
//
// It reads MIME itself instead of through a library. On real mail the libraries at hand lose one message in eleven (a header
// line without a colon, an unknown transfer encoding, a missing boundary, CR line ends), need quadratic time for nesting,
// and have no limits; the repairs around them would be longer than this reader, which only ever slices the bytes it was
// given. Limits are applied while slicing: nesting Depth, number of Parts, header size, text size.
//
// The sub-packages each know one thing: header (fields and their grammar), charset, transfer (encodings), htmltext, bounce
// (delivery reports), tnef (winmail.dat), cms (S/MIME), problem (names of oddities), pattern (expressions). None opens a connection, a file, or an attachment.
//
// Sources: RFC 5322, RFC 2045 to 2047, RFC 2231, RFC 3676 (format=flowed), RFC 3464 (delivery status), RFC 8098 (receipts),
// RFC 8551 (S/MIME).
package mailparse

import (
	"time"

	"replyby/mailparse/bounce"
	"replyby/mailparse/header"
	"replyby/mailparse/problem"
)

// Limits. What lies beyond them is not read further and said so in Problems.
const (
	MaxDepth = 20      // multiparts within multiparts
	MaxParts = 500     // leaves of the tree
	MaxText  = 1 << 20 // bytes of reading text, and of each HTML or text part that goes into it
)

// Names of the sub-packages that belong to a Message.
type (
	// Header is the ordered list of fields.
	Header = header.Header
	// Address is one mailbox, its Name decoded, its Addr as written with the domain in lower case.
	Address = header.Address
	// Hop is one Received line.
	Hop = header.Hop
	// Report is what a bounce, delay notice or complaint says.
	Report = bounce.Report
	// Recipient is one recipient of a Report.
	Recipient = bounce.Recipient
	// Problem is one oddity met while reading.
	Problem = problem.Problem
)

// Message is a mail as read. Strings are valid UTF-8 without control characters but TAB and LF; Subject, names and ids
// are one line. Ids stand without angle brackets. Instants are UTC.
type Message struct {
	Header      Header
	MessageID   string
	InReplyTo   []string
	References  []string
	From        []Address // empty if none can be found or a group stands there
	Sender      []Address
	ReplyTo     []Address
	To, Cc      []Address
	Subject     string
	Date        time.Time // as the sender claims; zero if absent or unreadable
	Hops        []Hop     // Received lines, topmost (latest) first
	ReturnPath  *string   // nil: no such field; "": the null path of automatic mail
	ContentType string    // media type of the whole message, lower case; "text/plain" if none is given

	// Params are the parameters of ContentType by lower-case name: report-type, method, charset.
	Params map[string]string

	// Text is what a person reads: the plain text, else the HTML rendered to text, with quotes as "> " lines.
	Text string
	// FirstText is how many bytes of it come from the first part that says anything. Those behind are of other parts: servers add theirs so.
	FirstText int
	// TextFromHTML says that Text was rendered from HTML.
	TextFromHTML bool
	// HTML is the HTML alternative as UTF-8, "" if there is none. It is never safe to show.
	HTML string

	Parts       []Part       // leaves of the tree in order, text parts included
	Attachments []Attachment // what a person would call an attachment

	Report         *Report // nil unless the message reports on the delivery of another
	ReadReceipt    bool    // it says that another was read, or not (RFC 8098)
	CalendarMethod string  // iTIP method in upper case (REQUEST, REPLY, CANCEL), "" without a calendar part

	Problems []Problem

	body []byte // behind the root header
}

// Attachment is a file or message attached to a mail.
type Attachment struct {
	Name   string // as the sender wrote it, for display only: it is never a path
	Type   string // media type in lower case
	Size   int    // decoded bytes
	SHA256 [32]byte
	Inline bool // shown inside the text, such as a logo
	Part   int  // index into Message.Parts
}
