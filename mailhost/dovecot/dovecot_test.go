package dovecot_test

import (
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"

	"replyby/mailhost"
	"replyby/mailhost/dovecot"
)

var desk = mailhost.Account{Address: "support@desk.test", Password: "secret"}

// state logs in and returns count and UIDVALIDITY of the inbox.
func state(t *testing.T, s *dovecot.Server) (count, validity uint32) {
	t.Helper()
	c, err := imapclient.DialInsecure(s.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(desk.Address, desk.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	data, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return data.NumMessages, data.UIDValidity
}

func TestMailSurvivesARestart(t *testing.T) {
	s := dovecot.Start(t, desk)
	mail := "Subject: one\r\n\r\ntext\r\n"
	s.Deliver("anna@customer.test", desk.Address, []byte(mail))
	c, err := smtp.Dial(s.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SendMail("anna@customer.test", []string{"support+tag@desk.test"}, strings.NewReader(mail)); err != nil {
		t.Fatal(err)
	}
	count, before := state(t, s)
	if count != 2 || len(s.Accepted()) != 1 {
		t.Fatalf("%d mails in the inbox, %d through the hop, want 2 and 1", count, len(s.Accepted()))
	}
	s.Stop()
	s.ResetUIDValidity(desk.Address)
	s.Resume()
	count, after := state(t, s)
	if count != 2 || after == before {
		t.Errorf("after the restart %d mails, uidvalidity %d, want 2 and not %d", count, after, before)
	}
}
