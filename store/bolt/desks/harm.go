package desks

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/rows"
	"replyby/store/bolt/tickets"
	"replyby/ticket"
)

// Harm is what reading came upon that cannot be read and was told all the same, from what it follows from. It stands there until it is written
// anew. Several goroutines may note in it.
type Harm struct {
	mu    sync.Mutex
	found map[spot]error
	told  map[spot]bool
}

// spot is a table of a desk, or, without one, a ticket of it.
type spot struct {
	desk, table string
	ticket      uint64
}

func (x spot) String() string {
	if x.table == "" {
		return fmt.Sprintf("desk %q, ticket %d", x.desk, x.ticket)
	}
	return fmt.Sprintf("desk %q, %s", x.desk, x.table)
}

// note keeps what is wrong with a spot.
func (h *Harm) note(at spot, damage error) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.found == nil {
		h.found, h.told = map[spot]error{}, map[spot]bool{}
	}
	h.found[at] = damage
}

// Of reports whether anything of a desk is known to be harmed.
func (h *Harm) Of(desk string) bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for at := range h.found {
		if at.desk == desk {
			return true
		}
	}
	return false
}

// Left lists, in order, what of a desk was noted since the last time and what was noted before and is harmed still, and reports whether an index is.
func (h *Harm) Left(tx *bbolt.Tx, desk string) (all []error, index bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for at, damage := range h.found {
		if at.desk != desk {
			continue
		}
		whole := datafile.Guard(func() error { return Of(tx, desk, Around{}).sound(at) }) == nil
		index = index || !whole && tickets.IsIndex(at.table)
		if !whole || !h.told[at] {
			all = append(all, fmt.Errorf("%s: %w", at, damage))
		}
		if h.told[at] = true; whole {
			delete(h.found, at)
			delete(h.told, at)
		}
	}
	slices.SortFunc(all, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return all, index
}

// sound returns what is wrong with a spot, nil for nothing.
func (d Desk) sound(at spot) error {
	if at.table == "" {
		_, there, err := d.tickets().Get(at.ticket)
		if err == nil && !there {
			err = fmt.Errorf("%w: ticket %d is not there", store.ErrDamaged, at.ticket)
		}
		return err
	}
	if slices.Contains(counted(), at.table) {
		return d.countedSound(at.table)
	}
	return rows.Walk(d.table(at.table), func(_, _ []byte, damage error) error { return damage })
}

// renew writes anew what lists a ticket, where something of the desk is known to be harmed: a row that stays as it is would stay harmed.
func (d Desk) renew(t ticket.Ticket) error {
	if !d.harm.Of(d.name) {
		return nil
	}
	var harmed []tickets.Entry
	unread := datafile.Guard(func() error { harmed = d.tickets().Harmed(t); return nil })
	if unread != nil {
		return nil // a page, which a single row cannot make whole
	}
	return d.tickets().Renew(harmed)
}

// Unlisted lists the tickets of which a row may be missing where open and due ones are looked for. step is called for each row that is read.
func (d Desk) Unlisted(step func()) (some []uint64, err error) {
	head, err := d.Head()
	if err != nil || !d.exists() {
		return nil, err
	}
	err = datafile.Guard(func() error {
		for _, n := range d.tickets().Apart(head.Next, step) {
			if n > 0 {
				some = append(some, n)
			}
		}
		return nil
	})
	if d.log().Has(0) { // the own file is open nowhere
		some = append(some, 0)
	}
	return some, err
}

// Relist notes which rows that list a ticket are harmed or lost, if any, and writes them anew where write is set. A ticket that cannot be read stays as
// it is.
func (d Desk) Relist(number uint64, write bool) (wanting bool, err error) {
	t, err := d.Ticket(number)
	if store.Harmed(err) {
		return false, nil
	}
	var rows []tickets.Entry
	if err == nil {
		err = datafile.Guard(func() error { rows = d.tickets().Harmed(t); return nil })
	}
	if err != nil || len(rows) == 0 || !write {
		return len(rows) > 0, err
	}
	for _, row := range rows {
		d.harm.note(spot{desk: d.name, table: row.Index()}, fmt.Errorf("%w: what lists ticket %d is harmed or lost", store.ErrDamaged, number))
	}
	return true, d.tickets().Renew(rows)
}

// fromRecords is a ticket whose row is harmed or lost, as its records make it: the row is only their fold. It returns the damage where not all of
// them are there to be read.
func (d Desk) fromRecords(number uint64, damage error) (t ticket.Ticket, err error) {
	head, err := d.Head()
	if err != nil {
		return ticket.Ticket{Desk: d.name}, err
	}
	err = datafile.Guard(func() (err error) {
		t, err = d.log().Alone(number, head.Seq)
		return err
	})
	if err == nil && t.Version == 0 {
		err = fmt.Errorf("%w: it has no records", store.ErrDamaged)
	}
	if err != nil {
		return ticket.Ticket{Desk: d.name}, fmt.Errorf("%w; its records: %w", damage, err)
	}
	d.harm.note(spot{desk: d.name, ticket: number}, damage)
	return t, nil
}
