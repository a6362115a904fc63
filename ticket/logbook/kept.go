package logbook

import (
	"slices"
	"strings"

	"replyby/ticket"
)

// Kept lists the messages and letters that an event names and whose bytes are kept: the mail that caused it, the one it tells of, and
// the letters to the customer that it decided.
func Kept(e ticket.Event) []ticket.Hash {
	var all []ticket.Hash
	if name, ok := strings.CutPrefix(e.Cause, "raw:"); ok {
		var h ticket.Hash
		if h.UnmarshalText([]byte(name)) == nil {
			all = append(all, h)
		}
	}
	if m := e.Body.Message; m != nil && !m.Raw.IsZero() && !slices.Contains(all, m.Raw) {
		all = append(all, m.Raw)
	}
	for _, l := range e.Body.Letters {
		if l.Customer {
			all = append(all, l.Hash)
		}
	}
	return all
}
