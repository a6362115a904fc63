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

// Harmed lists those rows of a ticket in the indexes that cannot be read.
func (s Shelf) Harmed(t ticket.Ticket) (harmed []Entry) {
	for _, e := range entries(t) {
		if _, damage := rows.Get(s.table(e.table), []byte(e.key)); damage != nil {
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
