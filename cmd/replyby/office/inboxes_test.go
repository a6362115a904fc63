package office_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"replyby/cmd/replyby/office"
	"replyby/mailhost"
	"replyby/store"
)

// post is a mailbox of several folders that a test puts mail into.
type post struct {
	t      *testing.T
	host   *mailhost.Host
	n      int
	behind time.Duration // its clock
}

// newPost starts it; it ends with the test's bubble when end is called.
func newPost(t *testing.T, folders ...string) (p *post, pipe *mailhost.PipeListener, end func()) {
	t.Helper()
	pipe = mailhost.NewPipeListener()
	host, err := mailhost.New(mailhost.Config{
		Accounts: []mailhost.Account{support}, Folders: folders, IMAPListener: pipe, SMTPListener: mailhost.NewPipeListener(),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- host.Run(ctx) }()
	return &post{t: t, host: host}, pipe, func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// gets is a request that comes into a folder now.
func (p *post) gets(folder string) {
	p.t.Helper()
	p.n++
	mail := fmt.Sprintf("From: Mario <mario@cliente.test>\r\nSubject: request %d\r\n\r\nThe shop does not take payment number %[1]d.\r\n", p.n)
	if err := p.host.Append(support.Address, folder, time.Now().Add(-p.behind), []byte(mail)); err != nil {
		p.t.Fatal(err)
	}
}

// wantTickets checks how many tickets there are after a few minutes.
func wantTickets(t *testing.T, o *office.Office, n int) {
	t.Helper()
	time.Sleep(5 * time.Minute)
	if head, err := o.Store().Head(t.Context(), "agency"); err != nil || int(head.Next)-1 != n {
		t.Errorf("%d tickets, %v, want %d", head.Next-1, err, n)
	}
}

// brittle is a store that takes no cursor of one folder.
type brittle struct {
	store.Store
	refuses string
}

func (b *brittle) Commit(ctx context.Context, changes ...store.Change) error {
	for _, c := range changes {
		if c.Cursor != nil && c.Cursor.Folder == b.refuses && c.Cursor.UIDValidity != 0 {
			return errors.New("not now")
		}
	}
	return b.Store.Commit(ctx, changes...)
}

// I1: what came into any inbox since the desk began is taken in at the first contact with the mailbox, however late, and also where the program ended
// between one folder and the next.
func TestFirstContactWithSeveralInboxes(t *testing.T) {
	for _, cut := range []string{"", "Vendite"} {
		t.Run("cut at "+cut, func(t *testing.T) {
			dir := memory(t)
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(time.Date(2026, time.December, 14, 9, 0, 0, 0, time.UTC)))
				mailbox, pipe, end := newPost(t, "Vendite")
				mailbox.gets("INBOX")
				mailbox.gets("Vendite")
				time.Sleep(10 * time.Minute)
				var secret atomic.Value
				secret.Store("wrong")
				p := later(t, pipe)
				p.Mailbox.Folders = []string{"INBOX", "Vendite"}
				p.Mailbox.Secret = func(context.Context) (string, error) { return secret.Load().(string), nil }
				around := func(s store.Store) store.Store { return &brittle{Store: s, refuses: cut} }
				o, stop := runAs(t, t.Context(), dir, office.Options{Log: slog.New(slog.DiscardHandler), Around: around}, p)
				time.Sleep(time.Minute)
				mailbox.gets("INBOX")
				mailbox.gets("Vendite")
				time.Sleep(time.Hour)
				secret.Store(support.Password)
				time.Sleep(10 * time.Minute)
				if cut == "" {
					wantTickets(t, o, 2)
				}
				stop()
				o, stop = run(t, t.Context(), dir, time.Minute, p)
				wantTickets(t, o, 2)
				stop()
				end()
			})
		})
	}
}
