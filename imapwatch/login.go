package imapwatch

import (
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
)

const (
	// More refused logins than triesAllowed within triesWindow make providers
	// lock accounts.
	triesAllowed = 3
	triesWindow  = 15 * time.Minute
	// triesPause is between two tries with the same secret.
	triesPause = triesWindow / triesAllowed
)

// login presents user and secret.
func (l *link) login(secret string) error {
	return l.do("log in", 0, func() error {
		if err := l.authenticate(secret); err != nil {
			return loginError(l.cfg.Username, err)
		}
		l.client.Caps() // what a login changes arrives before anything else is asked
		return nil
	})
}

func (l *link) authenticate(secret string) error {
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

// refusals remembers when logins were refused.
type refusals []time.Time

func (r *refusals) add(now time.Time) { *r = append(r.recent(now), now) }

func (r *refusals) recent(now time.Time) refusals {
	for i, at := range *r {
		if now.Sub(at) < triesWindow {
			return (*r)[i:]
		}
	}
	return nil
}

// wait is how long the next try must wait, so that no window sees more tries
// than allowed.
func (r *refusals) wait(now time.Time) time.Duration {
	recent := r.recent(now)
	if len(recent) < triesAllowed {
		return 0
	}
	return recent[len(recent)-triesAllowed].Add(triesWindow).Sub(now)
}
