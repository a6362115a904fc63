package office_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/mailhost"
)

// I1: a folder that was renamed, on the server and in the configuration, is known by the mail in it: what came since that was last read is taken in.
// A folder that only was added has nothing we know, and what lies in it makes no tickets.
func TestRenamedFolder(t *testing.T) {
	dir := memory(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, time.December, 14, 9, 0, 0, 0, time.UTC)))
		mailbox, pipe, end := newPost(t, "Vendite", "Altro")
		mailbox.gets("Vendite") // before our time
		time.Sleep(time.Hour)
		p := later(t, pipe)
		p.Mailbox.Folders = []string{"INBOX", "Vendite"}
		o, stop := run(t, t.Context(), dir, time.Minute, p)
		wantTickets(t, o, 0)
		mailbox.gets("Vendite")
		mailbox.gets("Vendite")
		wantTickets(t, o, 2)
		rename(t, pipe, "Vendite", "Ordini")
		mailbox.gets("Ordini")
		mailbox.gets("Altro")
		time.Sleep(3 * time.Hour)
		mailbox.gets("Ordini")
		wantTickets(t, o, 2)
		stop()
		mailbox.gets("Ordini")
		p.Mailbox.Folders = []string{"INBOX", "Ordini", "Altro"}
		o, stop = run(t, t.Context(), dir, time.Minute, p)
		wantTickets(t, o, 5)
		mailbox.gets("Altro")
		wantTickets(t, o, 6)
		stop()
		end()
	})
}

// rename is what a person does in the mail client.
func rename(t *testing.T, pipe *mailhost.PipeListener, from, to string) {
	t.Helper()
	conn, err := pipe.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	c := imapclient.New(conn, nil)
	defer c.Close()
	if err := c.Login(support.Address, support.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := c.Rename(from, to, nil).Wait(); err != nil {
		t.Fatal(err)
	}
}
