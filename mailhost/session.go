package mailhost

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// smtpSession is one SMTP connection and the transaction it is in.
type smtpSession struct {
	hop  *Hop
	conn *smtp.Conn
	t    Transaction
}

var _ smtp.AuthSession = (*smtpSession)(nil)

func (h *Hop) newSession(conn *smtp.Conn) (smtp.Session, error) {
	s := &smtpSession{hop: h, conn: conn, t: Transaction{Helo: conn.Hostname()}}
	return s, s.ask(StageHello)
}

// ask lets the Fault decide; what it answers is what the client gets.
func (s *smtpSession) ask(stage Stage) error {
	if s.hop.cfg.Fault == nil {
		return nil
	}
	t := s.t
	t.To = slices.Clone(t.To)
	return s.answer(s.hop.cfg.Fault(stage, t))
}

// answer turns err into a reply, or closes the connection for ErrDrop.
func (s *smtpSession) answer(err error) error {
	var refusal Refusal
	switch {
	case errors.Is(err, ErrDrop):
		s.conn.Conn().Close()
		return err
	case errors.As(err, &refusal):
		return &smtp.SMTPError{Code: refusal.Code, EnhancedCode: smtp.NoEnhancedCode, Message: refusal.Text}
	}
	return err
}

// AuthMechanisms implements smtp.AuthSession.
func (s *smtpSession) AuthMechanisms() []string { return mechanisms() }

// Auth implements smtp.AuthSession.
func (s *smtpSession) Auth(mech string) (sasl.Server, error) {
	server := s.hop.accounts.saslServer(mech, func(user string) error {
		s.t.User = canonical(user)
		return s.ask(StageAuth)
	})
	if server == nil {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return smtpSASL{server}, nil
}

// Mail implements smtp.Session.
func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	s.t.From, s.t.ID = from, s.hop.nextID()
	return s.ask(StageMail)
}

// Rcpt implements smtp.Session: local accounts for everybody, others only
// after a login.
func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if _, local := s.hop.accounts.find(to); !local && s.t.User == "" {
		return s.answer(Refusal{554, fmt.Sprintf("5.7.1 <%s>: relay access denied", to)})
	}
	s.t.To = append(s.t.To, to)
	if err := s.ask(StageRcpt); err != nil {
		s.t.To = s.t.To[:len(s.t.To)-1]
		return err
	}
	return nil
}

// Data implements smtp.Session. Without the final dot nothing is accepted.
func (s *smtpSession) Data(r io.Reader) error {
	if err := s.ask(StageData); err != nil {
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.t.Data, s.t.At = data, time.Now()
	if err := s.ask(StageDot); err != nil {
		return err
	}
	s.t.Reply = "250 2.0.0 Ok: queued as " + s.t.ID
	if err := s.hop.accept(s.t, s.remote()); err != nil {
		return s.answer(err)
	}
	if err := s.ask(StageReply); err != nil {
		return err
	}
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "Ok: queued as " + s.t.ID}
}

// remote is the address in the Received field.
func (s *smtpSession) remote() string {
	host, _, err := net.SplitHostPort(s.conn.Conn().RemoteAddr().String())
	if err != nil {
		return "127.0.0.1" // a pipe has no address
	}
	return host
}

// Reset implements smtp.Session.
func (s *smtpSession) Reset() {
	s.t = Transaction{Helo: s.t.Helo, User: s.t.User}
}

// Logout implements smtp.Session.
func (s *smtpSession) Logout() error { return nil }

// smtpSASL gives a refusal the shape of an SMTP reply (RFC 4954, 6).
type smtpSASL struct{ sasl.Server }

// Next implements sasl.Server.
func (s smtpSASL) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := s.Server.Next(response)
	if errors.Is(err, errRefused) {
		err = smtp.ErrAuthFailed
	}
	return challenge, done, err
}
