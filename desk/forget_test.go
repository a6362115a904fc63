package desk_test

import (
	"errors"

	"replyby/store"
	"replyby/ticket"
)

// is reports whether the bytes of a mail are kept.
func (s *scenario) is(h ticket.Hash) bool {
	s.Helper()
	_, err := s.store.Raw(s.Context(), h)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		s.Fatal(err)
	}
	return err == nil
}
