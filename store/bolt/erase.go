package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"replyby/store"
	"replyby/store/bolt/messages"
	"replyby/ticket"
)

// erase removes salt and body from the records of a ticket that are older than the change, and the bytes of the messages that the change
// lists. The snapshot, which was computed with the bodies, must equal the fold without them.
func (d desk) erase(c store.Change) error {
	if len(c.Erase) == 0 {
		return nil
	}
	left, err := d.log().Bare(c.Ticket, c.Expect)
	if err != nil {
		return err
	}
	if err := d.unmoved(c.Ticket, left); err != nil {
		return err
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
