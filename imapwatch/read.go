package imapwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/emersion/go-imap/v2"
)

const (
	listWidth  = 1000    // UIDs in the first window of a listing
	groupMails = 100     // mails fetched and handed over together
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
		entries, err := s.list(set, listWidth)
		if err != nil {
			return err
		}
		entries = after(entries, position)
		position, width = advance(position, set, entries), adapt(width, len(entries))
		if err := s.handOver(ctx, entries); err != nil {
			return err
		}
	}
	if err := s.courier.settle(s); err != nil {
		return err
	}
	if s.cursors[s.open.name].UID < position && position > 0 { // what Since leaves out
		if err := s.moveTo(ctx, position); err != nil {
			return err
		}
	}
	s.open.reason = NewMail
	return nil
}

// window is the next stretch of UIDs to list. The last one is open: it ends
// where the folder ends by now.
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
func advance(position uint32, set imap.UIDSet, entries []entry) uint32 {
	if stop := uint32(set[0].Stop); stop != 0 {
		return stop
	}
	if len(entries) > 0 {
		return entries[len(entries)-1].uid
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

// after drops what is not beyond position: asked for n:*, a server shows its
// last message even when that is before n (RFC 9051, 6.4.5).
func after(entries []entry, position uint32) []entry {
	return slices.DeleteFunc(entries, func(e entry) bool { return e.uid <= position })
}

// handOver fetches entries in groups and gives them to the courier.
func (s *session) handOver(ctx context.Context, entries []entry) error {
	if _, from, _ := s.cfg.since(); !from.IsZero() {
		entries = slices.DeleteFunc(entries, func(e entry) bool { return e.date.Before(from) })
	}
	for len(entries) > 0 {
		n, how := s.group(entries)
		batch, err := s.collect(entries[:n], how)
		if err != nil {
			if ctx.Err() == nil && !throttled(err) {
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

// how much of a mail is read.
type how int

const (
	whole  how = iota
	header     // it is too large
	rescue     // the server broke off on the whole: its header
	husk       // it broke off on the header too: nothing
)

// group says how many of the first entries are fetched together, and how.
func (s *session) group(entries []entry) (n int, h how) {
	d := s.w.doubt(s.open)
	size := int64(0)
	for n < len(entries) && n < groupMails {
		e := entries[n]
		next := d.verdict(e.uid)
		if next == whole && e.size > s.cfg.MaxSize {
			next = header
		}
		if n > 0 && (next != h || entries[0].uid <= d.upTo || size+e.size > groupSize && h == whole) {
			break
		}
		h, size, n = next, size+e.size, n+1
	}
	return n, h
}

// collect fetches one group and makes a batch of it.
func (s *session) collect(group []entry, h how) (Batch, error) {
	b := Batch{
		Folder: s.open.name,
		Cursor: Cursor{UIDValidity: s.open.validity, UID: group[len(group)-1].uid},
		Reason: s.open.reason,
	}
	var todo []entry
	for _, e := range group {
		if e.deleted {
			b.Skipped = append(b.Skipped, Skipped{e.uid, "deleted"})
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
// in listings but does not give, try after try, is read less of.
func (s *session) readInto(b *Batch, todo []entry, h how) error {
	for try := 0; len(todo) > 0 && h < husk && try < 3; try++ {
		bodies, err := s.bodies(uids(todo), h != whole, s.room(todo, h, try))
		if err != nil {
			return err
		}
		var left []entry
		for _, e := range todo {
			body, ok := bodies[e.uid]
			if ok && (h != whole || e.agrees(len(body))) {
				b.Mails = append(b.Mails, s.mail(e, body, h))
				continue
			}
			e.seen = int64(len(body))
			left = append(left, e)
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

// agrees reports whether n octets are the whole mail: as many as its
// RFC822.SIZE, or, since some servers only estimate that, as many as last time.
func (e entry) agrees(n int) bool { return int64(n) == e.size || e.seen > 0 && int64(n) == e.seen }

// room is how many octets an answer may bring: a little more than the listing
// said, and in a second try what the largest mail may have.
func (s *session) room(todo []entry, h how, try int) int64 {
	if h != whole {
		return int64(len(todo)) * (headerSize + slack)
	}
	sum := int64(slack)
	for _, e := range todo {
		sum += e.size
	}
	if try > 0 {
		sum = max(sum, s.cfg.MaxSize+slack)
	}
	return sum
}

func (s *session) mail(e entry, raw []byte, h how) Mail {
	m := Mail{
		Folder: s.open.name, UIDValidity: s.open.validity, UID: e.uid,
		InternalDate: e.date, Size: e.size, Raw: raw, Cut: h != whole,
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
func (s *session) recheck(b *Batch, left []entry) ([]entry, error) {
	if len(left) == 0 {
		return nil, nil
	}
	now, err := s.list(uids(left), len(left))
	if err != nil {
		return nil, fmt.Errorf("look again: %w", err)
	}
	var again []entry
	for _, e := range left {
		i, found := slices.BinarySearchFunc(now, e.uid, func(n entry, uid uint32) int { return cmp.Compare(n.uid, uid) })
		switch {
		case !found:
			b.Skipped = append(b.Skipped, Skipped{e.uid, "expunged"})
		case now[i].deleted:
			b.Skipped = append(b.Skipped, Skipped{e.uid, "deleted"})
		default:
			e.size = now[i].size
			again = append(again, e)
		}
	}
	return again, nil
}

func uids(entries []entry) imap.UIDSet {
	var set imap.UIDSet
	for _, e := range entries {
		set.AddNum(imap.UID(e.uid))
	}
	return set
}
