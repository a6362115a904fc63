// Package messages keeps raw messages by the hash of their bytes in buckets of a bbolt file, shared by all desks, and counts how often
// somebody began to read each.
//
// The bytes stand in the order in which they came, and a small row for each hash says where: under their hashes they would land
// anywhere among the others, and each commit would write those around them again.
package messages

import (
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/chunks"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Buckets of the file.
const (
	bucketMail    = "mail"    // place, chunk -> bytes of a message
	bucketAttempt = "attempt" // hash -> count, kept, place
	bucketBytes   = "raw"     // hash, chunk -> bytes of a letter
)

// Create makes the buckets in a new file, and what an older one lacks.
func Create(tx *bbolt.Tx) error {
	for _, name := range []string{bucketMail, bucketAttempt, bucketBytes} {
		b, err := tx.CreateBucketIfNotExists([]byte(name))
		if err == nil {
			err = rows.Recount(b)
		}
		if err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return nil
}

// Box is the messages within one transaction. Bytes holds, in chunks by hash, the letters that are kept among them.
type Box struct {
	Bytes    *bbolt.Bucket
	mails    *bbolt.Bucket
	attempts *bbolt.Bucket
}

// fill packs the pages of messages, whose keys only grow.
const fill = 0.9

// Of returns the messages of a file.
func Of(tx *bbolt.Tx) Box {
	b := Box{Bytes: tx.Bucket([]byte(bucketBytes)), mails: tx.Bucket([]byte(bucketMail)), attempts: tx.Bucket([]byte(bucketAttempt))}
	b.mails.FillPercent = fill
	return b
}

// Put keeps a message, whose hash is that of its bytes, and counts one more attempt to read it; alone says that no other was put with it.
// The bytes of an erased one are not kept again.
func (b Box) Put(hash ticket.Hash, raw []byte, alone bool) (store.Raw, error) {
	a, err := b.attemptsAt(hash)
	if err == nil && a.lacking() {
		a = b.placed(a)
		err = chunks.Put(b.mails, rows.NumberKey(a.place), raw)
	}
	if err != nil {
		return store.Raw{Hash: hash}, err
	}
	a.partial = false
	a.count++
	if alone {
		a.alone++
	}
	return store.Raw{Hash: hash, Attempts: int(a.count), Alone: int(a.alone), Kept: a.kept}, rows.Add(b.attempts, hash[:], a.pack())
}

// PutPart writes the chunks of a long message between two octets, before the Put that completes it. Until then the message is not there; whoever
// puts it again goes on from where this ended.
func (b Box) PutPart(hash ticket.Hash, raw []byte, from, to int) error {
	a, err := b.attemptsAt(hash)
	if err != nil || !a.lacking() || a.kept { // the first layout keeps its bytes elsewhere, and whole
		return err
	}
	if a.place == 0 {
		a = b.placed(a)
		a.partial = true
		if err := rows.Add(b.attempts, hash[:], a.pack()); err != nil {
			return err
		}
	}
	return chunks.PutPart(b.mails, rows.NumberKey(a.place), raw, from, to)
}

// placed assigns a message the place after all others, unless it has one.
func (b Box) placed(a attempts) attempts {
	if a.place == 0 {
		a.place = b.last() + 1
	}
	return a
}

// last is the place of the last message, 0 if there is none. (bbolt's own sequence has no checksum: one that fell back would lead into
// places that are taken.)
func (b Box) last() uint64 {
	row, _ := b.mails.Cursor().Last()
	if row == nil {
		return 0
	}
	key, _ := chunks.Of(row)
	return rows.Number(key)
}

func (b Box) attemptsAt(hash ticket.Hash) (attempts, error) {
	v, err := rows.Get(b.attempts, hash[:])
	if err != nil {
		return attempts{}, err
	}
	return unpack(v)
}

// Keep ends the counting of attempts for a message that was dealt with.
func (b Box) Keep(hash ticket.Hash) error {
	a, err := b.attemptsAt(hash)
	if err != nil {
		return err
	}
	return rows.Add(b.attempts, hash[:], attempts{kept: true, erased: a.erased, place: a.place}.pack())
}

// Forget takes away the bytes of a message or a letter for good.
func (b Box) Forget(hash ticket.Hash) error {
	a, err := b.attemptsAt(hash)
	if err != nil {
		return err
	}
	err = errors.Join(chunks.Delete(b.mails, rows.NumberKey(a.place)), chunks.Delete(b.Bytes, hash[:]))
	if err != nil {
		return err
	}
	return rows.Add(b.attempts, hash[:], attempts{kept: true, erased: true}.pack())
}

// Kept lists some of the messages that were dealt with and not forgotten, in order of hash, those after one.
func (b Box) Kept(after ticket.Hash, most int) (some []ticket.Hash, err error) {
	err = rows.Scan(b.attempts, after[:], func(key, v []byte) (bool, error) {
		a, err := unpack(v)
		if a.kept && !a.erased && ticket.Hash(key) != after {
			some = append(some, ticket.Hash(key))
		}
		return len(some) < most, err
	})
	return some, err
}

// Get returns a copy of a message or a letter: [store.ErrNotFound], [store.ErrDamaged].
func (b Box) Get(hash ticket.Hash) ([]byte, error) {
	a, err := b.attemptsAt(hash)
	if err != nil {
		return nil, err
	}
	if a.partial {
		return nil, store.ErrNotFound
	}
	in, key := b.Bytes, hash[:]
	if a.place > 0 {
		in, key = b.mails, rows.NumberKey(a.place)
	}
	raw, err := chunks.Get(in, key)
	switch {
	case err != nil:
		return nil, err
	case raw == nil && a.place > 0:
		return nil, fmt.Errorf("%w: its bytes are not there", store.ErrDamaged)
	case raw == nil:
		return nil, store.ErrNotFound
	case ticket.Sum(raw) != hash:
		return nil, fmt.Errorf("%w: other bytes", store.ErrDamaged)
	}
	return raw, nil
}

// Count is how many rows Check will tell of, roughly.
func (b Box) Count() int { return 2 * int(b.last()) }

// Check reports what is wrong: rows that do not match their checksum, messages and letters that do not have their hash, bytes of no
// message, counts that cannot be read. It calls each for every row, with the table it stands in and nil when the row is right, and stops
// when each returns an error.
func (b Box) Check(each func(table string, damage error) error) error {
	letters, counts := 0, 0
	err := rows.Walk(b.Bytes, func(row, _ []byte, damage error) error {
		letters++
		if key, i := chunks.Of(row); i == 0 && damage == nil { // the others are read with their first chunk
			damage = b.sound(b.Bytes, key, ticket.Hash(key))
		}
		return each("raw", damage)
	})
	if err != nil {
		return err
	}
	named := map[uint64]bool{}
	err = rows.Walk(b.attempts, func(key, v []byte, damage error) error {
		counts++
		var a attempts
		if damage == nil {
			a, damage = unpack(v)
		}
		if a.place > 0 && damage == nil {
			named[a.place] = true
		}
		if a.place > 0 && damage == nil && !a.partial {
			damage = b.sound(b.mails, rows.NumberKey(a.place), ticket.Hash(key))
		}
		return each("attempts", damage)
	})
	if err != nil {
		return err
	}
	if err := errors.Join(each("raw", rows.Complete(b.Bytes, letters)), each("attempts", rows.Complete(b.attempts, counts))); err != nil {
		return err
	}
	return rows.Walk(b.mails, func(row, _ []byte, damage error) error {
		if key, _ := chunks.Of(row); damage == nil && !named[rows.Number(key)] {
			damage = fmt.Errorf("%w: bytes at %d of a message that nothing names", store.ErrDamaged, rows.Number(key))
		}
		return each("raw", damage)
	})
}

// sound says what is wrong with the bytes under a key.
func (b Box) sound(in *bbolt.Bucket, key []byte, hash ticket.Hash) error {
	raw, err := chunks.Get(in, key)
	if err == nil && (raw == nil || ticket.Sum(raw) != hash) {
		err = fmt.Errorf("%w: other bytes", store.ErrDamaged)
	}
	if err != nil {
		return fmt.Errorf("message %s: %w", hash, err)
	}
	return nil
}

// attempts is what is known of a raw message that was put.
type attempts struct {
	count, alone uint64
	kept         bool
	erased       bool   // its bytes are never kept again
	place        uint64 // of its bytes, 0 for none
	partial      bool   // not all of them are there
}

// lacking reports whether bytes of it are still to be kept.
func (a attempts) lacking() bool { return !a.erased && (a.place == 0 || a.partial) }

func (a attempts) pack() []byte {
	var p rows.Packer
	p.Uint(a.count)
	switch {
	case a.partial:
		p.Uint(3)
	case a.erased:
		p.Uint(2)
	case a.kept:
		p.Uint(1)
	default:
		p.Uint(0)
	}
	p.Uint(a.alone)
	p.Uint(a.place)
	return p
}

func unpack(b []byte) (attempts, error) {
	if b == nil {
		return attempts{}, nil
	}
	u := rows.Unpack(b)
	a := attempts{count: u.Uint()}
	if u.More() { // the first rows ended here
		mark := u.Uint()
		a.kept, a.erased, a.partial = mark == 1 || mark == 2, mark == 2, mark == 3
	}
	if u.More() {
		a.alone = u.Uint()
	}
	if u.More() {
		a.place = u.Uint()
	}
	return a, u.End("count of attempts")
}
