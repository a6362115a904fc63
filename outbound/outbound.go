// Package outbound carries the letters of an outbox to an SMTP server and tells
// what became of each. It renders nothing and decides nothing: bytes, recipients
// and identity of a letter are fixed before it gets here.
//
// # What it promises
//
// A letter ends in one of four ways, never in "there was an error":
//
//   - sent: the server answered 2xx to the final dot, whatever came after;
//   - deferred: it is certain that the server did not take it, and another
//     attempt may succeed (4xx, or a connection lost before the final dot);
//   - refused: it is certain that the server did not take it, and it never will
//     (5xx, or we would not offer it);
//   - unknown: the final dot was under way and no answer came. The server may
//     have the letter (RFC 1047), so nobody sends it again without evidence or
//     a human.
//
// Letters to customers are written down as being sent (Outbox.Begin) before
// their transaction starts, so that after a crash they are unknown and not sent twice.
// Other letters may go out twice, never not at all.
//
// All recipients or none: one refused recipient stops the whole letter.
//
// # How
//
// One connection carries one batch. A letter is offered only if its bytes have
// the approved hash and its addresses fit a small grammar. Trouble with the
// connection itself (name, TLS, log-in) is not charged to letters; it shows in
// Status and the letters wait.
//
// Greeting, EHLO, STARTTLS (RFC 3207) and AUTH (RFC 4954) are go-mail's smtp
// client. The transaction (RFC 5321, section 4.1.1) is ours, on the same
// connection, because that client ends an open DATA with whatever command comes
// next: a QUIT after a failed write makes the server accept half a letter. After
// any error inside DATA this package closes the socket and says nothing more.
package outbound

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"replyby/store"
)

// Outcome is how an attempt ended.
type Outcome string

// The four ways an attempt can end; see the package documentation.
const (
	Sent     Outcome = "sent"
	Deferred Outcome = "deferred"
	Refused  Outcome = "refused"
	Unknown  Outcome = "unknown"
)

// Result of one attempt to send one letter.
type Result struct {
	Outcome Outcome
	// Code of the server's answer, 0 if there was none.
	Code int
	// Reply is the server's words, with the recipient whom it does not take, or ours
	// about what went wrong: one printable line of at most 500 bytes.
	Reply  string
	Server string // host:port
	// Stage at which it ended: message (we would not offer it), mail, rcpt,
	// data, body, dot, or restart (an earlier run began and did not end it).
	Stage   string
	Attempt int       // this attempt's number, from 1
	At      time.Time // UTC, microseconds
	// NotBefore is when to try a deferred letter again; zero for other outcomes.
	NotBefore time.Time
}

// ErrWithdrawn is what Outbox.Begin returns when a letter must not go out any
// more (recalled, its draft no longer current, sending stopped): it is skipped.
var ErrWithdrawn = errors.New("outbound: letter withdrawn")

// Outbox is where letters wait. Every error but ErrWithdrawn ends Run, since
// nobody can then say what is on record.
type Outbox interface {
	// Next returns up to limit letters that may go now, the most urgent first.
	// A letter whose Sending mark an earlier run left behind is among them.
	Next(ctx context.Context, now time.Time, limit int) ([]store.Letter, error)
	// Begin records durably that an attempt starts. It is called for letters to
	// customers only, on a connection that is ready. After ErrWithdrawn Next
	// no longer returns the letter.
	Begin(ctx context.Context, letter store.Letter, now time.Time) error
	// End records how the attempt ended (without Begin where the letter was not
	// offered: stages message and restart), and takes the letter out of what Next
	// returns: for good, or until NotBefore of a deferred one.
	End(ctx context.Context, letter store.Letter, result Result) error
	// Turn is End for one letter and then Begin for the next, made durable in one step. After ErrWithdrawn the end is recorded.
	Turn(ctx context.Context, ended Ended, next store.Letter, now time.Time) error
}

// Ended is a letter and how an attempt to send it ended.
type Ended struct {
	Letter store.Letter
	Result Result
}

// Config names the server and how to log in.
type Config struct {
	Host string
	Port int // 0 means 465 for implicit, 587 for starttls, 25 for none
	// TLS is "implicit" (RFC 8314, the default), "starttls" (demanded, never
	// optional) or "none" (loopback only).
	TLS string
	// Auth is "password" (AUTH PLAIN, else LOGIN), "xoauth2", or "none". Empty
	// means password where a User is set and none otherwise.
	Auth string
	User string
	// Secret returns the password or the OAuth access token. It is called
	// before each connect, and once more after a refused log-in.
	Secret func(context.Context) (string, error)
	// Sender is the envelope sender (RFC 5321.MailFrom), to which bounces go;
	// empty means the letter's From.
	Sender string
	// Hello is the name we give ourselves; empty means the machine's full name.
	Hello string
	// Poll is how often the outbox is asked without a Wake; 0 means 5 seconds.
	Poll time.Duration
	// Grace is how long the letter in flight may take after Run was told to
	// end; 0 means 30 seconds.
	Grace time.Duration
	// TLSConfig is a base for TLS (own authorities); nil means the system's.
	TLSConfig *tls.Config
	// Dial replaces the system's dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Errors of connecting, wrapped in what Probe returns and Status shows.
var (
	ErrConfig     = errors.New("outbound: configuration")
	ErrDial       = errors.New("outbound: server not reached")
	ErrGreeting   = errors.New("outbound: no smtp greeting")
	ErrTLS        = errors.New("outbound: no secure connection")
	ErrNoLogin    = errors.New("outbound: server does not offer our way to log in")
	ErrSecret     = errors.New("outbound: no password or token to be had")
	ErrLogin      = errors.New("outbound: log-in refused")
	ErrLoginLater = errors.New("outbound: too many refused log-ins")
)

// complete checks a configuration and fills in the defaults.
func (c Config) complete() (Config, error) {
	c.TLS = cmp.Or(c.TLS, "implicit")
	c.Port = cmp.Or(c.Port, map[string]int{"implicit": 465, "starttls": 587, "none": 25}[c.TLS])
	if c.Auth == "" {
		c.Auth = "none"
		if c.User != "" {
			c.Auth = "password"
		}
	}
	c.Poll = cmp.Or(c.Poll, 5*time.Second)
	c.Grace = cmp.Or(c.Grace, 30*time.Second)
	c.Hello = cmp.Or(c.Hello, machineName())
	if c.TLSConfig == nil {
		c.TLSConfig = &tls.Config{}
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	return c, c.check()
}

func (c Config) check() error {
	wrong := ""
	switch {
	case c.Host == "" || strings.ContainsAny(c.Host, " \r\n\x00"):
		wrong = "no usable host"
	case c.Port < 1 || c.Port > 65535:
		wrong = fmt.Sprintf("port %d with tls %q", c.Port, c.TLS)
	case c.TLS == "none" && !isLoopback(c.Host):
		wrong = "tls \"none\" is for loopback only; use \"implicit\" or \"starttls\""
	case c.Auth != "none" && c.Auth != "password" && c.Auth != "xoauth2":
		wrong = fmt.Sprintf("unknown auth %q", c.Auth)
	case c.Auth != "none" && (c.User == "" || c.Secret == nil):
		wrong = "auth needs a user and a secret"
	case c.Sender != "" && !validAddress(c.Sender):
		wrong = fmt.Sprintf("sender %q is no address", c.Sender)
	case strings.ContainsAny(c.Hello, " \r\n\x00"):
		wrong = "hello is no host name"
	}
	if wrong != "" {
		return fmt.Errorf("%w: %s", ErrConfig, wrong)
	}
	return nil
}

func (c Config) address() string { return net.JoinHostPort(c.Host, fmt.Sprint(c.Port)) }

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// machineName is a full host name or, failing that, an address literal
// (RFC 5321, section 4.1.4).
func machineName() string {
	if name, err := os.Hostname(); err == nil && strings.Contains(name, ".") && isDomain(name) {
		return name
	}
	return "[127.0.0.1]"
}
