package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"replyby/store"
)

// A serve that a full disk ends says so, also where the store is broken by it: to start it again alone does not help.
func TestAfterEnd(t *testing.T) {
	full := fmt.Errorf("write replyby.db: %w", syscall.ENOSPC)
	for _, c := range []struct {
		err  error
		want string
	}{
		{full, "disk is full"},
		{fmt.Errorf("%w: %w", store.ErrBroken, full), "disk is full"},
		{store.ErrBroken, "start it again"},
		{errors.New("no more"), "the log above"},
	} {
		if hint := afterEnd(c.err); !strings.Contains(hint, c.want) {
			t.Errorf("%v: %q, want %q", c.err, hint, c.want)
		}
	}
}
