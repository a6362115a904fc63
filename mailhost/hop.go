package mailhost

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Stage names the point of an SMTP conversation at which Fault is asked.
type Stage string

// The stages in the order in which a conversation reaches them.
const (
	StageHello Stage = "hello" // EHLO came
	StageAuth  Stage = "auth"  // the credentials were right
	StageMail  Stage = "mail"  // MAIL FROM came
	StageRcpt  Stage = "rcpt"  // a RCPT TO came; it is the last of To
	StageData  Stage = "data"  // DATA was answered with 354, no content read yet
	StageDot   Stage = "dot"   // the whole content is here, nothing is accepted
	StageReply Stage = "reply" // accepted and delivered, the 250 not yet written
)

// ErrDrop as the answer of a Fault closes the connection without a reply.
var ErrDrop = errors.New("mailhost: drop the connection")

// Refusal as the answer of a Fault is the SMTP reply given, such as 451 or 550.
type Refusal struct {
	Code int
	Text string
}

// Error implements error.
func (r Refusal) Error() string { return strconv.Itoa(r.Code) + " " + r.Text }

// Transaction is one mail as an SMTP client handed it over.
type Transaction struct {
	// ID is the hop's own number of it, also in the Received field.
	ID string
	// Helo is the name the client gave itself.
	Helo string
	// User is the account that logged in, empty for the outside world.
	User string
	// From is the envelope sender, empty for a bounce.
	From string
	// To are the accepted envelope recipients.
	To []string
	// Data is the content as it came, without the fields the hop adds.
	Data []byte
	// At is when the content was complete.
	At time.Time
	// Reply is the last line the client was given.
	Reply string
}

// HopConfig says what a Hop is to be.
type HopConfig struct {
	// Name is the host name in the greeting and in Received; "mail.test" if empty.
	Name string
	// Accounts may log in and receive.
	Accounts []Account
	// Deliver puts mail, trace fields included, into the mailbox of to. It is
	// called once for each local recipient; an error becomes a 451 reply.
	Deliver func(from, to string, mail []byte) error
	// Submitted, if set, sees every mail of a logged-in account after its delivery.
	Submitted func(Transaction) error
	// Fault, if set, decides the outcome at each stage: nil goes on, a Refusal
	// is the reply, ErrDrop closes the connection. It may block, which plays a
	// slow server, and is called from many goroutines.
	Fault func(Stage, Transaction) error
	// TLS is offered by STARTTLS when set.
	TLS *tls.Config
	// Listener replaces the free loopback port.
	Listener net.Listener
	// Log receives what the protocol server complains about; nothing if nil.
	Log *slog.Logger
}

// Hop is an SMTP server in front of mailboxes: submission for its accounts,
// mail exchanger for everybody else (RFC 5321).
type Hop struct {
	cfg      HopConfig
	accounts *directory
	listener net.Listener
	server   *smtp.Server

	mu       sync.Mutex
	counter  int
	accepted []Transaction
	changed  chan struct{} // closed and replaced at each acceptance
}

// NewHop binds the listener; nothing is served before Run, which closes it.
func NewHop(cfg HopConfig) (*Hop, error) { return newHop(cfg, newDirectory(cfg.Accounts)) }

func newHop(cfg HopConfig, accounts *directory) (*Hop, error) {
	if cfg.Name == "" {
		cfg.Name = "mail.test"
	}
	listener, err := listen(cfg.Listener)
	if err != nil {
		return nil, err
	}
	h := &Hop{cfg: cfg, accounts: accounts, listener: listener, changed: make(chan struct{})}
	h.server = smtp.NewServer(smtp.BackendFunc(h.newSession))
	h.server.Domain = cfg.Name
	h.server.TLSConfig = cfg.TLS
	h.server.AllowInsecureAuth = true
	h.server.ReadTimeout = 5 * time.Minute
	h.server.WriteTimeout = time.Minute
	h.server.ErrorLog = printer{cfg.Log}
	return h, nil
}

// Run serves until ctx ends, then closes listener and connections.
func (h *Hop) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		h.server.Close()
		h.listener.Close()
	})
	defer stop()
	err := h.server.Serve(h.listener)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("mailhost: serve smtp: %w", err)
	}
	return nil
}

// Addr is the host:port of the listener.
func (h *Hop) Addr() string { return h.listener.Addr().String() }

// Accepted lists the transactions accepted so far, oldest first.
func (h *Hop) Accepted() []Transaction {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.accepted)
}

// Wait returns the accepted transactions once there are at least n of them,
// or what there is with the error of ctx.
func (h *Hop) Wait(ctx context.Context, n int) ([]Transaction, error) {
	for {
		h.mu.Lock()
		got, changed := slices.Clone(h.accepted), h.changed
		h.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return got, ctx.Err()
		}
	}
}

func (h *Hop) nextID() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counter++
	return fmt.Sprintf("%06d", h.counter)
}

func (h *Hop) record(t Transaction) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.accepted = append(h.accepted, t)
	close(h.changed)
	h.changed = make(chan struct{})
}

// accept delivers t to its local recipients and keeps it. Recipients
// elsewhere are kept only: nothing leaves this host.
func (h *Hop) accept(t Transaction, remote string) error {
	mail := append(h.trace(t, remote), t.Data...)
	for _, to := range t.To {
		if _, local := h.accounts.find(to); !local {
			continue
		}
		if err := h.cfg.Deliver(t.From, to, mail); err != nil {
			return Refusal{451, "4.3.0 delivery failed: " + err.Error()}
		}
	}
	if t.User != "" && h.cfg.Submitted != nil {
		if err := h.cfg.Submitted(t); err != nil {
			return Refusal{451, "4.3.0 copy failed: " + err.Error()}
		}
	}
	h.record(t)
	return nil
}

// trace is the Received field of RFC 5321, 4.4: protocol ESMTP, with A only
// after a login (RFC 3848), and the recipient only where there is one.
func (h *Hop) trace(t Transaction, remote string) []byte {
	protocol := "ESMTP"
	if t.User != "" {
		protocol = "ESMTPA"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Received: from %s (%s [%s])\r\n\tby %s with %s id %s", t.Helo, t.Helo, remote, h.cfg.Name, protocol, t.ID)
	if len(t.To) == 1 {
		fmt.Fprintf(&b, "\r\n\tfor <%s>", t.To[0])
	}
	fmt.Fprintf(&b, "; %s\r\n", t.At.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	return b.Bytes()
}
