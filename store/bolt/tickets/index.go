package tickets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// entry is one row of an index: its table, its key, and the value that saves decoding the ticket. It is comparable.
type entry struct{ table, key, value string }

// row is the entry without its value.
func (e entry) row() entry { return entry{table: e.table, key: e.key} }

// entries returns the rows that follow from a ticket. Queries leave out those of the desk's own file.
func entries(t ticket.Ticket) []entry {
	if t.Version == 0 {
		return nil
	}
	var all []entry
	n := rows.NumberKey(t.Number)
	add := func(table string, prefix []byte) {
		all = append(all, entry{table: table, key: string(append(prefix, n...))})
	}
	if at := t.NextDue(); !at.IsZero() {
		add(bucketDue, rows.AppendTime(nil, at))
	}
	if t.IsOpen() {
		all = append(all, entry{bucketOpen, string(n), pack.Waiting(t)})
	}
	add(bucketUpdated, rows.AppendTime(nil, t.UpdatedAt))
	if t.Customer.Addr != "" {
		add(bucketCustomer, customerKey(t.Customer.Addr))
	}
	return all
}

func customerKey(addr string) []byte { return rows.WordKey(strings.ToLower(addr)) }

// moveIndex replaces the rows of the old ticket by those of the new one; rows in both are not touched.
func (s Shelf) moveIndex(old, now ticket.Ticket) error {
	was, is := entries(old), entries(now)
	for _, r := range was {
		if slices.ContainsFunc(is, func(e entry) bool { return e.row() == r.row() }) {
			continue
		}
		if err := s.table(r.table).Delete([]byte(r.key)); err != nil {
			return fmt.Errorf("delete from index %s: %w", r.table, err)
		}
	}
	for _, r := range is {
		if slices.Contains(was, r) {
			continue
		}
		if err := rows.Put(s.table(r.table), []byte(r.key), []byte(r.value)); err != nil {
			return fmt.Errorf("add to index %s: %w", r.table, err)
		}
	}
	return nil
}

// IsIndex reports whether a bucket follows from the tickets.
func IsIndex(table string) bool { return slices.Contains(indexes(), table) }

// EmptyIndexes takes every row out of the indexes: those of another fold may stand anywhere. Each ticket is to be put again.
func (s Shelf) EmptyIndexes() error {
	for _, table := range indexes() {
		if _, err := rows.Anew(s.root, table); err != nil {
			return fmt.Errorf("desk %q: %w", s.desk, err)
		}
	}
	return nil
}

// Torn calls tell for each index with the first row of it that cannot be read; where all of them take too long, for those alone that list open tickets.
// step is called for each row.
func (s Shelf) Torn(all bool, step func(), tell func(index string, damage error)) {
	looked := []string{bucketOpen, bucketDue}
	if all {
		looked = indexes()
	}
	for _, table := range looked {
		if damage := rows.Walk(s.table(table), func(_, _ []byte, damage error) error { step(); return damage }); damage != nil {
			tell(table, damage)
		}
	}
}

// ListUnread lists a ticket that nobody can read, behind emptied indexes, where tickets are looked for that may need somebody: as open, and as
// due first of all. Whoever comes to it says that it cannot be read.
func (s Shelf) ListUnread(number uint64) error {
	key := rows.NumberKey(number)
	return errors.Join(
		rows.Put(s.table(bucketOpen), key, []byte(pack.Waiting(ticket.Ticket{}))),
		rows.Put(s.table(bucketDue), append(rows.AppendTime(nil, time.Unix(0, 0)), key...), nil))
}
