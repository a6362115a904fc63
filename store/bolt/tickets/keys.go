package tickets

import (
	"fmt"

	"replyby/store"
	"replyby/store/bolt/rows"
)

// Recount counts the keys of an older file, in which nobody did.
func (s Shelf) Recount() error { return rows.Recount(s.table(bucketKey)) }

// Lead makes a key lead to a ticket. A unique one that leads elsewhere already is a conflict.
func (s Shelf) Lead(k store.Key, number uint64) error {
	b, prefix := s.table(bucketKey), rows.WordKey(string(k.Kind), k.Value)
	if k.Kind == store.Seen || k.Kind == store.TokenHash {
		err := rows.ScanPrefix(b, prefix, 0, func(other uint64) (bool, error) {
			if other != number {
				return false, fmt.Errorf("%w: %s leads to ticket %d", store.ErrConflict, k.Kind, other)
			}
			return false, nil
		})
		if err != nil {
			return err
		}
	}
	return rows.Add(b, append(prefix, rows.NumberKey(number)...), nil)
}

// CheckKeys checks that every key is there and leads to a ticket before next. row is called for each with what is wrong with it, if anything;
// its own error ends the check.
func (s Shelf) CheckKeys(next uint64, row func(damage error) error) error {
	n := 0
	err := rows.Walk(s.table(bucketKey), func(key, _ []byte, damage error) error {
		if damage == nil {
			n++
			if to := rows.Number(key); to >= next {
				damage = fmt.Errorf("a key leads to ticket %d, which is not there", to)
			}
		}
		return row(damage)
	})
	if err != nil {
		return err
	}
	return row(rows.Complete(s.table(bucketKey), n))
}
