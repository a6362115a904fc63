// Package records keeps the log of one desk, its end, and which record is of which ticket, in a row and buckets of a bbolt file.
package records

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// Buckets within the bucket of a desk.
const (
	bucketLog = "log" // seq -> record
	bucketOf  = "of"  // number, seq
)

// RowHead is the row in the bucket of a desk that holds the end of the log and the number of the next ticket.
const RowHead = "head"

// Buckets are the names of its buckets in that of a desk.
func Buckets() []string { return []string{bucketLog, bucketOf} }

// fill packs the pages of buckets whose keys only grow: half the file of bbolt's default.
const fill = 0.9

// Log is the log of a desk within one transaction.
type Log struct {
	desk string
	root *bbolt.Bucket
}

// Of returns the log in the bucket of a desk.
func Of(name string, desk *bbolt.Bucket) Log { return Log{desk: name, root: desk} }

func (l Log) table(name string) *bbolt.Bucket {
	b := rows.Table(l.root, name)
	b.FillPercent = fill
	return b
}

// Head returns the end of the log.
func (l Log) Head() (store.Head, error) {
	v, err := rows.Get(l.root, []byte(RowHead))
	if err != nil {
		return store.Head{}, err
	}
	if v == nil { // only changes without events so far
		if k, _ := l.table(bucketLog).Cursor().First(); k != nil {
			return store.Head{}, fmt.Errorf("%w: the head of the log is not there", store.ErrDamaged)
		}
		return store.Head{Next: 1}, nil
	}
	return pack.ReadHead(v)
}

// PutHead sets the end of the log.
func (l Log) PutHead(h store.Head) error { return rows.Put(l.root, []byte(RowHead), pack.Head(h)) }

// Append writes a record under its number and that of its ticket.
func (l Log) Append(r logbook.Record) error {
	if err := rows.PutOwned(l.table(bucketLog), rows.NumberKey(r.Seq), pack.Record(r)); err != nil {
		return err
	}
	return rows.Put(l.table(bucketOf), place(r), nil)
}

// place is the key of a record among those of its ticket.
func place(r logbook.Record) []byte {
	return binary.BigEndian.AppendUint64(rows.NumberKey(r.Ticket), r.Seq)
}

func (l Log) at(seq uint64) (logbook.Record, error) {
	v, err := rows.Get(l.table(bucketLog), rows.NumberKey(seq))
	if err != nil {
		return logbook.Record{}, err
	}
	if v == nil {
		return logbook.Record{}, fmt.Errorf("%w: record %d is not there", store.ErrDamaged, seq)
	}
	return pack.ReadRecord(l.desk, seq, v)
}

// From calls f for the records from one number to another, as long as it returns true. A lost record is an error, not skipped.
func (l Log) From(first, last uint64, f func(logbook.Record) bool) error {
	for seq := first; seq <= last; seq++ {
		if r, err := l.at(seq); err != nil || !f(r) {
			return err
		}
	}
	return nil
}

// OfTicket calls f for the records of a ticket from a number on, as long as it returns true.
func (l Log) OfTicket(number, first uint64, f func(logbook.Record) (bool, error)) error {
	return rows.ScanPrefix(l.table(bucketOf), rows.NumberKey(number), first, func(seq uint64) (bool, error) {
		r, err := l.at(seq)
		if err != nil {
			return false, err
		}
		return f(r)
	})
}

// Has reports whether any record is listed of a ticket.
func (l Log) Has(number uint64) bool {
	key, _ := l.table(bucketOf).Cursor().Seek(rows.NumberKey(number))
	return key != nil && bytes.HasPrefix(key, rows.NumberKey(number))
}

// Fold returns what the records of a ticket make of it, and calls each for every one of them.
func (l Log) Fold(number uint64, each func() error) (ticket.Ticket, error) {
	t := ticket.Ticket{Desk: l.desk}
	err := l.OfTicket(number, 0, func(r logbook.Record) (_ bool, err error) {
		t, err = logbook.Apply(t, r)
		return err == nil, errors.Join(err, each())
	})
	return t, err
}

// Alone is Fold where the records are all there is to go by: each record up to the last must be listed under one ticket, and those of this one
// must be its own, with the bodies that were sealed.
func (l Log) Alone(number, last uint64) (ticket.Ticket, error) {
	t := ticket.Ticket{Desk: l.desk}
	if err := l.listsAll(last); err != nil {
		return t, err
	}
	err := l.OfTicket(number, 0, func(r logbook.Record) (bool, error) {
		if r.Ticket != number {
			return false, fmt.Errorf("%w: record %d is of ticket %d", store.ErrDamaged, r.Seq, r.Ticket)
		}
		_, err := logbook.Verify(logbook.Head{Seq: r.Seq - 1, Hash: r.Prev}, r)
		if err == nil {
			t, err = logbook.Apply(t, r)
		}
		if err != nil {
			err = fmt.Errorf("%w: %w", store.ErrDamaged, err)
		}
		return err == nil, err
	})
	return t, err
}

// listsAll returns [store.ErrDamaged] unless each record up to the last is listed under one ticket: a harmed page may hide some without harming
// one. That none is listed under a wrong one their checksums say.
func (l Log) listsAll(last uint64) error {
	listed, n := make([]bool, last+1), uint64(0)
	err := rows.Scan(l.table(bucketOf), nil, func(key, _ []byte) (bool, error) {
		seq := rows.Number(key)
		if seq == 0 || seq > last || listed[seq] {
			return false, fmt.Errorf("%w: record %d is listed twice, or is not there", store.ErrDamaged, seq)
		}
		listed[seq] = true
		n++
		return true, nil
	})
	if err == nil && n != last {
		err = fmt.Errorf("%w: %d of %d records are listed", store.ErrDamaged, n, last)
	}
	return err
}

// Bare takes salt and body out of those records of a ticket that gone names, and returns what all its records make of it then.
func (l Log) Bare(number uint64, gone func(seq uint64) bool) (ticket.Ticket, error) {
	left := ticket.Ticket{Desk: l.desk}
	err := l.OfTicket(number, 0, func(r logbook.Record) (more bool, err error) {
		if gone(r.Seq) {
			r.Salt, r.Body = nil, nil
			if err := rows.Put(l.table(bucketLog), rows.NumberKey(r.Seq), pack.Record(r)); err != nil {
				return false, err
			}
		}
		left, err = logbook.Apply(left, r)
		return err == nil, err
	})
	return left, err
}

// Check verifies that every record follows the one before it, up to the head, and is listed under its ticket. row is called for every row
// with where it is and what is wrong with it, if anything; its own error ends the check.
func (l Log) Check(head store.Head, row func(where string, damage error) error) error {
	var end logbook.Head
	err := rows.Walk(l.table(bucketLog), func(key, v []byte, damage error) error {
		if damage == nil {
			end, damage = l.follows(end, head.Next, key, v)
		}
		return row(bucketLog, damage)
	})
	if err == nil && end != head.Head {
		err = row(RowHead, fmt.Errorf("the log ends at record %d, the head names %d or another hash", end.Seq, head.Seq))
	}
	if err != nil {
		return err
	}
	return rows.Account(l.table(bucketOf), int(head.Seq), func(damage error) error { return row(bucketOf, damage) })
}

// follows checks one row of the log and returns the end of the log with it.
func (l Log) follows(end logbook.Head, nextTicket uint64, key, v []byte) (logbook.Head, error) {
	r, err := pack.ReadRecord(l.desk, rows.Number(key), v)
	if err != nil {
		return end, err
	}
	next, err := logbook.Verify(end, r)
	if err != nil { // say the break once, then verify from this record on
		next = logbook.Head{Seq: r.Seq, Hash: r.Hash()}
	}
	if !rows.Has(l.table(bucketOf), place(r)) {
		err = errors.Join(err, fmt.Errorf("record %d is not listed under its ticket %d", r.Seq, r.Ticket))
	}
	if r.Ticket >= nextTicket {
		err = errors.Join(err, fmt.Errorf("record %d is of ticket %d, which is not there", r.Seq, r.Ticket))
	}
	return next, err
}
