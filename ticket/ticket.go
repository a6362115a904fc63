package ticket

import (
	"slices"
	"time"

	"replyby/ticket/act"
	"replyby/ticket/duty"
	"replyby/ticket/note"
	"replyby/ticket/posted"
	"replyby/ticket/roster"
)

// State is where a ticket stands. docs/states.md shows how events move it.
type State string

// States of a ticket.
const (
	New      State = "new"      // no named human has answered yet
	Open     State = "open"     // acknowledged, being worked on
	Waiting  State = "waiting"  // waiting for the customer; contractual clocks run on
	Resolved State = "resolved" // solved, a customer's message reopens it
	Closed   State = "closed"   // no further work; refused, refunded, merged or done
)

// Ticket is the fold of a ticket's events. Number 0 is the desk's own file: it has no customer and no state, but its
// Wake (the next digest) and its Filed mail.
type Ticket struct {
	Desk       string       `json:"desk"`
	Number     uint64       `json:"number"`
	Ref        string       `json:"ref,omitempty"` // "MB-1"
	Version    uint64       `json:"version"`       // Seq of the last event folded in
	State      State        `json:"state,omitempty"`
	Before     State        `json:"before,omitempty"` // where it stood when it was called solved
	Customer   Address      `json:"customer,omitzero"`
	Cc         []Address    `json:"cc,omitempty"`
	Subject    string       `json:"subject,omitempty"`
	Excerpt    string       `json:"excerpt,omitempty"` // fresh text of the first message, capped
	Latest     string       `json:"latest,omitempty"`  // that of the customer's latest, where it is another
	Raw        Hash         `json:"raw"`               // of the message that opened it
	LastRaw    Hash         `json:"last_raw"`          // of the customer's latest message
	ReceivedAt time.Time    `json:"received_at,omitzero"`
	ReceivedBy string       `json:"received_by,omitempty"`
	IntakeAt   time.Time    `json:"intake_at,omitzero"` // when we committed it
	Verdict    Verdict      `json:"verdict,omitzero"`
	Assignee   string       `json:"assignee,omitempty"`
	Duties     []Obligation `json:"duties,omitempty"`
	Draft      Draft        `json:"draft,omitzero"`
	Decided    int          `json:"decided,omitempty"` // version of the draft last decided
	Tokens     []Token      `json:"tokens,omitempty"`
	Posted     []Posted     `json:"posted,omitempty"`
	Thread     []string     `json:"thread,omitempty"` // Message-IDs of the conversation with the customer, oldest first
	Links      []uint64     `json:"links,omitempty"`
	AgreedAt   time.Time    `json:"agreed_at,omitzero"`  // the customer agreed to extra billing
	AgreedTo   string       `json:"agreed_to,omitempty"` // the letter that offered it
	Billed     int          `json:"billed,omitempty"`    // minutes to bill in all
	RefundedAt time.Time    `json:"refunded_at,omitzero"`
	Filed      []Filed      `json:"filed,omitempty"` // automatic mail kept here, newest last
	Notes      []note.Note  `json:"notes,omitempty"` // the latest of those that staff wrote for each other, newest last
	Refusals   []Refusal    `json:"refusals,omitempty"`
	Postponed  []Postponed  `json:"postponed,omitempty"` // staff mails whose proof is asked for again
	Notice     Notice       `json:"notice,omitzero"`     // of a ticket that no customer wrote
	// MergedInto is the ticket that this one was merged into, 0 for none.
	MergedInto uint64 `json:"merged_into,omitempty"`
	// ClosedBy is the letter whose arrival closed the ticket; empty where a person did.
	ClosedBy string `json:"closed_by,omitempty"`
	// HeldBy is the letter whose promise gave the ticket to who holds it; empty where a person or the desk did.
	HeldBy string `json:"held_by,omitempty"`
	// Roster is what the desk has learnt of its people; in its own file.
	Roster roster.Roster `json:"roster,omitempty"`
	// Told is the closures the customer was told of, each by its days, and when.
	Told       map[string]time.Time `json:"told,omitempty"`
	Wake       time.Time            `json:"wake,omitzero"`
	DigestAt   time.Time            `json:"digest_at,omitzero"`   // last digest
	Trouble    string               `json:"trouble,omitempty"`    // the desk's mailbox cannot be read, and why
	SummedAt   time.Time            `json:"summed_at,omitzero"`   // the desk's last summary of mails over a budget
	LateSince  time.Time            `json:"late_since,omitzero"`  // since when the desk takes late steps that no mail has told of yet
	RestoredAt time.Time            `json:"restored_at,omitzero"` // the desk's log was put back from a copy
	Foreign    string               `json:"foreign,omitempty"`    // another installation works the desk's mailbox: which
	ClaimedAt  time.Time            `json:"claimed_at,omitzero"`  // a person last said that it is this one's alone
	RetimedAt  time.Time            `json:"retimed_at,omitzero"`  // deadlines last moved by a change of calendar, closure or policy
	ErasedAt   time.Time            `json:"erased_at,omitzero"`   // what was personal of it was erased
	CreatedAt  time.Time            `json:"created_at,omitzero"`
	UpdatedAt  time.Time            `json:"updated_at,omitzero"`
	AnsweredAt time.Time            `json:"answered_at,omitzero"` // last letter of a person accepted for the customer
	// CustomerAt is when the customer last wrote; after AnsweredAt, somebody waits for us.
	CustomerAt time.Time `json:"customer_at,omitzero"`
	// Last is what a person last did to it; zero for nothing yet.
	Last act.Act `json:"last,omitzero"`
	// Outside is the last answer to the customer that staff gave without us; zero for none.
	Outside act.Act `json:"outside,omitzero"`
	// Unsaid is who was not mailed about the ticket because that was over the person's budget, and when. The next summary tells them.
	Unsaid map[string]time.Time `json:"unsaid,omitempty"`
	// UnheardAt is when the oldest message came that no decided letter and no answer given without us answers; zero for none.
	UnheardAt time.Time `json:"unheard_at,omitzero"`
}

// Posted is a decided letter and its delivery. Letters to customers are kept for good, those to staff until they have been delivered.
type Posted struct {
	Letter
	State   posted.State `json:"state"`
	Attempt int          `json:"attempt,omitempty"`
	At      time.Time    `json:"at,omitzero"` // of the last change of state; when the server took it, where that is known
	Reply   string       `json:"reply,omitempty"`
	Server  string       `json:"server,omitempty"`
	Proof   string       `json:"proof,omitempty"`
	AskAt   time.Time    `json:"ask_at,omitzero"` // when a person is asked about an unknown
	// DecidedAt is when its text was decided. It meets no obligation that came to be owed later, however late it is delivered.
	DecidedAt time.Time `json:"decided_at,omitzero"`
	// Heard is when the oldest of the messages came that this letter answers and no letter before it did; zero for none, or once they were
	// answered without us.
	Heard time.Time `json:"heard,omitzero"`
}

// PutOff reports whether a server deferred the letter, so that it is to be offered again.
func (p Posted) PutOff() bool { return p.State == posted.Queued && p.Attempt > 0 }

// Filed is an automatic message kept without becoming a request.
type Filed struct {
	Raw     Hash      `json:"raw"`
	Kind    string    `json:"kind"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason,omitempty"`
}

// Calling returns the ticket with those who work on it called as its reader knows them.
func (t Ticket) Calling(called func(addr string) string) Ticket {
	t.Assignee, t.Notes = called(t.Assignee), slices.Clone(t.Notes)
	for i := range t.Notes {
		t.Notes[i].By = called(t.Notes[i].By)
	}
	return t
}

// Refusal is a mail that claimed to decide and did not. ToldAt is set where its author was told.
type Refusal struct {
	At     time.Time `json:"at"`
	From   string    `json:"from"`
	Reason string    `json:"reason"`
	ToldAt time.Time `json:"told_at,omitzero"`
}

// Postponed is a staff mail whose authenticity could not be looked up (DNS did not answer). Since is when that was first tried, Next when it
// is tried again.
type Postponed struct {
	Raw        Hash      `json:"raw"`
	ReceivedAt time.Time `json:"received_at"`
	ReceivedBy string    `json:"received_by"`
	Folder     string    `json:"folder,omitempty"`
	Since      time.Time `json:"since"`
	Next       time.Time `json:"next"`
}

// AskStep is the name of the step in which a person is asked what became of a letter.
func (l Letter) AskStep() string { return "unknown:" + l.ID }

// askAfter is how long an unknown delivery waits for evidence before a person is asked.
const askAfter = 15 * time.Minute

// IsOpen reports whether somebody still has to work on the ticket or a clock of it still runs.
func (t Ticket) IsOpen() bool {
	return t.Number != 0 && t.State != Closed && t.State != Resolved || len(t.running()) > 0
}

// Duty returns the obligation of that name.
func (t Ticket) Duty(name duty.Name) (Obligation, bool) {
	i := slices.IndexFunc(t.Duties, func(o Obligation) bool { return o.Name == name })
	if i < 0 {
		return Obligation{}, false
	}
	return t.Duties[i], true
}

// Running reports whether the obligation is owed and not yet met. The zero value, which a ticket has that was never owed one, is not.
func (o Obligation) Running() bool { return o.Name != "" && !o.Void && o.MetAt.IsZero() }

// Letter returns the letter of that id.
func (t Ticket) Letter(id string) (Posted, bool) {
	i := slices.IndexFunc(t.Posted, func(p Posted) bool { return p.ID == id })
	if i < 0 {
		return Posted{}, false
	}
	return t.Posted[i], true
}

// Copy returns the last copy of a letter to the customer that may have reached a server. A letter in doubt that a person has sent again goes
// out under the same Message-ID, so a copy or a bounce that comes back cannot say which of them it belongs to.
func (t Ticket) Copy(messageID string) (Posted, bool) {
	for _, p := range slices.Backward(t.Posted) {
		if p.Customer && p.MessageID == messageID && !slices.Contains([]posted.State{posted.Queued, posted.Failed, posted.Recalled}, p.State) {
			return p, true
		}
	}
	return Posted{}, false
}

// Token returns the token with that hash.
func (t Ticket) Token(h Hash) (Token, bool) {
	i := slices.IndexFunc(t.Tokens, func(k Token) bool { return k.Hash == h })
	if i < 0 {
		return Token{}, false
	}
	return t.Tokens[i], true
}

// NextDue returns the earliest instant at which the ticket needs attention by itself: the next rung of a running
// obligation, a question about an unknown delivery, the desk's next digest, or the next look at a notice. Zero means never.
func (t Ticket) NextDue() time.Time {
	next := t.Wake
	for _, o := range t.running() {
		for _, r := range o.Rungs {
			if r.Done.IsZero() {
				next = earlier(next, r.At)
			}
		}
	}
	for _, p := range t.Posted {
		next = earlier(next, p.AskAt)
	}
	for _, p := range t.Postponed {
		next = earlier(next, p.Next)
	}
	return next
}

// NextTarget returns the running obligation whose target, or limit where there is no target, comes first. It orders
// lists of tickets. The second result is false when nothing runs.
func (t Ticket) NextTarget() (Obligation, bool) {
	var first Obligation
	var at time.Time
	for _, o := range t.running() {
		due := o.Target
		if due.IsZero() {
			due = o.Limit
		}
		if !due.IsZero() && (at.IsZero() || due.Before(at)) {
			first, at = o, due
		}
	}
	return first, !at.IsZero()
}

func (t Ticket) running() []Obligation {
	var run []Obligation
	for _, o := range t.Duties {
		if o.Running() {
			run = append(run, o)
		}
	}
	return run
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
