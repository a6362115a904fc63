package ticket_test

import (
	"strings"
	"testing"

	"replyby/ticket"
)

func TestHashText(t *testing.T) {
	for _, bad := range []string{"", "00", strings.Repeat("0", 63), strings.Repeat("0", 65), strings.Repeat("g", 64)} {
		var h ticket.Hash
		if err := h.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read as a hash", bad)
		}
	}
	var h ticket.Hash
	if err := h.UnmarshalText([]byte(ticket.Sum([]byte("x")).String())); err != nil || h != ticket.Sum([]byte("x")) {
		t.Errorf("%s, %v", h, err)
	}
}
