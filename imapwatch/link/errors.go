package link

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// What can be wrong with a connection, so that a person can be told where to
// look.
var (
	// ErrHost: the host name does not resolve.
	ErrHost = errors.New("imap host not found")
	// ErrPort: nothing answers at the port.
	ErrPort = errors.New("imap port does not answer")
	// ErrTLS: certificate or handshake trouble, or no TLS where it is required.
	ErrTLS = errors.New("imap tls")
	// ErrRefused: the server does not accept user and secret.
	ErrRefused = errors.New("imap login refused")
	// ErrServer: the server cannot do what is needed.
	ErrServer = errors.New("imap server unfit")
	// ErrBusy: the server says it cannot now (RFC 5530).
	ErrBusy = errors.New("imap server busy")
	// ErrLost: the connection broke, hung or carried nonsense.
	ErrLost = errors.New("imap connection lost")
)

// dialError tells a wrong host from a wrong port.
func dialError(addr string, err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsTimeout && !dns.IsTemporary {
		return fmt.Errorf("%w: %s: check the host name: %w", ErrHost, addr, err)
	}
	return fmt.Errorf("%w: %s: check host, port and network: %w", ErrPort, addr, err)
}

// tlsError names the usual causes of a failed handshake.
func tlsError(addr string, err error) error {
	hint := "the handshake failed"
	var (
		plain   tls.RecordHeaderError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &plain):
		hint = "the port does not speak tls here; 993 is for implicit, 143 for starttls"
	case errors.As(err, &unknown):
		hint = "the certificate is signed by nobody this machine trusts"
	case errors.As(err, &name):
		hint = "the certificate is for another name"
	case errors.As(err, &invalid):
		hint = "the certificate is not valid (now)"
	}
	return fmt.Errorf("%w: %s: %s: %w", ErrTLS, addr, hint, err)
}

// loginError tells a refused secret from a server that cannot just now. Only
// the former counts as a try.
func loginError(user string, err error) error {
	status, ok := errors.AsType[*imap.Error](err)
	if !ok {
		return err
	}
	if busy(status) {
		return fmt.Errorf("%w: log in as %s: %w", ErrBusy, user, err)
	}
	return fmt.Errorf("%w: as %s, check user name and secret: %w", ErrRefused, user, err)
}

// busy reports whether a NO is about the moment and not about us, by its code
// (RFC 5530, 3; OVERQUOTA and THROTTLED as the large providers use them), and
// by its text where providers give none or only ALERT.
func busy(status *imap.Error) bool {
	switch strings.ToUpper(string(status.Code)) {
	case "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA", "THROTTLED", "CORRUPTION":
		return true
	case "", "ALERT":
		text := strings.ToLower(status.Text)
		return slices.ContainsFunc([]string{"too many", "simultaneous", "try again", "temporar", "rate limit", "bandwidth", "unavailable"},
			func(sign string) bool { return strings.Contains(text, sign) })
	}
	return false
}

// Throttled reports whether a busy server means us, not the mail it was asked
// for: a bug or damage that shows on one mail will show on it again.
func Throttled(err error) bool {
	if status, ok := errors.AsType[*imap.Error](err); ok && (status.Code == "SERVERBUG" || status.Code == "CORRUPTION") {
		return false
	}
	return errors.Is(err, ErrBusy)
}

// Answered reports whether the server answered a command with NO or BAD, for
// whatever reason: the connection is as good as before.
func Answered(err error) bool {
	_, ok := errors.AsType[*imap.Error](err)
	return ok
}

// Denied reports whether the server answered a command with NO or BAD
// for reasons that will be the same next time.
func Denied(err error) bool {
	return Answered(err) && !errors.Is(err, ErrBusy)
}
