// Package store is the contract between the desk and whatever keeps its tickets, and nothing else: an engine lives in a
// folder of its own (store/bolt) and proves itself with store/storetest.
//
// # Promises of every engine
//
// All-or-nothing: a Commit writes all of its changes or none. Readers see the state before or after, never between.
//
// Durable: when Commit returns nil, its changes survive a kill of the process and a power cut. What PutRaw wrote is durable
// no later than the first Commit that names it, and survives a kill of the process at once.
//
// Unknown: when Commit returns an error other than [ErrConflict] or [ErrInvalid], nobody can say whether the changes were
// written. The engine then refuses every further write with [ErrBroken] until it is opened again; the caller must end and read back.
//
// Optimistic: each Change says which version of the ticket it was decided on. If that is not the version in the store, or a
// unique key is taken by another ticket, the whole Commit fails with ErrConflict and nothing is written. The caller loads and
// decides again.
//
// Order: each desk has one log. Sequence numbers start at 1 and have no gaps; records are chained by logbook.Seal. Ticket numbers
// start at 1 and have no gaps.
//
// Folded: the engine keeps for every ticket the fold of its records (logbook.Apply) and the indexes that derive from it: open
// (Ticket.IsOpen, with its next target, assignee and the domain of its customer's address), due (Ticket.NextDue), updated (Ticket.UpdatedAt),
// customer (Ticket.Customer.Addr, lower case). An index row moves with the ticket and never doubles.
//
// Bytes are bytes: keys, names and bodies may hold any byte sequence, including NUL and invalid UTF-8, and come back equal. Text
// keys compare bytewise. Instants are UTC, truncated to microseconds before they get here, and come back equal.
//
// Checked: an engine verifies what it reads against a checksum it wrote and returns [ErrDamaged] rather than altered data. Where a fold or an
// index is harmed it may answer with what the records make of it, if it is certain that it has all of them.
//
// No clock: a store never reads the time; every instant is an argument.
//
// Joint: changes that belong to several decisions can be made durable in one step, see Store.Together.
//
// All methods may be called from several goroutines. A cancelled context leaves nothing behind.
package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"replyby/ticket"
	"replyby/ticket/logbook"
)

// Errors of writing.
var (
	// ErrConflict says that somebody else was first; nothing was written. Load and decide again.
	ErrConflict = errors.New("store: conflict with a newer version")
	// ErrInvalid says that the change itself is wrong (a letter whose bytes do not have its hash, a gap in numbers);
	// nothing was written. It is a fault of the program.
	ErrInvalid = errors.New("store: invalid change")
	// ErrBroken says that an earlier commit ended unknown; open the store again.
	ErrBroken = errors.New("store: an earlier commit ended unknown, restart to read back")
)

// Errors of reading and opening.
var (
	// ErrNotFound says that there is no such ticket, letter or raw message.
	ErrNotFound = errors.New("store: not found")
	// ErrDamaged says that stored bytes do not match their checksum.
	ErrDamaged = errors.New("store: damaged")
	// ErrLocked says that another process holds the store; the message says which.
	ErrLocked = errors.New("store: in use by another process")
	// ErrMissing says that a store should be there and is not, or is not the one its marker names.
	ErrMissing = errors.New("store: database missing or replaced")
)

// Store keeps the desks of one installation.
type Store interface {
	// ID is the random identity given to the store when it was created; it marks every letter we send.
	ID() string

	// PutRaw keeps messages by the SHA-256 of their bytes and counts one more attempt to read each: alone where it is the only
	// one, else in company. The result is in the order of raws. A Commit that lists the hash in Change.Raw ends the counting:
	// the counts are forgotten.
	PutRaw(ctx context.Context, raws ...[]byte) ([]Raw, error)

	// Raw returns the bytes of a message or of a decided letter to a customer. ErrNotFound, ErrDamaged.
	Raw(ctx context.Context, hash ticket.Hash) ([]byte, error)

	// Messages iterates the hashes of all messages that were dealt with and whose bytes are kept, in order of hash. It reads in steps, as
	// Log does.
	Messages(ctx context.Context) iter.Seq2[ticket.Hash, error]

	// Head returns the end of the desk's log and the number the next new ticket of the desk must have. An unknown desk
	// has the zero log and 1.
	Head(ctx context.Context, desk string) (Head, error)

	// Load returns a ticket's fold. Number 0 is the desk's own file; before its first event it is the zero ticket with
	// its desk set, not ErrNotFound.
	Load(ctx context.Context, desk string, number uint64) (ticket.Ticket, error)

	// Find returns the tickets that match q, see [Query] for the order, or ErrDamaged where one of them cannot be read.
	Find(ctx context.Context, q Query) ([]ticket.Ticket, error)

	// Each iterates what Find returns, in its order, where it may be many: few of them are in memory at a time. It reads in steps:
	// each ticket is as it is when its turn comes, perhaps changed meanwhile so that it matches no more. One that cannot be read comes in its
	// turn all the same, with nothing but its desk and number, and ErrDamaged; the next one follows. Any other error is the last there is, as is
	// damage without a number: what tells which tickets there are cannot be read further. A query with a limit, for
	// the latest, or by Since for all desks, is ErrInvalid.
	Each(ctx context.Context, q Query) iter.Seq2[ticket.Ticket, error]

	// Log iterates the records of a desk in order of sequence from seq on. With number >= 0 only those of that ticket. It reads
	// in steps: commits made meanwhile may or may not appear, but never out of order or half.
	Log(ctx context.Context, desk string, seq uint64, number int64) iter.Seq2[logbook.Record, error]

	// Due returns up to limit tickets of the desk whose NextDue is at or before the given instant, earliest first, then by
	// number.
	Due(ctx context.Context, desk string, at time.Time, limit int) ([]Due, error)

	// Waiting lists the open tickets of a desk, or of all with desk empty: those whose next target (Ticket.NextTarget) comes first on
	// top, those without one last, then in order of desk and number. It decodes no ticket.
	Waiting(ctx context.Context, desk string) ([]Waiting, error)

	// Outbox returns up to limit letters of the desk that may be sent at the given instant (NotBefore at or before it) and
	// those marked sending: letters to customers first, then urgent ones, then by NotBefore, then by sequence. Under a limit it returns fewer where
	// they are long: none behind those that have MostBytes together. One that cannot be read is left out; ErrDamaged comes beside all others.
	Outbox(ctx context.Context, desk string, at time.Time, limit int) ([]Letter, error)

	// Retry moves a letter in the desk's outbox to a later instant and takes its sending mark away; its attempts stay
	// counted. ErrNotFound when it is no longer there.
	Retry(ctx context.Context, desk, id string, notBefore time.Time) error

	// Cursor returns how far a folder of the desk's mailbox was read. Zero when never. Where nobody knows how far any more it has a UIDVALIDITY
	// and no UID: the folder is to be read again from its start, and content tells what is new.
	Cursor(ctx context.Context, desk, folder string) (Cursor, error)

	// Tallies returns the counters of the desk's days from first to last, both "2006-01-02" and inclusive, in order of day.
	// Days without a counter are left out. One whose counters cannot be read has [Lost]; what is added to it goes beside that.
	Tallies(ctx context.Context, desk, first, last string) ([]Tally, error)

	// Commit writes the changes in their order, in one transaction. No two of them may concern the same ticket.
	Commit(ctx context.Context, changes ...Change) error

	// Together runs f on a view of the store in one transaction. What f reads through the view is the state before with what it
	// wrote itself; nobody else writes meanwhile, and others see nothing of it before the end. When f returns nil, all of it is
	// written in one step and durable like a Commit. When f returns an error, a write through the view failed or f panicked,
	// nothing is written. The view belongs to the goroutine of f and ends with f; waiting for anything inside keeps all writers
	// waiting.
	Together(ctx context.Context, f func(view Store) error) error

	// Close releases the store. It is safe to call twice.
	Close() error
}

// Change is everything one decision writes about one ticket, or about the desk itself (Ticket 0).
type Change struct {
	Desk   string
	Ticket uint64
	// Expect is the version the decision was made on: 0 for a new ticket, whose number must then be Head.Next (or Head.Next+k
	// for the k-th new ticket of the same Commit). A change without Events does not look at Expect.
	Expect uint64
	Events []ticket.Event
	// Letters are the bytes of every letter that the events contain, one for each, in any order; bytes and ids must agree
	// with the events. They become rows of the outbox. The bytes of letters to customers are kept for good as Raw under their
	// hash; those of others are deleted with their row.
	Letters []Letter
	// Sending marks these letters of the outbox as being sent and counts an attempt. Done takes rows out of the outbox.
	// A letter that is not there (any more) is ErrConflict for Sending and ignored for Done.
	Sending, Done []string
	// Keys lead to this ticket from now on.
	Keys []Key
	// Raw lists messages that are dealt with: their attempts are not counted any more.
	Raw    []ticket.Hash
	Cursor *Cursor
	// Erase, when not empty, forgets what the ticket held before this change: its earlier records lose salt and body, and the
	// listed messages and letters their bytes. Envelopes, keys and counters stay. The events of the change must carry what the
	// ticket keeps: where the fold would be another without the bodies, or a letter of the ticket stays in the outbox, it is
	// ErrInvalid. PutRaw never keeps the bytes of an erased message again, and says that it was dealt with.
	Erase []ticket.Hash
	// Bare, when not empty, does that to these earlier records of the ticket alone. No letter that they bear may stay in the outbox.
	Bare []uint64
	// Forget lists messages that lose their bytes as with Erase, though no record of the ticket does. It needs no event.
	Forget []ticket.Hash
	// Day and Count add to the desk's counters of that local day.
	Day   string
	Count map[string]int64
}

// KeyKind is a kind of key.
type KeyKind string

// Kinds of keys. Seen and Token belong to one ticket; the others may lead to several.
const (
	Seen      KeyKind = "seen"       // content of a message, so that it counts once; outlives erasure
	TokenHash KeyKind = "token"      // SHA-256 of a token's text
	MessageID KeyKind = "message-id" // Message-ID of the conversation with the customer
	LetterID  KeyKind = "letter"     // id of a letter
	Thread    KeyKind = "thread"     // conversation id of a portal
	Notice    KeyKind = "notice"     // something customers are to be told, or were
	Words     KeyKind = "words"      // hash of the personal words of a letter, so that none is sent twice as if personal
)

// Key identifies a ticket by something that mail brings back. Value is never empty: an empty id matches nothing.
type Key struct {
	Kind  KeyKind
	Value string
}

// Query selects tickets of one desk (or of all, with Desk empty; not together with Key). Exactly one of Key, Customer, Open, Since is
// set; none of them means all. Only with Customer may Open be set beside: then those that are not open are left out. Domain is set with Open
// alone: only those whose customer has an address at that domain or at one below it. Found by Key, Customer or without any: in order of desk and
// number. Open: the same order. Since: those updated at or after it, in order of that time; with Shut only those that are not open.
type Query struct {
	Desk     string
	Key      Key
	Customer string // addr-spec, compared in lower case
	Open     bool
	Domain   string // compared in lower case; an address with one of more than 255 octets is at none
	Since    time.Time
	Shut     bool
	After    uint64 // only numbers above it; with Desk set
	Limit    int    // 0 = no limit
	Latest   bool   // the limit leaves the last of them instead of the first; with Customer or Domain, and Desk, set
}

// Raw tells what PutRaw knows of a message. Attempts counts this one; Alone counts those among them that were for this message
// alone. Kept says that an earlier Commit listed these bytes in Change.Raw: they were dealt with before.
type Raw struct {
	Hash            ticket.Hash
	Attempts, Alone int
	Kept            bool
}

// Head is the end of a desk's log and the number of the next new ticket.
type Head struct {
	logbook.Head
	Next uint64
}

// Due is a ticket that needs attention, and since when.
type Due struct {
	At     time.Time
	Ticket uint64
}

// Waiting is an open ticket: when its next target comes, zero for none, and who holds it, "" for nobody.
type Waiting struct {
	Desk     string
	Ticket   uint64
	At       time.Time
	Assignee string
}

// MostBytes is how much of an outbox is read at a time: files go with letters, and while no server takes them there may be many.
const MostBytes = 16 << 20

// Letter is a row of the outbox: a decided letter with its bytes. Sending is set between a Sending mark and what ends it;
// after a crash it says that the end of the last attempt is unknown.
type Letter struct {
	ticket.Letter
	Desk    string
	Ticket  uint64
	Bytes   []byte
	Attempt int
	Sending bool
}

// Cursor is how far a folder was read: every message with this UIDVALIDITY and a UID up to this one was dealt with
// (RFC 9051, 2.3.1.1).
type Cursor struct {
	Folder      string
	UIDValidity uint32
	UID         uint32
	// Before is when the newest mail came that the folder had at first contact, by the server's clock. A change without it leaves it as it was;
	// zero is not known.
	Before time.Time
}

// Lost is the counter of a day of which some counters, or all, could not be read any more.
const Lost = "lost"

// Tally is the counters of one local day of a desk.
type Tally struct {
	Day   string // "2006-01-02"
	Count map[string]int64
}
