package office_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"replyby/mailhost"
)

// I1: where the machine's clock is more than a day ahead at the first start, what the mailbox takes in from then on looks older than the desk, by the date
// that the server gives it. It is taken in all the same, also after the clock was set right; what the mailbox had before makes no tickets, whatever is
// read again.
func TestFirstStartWithTheClockAhead(t *testing.T) {
	for _, had := range []int{0, 3} {
		t.Run(fmt.Sprintf("%d mails before", had), func(t *testing.T) {
			dir := memory(t)
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(time.Date(2026, time.December, 16, 9, 0, 0, 0, time.UTC)))
				const ahead = 26 * time.Hour
				n := 0
				serve := func() (arrives func(ago time.Duration), stop func(), pipe *mailhost.PipeListener) {
					pipe = mailhost.NewPipeListener()
					host, err := mailhost.New(mailhost.Config{Accounts: []mailhost.Account{support}, IMAPListener: pipe, SMTPListener: mailhost.NewPipeListener()})
					if err != nil {
						t.Fatal(err)
					}
					ctx, cancel := context.WithCancel(t.Context())
					done := make(chan error, 1)
					go func() { done <- host.Run(ctx) }()
					return func(ago time.Duration) {
							n++
							mail := fmt.Sprintf("From: Mario <mario@cliente.test>\r\nSubject: request %d\r\n\r\nThe shop does not take payment number %[1]d.\r\n", n)
							if err := host.Append(support.Address, "INBOX", time.Now().Add(-ago), []byte(mail)); err != nil {
								t.Fatal(err)
							}
						}, func() {
							cancel()
							if err := <-done; err != nil {
								t.Error(err)
							}
						}, pipe
				}
				arrives, stop, pipe := serve()
				for range had {
					arrives(ahead + time.Hour)
				}
				o, end := run(t, t.Context(), dir, time.Minute, later(t, pipe))
				want := func(tickets int) {
					t.Helper()
					time.Sleep(2 * time.Minute)
					if head, err := o.Store().Head(t.Context(), "agency"); err != nil || int(head.Next)-1 != tickets {
						t.Errorf("%d tickets, %v, want %d", head.Next-1, err, tickets)
					}
				}
				want(0)
				arrives(ahead)
				want(1)
				end()
				arrives(ahead) // while nothing runs
				o, end = run(t, t.Context(), dir, time.Minute, later(t, pipe))
				want(2)
				end()
				stop()
			})
		})
	}
}
