package office_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/mailparse"
	"replyby/store"
)

// A mail that was marked deleted when the watcher came by, and that a person brought back later, is in no ticket. The digest names it, by
// itself.
func TestDigestNamesMissingMail(t *testing.T) {
	tell(t, conversation{name: "audit"}, func(s *story) {
		s.deliver([]int{100})
		time.Sleep(20 * time.Hour) // the digest looks at the last two days
		person := s.person()
		defer person.Close()
		uid := s.put(person, "From: lucia@tienda.test\r\nSubject: brought back\r\n\r\nText.\r\n", imap.FlagDeleted)
		time.Sleep(2 * time.Minute)
		undo := &imap.StoreFlags{Op: imap.StoreFlagsDel, Flags: []imap.Flag{imap.FlagDeleted}}
		if err := person.Store(imap.UIDSetNum(uid), undo, nil).Close(); err != nil {
			s.t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		s.check("one of two")
		if text := s.digest(); !strings.Contains(text, "brought back") || !strings.Contains(text, "1 mail of the last two days") {
			s.t.Errorf("the digest does not name the missing mail:\n%s", text)
		}
	})
}

// person is a client of the mailbox with the inbox open.
func (s *story) person() *imapclient.Client {
	s.t.Helper()
	conn, err := s.cut.pipe.DialContext(s.t.Context(), "", "")
	if err != nil {
		s.t.Fatal(err)
	}
	c := imapclient.New(conn, nil)
	if err := c.Login(support.Address, support.Password).Wait(); err != nil {
		s.t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// put adds a mail with a flag to the inbox.
func (s *story) put(c *imapclient.Client, text string, flag imap.Flag) imap.UID {
	s.t.Helper()
	put := c.Append("INBOX", int64(len(text)), &imap.AppendOptions{Flags: []imap.Flag{flag}, Time: time.Now()})
	if _, err := put.Write([]byte(text)); err != nil {
		s.t.Fatal(err)
	}
	if err := put.Close(); err != nil {
		s.t.Fatal(err)
	}
	data, err := put.Wait()
	if err != nil {
		s.t.Fatal(err)
	}
	return data.UID
}

// digest is the text of the last digest in the outbox.
func (s *story) digest() (text string) {
	s.t.Helper()
	rows, err := s.office.Store().Outbox(s.t.Context(), "agency", time.Now().AddDate(1, 0, 0), 0)
	if err != nil {
		s.t.Fatal(err)
	}
	last := store.Letter{}
	for _, l := range rows {
		if l.Purpose == "digest" && !l.NotBefore.Before(last.NotBefore) {
			last = l
		}
	}
	return mailparse.Parse(last.Bytes).Text
}
