package mailhost

import (
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// idleRecheck is how long after the start of IDLE the mailbox is looked at
// once more; see imapSession.Idle.
const idleRecheck = 20 * time.Millisecond

// imapCaps is what the mailboxes in memory can do.
func imapCaps() imap.CapSet {
	return imap.CapSet{
		imap.CapIMAP4rev1:  {},
		imap.CapNamespace:  {},
		imap.CapUIDPlus:    {},
		imap.CapESearch:    {},
		imap.CapListStatus: {},
		imap.CapMove:       {},
	}
}

// imapSession is one IMAP connection: nobody's until a login, then that
// account's.
type imapSession struct {
	*imapmemserver.UserSession // nil before login
	host                       *Host
}

var (
	_ imapserver.SessionSASL = (*imapSession)(nil)
	_ imapserver.SessionMove = (*imapSession)(nil)
)

// Login implements imapserver.Session.
func (s *imapSession) Login(user, password string) error {
	if err := s.host.accounts.checkPassword(user, password); err != nil {
		return imapserver.ErrAuthFailed
	}
	return s.enter(user)
}

// AuthenticateMechanisms implements imapserver.SessionSASL.
func (s *imapSession) AuthenticateMechanisms() []string { return mechanisms() }

// Authenticate implements imapserver.SessionSASL.
func (s *imapSession) Authenticate(mech string) (sasl.Server, error) {
	server := s.host.accounts.saslServer(mech, s.enter)
	if server == nil {
		return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Text: "unknown mechanism"}
	}
	return imapSASL{server}, nil
}

func (s *imapSession) enter(user string) error {
	s.UserSession = imapmemserver.NewUserSession(s.host.users[canonical(user)])
	return nil
}

// Idle implements imapserver.Session. The library announces only what happens
// once its IDLE is in place; a mail that came in the instant before would wait
// for the next one, so the mailbox is looked at once more.
func (s *imapSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	checked := make(chan struct{})
	timer := time.AfterFunc(idleRecheck, func() {
		defer close(checked)
		_ = s.Poll(w, true) // a broken connection shows in Idle itself
	})
	defer func() {
		if !timer.Stop() {
			<-checked
		}
	}()
	return s.UserSession.Idle(w, stop)
}

// imapSASL gives a refusal the shape of an IMAP answer (RFC 5530, 3).
type imapSASL struct{ sasl.Server }

// Next implements sasl.Server.
func (s imapSASL) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := s.Server.Next(response)
	if err != nil {
		return nil, false, imapserver.ErrAuthFailed
	}
	return challenge, done, nil
}
