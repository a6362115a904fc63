// Package tickets keeps every ticket of one desk as it is now, and all by which tickets are found, in buckets of a bbolt file. Tickets and
// indexes follow from the log: whoever folds that anew writes them anew. Keys do not, so they are counted, to notice a loss.
package tickets

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Buckets within the bucket of a desk. Those after the first two are indexes; they and the keys are without values but for one.
const (
	bucketTicket   = "ticket"   // number -> snapshot
	bucketKey      = "key"      // hash of kind and value, number
	bucketOpen     = "open"     // number -> assignee, next target, domain of the customer's address
	bucketDue      = "due"      // instant, number
	bucketUpdated  = "updated"  // instant, number
	bucketCustomer = "customer" // hash of address, number
)

// Buckets are the names of its buckets in that of a desk.
func Buckets() []string { return append(indexes(), bucketTicket, bucketKey) }

func indexes() []string { return []string{bucketOpen, bucketDue, bucketUpdated, bucketCustomer} }

// fill packs the pages of snapshots, whose keys only grow.
const fill = 0.9

// Shelf is the tickets of a desk within one transaction.
type Shelf struct {
	desk string
	root *bbolt.Bucket
}

// Of returns the tickets in the bucket of a desk.
func Of(name string, desk *bbolt.Bucket) Shelf { return Shelf{desk: name, root: desk} }

func (s Shelf) table(name string) *bbolt.Bucket {
	b := rows.Table(s.root, name)
	if name == bucketTicket {
		b.FillPercent = fill
	}
	return b
}

// Get returns a ticket, or says that there is none of that number. The name of the desk is that of its bucket, since JSON keeps no bytes
// that are not UTF-8.
func (s Shelf) Get(number uint64) (t ticket.Ticket, there bool, err error) {
	t.Desk = s.desk
	v, err := rows.Get(s.table(bucketTicket), rows.NumberKey(number))
	if err != nil || v == nil {
		return t, false, err
	}
	if err := json.Unmarshal(v, &t); err != nil {
		return t, false, fmt.Errorf("%w: decode ticket %d: %w", store.ErrDamaged, number, err)
	}
	t.Desk = s.desk
	return t, true, nil
}

// Put writes a ticket as it is now and moves its rows in the indexes; old is as it was, zero for one that is in no index.
func (s Shelf) Put(old, now ticket.Ticket) error {
	snapshot, err := json.Marshal(now)
	if err != nil {
		return fmt.Errorf("%w: encode ticket: %w", store.ErrInvalid, err)
	}
	if err := rows.PutOwned(s.table(bucketTicket), rows.NumberKey(now.Number), snapshot); err != nil {
		return err
	}
	return s.moveIndex(old, now)
}

// Hit is a ticket that a query found, not yet decoded.
type Hit struct {
	Number uint64
	At     time.Time // of a query by Since
}

// Find looks up a query that asks for some of the tickets, in its order and within its limit.
func (s Shelf) Find(q store.Query) (hits []Hit, err error) {
	add := func(n uint64) (bool, error) {
		hits = append(hits, Hit{Number: n})
		return !full(len(hits), q.Limit), nil
	}
	switch {
	case q.Key != store.Key{}:
		if q.Key.Value == "" {
			return nil, nil
		}
		from := q.After
		if from > 0 {
			from = after(from)
		}
		err = rows.ScanPrefix(s.table(bucketKey), rows.WordKey(string(q.Key.Kind), q.Key.Value), from, add)
	case q.Customer != "":
		return s.ofCustomer(q)
	case q.Domain != "":
		return s.atDomain(q)
	case q.Open:
		err = rows.ScanPrefix(s.table(bucketOpen), nil, after(q.After), add)
	default:
		return s.since(q)
	}
	return hits, err
}

func (s Shelf) ofCustomer(q store.Query) (hits []Hit, err error) {
	table, open := s.table(bucketCustomer), s.table(bucketOpen)
	add := func(n uint64) (bool, error) {
		if !q.Open || rows.Has(open, rows.NumberKey(n)) {
			hits = append(hits, Hit{Number: n})
		}
		return !full(len(hits), q.Limit), nil
	}
	if !q.Latest {
		err = rows.ScanPrefix(table, customerKey(q.Customer), after(q.After), add)
		return hits, err
	}
	err = rows.ScanBack(table, customerKey(q.Customer), after(q.After), add)
	slices.Reverse(hits)
	return hits, err
}

// atDomain looks through all open tickets, which are some hundreds: an index of their domains would be one more page to write for each request.
func (s Shelf) atDomain(q store.Query) (hits []Hit, err error) {
	err = rows.Scan(s.table(bucketOpen), rows.NumberKey(after(q.After)), func(key, v []byte) (bool, error) {
		is, err := pack.WaitsAt(v, q.Domain)
		if is {
			hits = append(hits, Hit{Number: rows.Number(key)})
		}
		return q.Latest || !full(len(hits), q.Limit), err
	})
	if full(len(hits), q.Limit) {
		hits = hits[len(hits)-q.Limit:]
	}
	return hits, err
}

func (s Shelf) since(q store.Query) (hits []Hit, err error) {
	open := s.table(bucketOpen)
	err = rows.Scan(s.table(bucketUpdated), rows.AppendTime(nil, q.Since), func(key, _ []byte) (bool, error) {
		if n := rows.Number(key); n > q.After && !(q.Shut && rows.Has(open, rows.NumberKey(n))) {
			hits = append(hits, Hit{Number: n, At: rows.Time(key)})
		}
		return !full(len(hits), q.Limit), nil
	})
	return hits, err
}

func full(n, limit int) bool { return limit > 0 && n >= limit }

// after is the number that follows; there is none after the last.
func after(n uint64) uint64 { return max(n, n+1) }

// Due lists up to limit tickets that need attention at an instant or before it, earliest first. A limit of zero is none.
func (s Shelf) Due(at time.Time, limit int) (due []store.Due, err error) {
	err = rows.Scan(s.table(bucketDue), nil, func(key, _ []byte) (bool, error) {
		when := rows.Time(key)
		if when.After(at) || full(len(due), limit) {
			return false, nil
		}
		due = append(due, store.Due{At: when, Ticket: rows.Number(key)})
		return true, nil
	})
	return due, err
}

// Waiting lists the open tickets in order of number, without the desk's own file.
func (s Shelf) Waiting() (all []store.Waiting, err error) {
	err = rows.Scan(s.table(bucketOpen), rows.NumberKey(1), func(key, v []byte) (bool, error) {
		w, err := s.waiting(rows.Number(key), v)
		all = append(all, w)
		return true, err
	})
	return all, err
}

// waiting reads a row of the open tickets. The first layout told nothing there.
func (s Shelf) waiting(number uint64, row []byte) (store.Waiting, error) {
	if len(row) == 0 {
		t, there, err := s.Get(number)
		if err == nil && !there {
			err = fmt.Errorf("%w: ticket %d is not there", store.ErrDamaged, number)
		}
		if err != nil {
			return store.Waiting{}, err
		}
		row = []byte(pack.Waiting(t))
	}
	w, _, err := pack.ReadWaiting(s.desk, number, row)
	return w, err
}
