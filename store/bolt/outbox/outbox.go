// Package outbox keeps the letters of one desk that were decided and have not ended, in buckets of a bbolt file. The bytes
// of a letter to a customer are kept for good among the raw messages; those to staff carry tokens and go with their row.
package outbox

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/chunks"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Buckets within the bucket of a desk.
const (
	bucketLetter  = "letter"  // hash of id -> Letter
	bucketBytes   = "bytes"   // hash of id, chunk -> bytes of a letter to staff
	bucketReady   = "outbox"  // place -> hash of id
	bucketSending = "sending" // place -> hash of id, of those marked sending
)

// Buckets are the names of an outbox's buckets in that of a desk.
func Buckets() []string { return []string{bucketLetter, bucketBytes, bucketReady, bucketSending} }

// Create makes the buckets of an outbox in the bucket of a desk.
func Create(desk *bbolt.Bucket) error {
	for _, name := range Buckets() {
		if _, err := desk.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return nil
}

// Box is the outbox of a desk within one transaction.
type Box struct {
	desk                                string
	raw, letters, bytes, ready, sending *bbolt.Bucket
}

// Of returns the outbox in the bucket of a desk; raw is the bucket of raw messages, in chunks.
func Of(name string, desk, raw *bbolt.Bucket) Box {
	in := func(bucket string) *bbolt.Bucket { return desk.Bucket([]byte(bucket)) }
	return Box{desk: name, raw: raw, letters: in(bucketLetter), bytes: in(bucketBytes), ready: in(bucketReady), sending: in(bucketSending)}
}

// Letter is a row of the outbox.
type Letter struct {
	ticket.Letter
	Of      uint64 `json:"of"` // ticket
	Seq     uint64 `json:"seq"`
	Nth     uint32 `json:"nth"` // within the letters of its record
	Attempt int    `json:"attempt,omitempty"`
	Sending bool   `json:"sending,omitempty"`
}

// Classes of letters: the outbox is ordered by them before any instant.
const (
	urgentCustomer = byte(iota)
	customer
	urgentStaff
	staff
	classes
)

func (l Letter) class() byte {
	switch {
	case l.Customer && l.Urgent:
		return urgentCustomer
	case l.Customer:
		return customer
	case l.Urgent:
		return urgentStaff
	}
	return staff
}

// place is the key of a letter in the order of the outbox.
func (l Letter) place() []byte {
	k := binary.BigEndian.AppendUint64(rows.AppendTime([]byte{l.class()}, l.NotBefore), l.Seq)
	return binary.BigEndian.AppendUint32(k, l.Nth)
}

// Add puts the letters that events decided into the outbox. Each needs its bytes, and bytes without a letter are an error.
func (b Box) Add(born []Letter, given []store.Letter) error {
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
		if rows.Has(b.letters, rows.WordKey(l.ID)) {
			return fmt.Errorf("%w: letter %q is in the outbox already", store.ErrInvalid, l.ID)
		}
		in, key := b.bodyOf(l)
		if err := errors.Join(chunks.Put(in, key, body), b.put(l)); err != nil {
			return err
		}
	}
	return nil
}

// bodyOf says where the bytes of a letter are.
func (b Box) bodyOf(l Letter) (in *bbolt.Bucket, key []byte) {
	if l.Customer {
		return b.raw, l.Hash[:]
	}
	return b.bytes, rows.WordKey(l.ID)
}

// MarkSending marks a letter as being sent and counts an attempt. ErrConflict when it is not there any more.
func (b Box) MarkSending(id string) error {
	l, ok, err := b.take(id)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: letter %q is no longer in the outbox", store.ErrConflict, id)
	}
	l.Sending = true
	l.Attempt++
	return b.put(l)
}

// Drop takes a letter out of the outbox, if it is there, also one that cannot be read.
func (b Box) Drop(id string) error {
	l, ok, err := b.take(id)
	if store.Harmed(err) {
		return b.clear(rows.WordKey(id))
	}
	if err != nil || !ok || l.Customer {
		return err
	}
	return chunks.Delete(b.bodyOf(l))
}

// Holds reports whether a letter is in the outbox that one of these records of a ticket bears.
func (b Box) Holds(number uint64, record func(seq uint64) bool) (bool, error) {
	found := false
	err := rows.Scan(b.letters, nil, func(key, _ []byte) (bool, error) {
		l, _, err := b.get(key)
		found = found || l.Of == number && record(l.Seq)
		return !found, err
	})
	return found, err
}

// Retry moves a letter to a later instant and takes its mark away. ErrNotFound when it is not there any more.
func (b Box) Retry(id string, notBefore time.Time) error {
	l, ok, err := b.take(id)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("letter %q: %w", id, store.ErrNotFound)
	}
	l.NotBefore, l.Sending = notBefore, false
	return b.put(l)
}

// put writes a row and its places.
func (b Box) put(l Letter) error {
	v, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("%w: encode letter: %w", store.ErrInvalid, err)
	}
	key, place := rows.WordKey(l.ID), l.place()
	if err := errors.Join(rows.Put(b.letters, key, v), rows.Put(b.ready, place, key)); err != nil || !l.Sending {
		return err
	}
	return rows.Put(b.sending, place, key)
}

// take removes a row and its places and returns it; its bytes stay. The second result is false when there is none.
func (b Box) take(id string) (Letter, bool, error) {
	key := rows.WordKey(id)
	l, ok, err := b.get(key)
	if err != nil || !ok {
		return l, ok, err
	}
	place := l.place()
	return l, true, errors.Join(rows.Delete(b.letters, key), rows.Delete(b.ready, place), rows.Delete(b.sending, place))
}

// clear removes a row that cannot be read, and every place that leads to it: which they are the row does not tell any more.
func (b Box) clear(key []byte) error {
	failed := errors.Join(rows.Delete(b.letters, key), chunks.Delete(b.bytes, key))
	for _, in := range []*bbolt.Bucket{b.ready, b.sending} {
		var places [][]byte
		err := rows.Walk(in, func(place, to []byte, damage error) error {
			if damage == nil && bytes.Equal(to, key) {
				places = append(places, bytes.Clone(place))
			}
			return nil
		})
		failed = errors.Join(failed, err)
		for _, place := range places {
			failed = errors.Join(failed, rows.Delete(in, place))
		}
	}
	return failed
}

func (b Box) get(key []byte) (l Letter, ok bool, err error) {
	v, err := rows.Get(b.letters, key)
	if err != nil || v == nil {
		return l, false, err
	}
	if err := json.Unmarshal(v, &l); err != nil {
		return l, false, fmt.Errorf("%w: decode letter: %w", store.ErrDamaged, err)
	}
	return l, true, nil
}

// Ready returns letters that may be sent at an instant, and those marked sending, in the order of [store.Store]. A limit
// of zero is none. Those that cannot be read are left out; [store.ErrDamaged] comes beside the others.
func (b Box) Ready(at time.Time, limit int) ([]store.Letter, error) {
	var out []store.Letter
	var torn store.Damage
	size := 0
	take := func(key []byte, damage error) (bool, error) {
		if limit > 0 && (len(out) >= limit || size >= store.MostBytes) {
			return false, nil
		}
		if damage == nil {
			var l store.Letter
			if l, damage = b.withBytes(key); damage == nil {
				out, size = append(out, l), size+len(l.Bytes)
			}
		}
		return true, torn.Take(damage)
	}
	err := b.sendable(at, take)
	return out, cmp.Or(err, torn.Told())
}

// sendable calls take with the keys of letters class by class, while it returns true: those whose time has come, then those marked sending
// whose time has not. A place that is harmed has no key.
func (b Box) sendable(at time.Time, take func(key []byte, damage error) (bool, error)) error {
	collect := func(in *bbolt.Bucket, from, end []byte) error {
		return rows.ScanPast(in, from, func(place, key []byte, damage error) (bool, error) {
			if bytes.Compare(place, end) >= 0 {
				return false, nil
			}
			return take(key, damage)
		})
	}
	for class := range classes {
		until := rows.AppendTime([]byte{class}, at.Add(time.Microsecond))
		err := errors.Join(collect(b.ready, []byte{class}, until), collect(b.sending, until, []byte{class + 1}))
		if err != nil {
			return err
		}
	}
	return nil
}

func (b Box) withBytes(key []byte) (store.Letter, error) {
	l, ok, err := b.get(key)
	if err != nil {
		return store.Letter{}, err
	}
	if !ok {
		return store.Letter{}, fmt.Errorf("%w: the outbox names a letter that is not there", store.ErrDamaged)
	}
	body, err := b.body(l)
	if err != nil {
		return store.Letter{}, err
	}
	return store.Letter{Letter: l.Letter, Desk: b.desk, Ticket: l.Of, Bytes: body, Attempt: l.Attempt, Sending: l.Sending}, nil
}

// body returns the bytes of a letter, the same that were decided or ErrDamaged.
func (b Box) body(l Letter) ([]byte, error) {
	body, err := chunks.Get(b.bodyOf(l))
	if err == nil && (body == nil || ticket.Sum(body) != l.Hash) {
		err = fmt.Errorf("%w: letter %q does not have the bytes that were decided", store.ErrDamaged, l.ID)
	}
	return body, err
}
