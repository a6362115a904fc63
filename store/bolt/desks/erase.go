package desks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"replyby/store"
	"replyby/store/bolt/messages"
)

// erase removes salt and body from the records of a ticket that a change makes bare, and the bytes of the messages that it lists. The snapshot,
// which was computed with the bodies, must equal the fold without them.
func (d Desk) erase(c store.Change) error {
	if len(c.Erase) > 0 || len(c.Bare) > 0 {
		gone := func(seq uint64) bool { return slices.Contains(c.Bare, seq) }
		if len(c.Erase) > 0 {
			gone = func(seq uint64) bool { return seq <= c.Expect }
		}
		if err := d.bare(c.Ticket, gone); err != nil {
			return err
		}
	}
	for _, hash := range slices.Concat(c.Erase, c.Forget) {
		if err := messages.Of(d.tx).Forget(hash); err != nil {
			return err
		}
	}
	return nil
}

// bare makes records of a ticket bare, unless its fold is another one then or a letter that they bear still needs its bytes.
func (d Desk) bare(number uint64, gone func(seq uint64) bool) error {
	left, err := d.log().Bare(number, gone)
	if err != nil {
		return err
	}
	now, err := d.Ticket(number)
	if err != nil {
		return err
	}
	switch waits, err := d.outbox().Holds(number, gone); {
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
