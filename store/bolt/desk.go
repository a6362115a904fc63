package bolt

import (
	"errors"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/messages"
	"replyby/store/bolt/outbox"
	"replyby/store/bolt/records"
	"replyby/store/bolt/rows"
	"replyby/store/bolt/tickets"
)

// bucketDesk holds a bucket for each desk, by name; beside it are those of the messages.
const bucketDesk = "desk"

// Tables of a desk, beside those of its log, its tickets and its outbox, and the rows of the head and the fold.
const (
	tableTally  = "tally"  // day -> counters
	tableCursor = "cursor" // hash of folder -> UIDVALIDITY, UID
)

// counted are both: they cannot be recomputed from the log or from another table, so their rows are counted to notice a loss.
func counted() []string { return []string{tableTally, tableCursor} }

// tables are all that are made with a desk, but those of its outbox.
func tables() []string { return slices.Concat(records.Buckets(), tickets.Buckets(), counted()) }

const maxDeskName = 1024 // bytes; the name is a key of bbolt, which allows 32 KiB

// layout makes the buckets of a new file, and what an older one lacks.
func layout(tx *bbolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists([]byte(bucketDesk)); err != nil {
		return fmt.Errorf("create bucket %s: %w", bucketDesk, err)
	}
	for _, d := range desks(tx, "", nil) {
		if err := d.tickets().Recount(); err != nil {
			return fmt.Errorf("count the keys of desk %q: %w", d.name, err)
		}
		for _, table := range counted() {
			if err := rows.Recount(d.table(table)); err != nil {
				return fmt.Errorf("count the rows of %s: %w", d.where(table), err)
			}
		}
	}
	return messages.Create(tx)
}

// desk is the part of the file that belongs to one desk, within one transaction.
type desk struct {
	tx   *bbolt.Tx
	name string
	root *bbolt.Bucket // nil: nothing was ever committed
	held *held         // nil outside a view
}

func (d desk) exists() bool { return d.root != nil }

func (d desk) table(name string) *bbolt.Bucket { return rows.Table(d.root, name) }

func (d desk) log() records.Log { return records.Of(d.name, d.root) }

func (d desk) tickets() tickets.Shelf { return tickets.Of(d.name, d.root) }

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
