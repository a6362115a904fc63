package bolt

import (
	"fmt"
	"slices"
	"strings"

	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// entry is one row of an index: where it stands and its key. It is comparable.
type entry struct{ table, key string }

// indexEntries returns the rows that follow from a ticket. Queries leave out those of the desk's own file.
func indexEntries(t ticket.Ticket) []entry {
	if t.Version == 0 {
		return nil
	}
	var all []entry
	n := rows.NumberKey(t.Number)
	add := func(table string, prefix []byte) { all = append(all, entry{table, string(append(prefix, n...))}) }
	if at := t.NextDue(); !at.IsZero() {
		add(tableDue, rows.AppendTime(nil, at))
	}
	if t.IsOpen() {
		add(tableOpen, nil)
	}
	add(tableUpdated, rows.AppendTime(nil, t.UpdatedAt))
	if t.Customer.Addr != "" {
		add(tableCustomer, customerKey(t.Customer.Addr))
	}
	return all
}

func customerKey(addr string) []byte { return rows.WordKey(strings.ToLower(addr)) }

// moveIndex replaces the rows of the old ticket by those of the new one; rows in both are not touched.
func (d desk) moveIndex(old, now ticket.Ticket) error {
	was, is := indexEntries(old), indexEntries(now)
	for _, r := range was {
		if slices.Contains(is, r) {
			continue
		}
		if err := d.table(r.table).Delete([]byte(r.key)); err != nil {
			return fmt.Errorf("delete from index %s: %w", r.table, err)
		}
	}
	for _, r := range is {
		if slices.Contains(was, r) {
			continue
		}
		if err := rows.Put(d.table(r.table), []byte(r.key), nil); err != nil {
			return fmt.Errorf("add to index %s: %w", r.table, err)
		}
	}
	return nil
}
