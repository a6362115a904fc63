// Package imapwatch brings the mail of IMAP folders to a handler, at least
// once each, in the order of their UIDs.
//
// It promises that a mail which was in a watched folder during one poll and is
// newer than the first contact reaches the Inbox, through lost connections,
// restarts of either side, a changed UIDVALIDITY (RFC 9051, 2.3.1.1) and a
// mailbox put back from a copy. The server is the queue: nothing is marked or
// moved there before the Inbox has said that mail and cursor are durable, and
// while the Inbox refuses, mail stays where it is. A server that hangs, lies
// about sizes, stops in the middle of a mail or sends without end costs a
// connection, never a mail and never more memory than a few mails of the largest
// size allowed.
//
// It refuses to know what a mail means. Flags of other clients do not count,
// \Seen least of all; only \Deleted does, since a person has thrown that away.
//
// Standards: RFC 3501 and 9051 (IMAP), 2177 (IDLE), 4315 (UIDPLUS), 6851
// (MOVE), 5530 (response codes), 6154 (special use), 8314 (TLS), XOAUTH2.
package imapwatch

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Cursor is how far a folder was read: every message of this UIDVALIDITY with
// a UID up to this one was dealt with. The zero Cursor is "never seen".
type Cursor struct {
	UIDValidity, UID uint32
}

// Mail is one message as the server holds it.
type Mail struct {
	Folder           string
	UIDValidity, UID uint32
	// InternalDate is when the server took the message in, in UTC (RFC 9051, 2.3.3).
	InternalDate time.Time
	// Size is the server's RFC822.SIZE in octets.
	Size int64
	// Raw is the whole message; where Cut is set only its header, at most
	// 256 KiB of it, or nothing where the server would not give even that.
	Raw []byte
	// Cut says that the message was not read whole; it stays on the server.
	// Why is then "size" (over Config.MaxSize) or "unreadable" (the server
	// failed on it time after time).
	Cut bool
	Why string
}

// Skipped is a message that was seen in a listing and not handed over.
type Skipped struct {
	UID uint32
	// Why is "expunged" (gone before it could be read) or "deleted" (it
	// carries the flag \Deleted).
	Why string
}

// Reason says what besides new mail made a batch.
type Reason string

// Reasons of a batch.
const (
	// NewMail is the ordinary case.
	NewMail Reason = ""
	// FirstContact means the folder had no cursor; Config.Since decided what
	// of it is handed over.
	FirstContact Reason = "first contact"
	// Reset means the UIDVALIDITY changed, or the UIDs began anew under the old
	// one, and the whole folder is read again: the handler meets mail it knows,
	// under new UIDs, and mail from before the first contact that it never saw.
	// An interrupted reading goes on after a restart as NewMail, so InternalDate
	// decides, not this word.
	Reset Reason = "reset"
)

// Batch is what the Inbox makes durable in one step.
type Batch struct {
	Folder string
	// Cursor is the folder's cursor after the batch.
	Cursor Cursor
	// Mails are in the order of their UIDs; empty means that only the cursor
	// moves.
	Mails []Mail
	// Skipped accounts for the UIDs that are not among Mails.
	Skipped []Skipped
	Reason  Reason
	// Before ends the first contact with a folder that Config.Began is about: it
	// is when the newest mail came that was not wanted, the epoch where there was
	// none. Zero otherwise.
	Before time.Time
}

// Inbox is the handler.
type Inbox interface {
	// Cursor returns what was last received of the folder, the zero Cursor if
	// there was nothing. It is asked after every connect.
	Cursor(ctx context.Context, folder string) (Cursor, error)
	// Prepare does what can be done ahead of a batch's turn. It may run while
	// batches before are being prepared or received; what it leaves behind must
	// not matter when the batch never gets its turn. Receive is called at most
	// once, when all batches before are durable, so calls of it never overlap. It
	// returns nil only when the mails and the cursor are durable. After any error
	// the mails are handed over again from the stored cursor on, so it must
	// recognise what it already has.
	Prepare(ctx context.Context, b Batch) (receive func() error, err error)
}

// Status is a snapshot for the health report.
type Status struct {
	// Connected is true while a logged-in connection works.
	Connected bool
	// LastContact is when the server last completed a command.
	LastContact time.Time
	// LastError is the trouble that holds the watcher up, empty if none;
	// Since is when it began.
	LastError string
	Since     time.Time
	// Folders are in the order of Config.Folders.
	Folders []FolderStatus
}

// FolderStatus is one watched folder in a Status.
type FolderStatus struct {
	Name string
	// Error is why the folder cannot be read, such as a missing folder.
	Error string
}

// Watcher watches the folders of one mailbox over one connection.
type Watcher struct {
	cfg   Config
	inbox Inbox
	log   *slog.Logger

	// Only Run touches these.
	refused  refusals
	doubts   map[string]*doubt
	unmarked unmarked

	mu     sync.Mutex
	status Status
}

// New makes a watcher; it does nothing before Run. A nil log discards.
func New(cfg Config, inbox Inbox, log *slog.Logger) *Watcher {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	w := &Watcher{cfg: cfg.withDefaults(), inbox: inbox, log: log, doubts: map[string]*doubt{}}
	for _, name := range w.cfg.Folders {
		w.status.Folders = append(w.status.Folders, FolderStatus{Name: name})
	}
	return w
}

// Status is safe to call at any time from any goroutine.
func (w *Watcher) Status() Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.status
	s.Folders = append([]FolderStatus(nil), s.Folders...)
	return s
}
