// Package link is one IMAP connection: encrypted as demanded, greeted, logged
// in, and safe to ask things of whatever the server does.
//
// It promises that no exchange hangs or grows without limit. Answers are
// bounded in octets and in time, content that does not come whole is an error
// or missing, never short, and every failure is put into words a person can
// act on, wrapping one of the errors of this package. The traps of the IMAP
// library are known here and nowhere else.
//
// It refuses to know what is asked for, and to connect twice.
package link

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// connectTime bounds each of dialing, STARTTLS and the handshake.
const connectTime = 30 * time.Second

// Config says where and how to connect.
type Config struct {
	// Addr is host:port.
	Addr string
	// TLS is "implicit", "starttls" (then required) or "none".
	TLS string
	// TLSConfig may be nil; the server name is taken from Addr.
	TLSConfig *tls.Config
	Username  string
	// Auth is "password" or "xoauth2".
	Auth string
	// MaxBody is the most octets any mail asked for may have.
	MaxBody int64
	// Dial reaches the server.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Contact, if set, is told of every exchange that the server completed.
	Contact func(time.Time)
}

// Link is one connection. All but News and Closed belong to one goroutine.
type Link struct {
	cfg    Config
	client *imapclient.Client
	wire   *wire
	news   chan struct{} // holds one token when the server announced mail
	unhook func() bool
}

// Connect reaches the server and hears its greeting. The link is cut when ctx
// ends.
func Connect(ctx context.Context, cfg Config) (*Link, error) {
	conn, err := dial(ctx, cfg)
	if err != nil {
		return nil, err
	}
	l := &Link{
		cfg:  cfg,
		wire: &wire{Conn: conn, maxLiteral: max(cfg.MaxBody, HeaderSize) + slack},
		news: make(chan struct{}, 1),
	}
	l.unhook = context.AfterFunc(ctx, func() { l.wire.cut(ctx.Err()) })
	l.wire.expect(0)
	l.client = imapclient.New(l.wire, &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: l.noteNews},
	})
	if err := l.Do("greeting", 0, (*imapclient.Client).WaitGreeting); err != nil {
		l.Close()
		return nil, err
	}
	if l.client.State() != imap.ConnStateNotAuthenticated {
		l.Close()
		return nil, fmt.Errorf("%w: %s greets us as logged in already, which only an intruder does", ErrTLS, cfg.Addr)
	}
	return l, nil
}

// noteNews runs inside the library's reader, where a command would hang.
func (l *Link) noteNews(data *imapclient.UnilateralDataMailbox) {
	if data.NumMessages == nil {
		return
	}
	select {
	case l.news <- struct{}{}:
	default: // one token is enough
	}
}

// News holds a token when the server has announced mail in the open folder
// since the last one was taken.
func (l *Link) News() <-chan struct{} { return l.news }

// Closed is closed when the connection has ended.
func (l *Link) Closed() <-chan struct{} { return l.client.Closed() }

// Caps are the server's capabilities, nil where it would not tell them.
func (l *Link) Caps() imap.CapSet { return l.client.Caps() }

// Close ends the connection at once. The connection goes first, so that the
// library's reader cannot be waiting for anybody.
func (l *Link) Close() {
	l.unhook()
	l.wire.cut(net.ErrClosed)
	_ = l.client.Close() // it can only say that the connection is closed
}

// Do runs one exchange with the server, which may send about size octets in
// answer, and says what went wrong in our words. The exchange must not outlive
// the call.
func (l *Link) Do(what string, size int64, exchange func(*imapclient.Client) error) error {
	l.wire.expect(size)
	err := exchange(l.client)
	l.wire.relax()
	if err == nil {
		if l.cfg.Contact != nil {
			l.cfg.Contact(time.Now())
		}
		return nil
	}
	var status *imap.Error
	switch {
	case errors.Is(err, ErrRefused), errors.Is(err, ErrServer), errors.Is(err, ErrBusy):
		return fmt.Errorf("%s: %w", what, err)
	case !errors.As(err, &status):
		return l.broken(what, err)
	case busy(status):
		return fmt.Errorf("%w: %s: %w", ErrBusy, what, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// broken explains an exchange that ended without an answer by what the wire
// knows, which is nearer to the truth than what the library makes of it.
func (l *Link) broken(what string, err error) error {
	bye, cause := l.wire.ending()
	if bye != "" {
		if parting := parseBye(bye); busy(parting) {
			return fmt.Errorf("%w: %s: server says %q", ErrBusy, what, bye)
		}
		return fmt.Errorf("%w: %s: server says %q", ErrLost, what, bye)
	}
	if cause != nil {
		err = cause
	}
	return fmt.Errorf("%w: %s: %w", ErrLost, what, err)
}

// parseBye splits "[CODE] text".
func parseBye(bye string) *imap.Error {
	status := &imap.Error{Type: imap.StatusResponseTypeBye, Text: bye}
	if code, text, ok := strings.Cut(strings.TrimPrefix(bye, "["), "]"); ok && strings.HasPrefix(bye, "[") {
		status.Code, status.Text = imap.ResponseCode(code), text
	}
	return status
}

// dial reaches the server and puts TLS on the connection.
func dial(ctx context.Context, cfg Config) (net.Conn, error) {
	dialing, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	conn, err := cfg.Dial(dialing, "tcp", cfg.Addr)
	if err != nil {
		return nil, dialError(cfg.Addr, err)
	}
	if cfg.TLS == "none" {
		return conn, nil
	}
	secure, err := encrypt(ctx, conn, cfg)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

// encrypt does the handshake, after STARTTLS where that is configured. Bytes
// that somebody slipped in behind the plain answer are read as part of the
// handshake, which then fails, and what was said before it is forgotten
// (RFC 9051, 6.2.1).
func encrypt(ctx context.Context, conn net.Conn, cfg Config) (net.Conn, error) {
	hurry, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	stop := context.AfterFunc(hurry, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	greeting := ""
	if cfg.TLS == "starttls" {
		var err error
		if greeting, err = startTLS(conn); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrTLS, cfg.Addr, err)
		}
	}
	secure := tls.Client(conn, tlsConfig(cfg))
	if err := secure.HandshakeContext(hurry); err != nil {
		return nil, tlsError(cfg.Addr, err)
	}
	if !stop() {
		return nil, fmt.Errorf("%w: %s: handshake took over %s", ErrTLS, cfg.Addr, connectTime)
	}
	return &greeted{Conn: secure, greeting: greeting}, nil
}

func tlsConfig(cfg Config) *tls.Config {
	c := &tls.Config{}
	if cfg.TLSConfig != nil {
		c = cfg.TLSConfig.Clone()
	}
	if c.ServerName == "" {
		c.ServerName, _, _ = net.SplitHostPort(cfg.Addr) // Check has seen it
	}
	return c
}

// startTLS asks for TLS on a plain connection and returns a greeting to show
// to the library, which expects one although the server's own is spent.
func startTLS(conn net.Conn) (greeting string, err error) {
	line, err := readLine(conn)
	if err != nil {
		return "", fmt.Errorf("read greeting: %w", err)
	}
	if !strings.HasPrefix(strings.ToUpper(line), "* OK") {
		return "", fmt.Errorf("greeting %q: want OK before starttls", line)
	}
	if _, err := conn.Write([]byte("S1 STARTTLS\r\n")); err != nil {
		return "", fmt.Errorf("send starttls: %w", err)
	}
	for {
		line, err := readLine(conn)
		if err != nil {
			return "", fmt.Errorf("read answer to starttls: %w", err)
		}
		if strings.HasPrefix(line, "* ") {
			continue // forgotten after the handshake anyway
		}
		if !strings.HasPrefix(strings.ToUpper(line), "S1 OK") {
			return "", fmt.Errorf("server does not offer starttls (%q); nothing was sent in plain text", line)
		}
		return "* OK encrypted\r\n", nil
	}
}

// readLine reads octet by octet, so that nothing behind the line is taken.
func readLine(conn net.Conn) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < 8<<10 {
		if _, err := conn.Read(one); err != nil {
			return "", err
		}
		if one[0] == '\n' {
			return strings.TrimRight(string(line), "\r"), nil
		}
		line = append(line, one[0])
	}
	return "", fmt.Errorf("line without end: %w", errTooLong)
}

// greeted is a connection whose first read is the greeting.
type greeted struct {
	net.Conn
	greeting string
}

// Read implements net.Conn.
func (g *greeted) Read(p []byte) (int, error) {
	if g.greeting == "" {
		return g.Conn.Read(p)
	}
	n := copy(p, g.greeting)
	g.greeting = g.greeting[n:]
	return n, nil
}
