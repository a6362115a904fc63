package desk

import (
	"errors"

	"replyby/store"
)

// damage is what could not be read while something was done for many tickets. It keeps only itself from that, and is told of at the end.
type damage []error

// take keeps an error that says that something cannot be read, and returns any other.
func (x *damage) take(err error) error {
	if errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrBroken) {
		*x = append(*x, err)
		return nil
	}
	return err
}

// told is nil where all could be read.
func (x damage) told() error { return errors.Join(x...) }
