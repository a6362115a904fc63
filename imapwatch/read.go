package imapwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"replyby/imapwatch/link"
)

const (
	listWidth  = 1000    // UIDs in the first window of a listing
	groupMails = 125     // mails fetched and handed over together
	groupSize  = 4 << 20 // octets of them, unless one alone has more
)

// catchUp hands over what the open folder has beyond its cursor. Fetching goes
// on while the inbox stores what came before.
func (s *session) catchUp(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.courier.settle(s)) }()
	if err := s.courier.settle(s); err != nil { // a cursor from opening the folder
		return err
	}
	position, width := s.cursors[s.open.name].UID, uint32(listWidth)
	for open := false; !open; {
		var set imap.UIDSet
		set, open = s.window(position, width)
		entries, err := s.List(set, listWidth)
		if err != nil {
			return err
		}
		position, width = advance(position, set, entries), adapt(width, len(entries))
		if err := s.handOver(ctx, entries); err != nil {
			return err
		}
	}
	return s.finish(ctx, position)
}

// finish moves the cursor over what was not handed over at the end: gone, or
// older than Since.
func (s *session) finish(ctx context.Context, position uint32) error {
	err := s.courier.settle(s)
	if err == nil && (s.cursors[s.open.name].UID < position || !s.open.before.IsZero()) {
		err = s.moveTo(ctx, position)
	}
	s.open.reason, s.open.from, s.open.before = NewMail, time.Time{}, time.Time{}
	return err
}

// window is the next stretch of UIDs to list. The last one is open: it ends
// where the folder ends by now. (Asked for n:*, a server shows its last message
// even when that is before n, RFC 9051, 6.4.5; the library drops what lies
// outside the set.)
func (s *session) window(position, width uint32) (set imap.UIDSet, open bool) {
	first := min(uint64(position)+1, math.MaxUint32)
	if first >= uint64(s.open.next) {
		return imap.UIDSet{{Start: imap.UID(first)}}, true
	}
	last := min(uint64(position)+uint64(width), uint64(s.open.next-1))
	return imap.UIDSet{{Start: imap.UID(first), Stop: imap.UID(last)}}, false
}

// advance is the position behind a listing: the end of a closed window, the
// last message of an open one.
func advance(position uint32, set imap.UIDSet, entries []link.Entry) uint32 {
	if stop := uint32(set[0].Stop); stop != 0 {
		return stop
	}
	if len(entries) > 0 {
		return entries[len(entries)-1].UID
	}
	return position
}

// adapt widens windows where UIDs are sparse and narrows them again.
func adapt(width uint32, found int) uint32 {
	if found < listWidth/4 {
		return min(width*4, 1<<20)
	}
	if found > listWidth {
		return max(width/2, listWidth)
	}
	return width
}

// handOver fetches entries in groups and gives them to the courier.
func (s *session) handOver(ctx context.Context, entries []link.Entry) error {
	for entries = s.wanted(entries); len(entries) > 0; {
		n, h := s.group(entries)
		batch, err := s.collect(entries[:n], h)
		if err != nil {
			if ctx.Err() == nil && !link.Throttled(err) {
				s.w.suspect(s.open, entries[:n])
			}
			return err
		}
		if err := s.courier.hand(ctx, s, batch); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

// wanted drops what is older than Since, and at first contact what is older than
// the reader.
func (s *session) wanted(entries []link.Entry) []link.Entry {
	_, from, _ := s.cfg.since() // Check has read it
	if s.open.from.After(from) {
		from = s.open.from
	}
	return slices.DeleteFunc(entries, func(e link.Entry) bool {
		old := e.Date.Before(from)
		if old && !s.open.before.IsZero() && e.Date.After(s.open.before) {
			s.open.before = e.Date
		}
		return old
	})
}

// how much of a mail is read.
type how int

const (
	whole  how = iota
	header     // it is too large
	rescue     // the server broke off on the whole: its header
	husk       // it broke off on the header too: nothing
)

// group says how many of the first entries are fetched together, and how.
func (s *session) group(entries []link.Entry) (n int, h how) {
	d := s.w.doubt(s.open)
	size := int64(0)
	for n < len(entries) && n < groupMails {
		e := entries[n]
		next := d.verdict(e, s.cfg.MaxSize)
		if n > 0 && (next != h || entries[0].UID <= d.upTo || size+e.Size > groupSize && h == whole) {
			break
		}
		h, size, n = next, size+e.Size, n+1
	}
	return n, h
}

// collect fetches one group and makes a batch of it.
func (s *session) collect(group []link.Entry, h how) (Batch, error) {
	b := Batch{
		Folder: s.open.name,
		Cursor: Cursor{UIDValidity: s.open.validity, UID: group[len(group)-1].UID},
		Reason: s.open.reason,
	}
	var todo []link.Entry
	for _, e := range group {
		if e.Deleted {
			b.Skipped = append(b.Skipped, Skipped{e.UID, "deleted"})
		} else {
			todo = append(todo, e)
		}
	}
	err := s.readInto(&b, todo, h)
	slices.SortFunc(b.Mails, func(a, b Mail) int { return cmp.Compare(a.UID, b.UID) })
	slices.SortFunc(b.Skipped, func(a, b Skipped) int { return cmp.Compare(a.UID, b.UID) })
	return b, err
}

// readInto adds the messages of todo to the batch, each exactly once: as mail,
// or as skipped when it is not there any more. A message that the server shows
// in listings but does not give, try after try, is read less of. Some servers
// only estimate RFC822.SIZE: two whole bodies of one length agree as well.
func (s *session) readInto(b *Batch, todo []link.Entry, h how) error {
	before := map[uint32]int{}
	for try := 0; len(todo) > 0 && h < husk && try < 3; try++ {
		bodies, err := s.Bodies(uids(todo), h != whole, s.room(todo, h, try))
		if err != nil {
			return err
		}
		var left []link.Entry
		for _, e := range todo {
			body, ok := bodies[e.UID]
			if ok && (h != whole || agrees(len(body), e, before)) {
				b.Mails = append(b.Mails, s.mail(e, body, h))
			} else {
				left = append(left, e)
			}
		}
		if todo, err = s.recheck(b, left); err != nil {
			return err
		}
	}
	if len(todo) == 0 {
		return nil
	}
	if h < rescue {
		return s.readInto(b, todo, rescue)
	}
	for _, e := range todo {
		b.Mails = append(b.Mails, s.mail(e, nil, husk))
	}
	return nil
}

// agrees reports whether a body of n octets is as long as its mail, and keeps n
// in before by UID for another try.
func agrees(n int, e link.Entry, before map[uint32]int) bool {
	last := before[e.UID]
	before[e.UID] = n
	return int64(n) == e.Size || n > 0 && n == last
}

// room is how many octets an answer may bring: what the listing said, and in a
// second try what the largest mail may have.
func (s *session) room(todo []link.Entry, h how, try int) int64 {
	if h != whole {
		return int64(len(todo)) * link.HeaderSize
	}
	sum := int64(0)
	for _, e := range todo {
		sum += e.Size
	}
	if try > 0 {
		sum = max(sum, s.cfg.MaxSize)
	}
	return sum
}

func (s *session) mail(e link.Entry, raw []byte, h how) Mail {
	m := Mail{
		Folder: s.open.name, UIDValidity: s.open.validity, UID: e.UID,
		InternalDate: e.Date, Size: e.Size, Raw: raw, Cut: h != whole,
	}
	switch h {
	case header:
		m.Why = "size"
	case rescue, husk:
		m.Why = "unreadable"
		s.w.log.Warn("imap server does not give a mail whole", "folder", m.Folder, "uid", m.UID, "size", m.Size)
	}
	return m
}

// recheck lists messages that were not given: what is gone is noted in the
// batch, what is still there comes back to be tried again.
func (s *session) recheck(b *Batch, left []link.Entry) ([]link.Entry, error) {
	if len(left) == 0 {
		return nil, nil
	}
	now, err := s.List(uids(left), len(left))
	if err != nil {
		return nil, fmt.Errorf("look again: %w", err)
	}
	var again []link.Entry
	for _, e := range left {
		i, found := slices.BinarySearchFunc(now, e.UID, func(n link.Entry, uid uint32) int { return cmp.Compare(n.UID, uid) })
		switch {
		case !found:
			b.Skipped = append(b.Skipped, Skipped{e.UID, "expunged"})
		case now[i].Deleted:
			b.Skipped = append(b.Skipped, Skipped{e.UID, "deleted"})
		default:
			e.Size = now[i].Size
			again = append(again, e)
		}
	}
	return again, nil
}

func uids(entries []link.Entry) imap.UIDSet {
	var set imap.UIDSet
	for _, e := range entries {
		set.AddNum(imap.UID(e.UID))
	}
	return set
}
