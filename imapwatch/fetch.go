package imapwatch

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	headerSize = 256 << 10 // octets read of the header of a mail that is cut
	entrySize  = 256       // octets a listing needs for one message, generously
	maxListing = 500_000   // messages in one listing; more is an attack
)

// entry is one message in a listing.
type entry struct {
	uid     uint32
	size    int64 // RFC822.SIZE
	date    time.Time
	deleted bool
	// complete is false where another client's change of flags came in the
	// place of the answer: then only uid and flags are known.
	complete bool
	// seen is the length of the last whole body got, 0 before.
	seen int64
}

// list asks for everything about messages except their content. What arrives
// incomplete is asked for again.
func (l *link) list(set imap.NumSet, expected int) ([]entry, error) {
	var all []entry
	for range 4 {
		got, err := l.listOnce(set, expected)
		if err != nil {
			return nil, err
		}
		var partly []entry
		for _, e := range got {
			if e.complete {
				all = append(all, e)
			} else {
				partly = append(partly, e)
			}
		}
		if len(partly) == 0 {
			slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.uid, b.uid) })
			return all, nil
		}
		set = uids(partly)
	}
	return nil, fmt.Errorf("%w: list messages: no whole answer in four tries", ErrLost)
}

func (l *link) listOnce(set imap.NumSet, expected int) ([]entry, error) {
	var got []entry
	options := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}
	err := l.fetch("list messages", set, options, int64(expected)*entrySize, func(msg *imapclient.FetchMessageData) error {
		if e := readEntry(msg); e.uid != 0 {
			got = append(got, e)
		}
		if len(got) > maxListing { // what the library has queued is still drained
			l.wire.cut(fmt.Errorf("listing over %d messages: %w", maxListing, errTooLong))
		}
		return nil
	})
	return got, err
}

func readEntry(msg *imapclient.FetchMessageData) entry {
	var e entry
	hasSize, hasDate := false, false
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			e.uid = uint32(item.UID)
		case imapclient.FetchItemDataFlags:
			e.deleted = slices.Contains(item.Flags, imap.FlagDeleted)
		case imapclient.FetchItemDataInternalDate:
			e.date, hasDate = item.Time, true
		case imapclient.FetchItemDataRFC822Size:
			e.size, hasSize = item.Size, true
		}
	}
	e.complete = hasSize && hasDate
	return e
}

// fetch runs one FETCH and shows each message to take, which must not run a
// command. An error of take ends the connection, and the command is left alone
// then: the library would read on in a literal its own reader has given up.
func (l *link) fetch(what string, set imap.NumSet, options *imap.FetchOptions, size int64, take func(*imapclient.FetchMessageData) error) error {
	return l.do(what, size, func() error {
		cmd := l.client.Fetch(set, options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			if err := take(msg); err != nil {
				l.wire.cut(err)
				return err
			}
		}
		return cmd.Close()
	})
}

// bodies fetches content by UID: all of it, or the header up to headerSize.
// Together they may have room octets. A message that is missing in the result
// was not given whole; nothing of a failed command is returned, for it may look
// whole and not be.
func (l *link) bodies(set imap.UIDSet, header bool, room int64) (map[uint32][]byte, error) {
	section := &imap.FetchItemBodySection{Peek: true}
	if header {
		section.Specifier = imap.PartSpecifierHeader
		section.Partial = &imap.SectionPartial{Size: headerSize}
	}
	options := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}
	got := map[uint32][]byte{}
	err := l.fetch("read messages", set, options, room, func(msg *imapclient.FetchMessageData) error {
		uid, body, err := readBody(msg, room)
		if uid != 0 && body != nil {
			got[uid] = body
			room -= int64(len(body))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return got, nil
}

// readBody reads the content of one message unless it is longer than room, and
// fails when it ends before every octet came that was announced.
func readBody(msg *imapclient.FetchMessageData, room int64) (uid uint32, body []byte, err error) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil || item.Literal.Size() > room {
				continue
			}
			body = make([]byte, item.Literal.Size())
			if _, err := io.ReadFull(item.Literal, body); err != nil {
				return 0, nil, fmt.Errorf("%w: in the middle of a mail: %w", ErrLost, err)
			}
		}
	}
	return uid, body, nil
}
