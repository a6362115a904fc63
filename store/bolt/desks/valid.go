package desks

import (
	"fmt"
	"slices"
	"time"

	"replyby/store"
)

const maxDeskName = 1024 // bytes; the name is a key of bbolt, which allows 32 KiB

// Valid refuses changes of one commit that no state of the store could accept. It needs no transaction.
func Valid(changes []store.Change) error {
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
		if err := validChange(c); err != nil {
			return fmt.Errorf("%w: ticket %d of desk %q: %w", store.ErrInvalid, c.Ticket, c.Desk, err)
		}
	}
	return nil
}

func validChange(c store.Change) error {
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
