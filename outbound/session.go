package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// Time each step may take. The long ones are RFC 5321, section 4.5.3.2; giving
// up on the final dot early would make letters unknown for nothing.
const (
	connectTime = 30 * time.Second // dialling, and each step up to the log-in
	commandTime = 5 * time.Minute  // MAIL, RCPT, RSET
	dataTime    = 2 * time.Minute  // DATA
	blockTime   = 3 * time.Minute  // each block of the body
	dotTime     = 10 * time.Minute // the answer to the final dot
	quitTime    = 5 * time.Second
)

// session is a connection that is ready for letters.
type session struct {
	guard  *guard
	client *smtp.Client
	server string
	used   bool // a transaction was tried on it
	broken bool // its state is unknown; only closing is left
}

// connect dials, secures and logs in. ctx governs all of it.
func (c Config) connect(ctx context.Context, secret string) (*session, error) {
	s, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.guard.endsWith(ctx, 0)()
	if err := c.login(s, secret); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (c Config) secret(ctx context.Context) (string, error) {
	if c.Auth == "none" {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	secret, err := c.Secret(ctx)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSecret, err)
	}
	return secret, nil
}

// open gets as far as a secure connection that has said EHLO.
func (c Config) open(ctx context.Context) (*session, error) {
	dialCtx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	conn, err := c.Dial(dialCtx, "tcp", c.address())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDial, err)
	}
	g := &guard{Conn: conn}
	defer g.endsWith(ctx, 0)()
	s, err := c.greet(g)
	if err != nil {
		_ = conn.Close() // the error that matters is the one before
		return nil, err
	}
	return s, nil
}

func (c Config) greet(g *guard) (*session, error) {
	config := c.TLSConfig.Clone()
	config.ServerName = c.Host
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	var conn net.Conn = g
	g.allow(connectTime)
	if c.TLS == "implicit" {
		secure := tls.Client(g, config)
		if err := secure.Handshake(); err != nil {
			return nil, fmt.Errorf("%w with %s: %w", ErrTLS, c.address(), err)
		}
		conn = secure
	}
	g.allow(connectTime)
	client, err := smtp.NewClient(conn, c.Host)
	if err != nil {
		return nil, fmt.Errorf("%w from %s: %w", ErrGreeting, c.address(), err)
	}
	g.allow(connectTime)
	if err := client.Hello(c.Hello); err != nil {
		return nil, fmt.Errorf("%w from %s: %w", ErrGreeting, c.address(), err)
	}
	s := &session{guard: g, client: client, server: c.address()}
	if c.TLS == "starttls" {
		return s, s.startTLS(config)
	}
	return s, nil
}

func (s *session) startTLS(config *tls.Config) error {
	if !s.offers("STARTTLS") {
		return fmt.Errorf("%w: %s does not offer STARTTLS; try tls = \"implicit\"", ErrTLS, s.server)
	}
	if s.client.Text.R.Buffered() > 0 {
		return fmt.Errorf("%w with %s: %w", ErrTLS, s.server, errTalkative)
	}
	s.guard.allow(connectTime)
	s.guard.single = true
	err := s.client.StartTLS(config)
	s.guard.single = false
	if err != nil {
		return fmt.Errorf("%w with %s: %w", ErrTLS, s.server, err)
	}
	return nil
}

func (c Config) login(s *session, secret string) error {
	if c.Auth == "none" {
		return nil
	}
	auth, err := c.mechanism(s, secret)
	if err != nil {
		return err
	}
	s.guard.allow(connectTime)
	err = s.client.Auth(auth)
	if err == nil {
		return nil
	}
	if answer, ok := errors.AsType[*textproto.Error](err); ok && answer.Code >= 500 {
		return fmt.Errorf("%w: %s as %s: %d %s", ErrLogin, s.server, c.User, answer.Code, clean(answer.Msg))
	}
	return fmt.Errorf("outbound: log in to %s as %s: %s", s.server, c.User, clean(err.Error()))
}

// mechanism chooses how to log in; passwords go over TLS or loopback only.
func (c Config) mechanism(s *session, secret string) (smtp.Auth, error) {
	_, list := s.client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(list))
	switch loopback := c.TLS == "none"; {
	case c.Auth == "xoauth2" && slices.Contains(offered, "XOAUTH2"):
		return smtp.XOAuth2Auth(c.User, secret), nil
	case c.Auth == "password" && slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", c.User, secret, c.Host, loopback), nil
	case c.Auth == "password" && slices.Contains(offered, "LOGIN"):
		return smtp.LoginAuth(c.User, secret, c.Host, loopback), nil
	}
	return nil, fmt.Errorf("%w: %s offers %q, we want %s", ErrNoLogin, s.server, clean(list), c.Auth)
}

func (s *session) offers(extension string) bool {
	ok, _ := s.client.Extension(extension)
	return ok
}

// command sends one line and reads one answer. It refuses to speak when the
// server has said something unasked: its answers would be taken for others.
func (s *session) command(d time.Duration, line string) (answer, error) {
	if s.broken || s.client.Text.R.Buffered() > 0 {
		s.broken = true
		return answer{}, errTalkative
	}
	s.guard.allow(d)
	if err := s.client.Text.PrintfLine("%s", line); err != nil {
		s.broken = true
		return answer{}, err
	}
	return s.answer()
}

func (s *session) answer() (answer, error) {
	code, text, err := s.client.Text.ReadResponse(0)
	if err != nil {
		s.broken = true
		return answer{}, err
	}
	return answer{code, text}, nil
}

// quit takes leave politely; nobody minds if it fails.
func (s *session) quit() {
	if !s.broken {
		_, _ = s.command(quitTime, "QUIT")
	}
	s.close()
}

func (s *session) close() {
	s.broken = true
	_ = s.guard.Close() // the socket itself: no farewell of any layer
}
