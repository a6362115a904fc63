package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/ticket"
)

// letter is a row of the outbox. Its bytes are Raw when they go to a customer, else they stand in a table of their own
// and go with the row.
type letter struct {
	ticket.Letter
	Of      uint64 `json:"of"` // ticket
	Seq     uint64 `json:"seq"`
	Place   uint32 `json:"place"` // within the letters of its record
	Attempt int    `json:"attempt,omitempty"`
	Sending bool   `json:"sending,omitempty"`
}

// class orders the outbox before any instant does: customers first, then urgent ones.
func (l letter) class() byte {
	switch {
	case l.Customer && l.Urgent:
		return 0
	case l.Customer:
		return 1
	case l.Urgent:
		return 2
	}
	return 3
}

const classes = 4

// place is the key of the letter in the outbox and sending indexes.
func (l letter) place() []byte {
	k := binary.BigEndian.AppendUint64(appendTime([]byte{l.class()}, l.NotBefore), l.Seq)
	return binary.BigEndian.AppendUint32(k, l.Place)
}

// bear puts the letters that a change's events decided into the outbox. Every one needs its bytes, and no bytes are left.
func (d desk) bear(tx *bbolt.Tx, born []letter, given []store.Letter) error {
	bodies := make(map[string][]byte, len(given))
	for _, l := range given {
		bodies[l.ID] = l.Bytes
	}
	if len(bodies) != len(born) || len(given) != len(born) {
		return fmt.Errorf("%w: events bear %d letters, bytes came for %d", store.ErrInvalid, len(born), len(given))
	}
	for _, l := range born {
		body, ok := bodies[l.ID]
		if !ok || l.ID == "" || !utf8.ValidString(l.ID) || ticket.Sum(body) != l.Hash {
			return fmt.Errorf("%w: letter %q without bytes of its hash", store.ErrInvalid, l.ID)
		}
		delete(bodies, l.ID)
		if d.table(tableLetter).Get(textKey(l.ID)) != nil {
			return fmt.Errorf("%w: letter %q is in the outbox already", store.ErrInvalid, l.ID)
		}
		if err := putChunks(bytesOf(tx, d, l), bytesKey(l), body); err != nil {
			return err
		}
		if err := d.putLetter(l); err != nil {
			return err
		}
	}
	return nil
}

func bytesOf(tx *bbolt.Tx, d desk, l letter) *bbolt.Bucket {
	if l.Customer {
		return tx.Bucket([]byte(bucketRaw))
	}
	return d.table(tableBytes)
}

func bytesKey(l letter) []byte {
	if l.Customer {
		return l.Hash[:]
	}
	return textKey(l.ID)
}

// letter returns a row of the outbox; the second result is false when it is not there.
func (d desk) letter(key []byte) (l letter, ok bool, err error) {
	v, err := get(d.table(tableLetter), key)
	if err != nil || v == nil {
		return l, false, err
	}
	if err := json.Unmarshal(v, &l); err != nil {
		return l, false, fmt.Errorf("%w: decode letter: %w", store.ErrDamaged, err)
	}
	return l, true, nil
}

// putLetter writes a row and its places in the indexes.
func (d desk) putLetter(l letter) error {
	v, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("%w: encode letter: %w", store.ErrInvalid, err)
	}
	key := textKey(l.ID)
	if err := put(d.table(tableLetter), key, v); err != nil {
		return err
	}
	if err := put(d.table(tableOutbox), l.place(), key); err != nil || !l.Sending {
		return err
	}
	return put(d.table(tableSending), l.place(), key)
}

// takeLetter removes a row and its places and returns it; its bytes stay.
func (d desk) takeLetter(id string) (letter, bool, error) {
	key := textKey(id)
	l, ok, err := d.letter(key)
	if err != nil || !ok {
		return l, ok, err
	}
	for _, r := range []row{{tableLetter, string(key)}, {tableOutbox, string(l.place())}, {tableSending, string(l.place())}} {
		if err := d.table(r.table).Delete([]byte(r.key)); err != nil {
			return l, true, fmt.Errorf("delete from %s: %w", r.table, err)
		}
	}
	return l, true, nil
}

func (d desk) markSending(id string) error {
	l, ok, err := d.takeLetter(id)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: letter %q is no longer in the outbox", store.ErrConflict, id)
	}
	l.Sending = true
	l.Attempt++
	return d.putLetter(l)
}

// dropLetter takes a letter out of the outbox. Bytes for a customer are kept for good.
func (d desk) dropLetter(id string) error {
	l, ok, err := d.takeLetter(id)
	if err != nil || !ok || l.Customer {
		return err
	}
	return deleteChunks(d.table(tableBytes), bytesKey(l))
}

// Retry implements [store.Store].
func (s *Store) Retry(ctx context.Context, desk, id string, notBefore time.Time) error {
	return s.write(ctx, func(tx *bbolt.Tx) error {
		d := findDesk(tx, desk)
		if d.root == nil {
			return fmt.Errorf("retry letter %q of desk %q: %w", id, desk, store.ErrNotFound)
		}
		l, ok, err := d.takeLetter(id)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("retry letter %q of desk %q: %w", id, desk, store.ErrNotFound)
		}
		l.NotBefore, l.Sending = notBefore, false
		return d.putLetter(l)
	})
}

// Outbox implements [store.Store]. A limit of zero is none.
func (s *Store) Outbox(ctx context.Context, desk string, at time.Time, limit int) ([]store.Letter, error) {
	var out []store.Letter
	err := s.read(ctx, func(tx *bbolt.Tx) error {
		d := findDesk(tx, desk)
		if d.root == nil {
			return nil
		}
		keys, err := d.sendable(at, limit)
		if err != nil {
			return err
		}
		for _, key := range keys {
			l, err := d.withBytes(tx, key)
			if err != nil {
				return err
			}
			out = append(out, l)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("outbox of desk %q: %w", desk, err)
	}
	return out, nil
}

// sendable returns the keys of letters that may be sent, class by class: those whose time has come, then those marked
// sending whose time has not. Nothing is decoded.
func (d desk) sendable(at time.Time, limit int) ([][]byte, error) {
	var keys [][]byte
	collect := func(table string, from, end []byte) error {
		return scan(d.table(table), from, func(place, key []byte) (bool, error) {
			if full(len(keys), limit) || bytes.Compare(place, end) >= 0 {
				return false, nil
			}
			keys = append(keys, key)
			return true, nil
		})
	}
	for class := byte(0); class < classes; class++ {
		until := appendTime([]byte{class}, at.Add(time.Microsecond))
		if err := collect(tableOutbox, []byte{class}, until); err != nil {
			return nil, err
		}
		if err := collect(tableSending, until, []byte{class + 1}); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func full(n, limit int) bool { return limit > 0 && n >= limit }

func (d desk) withBytes(tx *bbolt.Tx, key []byte) (store.Letter, error) {
	l, ok, err := d.letter(key)
	if err != nil {
		return store.Letter{}, err
	}
	if !ok {
		return store.Letter{}, fmt.Errorf("%w: outbox names a letter that is not there", store.ErrDamaged)
	}
	body, err := getChunks(bytesOf(tx, d, l), bytesKey(l))
	if err != nil {
		return store.Letter{}, err
	}
	if body == nil || ticket.Sum(body) != l.Hash {
		return store.Letter{}, fmt.Errorf("%w: letter %q has other bytes than were decided", store.ErrDamaged, l.ID)
	}
	return store.Letter{Letter: l.Letter, Desk: d.name, Ticket: l.Of, Bytes: body, Attempt: l.Attempt, Sending: l.Sending}, nil
}
