package bolt

import (
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/messages"
	"replyby/store/bolt/outbox"
	"replyby/store/bolt/rows"
)

// bucketDesk holds a bucket for each desk, by name; beside it are those of the messages.
const bucketDesk = "desk"

// Buckets of a desk, beside those of its outbox and the rows "head" and "fold". The last group are indexes, without values but for one.
const (
	tableLog      = "log"      // seq -> record
	tableTicket   = "ticket"   // number -> snapshot
	tableCursor   = "cursor"   // hash of folder -> UIDVALIDITY, UID
	tableTally    = "tally"    // day -> counters
	tableOf       = "of"       // number, seq
	tableKey      = "key"      // hash of kind and value, number
	tableOpen     = "open"     // number -> assignee, next target
	tableDue      = "due"      // instant, number
	tableUpdated  = "updated"  // instant, number
	tableCustomer = "customer" // hash of address, number
)

func tables() []string {
	return []string{tableLog, tableTicket, tableCursor, tableTally, tableOf, tableKey, tableOpen, tableDue, tableUpdated, tableCustomer}
}

// indexes are the tables that follow from the tickets.
func indexes() []string { return []string{tableOpen, tableDue, tableUpdated, tableCustomer} }

const maxDeskName = 1024 // bytes; the name is a key of bbolt, which allows 32 KiB

// sequentialFill packs pages of buckets whose keys only grow: half the file of bbolt's default.
const sequentialFill = 0.9

// layout makes the buckets of a new file, and what an older one lacks.
func layout(tx *bbolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists([]byte(bucketDesk)); err != nil {
		return fmt.Errorf("create bucket %s: %w", bucketDesk, err)
	}
	for _, d := range desks(tx, "", nil) {
		for _, table := range counted() {
			if err := rows.Recount(d.table(table)); err != nil {
				return fmt.Errorf("count the rows of %s: %w", d.where(table), err)
			}
		}
	}
	return messages.Create(tx)
}

// counted are the tables that cannot be recomputed from the log or from another table, so their rows are counted to notice a loss.
func counted() []string { return []string{tableKey, tableTally, tableCursor} }

// desk is the part of the file that belongs to one desk, within one transaction.
type desk struct {
	tx   *bbolt.Tx
	name string
	root *bbolt.Bucket // nil: nothing was ever committed
	held *held         // nil outside a view
}

func (d desk) exists() bool { return d.root != nil }

func (d desk) table(name string) *bbolt.Bucket {
	b := d.root.Bucket([]byte(name))
	if b == nil {
		panic(fmt.Sprintf("desk %q has no table %q", d.name, name)) // becomes ErrDamaged in datafile.Guard
	}
	if name == tableLog || name == tableOf || name == tableTicket {
		b.FillPercent = sequentialFill
	}
	return b
}

func (d desk) outbox() outbox.Box { return outbox.Of(d.name, d.root, messages.Of(d.tx).Bytes) }

// findDesk returns a desk that may have no tables yet. h is what the view holds of it, nil outside one.
func findDesk(tx *bbolt.Tx, name string, h *held) desk {
	d := desk{tx: tx, name: name, held: h}
	if name != "" {
		d.root = tx.Bucket([]byte(bucketDesk)).Bucket([]byte(name))
	}
	return d
}

// ensureDesk makes the tables of a desk with its first commit.
func ensureDesk(tx *bbolt.Tx, name string, h *held) (desk, error) {
	d := findDesk(tx, name, h)
	if d.exists() {
		return d, nil
	}
	root, err := tx.Bucket([]byte(bucketDesk)).CreateBucket([]byte(name))
	if err != nil {
		return d, fmt.Errorf("create desk %q: %w", name, err)
	}
	for _, table := range tables() {
		if _, err := root.CreateBucket([]byte(table)); err != nil {
			return d, fmt.Errorf("create table %s of desk %q: %w", table, name, err)
		}
	}
	d.root = root
	return d, errors.Join(d.putFold(), outbox.Create(root))
}

// desks returns the desk of that name, or all in order of name when it is empty.
func desks(tx *bbolt.Tx, name string, h *held) (found []desk) {
	if name != "" {
		if d := findDesk(tx, name, h); d.exists() {
			found = append(found, d)
		}
		return found
	}
	b := tx.Bucket([]byte(bucketDesk))
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		found = append(found, desk{tx: tx, name: string(k), root: b.Bucket(k), held: h})
	}
	return found
}
