// Package desks keeps each desk of an installation in a bucket of a bbolt file: its log, its tickets and its outbox, each by a package of its
// own, and two small tables that stand here, the counters of its days and the cursors of its folders.
//
// It makes them one desk within one transaction: what a change does to all of them ([Apply], and [Redo] after a crash), what is read of them,
// what a view holds back of it ([Held]), folding tickets anew, and what there is to check ([Desk.Parts]). After an error of anything that writes
// the transaction must not be committed.
//
// It refuses to know where transactions come from and who waits for them, and what a ticket means beyond logbook.Apply.
package desks

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

// Create makes the bucket of the desks in a new file, and counts the rows of an older one, in which nobody did.
func Create(tx *bbolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists([]byte(bucketDesk)); err != nil {
		return fmt.Errorf("create bucket %s: %w", bucketDesk, err)
	}
	for _, d := range All(tx, "", Around{}) {
		if err := d.tickets().Recount(); err != nil {
			return fmt.Errorf("count the keys of desk %q: %w", d.name, err)
		}
		for _, table := range counted() {
			if err := rows.Recount(d.table(table)); err != nil {
				return fmt.Errorf("count the rows of %s: %w", d.where(table), err)
			}
		}
	}
	return nil
}

// Desk is the part of the file that belongs to one desk, within one transaction. Of one that nothing was ever committed to, nothing is found.
type Desk struct {
	tx   *bbolt.Tx
	name string
	root *bbolt.Bucket // nil: nothing was ever committed
	held *Held         // nil outside a view
	harm *Harm         // nil: nobody asks
}

// Around is what goes with a desk beyond its rows: what a view holds of it, nil outside one, and where it notes what of it is harmed, nil where
// nobody asks.
type Around struct {
	Held *Held
	Harm *Harm
}

// Of returns a desk, which may have no tables yet.
func Of(tx *bbolt.Tx, name string, a Around) Desk {
	d := Desk{tx: tx, name: name, held: a.Held, harm: a.Harm}
	if name != "" {
		d.root = tx.Bucket([]byte(bucketDesk)).Bucket([]byte(name))
	}
	return d
}

// All returns the desk of that name, if it is there, or all in order of name when it is empty.
func All(tx *bbolt.Tx, name string, a Around) (found []Desk) {
	if name != "" {
		if d := Of(tx, name, a); d.exists() {
			found = append(found, d)
		}
		return found
	}
	b := tx.Bucket([]byte(bucketDesk))
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		found = append(found, Desk{tx: tx, name: string(k), root: b.Bucket(k), held: a.Held, harm: a.Harm})
	}
	return found
}

// ensure makes the tables of a desk with its first commit.
func ensure(tx *bbolt.Tx, name string, a Around) (Desk, error) {
	d := Of(tx, name, a)
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

// Name is the name of the desk.
func (d Desk) Name() string { return d.name }

func (d Desk) exists() bool { return d.root != nil }

func (d Desk) where(table string) string { return fmt.Sprintf("desk %q, %s", d.name, table) }

func (d Desk) table(name string) *bbolt.Bucket { return rows.Table(d.root, name) }

func (d Desk) log() records.Log { return records.Of(d.name, d.root) }

func (d Desk) tickets() tickets.Shelf { return tickets.Of(d.name, d.root) }

func (d Desk) outbox() outbox.Box { return outbox.Of(d.name, d.root, messages.Of(d.tx).Bytes) }
