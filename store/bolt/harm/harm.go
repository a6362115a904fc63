// Package harm spoils single rows of a database that nobody has open, as a disk does, for tests of what goes on without them. It is part of no
// program.
package harm

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Ticket changes a bit of what is kept of a ticket beside its records.
func Ticket(dir, desk string, number uint64) error {
	return Row(dir, desk, "ticket", rows.NumberKey(number))
}

// Records changes a bit of each record of a ticket.
func Records(dir, desk string, number uint64) error {
	var places [][]byte
	err := within(dir, desk, "of", func(b *bbolt.Bucket) error {
		return rows.ScanPrefix(b, rows.NumberKey(number), 0, func(seq uint64) (bool, error) {
			places = append(places, rows.NumberKey(seq))
			return true, nil
		})
	})
	for _, place := range places {
		err = errors.Join(err, Row(dir, desk, "log", place))
	}
	return err
}

// Counters changes a bit of the counters of a day.
func Counters(dir, desk, day string) error { return Row(dir, desk, "tally", []byte(day)) }

// Cursor changes a bit of how far a folder was read.
func Cursor(dir, desk, folder string) error {
	return Row(dir, desk, "cursor", rows.WordKey(folder))
}

// Customer changes a bit of the row that leads from a customer to a ticket.
func Customer(dir, desk, addr string, number uint64) error {
	return Row(dir, desk, "customer", append(rows.WordKey(strings.ToLower(addr)), rows.NumberKey(number)...))
}

// Key changes a bit of each row by which a word finds a ticket.
func Key(dir, desk, kind, value string) error {
	return every(dir, desk, "key", func(key []byte) bool { return bytes.HasPrefix(key, rows.WordKey(kind, value)) })
}

// Index changes a bit of each row of an index that leads to a ticket.
func Index(dir, desk, table string, number uint64) error {
	return every(dir, desk, table, func(key []byte) bool { return rows.Number(key) == number })
}

// Row changes a bit of a row.
func Row(dir, desk, table string, key []byte) error {
	return every(dir, desk, table, func(k []byte) bool { return bytes.Equal(k, key) })
}

// Lost takes away the row of an index that leads to a ticket.
func Lost(dir, desk, table string, number uint64) error {
	return within(dir, desk, table, func(b *bbolt.Bucket) error {
		c := b.Cursor()
		for k, _ := c.First(); k != nil; k, _ = c.Next() {
			if rows.Number(k) == number {
				return b.Delete(bytes.Clone(k))
			}
		}
		return fmt.Errorf("harm: ticket %d is not in table %s", number, table)
	})
}

// every changes a bit of each row of a table that which names. There must be one.
func every(dir, desk, table string, which func(key []byte) bool) error {
	return within(dir, desk, table, func(b *bbolt.Bucket) error {
		harmed := map[string][]byte{}
		c := b.Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if which(k) {
				row := bytes.Clone(v)
				row[len(row)/2] ^= 1
				harmed[string(k)] = row
			}
		}
		if len(harmed) == 0 {
			return fmt.Errorf("harm: there is no such row in table %s", table)
		}
		for k, row := range harmed {
			if err := b.Put([]byte(k), row); err != nil {
				return fmt.Errorf("harm a row: %w", err)
			}
		}
		return nil
	})
}

// Older makes what follows from the records that of an older release, which the next opening folds anew.
func Older(dir, desk string) error {
	return withDesk(dir, desk, func(b *bbolt.Bucket) error {
		var p rows.Packer
		p.Uint(ticket.FoldVersion - 1)
		return rows.Put(b, []byte("fold"), p)
	})
}

func within(dir, desk, table string, do func(*bbolt.Bucket) error) error {
	return withDesk(dir, desk, func(b *bbolt.Bucket) error { return do(rows.Table(b, table)) })
}

func withDesk(dir, desk string, do func(*bbolt.Bucket) error) error {
	db, err := bbolt.Open(filepath.Join(dir, "replyby.db"), 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		return fmt.Errorf("harm a row: %w", err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return do(tx.Bucket([]byte("desk")).Bucket([]byte(desk))) })
	return errors.Join(err, db.Close())
}
