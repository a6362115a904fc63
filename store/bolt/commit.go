package bolt

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/messages"
	"replyby/store/bolt/outbox"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

const saltSize = 16

// Commit implements [store.Store].
func (s *Store) Commit(ctx context.Context, changes ...store.Change) error {
	if len(changes) == 0 {
		return nil
	}
	invalid := checkChanges(changes) // outside the transaction, since others may write meanwhile; returned inside, so that it fails a view
	var records [][]logbook.Record
	write := func(tx *bbolt.Tx) error {
		if invalid != nil {
			return invalid
		}
		for _, c := range changes {
			if err := ctx.Err(); err != nil {
				return err
			}
			of, err := apply(tx, s.held, c, sealAnew(c))
			if err != nil {
				return fmt.Errorf("commit ticket %d of desk %q: %w", c.Ticket, c.Desk, err)
			}
			records = append(records, of)
		}
		return nil
	}
	if slices.ContainsFunc(changes, func(c store.Change) bool { return len(c.Bare)+len(c.Forget) > 0 }) {
		return s.in.Write(ctx, write) // rare, and no entry of the journal says it
	}
	return s.in.WriteRedoable(ctx, write, func() (entry []byte) {
		for i := 0; i < len(changes) && len(entry) <= datafile.MaxEntry; i++ {
			entry = pack.AppendChange(entry, changes[i], records[i])
		}
		return entry
	})
}

// redo repeats, from the journal entry of one transaction, what its commits wrote. It is [datafile.Options.Redo].
func redo(tx *bbolt.Tx, entry []byte) error {
	h := newHeld()
	for u := rows.Unpack(entry); u.More(); {
		c, records, err := pack.ReadChange(u)
		if err != nil {
			return err
		}
		if _, err := apply(tx, h, c, sealedBefore(records)); err != nil {
			return fmt.Errorf("commit ticket %d of desk %q again: %w", c.Ticket, c.Desk, err)
		}
	}
	return h.write(tx)
}

// sealer returns the record of the change's event at an index, as the one that follows the head of the log. A commit seals the event; a redo
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

// checkChanges refuses what no state of the store could accept.
func checkChanges(changes []store.Change) error {
	type place struct {
		desk   string
		number uint64
	}
	taken := map[place]bool{}
	for _, c := range changes {
		at := place{c.Desk, c.Ticket}
		if taken[at] {
			return fmt.Errorf("%w: two changes of ticket %d of desk %q", store.ErrInvalid, c.Ticket, c.Desk)
		}
		taken[at] = true
		if err := checkChange(c); err != nil {
			return fmt.Errorf("%w: ticket %d of desk %q: %w", store.ErrInvalid, c.Ticket, c.Desk, err)
		}
	}
	return nil
}

func checkChange(c store.Change) error {
	if c.Desk == "" || len(c.Desk) > maxDeskName {
		return fmt.Errorf("desk name of %d bytes, want 1 to %d", len(c.Desk), maxDeskName)
	}
	for _, e := range c.Events {
		if e.Ticket != c.Ticket {
			return fmt.Errorf("event %s is about ticket %d", e.Kind, e.Ticket)
		}
	}
	if len(c.Bare) > 0 && (slices.Min(c.Bare) == 0 || slices.Max(c.Bare) > c.Expect) {
		return fmt.Errorf("erasure of records %d, decided on version %d", c.Bare, c.Expect)
	}
	for _, k := range c.Keys {
		if k.Kind == "" || k.Value == "" {
			return fmt.Errorf("empty key of kind %q", k.Kind)
		}
	}
	if len(c.Count) == 0 {
		return nil
	}
	if day, err := time.Parse(time.DateOnly, c.Day); err != nil || day.Format(time.DateOnly) != c.Day {
		return fmt.Errorf("counters of day %q, want 2006-01-02", c.Day)
	}
	return nil
}

// apply writes one change. Letters are born before they are marked, marked before they are done.
func apply(tx *bbolt.Tx, h *held, c store.Change, seal sealer) ([]logbook.Record, error) {
	d, err := ensureDesk(tx, c.Desk, h)
	if err != nil {
		return nil, err
	}
	records, err := d.record(c, seal)
	if err != nil {
		return nil, err
	}
	return records, d.mark(c)
}

// mark writes what a change does beside its events.
func (d desk) mark(c store.Change) error {
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
func (d desk) record(c store.Change, seal sealer) (records []logbook.Record, err error) {
	head, err := d.head()
	if err != nil {
		return nil, err
	}
	old, err := d.ticket(c.Ticket)
	if err != nil {
		return nil, err
	}
	if err := admit(c, old, &head); err != nil || len(c.Events) == 0 {
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
func (d desk) settle(old, now ticket.Ticket, head store.Head) error {
	if !d.hold(old, now) {
		if err := d.tickets().Put(old, now); err != nil {
			return err
		}
	}
	return d.putHead(head)
}

func (d desk) putCursor(c *store.Cursor) error {
	if c == nil {
		return nil
	}
	return rows.Add(d.table(tableCursor), rows.WordKey(c.Folder), pack.Cursor(*c))
}
