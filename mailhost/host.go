// Package mailhost is a small mail server on loopback: IMAP mailboxes in
// memory and one SMTP hop in front of them. The demo shows the product with
// it, and tests drive the product's edges against it.
//
// It promises to look like a provider from the outside: SMTP submission with
// AUTH PLAIN and XOAUTH2, refusal to relay for strangers, trace header fields
// as RFC 5321, 4.4 and RFC 3848 ask for, IMAP4rev1 with IDLE, MOVE, UIDPLUS,
// keywords, AUTH=PLAIN and AUTH=XOAUTH2. Every accepted transaction is kept
// with its envelope, bytes and reply, and a hook can decide the outcome of any
// of them, so that a fault can be played exactly.
//
// It refuses to be a real server: nothing is kept on disk, nothing leaves for
// another host, and it is not hardened for anything but loopback.
package mailhost

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Account is one mailbox of the host and what opens it.
type Account struct {
	// Address is the mailbox address and at the same time the login name.
	Address string
	// Password opens PLAIN and LOGIN; empty refuses both.
	Password string
	// Token opens XOAUTH2 as its bearer token; empty refuses it.
	Token string
}

// Config says what a Host is to be. The zero value of every field but
// Accounts is usable.
type Config struct {
	// Name is the host name in greetings and Received fields; "mail.test" if empty.
	Name     string
	Accounts []Account
	// Folders are made beside INBOX; Sent, Junk, Drafts and Trash if nil.
	Folders []string
	// SentCopy puts what an account submits into its Sent folder, as some
	// providers do.
	SentCopy bool
	// Fault decides the outcome of SMTP transactions; see HopConfig.Fault.
	Fault func(Stage, Transaction) error
	// TLS is offered by STARTTLS on both protocols when set. For TLS from the
	// first byte pass listeners of crypto/tls.
	TLS *tls.Config
	// IMAPListener and SMTPListener replace the free loopback ports, for
	// instance by a PipeListener.
	IMAPListener, SMTPListener net.Listener
	// Log receives what the protocol servers complain about; nothing if nil.
	Log *slog.Logger
}

// Host serves the accounts of its Config over IMAP and SMTP.
type Host struct {
	accounts *directory
	hop      *Hop
	imap     *imapserver.Server
	listener net.Listener
	users    map[string]*imapmemserver.User // by account address; fixed after New
}

// New makes the mailboxes and binds both listeners, so that the addresses are
// known; nothing is served before Run. Run closes the listeners.
func New(cfg Config) (*Host, error) {
	h := &Host{accounts: newDirectory(cfg.Accounts), users: map[string]*imapmemserver.User{}}
	for _, a := range cfg.Accounts {
		user, err := newUser(a, cfg.Folders)
		if err != nil {
			return nil, err
		}
		h.users[canonical(a.Address)] = user
	}
	hopConfig := HopConfig{
		Name: cfg.Name, Fault: cfg.Fault, TLS: cfg.TLS, Listener: cfg.SMTPListener, Log: cfg.Log,
		Deliver: h.deliver,
	}
	if cfg.SentCopy {
		hopConfig.Submitted = func(t Transaction) error { return h.Append(t.User, "Sent", t.At, t.Data) }
	}
	var err error
	if h.hop, err = newHop(hopConfig, h.accounts); err != nil {
		return nil, err
	}
	if h.listener, err = listen(cfg.IMAPListener); err != nil {
		h.hop.listener.Close()
		return nil, err
	}
	h.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &imapSession{host: h}, nil, nil
		},
		Caps:         imapCaps(),
		Logger:       printer{cfg.Log},
		TLSConfig:    cfg.TLS,
		InsecureAuth: true,
	})
	return h, nil
}

// newUser makes the mailboxes of one account.
func newUser(a Account, folders []string) (*imapmemserver.User, error) {
	if folders == nil {
		folders = []string{"Sent", "Junk", "Drafts", "Trash"}
	}
	user := imapmemserver.NewUser(a.Address, a.Password)
	for _, name := range append([]string{"INBOX"}, folders...) {
		if err := user.Create(name, nil); err != nil {
			return nil, fmt.Errorf("mailhost: make folder %q of %s: %w", name, a.Address, err)
		}
	}
	return user, nil
}

// Run serves until ctx ends, then closes listeners and connections. It
// returns nil when ctx was the reason.
func (h *Host) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	hopDone := make(chan error, 1)
	go func() {
		defer cancel()
		hopDone <- h.hop.Run(ctx)
	}()
	stop := context.AfterFunc(ctx, func() {
		h.imap.Close()
		h.listener.Close()
	})
	defer stop()
	err := h.imap.Serve(h.listener)
	if ctx.Err() != nil {
		err = nil
	}
	cancel()
	return errors.Join(err, <-hopDone)
}

// IMAPAddr is the host:port of the IMAP listener.
func (h *Host) IMAPAddr() string { return h.listener.Addr().String() }

// SMTPAddr is the host:port of the SMTP listener.
func (h *Host) SMTPAddr() string { return h.hop.Addr() }

// Accepted lists the transactions the SMTP hop has accepted, oldest first.
func (h *Host) Accepted() []Transaction { return h.hop.Accepted() }

// Wait returns the accepted transactions once there are at least n of them,
// or what there is with the error of ctx.
func (h *Host) Wait(ctx context.Context, n int) ([]Transaction, error) { return h.hop.Wait(ctx, n) }

// SetAccount replaces password and token of an account the host has, as a
// changed password or an expired token would.
func (h *Host) SetAccount(a Account) error { return h.accounts.replace(a) }

// Deliver puts mail into the inbox of to as if a foreign server had just
// handed it over without logging in. It is not among Accepted.
func (h *Host) Deliver(from, to string, mail []byte) error {
	t := Transaction{ID: "outside", Helo: "outside.test", From: from, To: []string{to}, At: time.Now()}
	return h.deliver(from, to, append(h.hop.trace(t, "127.0.0.1"), mail...))
}

// Append puts mail unchanged into a folder of an account, with at as its
// INTERNALDATE.
func (h *Host) Append(address, folder string, at time.Time, mail []byte) error {
	user := h.users[canonical(address)]
	if user == nil {
		return fmt.Errorf("mailhost: append to %s: no such account", address)
	}
	_, err := user.Append(folder, bytes.NewReader(mail), &imap.AppendOptions{Time: at})
	if err != nil {
		return fmt.Errorf("mailhost: append to %s of %s: %w", folder, address, err)
	}
	return nil
}

// deliver is the final delivery: it adds what RFC 5321, 4.4 asks of it.
func (h *Host) deliver(from, to string, mail []byte) error {
	head := fmt.Sprintf("Return-Path: <%s>\r\nDelivered-To: %s\r\n", from, to)
	return h.Append(canonical(to), "INBOX", time.Now(), append([]byte(head), mail...))
}

// listen returns l, or a new listener on a free loopback port.
func listen(l net.Listener) (net.Listener, error) {
	if l != nil {
		return l, nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("mailhost: listen on loopback: %w", err)
	}
	return l, nil
}

// printer hands the complaints of the protocol libraries to a slog.Logger.
type printer struct{ log *slog.Logger }

// Printf implements the loggers of go-imap and go-smtp.
func (p printer) Printf(format string, args ...any) {
	if p.log != nil {
		p.log.Info("mailhost", "said", fmt.Sprintf(format, args...))
	}
}

// Println implements the logger of go-smtp.
func (p printer) Println(args ...any) { p.Printf("%s", fmt.Sprint(args...)) }
