// Package messages keeps raw messages by the hash of their bytes in two buckets of a bbolt file, shared by all desks, and counts how
// often somebody began to read each.
package messages

import (
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Buckets of the file.
const (
	bucketBytes   = "raw"     // hash, chunk -> bytes
	bucketAttempt = "attempt" // hash -> count, kept
)

// Create makes the buckets in a new file.
func Create(tx *bbolt.Tx) error {
	for _, name := range []string{bucketBytes, bucketAttempt} {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return nil
}

// Box is the messages within one transaction. Bytes holds them in chunks, for letters that are kept among them.
type Box struct {
	Bytes    *bbolt.Bucket
	attempts *bbolt.Bucket
}

// Of returns the messages of a file.
func Of(tx *bbolt.Tx) Box {
	return Box{Bytes: tx.Bucket([]byte(bucketBytes)), attempts: tx.Bucket([]byte(bucketAttempt))}
}

// Put keeps a message and counts one more attempt to read it; alone says that no other was put with it. The bytes of an erased one are
// not kept again.
func (b Box) Put(raw []byte, alone bool) (store.Raw, error) {
	hash := ticket.Sum(raw)
	a, err := b.attemptsAt(hash)
	if err != nil {
		return store.Raw{Hash: hash}, err
	}
	if !a.erased {
		if err := rows.PutChunks(b.Bytes, hash[:], raw); err != nil {
			return store.Raw{Hash: hash}, err
		}
	}
	a.count++
	if alone {
		a.alone++
	}
	return store.Raw{Hash: hash, Attempts: int(a.count), Alone: int(a.alone), Kept: a.kept}, rows.Put(b.attempts, hash[:], a.pack())
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
	return rows.Put(b.attempts, hash[:], attempts{kept: true, erased: a.erased}.pack())
}

// Forget takes away the bytes of a message for good.
func (b Box) Forget(hash ticket.Hash) error {
	if err := rows.DeleteChunks(b.Bytes, hash[:]); err != nil {
		return err
	}
	return rows.Put(b.attempts, hash[:], attempts{kept: true, erased: true}.pack())
}

// Get returns a copy of a message: [store.ErrNotFound], [store.ErrDamaged].
func (b Box) Get(hash ticket.Hash) ([]byte, error) {
	raw, err := rows.GetChunks(b.Bytes, hash[:])
	switch {
	case err != nil:
		return nil, err
	case raw == nil:
		return nil, store.ErrNotFound
	case ticket.Sum(raw) != hash:
		return nil, fmt.Errorf("%w: other bytes", store.ErrDamaged)
	}
	return raw, nil
}

// Check reports what is wrong: rows that do not match their checksum, messages that do not have their hash, counts that cannot be read.
// It calls each for every row, with the table it stands in and nil when the row is right, and stops when each returns an error.
func (b Box) Check(each func(table string, damage error) error) error {
	err := rows.Walk(b.Bytes, func(row, _ []byte, damage error) error {
		if key, i := rows.ChunkOf(row); i == 0 && damage == nil { // the others are read with their first chunk
			if _, damage = b.Get(ticket.Hash(key)); damage != nil {
				damage = fmt.Errorf("message %x: %w", key, damage)
			}
		}
		return each("raw", damage)
	})
	if err != nil {
		return err
	}
	return rows.Walk(b.attempts, func(_, v []byte, damage error) error {
		if damage == nil {
			_, damage = unpack(v)
		}
		return each("attempts", damage)
	})
}

// attempts is what is known of a raw message that was put.
type attempts struct {
	count, alone uint64
	kept         bool
	erased       bool // its bytes are never kept again
}

func (a attempts) pack() []byte {
	var p rows.Packer
	p.Uint(a.count)
	switch {
	case a.erased:
		p.Uint(2)
	case a.kept:
		p.Uint(1)
	default:
		p.Uint(0)
	}
	p.Uint(a.alone)
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
		a.kept, a.erased = mark > 0, mark > 1
	}
	if u.More() {
		a.alone = u.Uint()
	}
	return a, u.End("count of attempts")
}
