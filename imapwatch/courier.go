package imapwatch

import (
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch/link"
)

// courier hands batches to the inbox, one at a time, while the next one is
// being fetched. Nothing is known to be taken in, or marked, before settle.
type courier struct {
	under *Batch // on its way, nil if none
	done  chan error
}

// hand waits for the batch before and starts this one.
func (c *courier) hand(ctx context.Context, s *session, b Batch) error {
	if err := c.settle(s); err != nil {
		return err
	}
	c.under, c.done = &b, make(chan error, 1)
	go func() { c.done <- s.w.inbox.Receive(ctx, b) }()
	return nil
}

// settle waits for the batch under way and draws the consequences. After it no
// Receive runs.
func (c *courier) settle(s *session) error {
	if c.under == nil {
		return nil
	}
	b := c.under
	c.under = nil
	if err := <-c.done; err != nil {
		return fmt.Errorf("hand over %d mails of %s: %w", len(b.Mails), b.Folder, err)
	}
	s.cursors[b.Folder] = b.Cursor
	s.w.noteCursor(b.Folder, b.Cursor)
	return s.mark(b)
}

// mark shows on the server which mails were taken in. Since it is a hint, a
// refusal ends the marking, not the session.
func (s *session) mark(b *Batch) error {
	if b.Folder != s.cfg.Folders[0] || len(b.Mails) == 0 || s.noMark || s.cfg.Mark == (Mark{}) {
		return nil
	}
	var set imap.UIDSet
	for _, m := range b.Mails {
		set.AddNum(imap.UID(m.UID))
	}
	var err error
	if target := s.cfg.Mark.MoveTo; target == "" {
		err = s.addKeyword(set)
	} else {
		err = s.move(set, target)
	}
	if link.Denied(err) || errors.Is(err, ErrServer) {
		s.w.log.Warn("imap server does not let us mark mail", "folder", b.Folder, "error", err)
		s.noMark = true
		return nil
	}
	return err
}

// addKeyword is silent: answers to it would be of no use and could fill the
// library's queue.
func (s *session) addKeyword(set imap.UIDSet) error {
	keyword := imap.Flag(s.cfg.Mark.Keyword)
	if !s.allows(keyword) {
		return fmt.Errorf("%w: it keeps no keyword %s in %s", ErrServer, keyword, s.open.name)
	}
	return s.Do("mark", 0, func(c *imapclient.Client) error {
		flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{keyword}}
		return c.Store(set, flags, nil).Close()
	})
}

// allows reports whether the open folder keeps a keyword (RFC 9051, 7.1:
// PERMANENTFLAGS).
func (s *session) allows(keyword imap.Flag) bool {
	for _, f := range s.open.flags {
		if f == imap.FlagWildcard || f == keyword {
			return true
		}
	}
	return false
}

// move makes the target folder where it is missing.
func (s *session) move(set imap.UIDSet, target string) error {
	if !s.caps.Has(imap.CapMove) && !s.caps.Has(imap.CapUIDPlus) {
		// The substitute for MOVE would expunge what others have marked \Deleted.
		return fmt.Errorf("%w: it knows neither MOVE nor UIDPLUS", ErrServer)
	}
	once := func(c *imapclient.Client) error {
		_, err := c.Move(set, target).Wait()
		return err
	}
	err := s.Do("move to "+target, 0, once)
	if !link.Denied(err) {
		return err
	}
	create := s.Do("create "+target, 0, func(c *imapclient.Client) error { return c.Create(target, nil).Wait() })
	if create != nil {
		return err // what the move said is nearer to the trouble
	}
	return s.Do("move to "+target, 0, once)
}
