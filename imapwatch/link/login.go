package link

import (
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// Login presents the user and his secret. A secret that is not accepted is
// ErrRefused; the connection is of no use after any error.
func (l *Link) Login(secret string) error {
	return l.Do("log in", 0, func(*imapclient.Client) error {
		if err := l.authenticate(secret); err != nil {
			return loginError(l.cfg.Username, err)
		}
		l.client.Caps() // what a login changes arrives before anything else is asked
		return nil
	})
}

func (l *Link) authenticate(secret string) error {
	caps := l.client.Caps()
	if l.cfg.Auth == "xoauth2" {
		if !caps.Has("AUTH=XOAUTH2") {
			return fmt.Errorf("%w: it does not offer xoauth2", ErrServer)
		}
		return l.client.Authenticate(&bearer{user: l.cfg.Username, token: secret})
	}
	if caps.Has("AUTH=PLAIN") {
		return l.client.Authenticate(sasl.NewPlainClient("", l.cfg.Username, secret))
	}
	if caps.Has(imap.CapLoginDisabled) {
		return fmt.Errorf("%w: it takes no password on this connection", ErrServer)
	}
	return l.client.Login(l.cfg.Username, secret).Wait()
}

// bearer is the client's side of XOAUTH2
// (developers.google.com/gmail/imap/xoauth2-protocol).
type bearer struct{ user, token string }

// Start implements sasl.Client.
func (b *bearer) Start() (mech string, ir []byte, err error) {
	return "XOAUTH2", []byte("user=" + b.user + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
}

// Next implements sasl.Client. The only challenge there is carries the reason
// of a refusal; the connection is of no use after it.
func (b *bearer) Next(challenge []byte) ([]byte, error) {
	return nil, fmt.Errorf("%w: token of %s: server says %q", ErrRefused, b.user, challenge)
}
