package bolt

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
)

// Buckets of the file. Text from outside is hashed into keys: any bytes, any length, none of it in the layout.
const (
	bucketMeta    = "meta"    // "store" -> marker
	bucketRaw     = "raw"     // hash, chunk -> bytes
	bucketAttempt = "attempt" // hash -> count, kept
	bucketDesk    = "desk"    // name -> bucket of the desk
)

// Buckets of a desk. Rows of the last group are indexes and have no value.
const (
	tableLog      = "log"      // seq -> record
	tableTicket   = "ticket"   // number -> snapshot
	tableLetter   = "letter"   // hash of id -> row of the outbox
	tableBytes    = "bytes"    // hash of id, chunk -> bytes of a letter to staff
	tableCursor   = "cursor"   // hash of folder -> UIDVALIDITY, UID
	tableTally    = "tally"    // day -> counters
	tableOutbox   = "outbox"   // class, not before, seq, place -> hash of id
	tableSending  = "sending"  // the same, of those being sent
	tableOf       = "of"       // number, seq
	tableKey      = "key"      // hash of kind and value, number
	tableOpen     = "open"     // number
	tableDue      = "due"      // instant, number
	tableUpdated  = "updated"  // instant, number
	tableCustomer = "customer" // hash of address, number
)

func tables() []string {
	return []string{tableLog, tableTicket, tableLetter, tableBytes, tableCursor, tableTally, tableOutbox, tableSending,
		tableOf, tableKey, tableOpen, tableDue, tableUpdated, tableCustomer}
}

const maxDeskName = 1024 // bytes; bbolt allows 32 KiB

// sequentialFill packs pages of buckets whose keys only grow: half the file of bbolt's default.
const sequentialFill = 0.9

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// put writes a value with a checksum over key and value. An index row has only the checksum.
func put(b *bbolt.Bucket, key, value []byte) error {
	sealed := make([]byte, 0, len(value)+crc32.Size)
	sealed = binary.BigEndian.AppendUint32(append(sealed, value...), checksum(key, value))
	if err := b.Put(key, sealed); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	return nil
}

// get returns the value of a key, nil when there is none. It is valid until the end of the transaction.
func get(b *bbolt.Bucket, key []byte) ([]byte, error) {
	sealed := b.Get(key)
	if sealed == nil {
		return nil, nil
	}
	return unseal(key, sealed)
}

func unseal(key, sealed []byte) ([]byte, error) {
	n := len(sealed) - crc32.Size
	if n < 0 || binary.BigEndian.Uint32(sealed[n:]) != checksum(key, sealed[:n]) {
		return nil, fmt.Errorf("%w: row %x does not match its checksum", store.ErrDamaged, key)
	}
	return sealed[:n:n], nil
}

func checksum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli()), castagnoli(), value)
}

// scan calls f for the rows of a bucket from a key on, while f returns true.
func scan(b *bbolt.Bucket, from []byte, f func(key, value []byte) (bool, error)) error {
	c := b.Cursor()
	for k, sealed := c.Seek(from); k != nil; k, sealed = c.Next() {
		v, err := unseal(k, sealed)
		if err != nil {
			return err
		}
		if more, err := f(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}

func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// appendTime encodes an instant, in microseconds, so that keys order as instants do, before 1970 too.
func appendTime(b []byte, t time.Time) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(t.UnixMicro())^1<<63)
}

func timeOf(b []byte) time.Time {
	return time.UnixMicro(int64(binary.BigEndian.Uint64(b) ^ 1<<63)).UTC()
}

// number reads the last eight bytes of an index row.
func number(key []byte) uint64 { return binary.BigEndian.Uint64(key[len(key)-8:]) }

// textKey is the key of a word from outside; its parts cannot run into each other.
func textKey(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// desk is the part of the file that belongs to one desk.
type desk struct {
	name string
	root *bbolt.Bucket // nil: nothing was ever committed
}

func (d desk) table(name string) *bbolt.Bucket {
	b := d.root.Bucket([]byte(name))
	if b == nil {
		panic(fmt.Sprintf("desk %q has no table %q", d.name, name)) // becomes ErrDamaged in guard
	}
	if name == tableLog || name == tableOf || name == tableTicket {
		b.FillPercent = sequentialFill
	}
	return b
}

func findDesk(tx *bbolt.Tx, name string) desk {
	if name == "" {
		return desk{}
	}
	return desk{name: name, root: tx.Bucket([]byte(bucketDesk)).Bucket([]byte(name))}
}

// ensureDesk makes the tables of a desk with its first commit.
func ensureDesk(tx *bbolt.Tx, name string) (desk, error) {
	if d := findDesk(tx, name); d.root != nil {
		return d, nil
	}
	root, err := tx.Bucket([]byte(bucketDesk)).CreateBucket([]byte(name))
	if err != nil {
		return desk{}, fmt.Errorf("create desk %q: %w", name, err)
	}
	for _, table := range tables() {
		if _, err := root.CreateBucket([]byte(table)); err != nil {
			return desk{}, fmt.Errorf("create table %s of desk %q: %w", table, name, err)
		}
	}
	return desk{name: name, root: root}, nil
}

// desks returns the desk of that name, or all in order of name when it is empty.
func desks(tx *bbolt.Tx, name string) []desk {
	if name != "" {
		if d := findDesk(tx, name); d.root != nil {
			return []desk{d}
		}
		return nil
	}
	var all []desk
	b := tx.Bucket([]byte(bucketDesk))
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		all = append(all, desk{name: string(k), root: b.Bucket(k)})
	}
	return all
}

func writeIdentity(tx *bbolt.Tx, m marker) error {
	for _, name := range []string{bucketMeta, bucketRaw, bucketAttempt, bucketDesk} {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode identity: %w", err)
	}
	return put(tx.Bucket([]byte(bucketMeta)), []byte("store"), b)
}

func readIdentity(tx *bbolt.Tx) (m marker, err error) {
	b := tx.Bucket([]byte(bucketMeta))
	if b == nil {
		return m, fmt.Errorf("%w: this is not a database of replyby", store.ErrDamaged)
	}
	v, err := get(b, []byte("store"))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(v, &m); err != nil || m.ID == "" {
		return m, fmt.Errorf("%w: the identity of the database cannot be read", store.ErrDamaged)
	}
	return m, nil
}
