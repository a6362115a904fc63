package imapwatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch/link"
)

// longestCalm is how late new mail may be noticed at a server that announces
// without end what is not new.
const longestCalm = 10 * time.Second

// session is one logged-in connection and what is known through it. One
// goroutine runs it; only what the Inbox does overlaps with fetching, see courier.
type session struct {
	*link.Link
	w       *Watcher
	cfg     Config
	cursors map[string]Cursor // as the inbox has them
	open    folder
	courier courier
	caps    imap.CapSet
	noIdle  bool // the server does not want it
	noMark  bool // marking was tried in vain since the last look
}

// folder is the selected one.
type folder struct {
	name     string
	validity uint32
	next     uint32 // UIDNEXT then
	reason   Reason // for what is read until the end is reached
	flags    []imap.Flag
	from     time.Time // until the end is reached, what is older is passed over
	before   time.Time // the newest of that
}

// begin logs in over a new connection and asks the inbox for its cursors.
func (w *Watcher) begin(ctx context.Context, secret string) (*session, error) {
	l, err := w.cfg.connect(ctx, w.contact)
	if err != nil {
		return nil, err
	}
	if err := l.Login(secret); err != nil {
		l.Close()
		return nil, err
	}
	s := &session{Link: l, w: w, cfg: w.cfg, cursors: map[string]Cursor{}, caps: l.Caps()}
	for _, name := range w.cfg.Folders {
		cursor, err := w.inbox.Cursor(ctx, name)
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("ask for the cursor of %s: %w", name, err)
		}
		s.cursors[name] = cursor
	}
	return s, nil
}

// watch looks at all folders every Poll, and in between at the first one
// whenever the server announces mail. It returns when the connection is of no
// more use.
func (s *session) watch(ctx context.Context) error {
	for {
		poll := time.Now().Add(s.cfg.Poll)
		if err := s.lookAround(ctx); err != nil {
			return err
		}
		s.w.healthy()
		if err := s.listen(ctx, poll); err != nil {
			return err
		}
	}
}

// listen reads the first folder whenever the server announces mail in it, until
// poll.
func (s *session) listen(ctx context.Context, poll time.Time) error {
	vain := 0 // announcements in a row that brought nothing
	for {
		announced, err := s.rest(ctx, poll)
		if err != nil || !announced {
			return err
		}
		before := s.cursors[s.open.name]
		if err := s.catchUp(ctx); err != nil {
			return err
		}
		if vain++; s.cursors[s.open.name] != before {
			vain = 0
		}
		sleep(ctx, calm(vain))
	}
}

// calm is how long to wait after so many announcements in a row that brought
// nothing. One happens, where mail came while the one before it was read; a
// server that tells at the start of each IDLE what it told before would keep us
// asking without a pause.
func calm(vain int) time.Duration {
	if vain < 3 {
		return 0
	}
	return min(firstPause<<min(vain-3, 10), longestCalm)
}

// lookAround reads the first folder, then the others, and leaves the first
// one open.
func (s *session) lookAround(ctx context.Context) error {
	first := s.cfg.Folders[0]
	if err := s.look(ctx, first); err != nil {
		return err
	}
	for _, name := range s.cfg.Folders[1:] {
		err := s.lookAside(ctx, name)
		if err != nil && !errors.Is(err, ErrFolder) {
			return err
		}
		s.w.noteFolder(name, err)
	}
	if s.open.name == first {
		return nil
	}
	return s.look(ctx, first)
}

// look opens a folder and reads what is new in it. One that is open is opened
// anew: a server may have put another one in its place, which a folder that
// stays open does not show.
func (s *session) look(ctx context.Context, name string) error {
	if err := s.selectFolder(ctx, name); err != nil {
		return err
	}
	if err := s.markAgain(); err != nil {
		return err
	}
	return s.catchUp(ctx)
}

// lookAside reads one of the other folders, opening it only when something is
// new there.
func (s *session) lookAside(ctx context.Context, name string) error {
	var status *imap.StatusData
	err := s.Do("ask about "+name, 0, func(c *imapclient.Client) (err error) {
		status, err = c.Status(name, &imap.StatusOptions{UIDNext: true, UIDValidity: true}).Wait()
		return err
	})
	if err != nil {
		return folderError(name, err)
	}
	cursor := s.cursors[name]
	if cursor.UIDValidity == status.UIDValidity && uint32(status.UIDNext) == cursor.UID+1 {
		return nil
	}
	return s.look(ctx, name)
}

// selectFolder opens a folder and finds where to go on in it. Only the first
// one is opened for writing, since marks are set in it.
func (s *session) selectFolder(ctx context.Context, name string) error {
	s.open = folder{}
	var data *imap.SelectData
	err := s.Do("open "+name, 0, func(c *imapclient.Client) (err error) {
		options := &imap.SelectOptions{ReadOnly: name != s.cfg.Folders[0]}
		data, err = c.Select(name, options).Wait()
		return err
	})
	if err != nil {
		return folderError(name, err)
	}
	if data.UIDValidity == 0 {
		return fmt.Errorf("%w: it gives %s no uidvalidity, so its mail cannot be told apart", ErrServer, name)
	}
	next, err := uidNext(s.Link, data)
	if err != nil {
		return err
	}
	s.open = folder{name: name, validity: data.UIDValidity, next: next, flags: data.PermanentFlags}
	back, err := s.putBack(data)
	if err != nil {
		return err
	}
	return s.place(ctx, back)
}

// uidNext is the server's UIDNEXT, or where it forgets that (RFC 9051, 6.3.2
// demands it) the UID after that of the last message.
func uidNext(l *link.Link, data *imap.SelectData) (uint32, error) {
	if data.UIDNext != 0 || data.NumMessages == 0 {
		return max(uint32(data.UIDNext), 1), nil
	}
	last, err := l.List(imap.SeqSetNum(data.NumMessages), 1)
	if err != nil {
		return 0, err
	}
	if len(last) == 0 {
		return 0, fmt.Errorf("%w: it shows no last message of %d", ErrServer, data.NumMessages)
	}
	return last[0].UID + 1, nil
}

// putBack reports whether the open folder was put back from a copy: its UIDNEXT
// is one that we know from other mail, and so will be the UIDs of what comes. A
// server that merely says a wrong UIDNEXT shows mail beyond it.
func (s *session) putBack(data *imap.SelectData) (bool, error) {
	cursor := s.cursors[s.open.name]
	if cursor.UIDValidity != data.UIDValidity || data.UIDNext == 0 || uint32(data.UIDNext) > cursor.UID {
		return false, nil
	}
	beyond, err := s.List(imap.UIDSet{{Start: imap.UID(cursor.UID)}}, 1)
	return len(beyond) == 0, err
}

// place finds the cursor to go on from in the folder just opened.
func (s *session) place(ctx context.Context, back bool) error {
	f, cursor := &s.open, s.cursors[s.open.name]
	if cursor.UIDValidity == f.validity && !back {
		return nil
	}
	f.reason = Reset
	if cursor.UIDValidity == 0 {
		f.reason = FirstContact
		if later, _, _ := s.cfg.since(); later { // Check has read it
			began, err := s.began(ctx)
			if err != nil {
				return err
			}
			if began.IsZero() {
				return s.moveTo(ctx, f.next-1)
			}
			f.from, f.before = began, time.Unix(0, 0).UTC()
		}
	} else {
		s.w.log.Warn("imap folder is not the one that was read, reading all of it again", "folder", f.name,
			"old_uidvalidity", cursor.UIDValidity, "new_uidvalidity", f.validity, "read_to_uid", cursor.UID, "uidnext", f.next)
	}
	s.cursors[f.name] = Cursor{UIDValidity: f.validity}
	if f.name == s.cfg.Folders[0] {
		s.w.unmarked = unmarked{} // its UIDs may be those of other mail now
	}
	return nil
}

// began is the instant from which on mail of the open folder is wanted though
// nobody has looked at it yet.
func (s *session) began(ctx context.Context) (time.Time, error) {
	if s.cfg.Began == nil {
		return time.Time{}, nil
	}
	at, err := s.cfg.Began(ctx, s.open.name)
	if err != nil {
		return at, fmt.Errorf("ask since when mail of %s is wanted: %w", s.open.name, err)
	}
	return at.Truncate(time.Second), nil // as the server's dates are
}

// moveTo commits a cursor without mail.
func (s *session) moveTo(ctx context.Context, uid uint32) error {
	return s.courier.hand(ctx, s, Batch{
		Folder: s.open.name, Cursor: Cursor{UIDValidity: s.open.validity, UID: uid}, Reason: s.open.reason, Before: s.open.before,
	})
}

// rest waits for the server to announce mail in the open folder, at most
// until poll.
func (s *session) rest(ctx context.Context, poll time.Time) (announced bool, err error) {
	if s.noIdle || !s.caps.Has(imap.CapIdle) {
		return s.await(ctx, poll), nil
	}
	idle, err := s.startIdle()
	if err != nil || idle == nil {
		return false, err
	}
	announced = s.await(ctx, poll)
	return announced, s.Do("end idle", 0, func(*imapclient.Client) error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}

// await sends nothing; what ended the connection shows in the next command.
func (s *session) await(ctx context.Context, poll time.Time) (announced bool) {
	ctx, cancel := context.WithDeadline(ctx, poll)
	defer cancel()
	select {
	case <-s.News():
		return true
	case <-ctx.Done():
	case <-s.Closed():
	}
	return false
}

// startIdle returns nil where the server refuses IDLE, which is then left alone.
func (s *session) startIdle() (idle *imapclient.IdleCommand, err error) {
	err = s.Do("idle", 0, func(c *imapclient.Client) (err error) {
		idle, err = c.Idle()
		return err
	})
	if link.Denied(err) {
		s.w.log.Warn("imap server refuses idle, polling only", "error", err)
		s.noIdle = true
		return nil, nil
	}
	return idle, err
}
