package imapwatch

import (
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch/link"
)

// maxUnmarked is how many stretches of UIDs wait at most to be marked: a command
// that names them stays under 8192 octets (RFC 7162, 4).
const maxUnmarked = 300

// unmarked is mail of the first folder that was taken in and does not show it on
// the server yet. It outlives the connection once, not the program: where marking
// ends each connection, mail would never be read again.
type unmarked struct {
	validity uint32
	uids     imap.UIDSet
	said     string // how the server refused last
}

// mark marks, on the server, mails that were taken in. The mark is only a hint to
// people, so a refusal never ends the session: these mails wait for the next look
// at the folder.
func (s *session) mark(b *Batch) error {
	if b.Folder != s.cfg.Folders[0] || s.cfg.Mark == (Mark{}) {
		return nil
	}
	todo := &s.w.unmarked
	if todo.validity != b.Cursor.UIDValidity {
		*todo = unmarked{validity: b.Cursor.UIDValidity}
	}
	for _, m := range b.Mails {
		todo.uids.AddNum(imap.UID(m.UID))
	}
	todo.uids = todo.uids[max(0, len(todo.uids)-maxUnmarked):]
	if s.noMark {
		return nil
	}
	return s.markAll()
}

// markAgain marks what could not be marked before, in the first folder that was
// just opened.
func (s *session) markAgain() error {
	s.noMark = false
	if s.open.name != s.cfg.Folders[0] || s.open.validity != s.w.unmarked.validity {
		return nil
	}
	err := s.markAll()
	if err != nil {
		s.w.unmarked.uids = nil
	}
	return err
}

func (s *session) markAll() error {
	todo := &s.w.unmarked
	if len(todo.uids) == 0 {
		return nil
	}
	var err error
	if target := s.cfg.Mark.MoveTo; target == "" {
		err = s.addKeyword(todo.uids)
	} else {
		err = s.move(todo.uids, target)
	}
	switch s.noMark = link.Answered(err) || errors.Is(err, ErrServer); {
	case err == nil:
		todo.uids, todo.said = nil, ""
	case s.noMark && err.Error() != todo.said:
		todo.said = err.Error()
		s.w.log.Warn("imap server does not let us mark mail, which is tried again", "folder", s.open.name, "error", err)
	}
	if s.noMark {
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
	return slices.Contains(s.open.flags, imap.FlagWildcard) || slices.Contains(s.open.flags, keyword)
}

// move makes the target folder where it is missing.
func (s *session) move(set imap.UIDSet, target string) error {
	moves := s.caps.Has(imap.CapMove)
	if !moves && !s.caps.Has(imap.CapUIDPlus) {
		// The substitute for MOVE would expunge what others have marked \Deleted.
		return fmt.Errorf("%w: it knows neither MOVE nor UIDPLUS", ErrServer)
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
	err := s.Do(what, 0, once)
	if link.Denied(err) {
		switch create := s.Do("create "+target, 0, func(c *imapclient.Client) error { return c.Create(target, nil).Wait() }); {
		case create == nil:
			err = s.Do(what, 0, once)
		case !link.Answered(create): // else what the move said is nearer to the trouble
			return create
		}
	}
	if err != nil || moves {
		return err
	}
	s.w.unmarked.uids = nil // whatever comes of the rest: another try would add another copy
	return s.remove(set)
}

// remove takes away what was copied. The library's own substitute for MOVE does not
// wait for the copy: where that is refused, the mail would be gone.
func (s *session) remove(set imap.UIDSet) error {
	err := s.Do("delete", 0, func(c *imapclient.Client) error {
		return c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
	})
	if err != nil {
		return err
	}
	return s.Do("expunge", 0, func(c *imapclient.Client) error { return c.UIDExpunge(set).Close() })
}
