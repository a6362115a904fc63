package link

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// HeaderSize is how many octets of a header Bodies gives at most.
const HeaderSize = 256 << 10

const (
	entrySize  = 256     // octets a listing needs for one message, generously
	maxListing = 500_000 // messages in one listing; more is an attack
)

// Entry is one message in a listing.
type Entry struct {
	UID uint32
	// Size is RFC822.SIZE in octets.
	Size int64
	// Date is INTERNALDATE, in UTC.
	Date time.Time
	// Deleted says that it carries the flag \Deleted.
	Deleted bool
}

// List asks about messages of the open folder, about as many as expected, and
// returns those that exist by UID. Another client's change of flags can come in
// the place of an answer; such a message is asked for again.
func (l *Link) List(set imap.NumSet, expected int) ([]Entry, error) {
	var all []Entry
	for range 4 {
		got, partly, err := l.listOnce(set, expected)
		if err != nil {
			return nil, err
		}
		all = append(all, got...)
		if len(partly) == 0 {
			slices.SortFunc(all, func(a, b Entry) int { return cmp.Compare(a.UID, b.UID) })
			return all, nil
		}
		set = partly
	}
	return nil, fmt.Errorf("%w: list messages: no whole answer in four tries", ErrLost)
}

func (l *Link) listOnce(set imap.NumSet, expected int) (got []Entry, partly imap.UIDSet, err error) {
	options := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}
	err = l.fetch("list messages", set, options, int64(expected)*entrySize, func(msg *imapclient.FetchMessageData) error {
		if e, whole := readEntry(msg); whole {
			got = append(got, e)
		} else if e.UID != 0 {
			partly.AddNum(imap.UID(e.UID))
		}
		if len(got) > maxListing { // what the library has queued is still drained
			l.wire.cut(fmt.Errorf("listing over %d messages: %w", maxListing, errTooLong))
		}
		return nil
	})
	return got, partly, err
}

func readEntry(msg *imapclient.FetchMessageData) (e Entry, whole bool) {
	hasSize, hasDate := false, false
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			e.UID = uint32(item.UID)
		case imapclient.FetchItemDataFlags:
			e.Deleted = slices.Contains(item.Flags, imap.FlagDeleted)
		case imapclient.FetchItemDataInternalDate:
			e.Date, hasDate = item.Time.UTC(), true
		case imapclient.FetchItemDataRFC822Size:
			e.Size, hasSize = item.Size, true
		}
	}
	return e, e.UID != 0 && hasSize && hasDate
}

// fetch runs one FETCH and shows each message to take, which must not run a
// command. An error of take ends the connection, and the command is left alone
// then: the library would read on in a literal its own reader has given up.
func (l *Link) fetch(what string, set imap.NumSet, options *imap.FetchOptions, size int64, take func(*imapclient.FetchMessageData) error) error {
	return l.Do(what, size, func(c *imapclient.Client) error {
		cmd := c.Fetch(set, options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			if err := take(msg); err != nil {
				l.wire.cut(err)
				return err
			}
		}
		return cmd.Close()
	})
}

// Bodies fetches content by UID: all of it, or the header up to HeaderSize.
// Together they may have room octets, give or take. A message that is missing in the result
// was not given whole; nothing of a failed command is returned, for it may look
// whole and not be.
func (l *Link) Bodies(set imap.UIDSet, header bool, room int64) (map[uint32][]byte, error) {
	section := &imap.FetchItemBodySection{Peek: true}
	if header {
		section.Specifier = imap.PartSpecifierHeader
		section.Partial = &imap.SectionPartial{Size: HeaderSize}
	}
	options := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}
	got := map[uint32][]byte{}
	room += slack
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
