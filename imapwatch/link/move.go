package link

import (
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// AddFlag sets a flag on mails of the open folder. It is silent: answers to it would be of no use and could fill the library's queue.
func (l *Link) AddFlag(set imap.UIDSet, flag imap.Flag) error {
	return l.Do("mark", 0, func(c *imapclient.Client) error {
		flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{flag}}
		return c.Store(set, flags, nil).Close()
	})
}

// Move moves mails of the open folder to another one, which it makes where it is missing. copied says that they stand there, whatever came of
// the rest: where the server knows no MOVE (RFC 6851) they are copied and then deleted.
func (l *Link) Move(set imap.UIDSet, target string) (copied bool, err error) {
	moves := l.Caps().Has(imap.CapMove)
	if !moves && !l.Caps().Has(imap.CapUIDPlus) {
		// EXPUNGE alone would take away what others have marked \Deleted.
		return false, fmt.Errorf("%w: it knows neither MOVE nor UIDPLUS", ErrServer)
	}
	what, once := "move to "+target, func(c *imapclient.Client) error {
		_, err := c.Move(set, target).Wait()
		return err
	}
	if !moves {
		what, once = "copy to "+target, func(c *imapclient.Client) error {
			_, err := c.Copy(set, target).Wait()
			return err
		}
	}
	err = l.Do(what, 0, once)
	if Denied(err) {
		switch create := l.Do("create "+target, 0, func(c *imapclient.Client) error { return c.Create(target, nil).Wait() }); {
		case create == nil:
			err = l.Do(what, 0, once)
		case !Answered(create): // else what the move said is nearer to the trouble
			return false, create
		}
	}
	if err != nil || moves {
		return err == nil, err
	}
	return true, l.remove(set)
}

// remove takes away what was copied. The library's own substitute for MOVE does not wait for the copy: where that is refused, the mail would be
// gone.
func (l *Link) remove(set imap.UIDSet) error {
	if err := l.AddFlag(set, imap.FlagDeleted); err != nil {
		return err
	}
	return l.Do("expunge", 0, func(c *imapclient.Client) error { return c.UIDExpunge(set).Close() })
}
