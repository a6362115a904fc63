package desks

import (
	"crypto/rand"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/messages"
	"replyby/store/bolt/outbox"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

const saltSize = 16

// Apply writes one change, which is [Valid], and returns the records that its events became. Letters are born before they are marked, marked
// before they are done.
func Apply(tx *bbolt.Tx, a Around, c store.Change) ([]logbook.Record, error) {
	return apply(tx, a, c, sealAnew(c))
}

// Redo writes a change again after a crash, with the records that its events became when it was applied.
func Redo(tx *bbolt.Tx, a Around, c store.Change, records []logbook.Record) error {
	_, err := apply(tx, a, c, sealedBefore(records))
	return err
}

func apply(tx *bbolt.Tx, a Around, c store.Change, seal sealer) ([]logbook.Record, error) {
	d, err := ensure(tx, c.Desk, a)
	if err != nil {
		return nil, err
	}
	records, err := d.record(c, seal)
	if err != nil {
		return nil, err
	}
	return records, d.mark(c)
}

// sealer returns the record of the change's event at an index, as the one that follows the head of the log. Apply seals the event; Redo
// returns the record that was sealed before, so that hashes stay the same.
type sealer func(place int, head logbook.Head) (logbook.Record, error)

func sealAnew(c store.Change) sealer {
	salts := make([]byte, len(c.Events)*saltSize)
	rand.Read(salts) // never fails
	return func(i int, head logbook.Head) (logbook.Record, error) {
		r, err := logbook.Seal(c.Desk, head, c.Events[i], salts[i*saltSize:][:saltSize:saltSize])
		if err != nil {
			return r, fmt.Errorf("%w: %w", store.ErrInvalid, err)
		}
		return r, nil
	}
}

func sealedBefore(records []logbook.Record) sealer {
	return func(i int, head logbook.Head) (logbook.Record, error) {
		_, err := logbook.Verify(head, records[i])
		return records[i], err
	}
}

// mark writes what a change does beside its events.
func (d Desk) mark(c store.Change) error {
	out := d.outbox()
	for _, id := range c.Sending {
		if err := out.MarkSending(id); err != nil {
			return err
		}
	}
	for _, id := range c.Done {
		if err := out.Drop(id); err != nil {
			return err
		}
	}
	for _, k := range c.Keys {
		if err := d.tickets().Lead(k, c.Ticket); err != nil {
			return err
		}
	}
	for _, hash := range c.Raw {
		if err := messages.Of(d.tx).Keep(hash); err != nil {
			return err
		}
	}
	if err := d.erase(c); err != nil {
		return err
	}
	if err := d.putCursor(c.Cursor); err != nil {
		return err
	}
	return d.count(c.Day, c.Count)
}

// record appends the events of a change to the log and folds them into the ticket.
func (d Desk) record(c store.Change, seal sealer) (records []logbook.Record, err error) {
	head, err := d.Head()
	if err != nil {
		return nil, err
	}
	old, err := d.Ticket(c.Ticket)
	if err != nil {
		return nil, err
	}
	if err := admit(c, old, &head); err != nil || len(c.Events) == 0 {
		return nil, err
	}
	if err := d.renew(old); err != nil {
		return nil, err
	}
	var born []outbox.Letter
	now := old
	for i, e := range c.Events {
		r, err := seal(i, head.Head)
		if err != nil {
			return nil, err
		}
		if now, err = logbook.Follow(now, e, r); err != nil {
			return nil, fmt.Errorf("%w: %w", store.ErrInvalid, err)
		}
		if err := d.log().Append(r); err != nil {
			return nil, err
		}
		records = append(records, r)
		for i, l := range e.Body.Letters {
			born = append(born, outbox.Letter{Letter: l, Of: c.Ticket, Seq: r.Seq, Nth: uint32(i)})
		}
		head.Head = logbook.Head{Seq: r.Seq, Hash: r.Hash()}
	}
	if err := d.outbox().Add(born, c.Letters); err != nil {
		return nil, err
	}
	return records, d.settle(old, now, head)
}

// admit checks that the change was decided on what the store has. A new ticket takes the next number.
func admit(c store.Change, old ticket.Ticket, head *store.Head) error {
	isNew := c.Ticket != 0 && old.Version == 0
	switch {
	case isNew && (len(c.Events) == 0 || c.Ticket > head.Next):
		return fmt.Errorf("%w: there is no such ticket, the next new one is %d", store.ErrInvalid, head.Next)
	case len(c.Events) == 0 && len(c.Letters) > 0:
		return fmt.Errorf("%w: letters without an event that bears them", store.ErrInvalid)
	case len(c.Events) == 0 && len(c.Erase)+len(c.Bare) > 0:
		return fmt.Errorf("%w: erasure without an event that says what stays", store.ErrInvalid)
	case len(c.Events) == 0:
		return nil
	case c.Expect != old.Version:
		return fmt.Errorf("%w: decided on version %d, it is at %d", store.ErrConflict, c.Expect, old.Version)
	case isNew:
		head.Next++
	}
	return nil
}

// settle writes what follows from the appended records: snapshot, index, head.
func (d Desk) settle(old, now ticket.Ticket, head store.Head) error {
	if !d.hold(old, now) {
		if err := d.tickets().Put(old, now); err != nil {
			return err
		}
	}
	return d.putHead(head)
}

func (d Desk) putCursor(c *store.Cursor) error {
	if c == nil {
		return nil
	}
	at, key := *c, rows.WordKey(c.Folder)
	if v, damage := rows.Get(d.table(tableCursor), key); at.Before.IsZero() && damage == nil && v != nil {
		if was, damage := pack.ReadCursor(c.Folder, v); damage == nil { // else it is written anew without
			at.Before = was.Before
		}
	}
	return rows.Restore(d.root, tableCursor, key, pack.Cursor(at))
}
