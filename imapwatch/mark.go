package imapwatch

import (
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"

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
	var copied bool
	var err error
	if target := s.cfg.Mark.MoveTo; target == "" {
		err = s.addKeyword(todo.uids)
	} else if copied, err = s.Move(todo.uids, target); copied {
		todo.uids = nil // whatever came of the rest: another try would add another copy
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

// addKeyword marks mails in the open folder.
func (s *session) addKeyword(set imap.UIDSet) error {
	keyword := imap.Flag(s.cfg.Mark.Keyword)
	if !slices.Contains(s.open.flags, imap.FlagWildcard) && !slices.Contains(s.open.flags, keyword) { // RFC 9051, 7.1: PERMANENTFLAGS
		return fmt.Errorf("%w: it keeps no keyword %s in %s", ErrServer, keyword, s.open.name)
	}
	return s.AddFlag(set, keyword)
}
