// Package ticket holds what a support ticket is: the events that happen to it, and the fold that turns them into the ticket's state.
//
// It is pure: no clock, no network, no files, no randomness. It promises that [Ticket.After] gives the same ticket for the same
// events in every release, and that an unknown kind of event is ignored.
// It refuses to know how events are kept in a log (that is package logbook), how mail is parsed, how deadlines are computed and how
// anything is stored.
package ticket

import (
	"time"

	"replyby/ticket/duty"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
	"replyby/ticket/verdict"
)

// Event is one thing that happened, before it has its place in the log. Ticket is the number within the desk, 0 for the
// desk's own file. Actor is the address of a person of the staff, or one of those of package act; it outlives an
// erasure, so a customer's address has no place in it. Cause names what led to it ("raw:<sha256>", "tick", "letter:<id>"). At is
// UTC, truncated to microseconds.
type Event struct {
	Kind   kind.Kind
	Ticket uint64
	Actor  string
	Cause  string
	At     time.Time
	Body   Body
}

// Body is what an event says beyond its envelope. Each kind fills the few fields it needs; the rest stay zero and are not
// stored. Text and Reason are for people; everything a rule depends on has a field of its own.
type Body struct {
	Message     *Message     `json:"message,omitempty"`     // received, auto_filed, answered_outside, decision_refused, bounced; consent: the customer's
	Verdict     *Verdict     `json:"verdict,omitempty"`     // classified, reclassified
	Obligations []Obligation `json:"obligations,omitempty"` // classified, retimed, promised: set or replace by name
	Draft       *Draft       `json:"draft,omitempty"`       // drafted; decided: what the letter was made of, without its words, which are the text
	Letters     []Letter     `json:"letters,omitempty"`     // whatever decided letters: they are born here
	Tokens      []Token      `json:"tokens,omitempty"`      // whatever asked a person for a decision
	Delivery    *Delivery    `json:"delivery,omitempty"`    // sending, sent, failed, unknown, settled, bounced, recalled; consent: the offer
	Rung        *Rung        `json:"rung,omitempty"`        // warned, breached
	Obligation  duty.Name    `json:"obligation,omitempty"`  // warned, breached: which one
	Auth        string       `json:"auth,omitempty"`        // decided, answered_outside: proof of authenticity, one line
	Verb        string       `json:"verb,omitempty"`        // decided, noted, …: the command given
	Unsaid      []string     `json:"unsaid,omitempty"`      // whoever would have got a mail now and is over his budget
	Person      string       `json:"person,omitempty"`      // assigned: to whom; absent, greeted, introduced: who (address)
	Customer    *Address     `json:"customer,omitempty"`    // attributed: whose ticket it is
	Ref         string       `json:"ref,omitempty"`         // received, when it opens the ticket: what people call it
	Link        uint64       `json:"link,omitempty"`        // linked, merged: the other ticket; decided: the one that asked; review_asked, decision_refused: one of another customer that the mail names
	Share       int          `json:"share,omitempty"`       // decided: percent of the letter's text that a person wrote for it
	Minutes     int          `json:"minutes,omitempty"`     // billed: work to bill, for the ticket in all
	Notice      *Notice      `json:"notice,omitempty"`      // opened: what there is to tell
	// Told is the closures the customer was told of, each by its days, and when: all of them, every time. Of closure_announced.
	Told   map[string]time.Time `json:"told,omitempty"`
	Wake   time.Time            `json:"wake,omitzero"` // started, digest_sent: next digest; held, absent: until when; of a notice: when to look again
	Text   string               `json:"text,omitempty"`
	Reason string               `json:"reason,omitempty"`
	Left   *Ticket              `json:"left,omitempty"` // erased: all that the ticket is from now on
}

// Message is an inbound mail as the log keeps it: enough to show it and to find its raw bytes.
type Message struct {
	Raw         Hash         `json:"raw"` // SHA-256 of the bytes as fetched
	Seen        Hash         `json:"seen"`
	MessageID   string       `json:"message_id,omitempty"`
	From        Address      `json:"from"`
	To          []Address    `json:"to,omitempty"`
	Cc          []Address    `json:"cc,omitempty"`
	Subject     string       `json:"subject,omitempty"`
	Text        string       `json:"text,omitempty"` // fresh text, capped
	Kind        string       `json:"kind,omitempty"` // the classifier's word
	Folder      string       `json:"folder,omitempty"`
	ReceivedAt  time.Time    `json:"received_at"`
	ReceivedBy  string       `json:"received_by"` // which clock gave ReceivedAt, with its words
	Cut         bool         `json:"cut,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Problems    []string     `json:"problems,omitempty"`
}

// Address is one mailbox (RFC 5322, 3.4): display name and addr-spec.
type Address struct {
	Name string `json:"name,omitempty"`
	Addr string `json:"addr"`
}

// Attachment names a file of a message; its bytes stay in the raw mail.
type Attachment struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
	Hash Hash   `json:"sha256"`
}

// Enclosed is a file that goes with a letter. Its bytes stay in the mail of staff that brought it, which is kept under Mail.
type Enclosed struct {
	Attachment
	Mail Hash `json:"mail"`
}

// Verdict is what the classifier or a person said of the request.
type Verdict struct {
	Urgency  verdict.Urgency   `json:"urgency,omitempty"`
	Contract bool              `json:"contract,omitempty"`
	Hint     bool              `json:"hint,omitempty"`
	Language string            `json:"language,omitempty"`
	Category verdict.Category  `json:"category,omitempty"`
	Source   string            `json:"source,omitempty"`
	Policy   string            `json:"policy,omitempty"`
	Reply    verdict.Reply     `json:"reply,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	Flags    map[string]string `json:"flags,omitempty"`
	Reasons  []string          `json:"reasons,omitempty"`
}

// Obligation is one clock of a ticket, each with its own stop rule. As is the clock by whose
// terms it is counted where that is not its own: an acknowledgement that goes on in another ticket is a next reply there.
// Target, Limit and ActBy are first late instants; zero means there is none. MetAt is set by the letter that met it.
type Obligation struct {
	Name     duty.Name `json:"name"`
	As       duty.Name `json:"as,omitempty"`
	From     time.Time `json:"from"`
	Target   time.Time `json:"target,omitzero"`
	Limit    time.Time `json:"limit,omitzero"`
	ActBy    time.Time `json:"act_by,omitzero"`
	Reading  string    `json:"reading,omitempty"`  // the readings used, for people and evidence
	Calendar string    `json:"calendar,omitempty"` // name and version of the calendar used
	Count    string    `json:"count,omitempty"`    // the count in one line, in the desk's language
	Rungs    []Rung    `json:"rungs,omitempty"`
	MetAt    time.Time `json:"met_at,omitzero"`
	MetBy    string    `json:"met_by,omitempty"` // letter id, or "observed", "declared"
	SetAt    time.Time `json:"set_at,omitzero"`  // when it came to be owed; of a promise, when its letter was decided
	Void     bool      `json:"void,omitempty"`   // no longer owed (refused, merged, closed)
	Shut     bool      `json:"shut,omitempty"`   // void because the ticket was closed last: owed again where that is taken back
}

// Rung is one step of the ladder of an obligation. Name is unique within the obligation ("50%", "limit"); Means says what it
// announces (warning, target_passed, refund, limit_passed, promise_passed, reminder); To names roles or addresses.
type Rung struct {
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	To    []string  `json:"to"`
	Means string    `json:"means,omitempty"`
	Done  time.Time `json:"done,omitzero"`
	Told  []string  `json:"told,omitempty"` // addresses of those it mailed, as long as the target is the one it told them of
}

// Draft is a version of the answer proposed to the customer. Version counts from 1. Text is exactly what would go, with
// a mark where the person's own words belong while Personal is empty.
type Draft struct {
	Version  int               `json:"version"`
	Template string            `json:"template"`
	Language string            `json:"language"`
	Values   map[string]string `json:"values,omitempty"` // placeholder -> words
	Times    map[string]string `json:"times,omitempty"`  // placeholder -> RFC 3339 instant
	Personal string            `json:"personal,omitempty"`
	To       []Address         `json:"to"`
	Cc       []Address         `json:"cc,omitempty"`
	All      bool              `json:"all,omitempty"`      // whoever a customer copied gets his letter too, also that of another ticket in With
	By       string            `json:"by,omitempty"`       // who wrote the personal part
	Unproven string            `json:"unproven,omitempty"` // in whose name its words came without a proof
	Text     string            `json:"text,omitempty"`
	Files    []Enclosed        `json:"files,omitempty"`
	With     []Bound           `json:"with,omitempty"` // other tickets that the approval of this draft answers too
}

// Bound is another ticket of a draft for several: what its letter would say, as a hash over recipients and text, when it was shown, and After
// which answer to its customer it would go.
type Bound struct {
	Ticket uint64    `json:"ticket"`
	Letter Hash      `json:"letter"`
	After  time.Time `json:"after,omitzero"`
}

// Letter is a mail we decided to send: everything about it is fixed here, before it can leave.
// Hash is the SHA-256 of the rendered bytes, BodyHash of what follows the header; Answers lists the obligations its
// acceptance meets. Text is what a person reads in it, tokens masked.
type Letter struct {
	ID        string          `json:"id"`
	MessageID string          `json:"message_id"`
	Purpose   string          `json:"purpose"` // to a customer: ack, reply, notice; to staff: review, receipt, warning, question, news, notice, summary, digest, hello, help
	Customer  bool            `json:"customer,omitempty"`
	From      string          `json:"from"`
	To        []string        `json:"to"`            // recipients the reader sees, addr-specs
	Bcc       []string        `json:"bcc,omitempty"` // the copy to ourselves that proves acceptance
	Subject   string          `json:"subject"`
	Hash      Hash            `json:"hash"`
	BodyHash  Hash            `json:"body_hash"`
	Draft     int             `json:"draft,omitempty"`
	By        string          `json:"by,omitempty"` // who approved it
	Answers   []duty.Name     `json:"answers,omitempty"`
	Words     string          `json:"words,omitempty"` // identity of the person's own words in it
	Then      []effect.Effect `json:"then,omitempty"`  // what its acceptance does to the ticket
	NotBefore time.Time       `json:"not_before,omitzero"`
	Urgent    bool            `json:"urgent,omitempty"`
	Text      string          `json:"text,omitempty"`
	Files     []Attachment    `json:"files,omitempty"`
}

// Token is the right of one person to decide one thing once, kept only as a hash.
type Token struct {
	Hash    Hash      `json:"hash"` // SHA-256 of the token's text
	Person  string    `json:"person"`
	Draft   int       `json:"draft"`
	Purpose string    `json:"purpose"` // decide, confirm, several, greet, speak
	Spent   string    `json:"spent,omitempty"`
	Given   time.Time `json:"given,omitzero"`
	Shown   Hash      `json:"shown,omitzero"`   // SHA-256 over recipients, subject and text of the draft as the person saw it
	Letter  string    `json:"letter,omitempty"` // the letter to the customer that its mail is about: the receipt of one, the question of its fate
}

// Delivery is what became of a letter.
type Delivery struct {
	Letter  string    `json:"letter"`
	Attempt int       `json:"attempt,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Code    int       `json:"code,omitempty"`
	Reply   string    `json:"reply,omitempty"` // the server's words
	Server  string    `json:"server,omitempty"`
	Stage   string    `json:"stage,omitempty"`
	Proof   string    `json:"proof,omitempty"` // settled, bounced: what showed it
	// OnWire is a Message-ID seen in a copy that differs from the letter's own (some providers replace it).
	OnWire string `json:"on_wire,omitempty"`
}
