package mailhost

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
)

// errRefused is the one answer to every wrong credential.
var errRefused = errors.New("mailhost: wrong user, password or token")

// xoauth2 is the SASL mechanism of Google and Microsoft
// (developers.google.com/gmail/imap/xoauth2-protocol).
const xoauth2 = "XOAUTH2"

// directory knows the accounts and may change under running sessions.
type directory struct {
	mu     sync.Mutex
	byAddr map[string]Account
}

func newDirectory(accounts []Account) *directory {
	d := &directory{byAddr: map[string]Account{}}
	for _, a := range accounts {
		d.byAddr[canonical(a.Address)] = a
	}
	return d
}

// canonical is the account address behind an address: lower case, without the
// part from "+" on that plus-addressing adds.
func canonical(address string) string {
	address = strings.ToLower(address)
	local, domain, _ := strings.Cut(address, "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

func (d *directory) find(address string) (Account, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.byAddr[canonical(address)]
	return a, ok
}

func (d *directory) replace(a Account) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.byAddr[canonical(a.Address)]; !ok {
		return fmt.Errorf("mailhost: replace account %s: no such account", a.Address)
	}
	d.byAddr[canonical(a.Address)] = a
	return nil
}

func (d *directory) checkPassword(user, password string) error {
	if a, ok := d.find(user); ok && a.Password != "" && a.Password == password {
		return nil
	}
	return errRefused
}

func (d *directory) checkToken(user, token string) error {
	if a, ok := d.find(user); ok && a.Token != "" && a.Token == token {
		return nil
	}
	return errRefused
}

// mechanisms are the SASL mechanisms that saslServer speaks.
func mechanisms() []string { return []string{sasl.Plain, xoauth2} }

// saslServer checks credentials for one of mechanisms, calling in with the
// user on success. It returns nil for an unknown mechanism.
func (d *directory) saslServer(mech string, in func(user string) error) sasl.Server {
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error {
			if err := d.checkPassword(user, password); err != nil {
				return err
			}
			return in(user)
		})
	case xoauth2:
		return &xoauth2Server{accounts: d, in: in}
	}
	return nil
}

// xoauth2Server speaks the server's side of XOAUTH2: one response with user
// and token; on refusal a challenge with the reason, then the failure.
type xoauth2Server struct {
	accounts *directory
	in       func(user string) error
	refused  bool
}

// Next implements sasl.Server.
func (s *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	if s.refused {
		return nil, false, errRefused
	}
	if response == nil {
		return []byte{}, false, nil
	}
	user, token := parseXOAUTH2(response)
	if err := s.accounts.checkToken(user, token); err != nil {
		s.refused = true
		return []byte(`{"status":"401","schemes":"bearer","scope":"mail"}`), false, nil
	}
	return nil, true, s.in(user)
}

// parseXOAUTH2 takes "user=U^Aauth=Bearer T^A^A" apart; what is missing is empty.
func parseXOAUTH2(response []byte) (user, token string) {
	for field := range bytes.SplitSeq(response, []byte{1}) {
		if v, ok := strings.CutPrefix(string(field), "user="); ok {
			user = v
		}
		if v, ok := strings.CutPrefix(string(field), "auth=Bearer "); ok {
			token = v
		}
	}
	return user, token
}
