package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"replyby/store"
	"replyby/store/bolt/messages"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// erase removes salt and body from the records of a ticket that are older than the change, and the bytes of the messages that the change
// lists. The snapshot, which was computed with the bodies, must equal the fold without them.
func (d desk) erase(c store.Change) error {
	if len(c.Erase) == 0 {
		return nil
	}
	left := ticket.Ticket{Desk: d.name}
	var bare []logbook.Record
	err := rows.ScanPrefix(d.table(tableOf), rows.NumberKey(c.Ticket), 0, func(seq uint64) (bool, error) {
		r, err := d.recordAt(seq)
		if err != nil {
			return false, err
		}
		if seq <= c.Expect {
			r.Salt, r.Body = nil, nil
			bare = append(bare, r)
		}
		left, err = logbook.Apply(left, r)
		return err == nil, err
	})
	if err != nil {
		return err
	}
	if err := d.unmoved(c.Ticket, left); err != nil {
		return err
	}
	for _, r := range bare {
		if err := rows.Put(d.table(tableLog), rows.NumberKey(r.Seq), pack.Record(r)); err != nil {
			return err
		}
	}
	for _, hash := range c.Erase {
		if err := messages.Of(d.tx).Forget(hash); err != nil {
			return err
		}
	}
	return nil
}

// unmoved returns an error unless the ticket's fold is the same without the bodies and no letter of it still needs its bytes.
func (d desk) unmoved(number uint64, left ticket.Ticket) error {
	now, err := d.ticket(number)
	if err != nil {
		return err
	}
	switch waits, err := d.outbox().Holds(number); {
	case err != nil:
		return err
	case waits:
		return fmt.Errorf("%w: a letter of the ticket is in the outbox", store.ErrInvalid)
	}
	was, err1 := json.Marshal(now)
	is, err2 := json.Marshal(left)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("%w: encode ticket: %w", store.ErrInvalid, err)
	}
	if !bytes.Equal(was, is) {
		return fmt.Errorf("%w: the ticket would be another one without what is to be erased", store.ErrInvalid)
	}
	return nil
}
