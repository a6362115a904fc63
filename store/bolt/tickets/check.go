package tickets

import (
	"bytes"
	"encoding/json"
	"fmt"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Check compares the tickets before next, and the indexes, with what fold makes of each ticket's records, and finds rows that no ticket
// accounts for. row is called for every ticket and row with where it is and what is wrong with it, if anything; its own error ends the check.
func (s Shelf) Check(next uint64, fold func(number uint64) (ticket.Ticket, error), row func(where string, damage error) error) error {
	want := map[string]int{}
	for n := range next {
		t, err := fold(n)
		if err == nil {
			err = s.compare(n, t)
		}
		if err := row(fmt.Sprintf("ticket %d", n), err); err != nil {
			return err
		}
		if t.Version > 0 {
			want[bucketTicket]++
		}
		for _, e := range entries(t) {
			want[e.table]++
			if err := s.listed(n, e); err != nil {
				if err := row(e.table, err); err != nil {
					return err
				}
			}
		}
	}
	for _, table := range append(indexes(), bucketTicket) {
		err := rows.Account(s.table(table), want[table], func(damage error) error { return row(table, damage) })
		if err != nil {
			return err
		}
	}
	return nil
}

// compare returns an error when the snapshot of a ticket is not what its records make of it.
func (s Shelf) compare(number uint64, folded ticket.Ticket) error {
	have, err := rows.Get(s.table(bucketTicket), rows.NumberKey(number))
	if err != nil {
		return err
	}
	want, err := json.Marshal(folded)
	if err != nil {
		return fmt.Errorf("encode fold: %w", err)
	}
	switch {
	case folded.Version == 0 && number > 0:
		return fmt.Errorf("%w: no records", store.ErrDamaged)
	case folded.Version > 0 && !bytes.Equal(have, want):
		return fmt.Errorf("%w: the snapshot is not the fold of its records up to %d", store.ErrDamaged, folded.Version)
	}
	return nil
}

// listed returns an error when a row of an index is not there or says something else. A row that cannot be read is found where rows are
// counted.
func (s Shelf) listed(number uint64, e entry) error {
	v, err := rows.Get(s.table(e.table), []byte(e.key))
	switch {
	case err == nil && v == nil:
		return fmt.Errorf("ticket %d is not listed", number)
	case len(v) > 0 && string(v) != e.value: // the first layout told nothing there
		return fmt.Errorf("ticket %d is listed with another target, person or domain", number)
	}
	return nil
}
