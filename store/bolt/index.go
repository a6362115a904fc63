package bolt

import (
	"fmt"
	"slices"
	"strings"

	"replyby/ticket"
)

// row is one entry of an index: where it stands and its key. It is comparable.
type row struct{ table, key string }

// indexRows returns the rows that follow from a ticket. The desk's own file is in no list, only in due.
func indexRows(t ticket.Ticket) []row {
	if t.Version == 0 {
		return nil
	}
	var rows []row
	n := numberKey(t.Number)
	add := func(table string, prefix []byte) { rows = append(rows, row{table, string(append(prefix, n...))}) }
	if at := t.NextDue(); !at.IsZero() {
		add(tableDue, appendTime(nil, at))
	}
	if t.Number == 0 {
		return rows
	}
	if t.IsOpen() {
		add(tableOpen, nil)
	}
	add(tableUpdated, appendTime(nil, t.UpdatedAt))
	if t.Customer.Addr != "" {
		add(tableCustomer, customerKey(t.Customer.Addr))
	}
	return rows
}

func customerKey(addr string) []byte { return textKey(strings.ToLower(addr)) }

// moveIndex replaces the rows of the old ticket by those of the new one; rows in both are not touched.
func (d desk) moveIndex(old, now ticket.Ticket) error {
	was, is := indexRows(old), indexRows(now)
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
		if err := put(d.table(r.table), []byte(r.key), nil); err != nil {
			return fmt.Errorf("add to index %s: %w", r.table, err)
		}
	}
	return nil
}
