package imapwatch

import (
	"errors"
	"fmt"

	"replyby/imapwatch/link"
)

// What can be wrong, so that a person can be told where to look. Run tries
// again after all of them but ErrConfig; Probe returns them.
var (
	// ErrConfig: the configuration can never work.
	ErrConfig = errors.New("imap configuration")
	// ErrFolder: a folder cannot be opened.
	ErrFolder = errors.New("imap folder")
	// ErrHost: the host name does not resolve.
	ErrHost = link.ErrHost
	// ErrPort: nothing answers at the port.
	ErrPort = link.ErrPort
	// ErrTLS: certificate or handshake trouble, or no TLS where it is required.
	ErrTLS = link.ErrTLS
	// ErrRefused: the server does not accept user and secret.
	ErrRefused = link.ErrRefused
	// ErrServer: the server cannot do what is needed.
	ErrServer = link.ErrServer
	// ErrBusy: the server says it cannot now (RFC 5530).
	ErrBusy = link.ErrBusy
	// ErrLost: the connection broke, hung or carried nonsense.
	ErrLost = link.ErrLost
)

// folderError says that a folder cannot be opened where the server said so.
func folderError(name string, err error) error {
	if link.Denied(err) {
		return fmt.Errorf("%w %q: %w", ErrFolder, name, err)
	}
	return err
}
