package office_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"replyby/cmd/replyby/office"
	"replyby/imapwatch"
	"replyby/mailhost"
	"replyby/store/bolt/harm"
)

// I1, I7, I10: where it is harmed how far the inbox is read, it is read again from its start: what is known is nothing new, what waited is taken in, what lay
// there before the desk began makes no tickets. It is told, until it is written anew.
func TestHarmedCursor(t *testing.T) {
	dir := memory(t)
	synctest.Test(t, func(t *testing.T) {
		host, pipe, stop := served(t)
		n := 0
		arrives := func(ago time.Duration) {
			n++
			arrives(t, host, n, ago)
		}
		work := func(tickets int, then func()) {
			t.Helper()
			o, end := run(t, t.Context(), dir, time.Minute, later(t, pipe))
			time.Sleep(time.Second)
			then()
			time.Sleep(3 * time.Minute)
			if head, err := o.Store().Head(t.Context(), "agency"); err != nil || int(head.Next)-1 != tickets {
				t.Errorf("%d tickets, %v, want %d", head.Next-1, err, tickets)
			}
			end()
		}
		arrives(26 * time.Hour)
		arrives(25 * time.Hour)
		work(3, func() { arrives(0); arrives(0); arrives(0) })
		if err := harm.Cursor(dir, "agency", "INBOX"); err != nil {
			t.Fatal(err)
		}
		arrives(0)
		arrives(0)
		work(5, func() {
			told := false
			for range 2 * 60 { // by the beat of the start, or by the next one: that depends on which looks first
				_, sick, err := office.Alive(dir)
				told = told || err == nil && strings.Contains(strings.Join(sick, "\n"), harmedCursor)
				time.Sleep(time.Second)
			}
			if !told {
				t.Error("no monitor reads of it")
			}
		})
		work(6, func() {
			arrives(0)
			time.Sleep(2 * time.Minute)
			if _, sick, err := office.Alive(dir); err != nil || strings.Contains(strings.Join(sick, "\n"), harmedCursor) {
				t.Errorf("a monitor reads %q, %v after the cursor was written anew", sick, err)
			}
		})
		stop()
	})
}

// I1: what comes while the first start cannot read the mailbox yet, as with a wrong password, is later mail like any other: it is taken in when the password
// is right. What was there before makes no tickets.
func TestFirstContactIsLate(t *testing.T) {
	dir := memory(t)
	synctest.Test(t, func(t *testing.T) {
		host, pipe, stop := served(t)
		arrives(t, host, 1, 0)
		time.Sleep(10 * time.Minute)
		var right atomic.Bool
		p := later(t, pipe)
		p.Mailbox.Secret = func(context.Context) (string, error) {
			if right.Load() {
				return support.Password, nil
			}
			return "wrong", nil
		}
		o, end := run(t, t.Context(), dir, time.Minute, p)
		time.Sleep(time.Minute)
		arrives(t, host, 2, 0)
		time.Sleep(time.Hour)
		arrives(t, host, 3, 0)
		right.Store(true)
		time.Sleep(10 * time.Minute)
		arrives(t, host, 4, 0)
		time.Sleep(time.Minute)
		if head, err := o.Store().Head(t.Context(), "agency"); err != nil || head.Next-1 != 3 {
			t.Errorf("%d tickets, %v, want 3", head.Next-1, err)
		}
		end()
		if err := host.Append(support.Address, "Junk", time.Now(), []byte("From: Mario <mario@cliente.test>\r\nSubject: another\r\n\r\nNobody asked you.\r\n")); err != nil {
			t.Fatal(err)
		}
		p.Mailbox.Folders = append(p.Mailbox.Folders, "Junk")
		o, end = run(t, t.Context(), dir, time.Minute, p)
		time.Sleep(10 * time.Minute)
		if head, err := o.Store().Head(t.Context(), "agency"); err != nil || head.Next-1 != 3 {
			t.Errorf("%d tickets, %v, after a folder was added that has mail, want 3", head.Next-1, err)
		}
		end()
		stop()
	})
}

// arrives puts a request, numbered as it is no copy of another, into the inbox as one that came some time ago.
func arrives(t *testing.T, host *mailhost.Host, n int, ago time.Duration) {
	t.Helper()
	mail := fmt.Sprintf("From: Mario <mario@cliente.test>\r\nSubject: request %d\r\n\r\nThe shop does not take payment number %[1]d.\r\n", n)
	if err := host.Append(support.Address, "INBOX", time.Now().Add(-ago), []byte(mail)); err != nil {
		t.Fatal(err)
	}
}

const harmedCursor = `agency: the database is harmed: desk "agency", cursor: `

// later is a desk that begins with later mail.
func later(t *testing.T, mailbox *mailhost.PipeListener) office.Plan {
	t.Helper()
	p := plan(t, func(m *imapwatch.Config) { m.Dial, m.Since = mailbox.DialContext, "now" })
	p.Desk.FromStart = false
	return p
}
