// Package rows reads and writes the rows of bbolt buckets. bbolt has checksums on its header pages only, so every value
// here carries a CRC-32C over its key and itself: a flipped bit, or a value under another key, is [store.ErrDamaged].
//
// It also fixes how keys are made: numbers and instants so that they order as bytes, words from outside only as hashes,
// so that no length and no byte of theirs matters.
package rows

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

// Put writes a value. A row of an index has none, only its checksum.
func Put(b *bbolt.Bucket, key, value []byte) error {
	return PutOwned(b, key, append(make([]byte, 0, len(value)+Spare), value...))
}

// Spare is the spare capacity with which a value spares [PutOwned] a copy.
const Spare = crc32.Size

// PutOwned is Put for a value whose slice, up to its capacity, belongs to the bucket from now on and need not be copied.
func PutOwned(b *bbolt.Bucket, key, value []byte) error {
	if err := b.Put(key, binary.BigEndian.AppendUint32(value, Checksum(key, value))); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	return nil
}

// Add is Put for a table whose rows nothing else accounts for: it counts them, in the bucket's sequence. A damaged page may hide rows
// without harming one.
func Add(b *bbolt.Bucket, key, value []byte) error {
	if err := counts(b, key); err != nil {
		return err
	}
	return Put(b, key, value)
}

// Restore is Add where the row may be one that was lost, or stands under a harmed key: it takes that one's place. The table is made anew then of the rows
// that can be read, since a harmed key is out of order and nobody finds it to delete it.
func Restore(in *bbolt.Bucket, table string, key, value []byte) error {
	b, sound := Table(in, table), map[string][]byte{}
	if Has(b, key) {
		return Put(b, key, value)
	}
	err := Walk(b, func(key, value []byte, damage error) error {
		if damage == nil {
			sound[string(key)] = bytes.Clone(value)
		}
		return nil
	})
	written := b.Sequence()
	if err != nil || uint64(len(sound)) >= written {
		return errors.Join(err, Add(b, key, value))
	}
	if b, err = Anew(in, table); err != nil {
		return err
	}
	sound[string(key)] = value
	for key, value := range sound {
		err = errors.Join(err, Put(b, []byte(key), value))
	}
	return errors.Join(err, b.SetSequence(written))
}

// Anew empties a table.
func Anew(in *bbolt.Bucket, table string) (b *bbolt.Bucket, err error) {
	if err = in.DeleteBucket([]byte(table)); err == nil {
		b, err = in.CreateBucket([]byte(table))
	}
	if err != nil {
		return nil, fmt.Errorf("empty table %s: %w", table, err)
	}
	return b, nil
}

func counts(b *bbolt.Bucket, key []byte) error {
	if Has(b, key) {
		return nil
	}
	if _, err := b.NextSequence(); err != nil {
		return fmt.Errorf("count a row: %w", err)
	}
	return nil
}

// Recount counts the rows of a table that were added when nobody counted.
func Recount(b *bbolt.Bucket) error {
	n, c := uint64(0), b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		n++
	}
	return b.SetSequence(n)
}

// Complete returns [store.ErrDamaged] when a table has fewer or more rows than were added to it.
func Complete(b *bbolt.Bucket, rows int) error {
	if n := b.Sequence(); n != uint64(rows) {
		return fmt.Errorf("%w: %d rows, %d were written", store.ErrDamaged, rows, n)
	}
	return nil
}

// Account reads every row of a table that should have no more than so many. row is called for each with what is wrong with it, and once more
// where there are others; its own error ends the walk.
func Account(b *bbolt.Bucket, want int, row func(damage error) error) error {
	n := 0
	err := Walk(b, func(_, _ []byte, damage error) error {
		if damage == nil {
			n++
		}
		return row(damage)
	})
	if err == nil && n > want {
		err = row(fmt.Errorf("%d rows, %d are accounted for", n, want))
	}
	return err
}

// Get returns the value of a key, nil when there is none. It is valid until the end of the transaction.
func Get(b *bbolt.Bucket, key []byte) ([]byte, error) {
	sealed := b.Get(key)
	if sealed == nil {
		return nil, nil
	}
	return unseal(key, sealed)
}

// Has reports whether there is a row, without reading its value.
func Has(b *bbolt.Bucket, key []byte) bool { return b.Get(key) != nil }

// Delete takes a row away; one that is not there is no error.
func Delete(b *bbolt.Bucket, key []byte) error {
	if err := b.Delete(key); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}

func unseal(key, sealed []byte) ([]byte, error) {
	n := len(sealed) - crc32.Size
	if n < 0 || binary.BigEndian.Uint32(sealed[n:]) != Checksum(key, sealed[:n]) {
		return nil, fmt.Errorf("%w: row %x does not match its checksum", store.ErrDamaged, key)
	}
	return sealed[:n:n], nil
}

// Checksum is the CRC-32C (RFC 3720, 12.1) of a key and its value.
func Checksum(key, value []byte) uint32 {
	castagnoli := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}

// Scan calls f for the rows of a bucket from a key on, while f returns true. It stops at the first damaged row.
func Scan(b *bbolt.Bucket, from []byte, f func(key, value []byte) (bool, error)) error {
	return ScanPast(b, from, func(key, value []byte, damage error) (bool, error) {
		if damage != nil {
			return false, damage
		}
		return f(key, value)
	})
}

// ScanPast is Scan for who goes on past damaged rows: f is told what is wrong with one.
func ScanPast(b *bbolt.Bucket, from []byte, f func(key, value []byte, damage error) (bool, error)) error {
	c := b.Cursor()
	for k, sealed := c.Seek(from); k != nil; k, sealed = c.Next() {
		v, damage := unseal(k, sealed)
		if more, err := f(k, v, damage); err != nil || !more {
			return err
		}
	}
	return nil
}

// ScanPrefix calls f with the numbers of the index rows that have a prefix, from a number on, while f returns true. A damaged row ends it that
// may be one of them; that of another beside them, alone among sound ones, does not.
func ScanPrefix(b *bbolt.Bucket, prefix []byte, from uint64, f func(uint64) (bool, error)) error {
	start := binary.BigEndian.AppendUint64(bytes.Clone(prefix), from)
	passed := false
	return ScanPast(b, start, func(key, _ []byte, damage error) (bool, error) {
		switch {
		case damage != nil && !passed && !alike(key, prefix):
			passed = true
			return true, nil
		case damage != nil:
			return false, damage
		case !bytes.HasPrefix(key, prefix):
			return false, nil
		}
		return f(Number(key))
	})
}

// alike reports whether a damaged key may have had a prefix: at least half of its bytes are those.
func alike(key, prefix []byte) bool {
	same := 0
	for i := range min(len(key), len(prefix)) {
		if key[i] == prefix[i] {
			same++
		}
	}
	return 2*same >= len(prefix)
}

// ScanBack is ScanPrefix from the highest number down to one.
func ScanBack(b *bbolt.Bucket, prefix []byte, to uint64, f func(uint64) (bool, error)) error {
	c := b.Cursor()
	last := binary.BigEndian.AppendUint64(bytes.Clone(prefix), math.MaxUint64)
	k, sealed := c.Seek(last)
	switch {
	case k == nil:
		k, sealed = c.Last()
	case !bytes.Equal(k, last):
		k, sealed = c.Prev()
	}
	for ; bytes.HasPrefix(k, prefix) && Number(k) >= to; k, sealed = c.Prev() {
		if _, err := unseal(k, sealed); err != nil {
			return err
		}
		if more, err := f(Number(k)); err != nil || !more {
			return err
		}
	}
	return nil
}

// Table returns a bucket in a bucket. One that is not there is a panic: a harmed page has hidden it, and datafile.Guard calls that damage.
func Table(in *bbolt.Bucket, name string) *bbolt.Bucket {
	b := in.Bucket([]byte(name))
	if b == nil {
		panic(fmt.Sprintf("there is no table %q", name))
	}
	return b
}

// Walk calls f for every row of a bucket with the row's damage, if any, and stops at an error of f.
func Walk(b *bbolt.Bucket, f func(key, value []byte, damage error) error) error {
	return ScanPast(b, nil, func(key, value []byte, damage error) (bool, error) { return true, f(key, value, damage) })
}

// Names calls f for every bucket in a bucket, and every row with what is wrong with it, if anything is.
func Names(b *bbolt.Bucket, f func(name []byte, bucket bool, damage error) error) error {
	c := b.Cursor()
	for k, sealed := c.First(); k != nil; k, sealed = c.Next() {
		var damage error
		if sealed != nil {
			_, damage = unseal(k, sealed)
		}
		if err := f(k, sealed == nil, damage); err != nil {
			return err
		}
	}
	return nil
}

// NumberKey encodes a number so that keys order as numbers do.
func NumberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// Number reads the last eight bytes of a key.
func Number(key []byte) uint64 { return binary.BigEndian.Uint64(key[len(key)-8:]) }

// AppendTime encodes an instant, in microseconds, so that keys order as instants do, before 1970 too.
func AppendTime(b []byte, t time.Time) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(t.UnixMicro())^1<<63)
}

// Time reads the instant at the start of a key.
func Time(key []byte) time.Time {
	return time.UnixMicro(int64(binary.BigEndian.Uint64(key) ^ 1<<63)).UTC()
}

// WordKey is the key of words from outside: their hash, so taken that the words cannot run into each other.
func WordKey(words ...string) []byte {
	h := sha256.New()
	for _, w := range words {
		h.Write(NumberKey(uint64(len(w))))
		h.Write([]byte(w))
	}
	return h.Sum(nil)
}
