package store

import (
	"errors"
	"slices"
	"strings"
)

// Damage is what could not be read while something was done for many. It keeps only itself from that, and is told of at the end.
type Damage []error

// Take keeps an error that says that something cannot be read, once, and returns any other.
func (x *Damage) Take(err error) error {
	if !Harmed(err) {
		return err
	}
	if !slices.ContainsFunc(*x, func(known error) bool { return known.Error() == err.Error() }) {
		*x = append(*x, err)
	}
	return nil
}

// Told is one error in one line, nil where all could be read.
func (x Damage) Told() error {
	if len(x) == 0 {
		return nil
	}
	return told(x)
}

// Harmed reports whether an error says that something cannot be read, and nothing worse.
func Harmed(err error) bool { return errors.Is(err, ErrDamaged) && !errors.Is(err, ErrBroken) }

type told []error

func (t told) Unwrap() []error { return t }

func (t told) Error() string {
	said := make([]string, len(t))
	for i, err := range t {
		said[i] = err.Error()
	}
	return strings.Join(said, "; ")
}
