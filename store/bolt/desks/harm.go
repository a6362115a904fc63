package desks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Harm is what reading came upon that cannot be read and was told all the same, from what it follows from. It stands there until it is written
// anew. Several goroutines may note in it.
type Harm struct {
	mu    sync.Mutex
	found map[spot]error
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
		h.found = map[spot]error{}
	}
	h.found[at] = damage
}

// of reports whether anything of a desk is known to be harmed.
func (h *Harm) of(desk string) bool {
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

// known is a copy of what was noted.
func (h *Harm) known() map[spot]error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.found)
}

// Left lists, one for each place in order, what is still harmed of what was noted, and forgets the rest.
func (h *Harm) Left(tx *bbolt.Tx) (all []error) {
	for at, damage := range h.known() {
		if datafile.Guard(func() error { return Of(tx, at.desk, Around{}).sound(at) }) != nil {
			all = append(all, fmt.Errorf("%s: %w", at, damage))
			continue
		}
		h.mu.Lock()
		delete(h.found, at)
		h.mu.Unlock()
	}
	slices.SortFunc(all, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return all
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
	return rows.Walk(d.table(at.table), func(_, _ []byte, damage error) error { return damage })
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
