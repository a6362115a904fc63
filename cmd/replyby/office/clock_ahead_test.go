package office_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// I1: where the machine's clock is more than a day ahead at the first start, what the mailbox takes in from then on looks older than the desk, by the date
// that the server gives it. It is taken in all the same, also what comes while nothing runs; what the mailbox had before makes no tickets.
func TestFirstStartWithTheClockAhead(t *testing.T) {
	for _, had := range []int{0, 3} {
		t.Run(fmt.Sprintf("%d mails before", had), func(t *testing.T) {
			dir := memory(t)
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(time.Date(2026, time.December, 16, 9, 0, 0, 0, time.UTC)))
				mailbox, pipe, end := newPost(t)
				mailbox.behind = 26 * time.Hour
				for range had {
					mailbox.gets("INBOX")
				}
				time.Sleep(time.Hour)
				o, stop := run(t, t.Context(), dir, time.Minute, later(t, pipe))
				wantTickets(t, o, 0)
				mailbox.gets("INBOX")
				wantTickets(t, o, 1)
				stop()
				mailbox.gets("INBOX")
				o, stop = run(t, t.Context(), dir, time.Minute, later(t, pipe))
				wantTickets(t, o, 2)
				stop()
				end()
			})
		})
	}
}
