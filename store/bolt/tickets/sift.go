package tickets

import (
	"strings"

	"replyby/store"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Listing is the index that answers a query, or that of keys.
func Listing(q store.Query) string {
	switch {
	case q.Key != store.Key{}:
		return bucketKey
	case q.Customer != "":
		return bucketCustomer
	case q.Open:
		return bucketOpen
	}
	return bucketUpdated
}

// Names of indexes that are asked by no query.
const (
	ListingDue  = bucketDue
	ListingOpen = bucketOpen
)

// Matches reports whether a query by anything but a key is about a ticket.
func Matches(q store.Query, t ticket.Ticket) bool {
	switch {
	case t.Number <= q.After || t.Version == 0:
		return false
	case q.Customer != "":
		return strings.EqualFold(t.Customer.Addr, q.Customer) && (!q.Open || t.IsOpen())
	case q.Open:
		return t.IsOpen() && (q.Domain == "" || pack.IsAt(t, q.Domain))
	}
	return !t.UpdatedAt.Before(q.Since) && !(q.Shut && t.IsOpen())
}

// WaitingOf is how an open ticket waits.
func (s Shelf) WaitingOf(t ticket.Ticket) (store.Waiting, error) {
	return s.waiting(t.Number, []byte(pack.Waiting(t)))
}

// Entry is a row of an index.
type Entry = entry

// Index is the index of a row.
func (e entry) Index() string { return e.table }

// Apart lists the tickets before next that only one of the indexes of open and of due tickets lists. For many that is right, but where a row is lost its
// ticket is one of them. A row that cannot be read lists nothing. step is called for each.
func (s Shelf) Apart(next uint64, step func()) (apart []uint64) {
	odd := make([]uint64, next/64+1) // a bit for each ticket
	for _, table := range []string{bucketOpen, bucketDue} {
		_ = rows.Walk(s.table(table), func(key, _ []byte, damage error) error { // f returns no error
			step()
			if damage == nil && rows.Number(key) < next {
				n := rows.Number(key)
				odd[n/64] ^= 1 << (n % 64)
			}
			return nil
		})
	}
	for n := range next {
		if odd[n/64]&(1<<(n%64)) != 0 {
			apart = append(apart, n)
		}
	}
	return apart
}

// Harmed lists those rows of a ticket in the indexes that cannot be read, or are not there.
func (s Shelf) Harmed(t ticket.Ticket) (harmed []Entry) {
	for _, e := range entries(t) {
		if v, damage := rows.Get(s.table(e.table), []byte(e.key)); damage != nil || v == nil {
			harmed = append(harmed, e)
		}
	}
	return harmed
}

// Renew writes rows of indexes anew.
func (s Shelf) Renew(harmed []Entry) error {
	for _, e := range harmed {
		if err := rows.Put(s.table(e.table), []byte(e.key), []byte(e.value)); err != nil {
			return err
		}
	}
	return nil
}
