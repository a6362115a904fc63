package mailhost_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"replyby/mailhost"
)

var (
	support  = mailhost.Account{Address: "support@desk.test", Password: "secret", Token: "tok-1"}
	customer = mailhost.Account{Address: "anna@customer.test", Password: "hers"}
)

const mail = "From: anna@customer.test\r\nTo: support@desk.test\r\nSubject: hello\r\n\r\n.dot first\r\nbody\r\n"

// start runs a host for the length of the test.
func start(t *testing.T, cfg mailhost.Config) *mailhost.Host {
	t.Helper()
	if cfg.Accounts == nil {
		cfg.Accounts = []mailhost.Account{support, customer}
	}
	host, err := mailhost.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- host.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("host ended with %v", err)
		}
	})
	return host
}

func dialSMTP(t *testing.T, host *mailhost.Host) *smtp.Client {
	t.Helper()
	c, err := smtp.Dial(host.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func inbox(t *testing.T, host *mailhost.Host, a mailhost.Account) []string {
	t.Helper()
	return folder(t, host, a, "INBOX")
}

// folder fetches a folder of a over a new connection.
func folder(t *testing.T, host *mailhost.Host, a mailhost.Account, name string) []string {
	t.Helper()
	c, err := imapclient.DialInsecure(host.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(a.Address, a.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select(name, nil).Wait(); err != nil {
		t.Fatal(err)
	}
	section := &imap.FetchItemBodySection{Peek: true}
	got, err := c.Fetch(imap.UIDSet{{Start: 1}}, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var mails []string
	for _, m := range got {
		mails = append(mails, string(m.FindBodySection(section)))
	}
	return mails
}

func code(err error) int {
	if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return e.Code
	}
	return 0
}

func TestRelayRefusedWithoutLogin(t *testing.T) {
	host := start(t, mailhost.Config{})
	err := dialSMTP(t, host).SendMail("x@evil.test", []string{"victim@elsewhere.test"}, strings.NewReader(mail))
	if code(err) != 554 {
		t.Errorf("relay without login: got %v, want 554", err)
	}
	if got := host.Accepted(); len(got) != 0 {
		t.Errorf("accepted %d transactions, want none", len(got))
	}
}

func TestWrongCredentials(t *testing.T) {
	host := start(t, mailhost.Config{})
	for name, client := range map[string]sasl.Client{
		"password":       sasl.NewPlainClient("", support.Address, "wrong"),
		"empty password": sasl.NewPlainClient("", customer.Address, ""),
		"unknown user":   sasl.NewPlainClient("", "nobody@desk.test", "secret"),
		"token":          tokenClient{support.Address, "tok-2"},
		"no token":       tokenClient{customer.Address, ""},
	} {
		if err := dialSMTP(t, host).Auth(client); code(err) != 535 {
			t.Errorf("smtp, %s: got %v, want 535", name, err)
		}
		c, err := imapclient.DialInsecure(host.IMAPAddr(), nil)
		if err != nil {
			t.Fatal(err)
		}
		err = c.Authenticate(client)
		c.Close()
		if refused, ok := errors.AsType[*imap.Error](err); !ok || refused.Code != imap.ResponseCodeAuthenticationFailed {
			t.Errorf("imap, %s: got %v, want AUTHENTICATIONFAILED", name, err)
		}
	}
}

// tokenClient speaks XOAUTH2 as mail programs do.
type tokenClient struct{ user, token string }

func (c tokenClient) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + c.user + "\x01auth=Bearer " + c.token + "\x01\x01"), nil
}

func (c tokenClient) Next([]byte) ([]byte, error) { return []byte{}, nil }

func TestDeliveryFromOutside(t *testing.T) {
	host := start(t, mailhost.Config{Name: "mx.desk.test"})
	err := dialSMTP(t, host).SendMail("anna@customer.test", []string{"Support+tag@desk.test"}, strings.NewReader(mail))
	if err != nil {
		t.Fatal(err)
	}
	got := inbox(t, host, support)
	if len(got) != 1 {
		t.Fatalf("inbox holds %d mails, want 1", len(got))
	}
	head, ok := strings.CutSuffix(got[0], mail)
	if !ok {
		t.Errorf("content changed on the way: %q", got[0])
	}
	if !strings.HasPrefix(head, "Return-Path: <anna@customer.test>\r\n") ||
		!strings.Contains(head, "by mx.desk.test with ESMTP id ") {
		t.Errorf("trace fields: %q", head)
	}
}

func TestSubmission(t *testing.T) {
	host := start(t, mailhost.Config{SentCopy: true})
	c := dialSMTP(t, host)
	if err := c.Auth(tokenClient{support.Address, support.Token}); err != nil {
		t.Fatal(err)
	}
	to := []string{customer.Address, "someone@elsewhere.test"}
	if err := c.SendMail(support.Address, to, strings.NewReader(mail)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	got, err := host.Wait(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].User != support.Address || len(got[0].To) != 2 || string(got[0].Data) != mail ||
		got[0].Reply != "250 2.0.0 Ok: queued as "+got[0].ID {
		t.Errorf("recorded transaction: %+v", got[0])
	}
	if sent := folder(t, host, support, "Sent"); len(sent) != 1 || sent[0] != mail {
		t.Errorf("support's sent folder: %q", sent)
	}
	if in := inbox(t, host, customer); len(in) != 1 || !strings.Contains(in[0], "with ESMTPA id ") {
		t.Errorf("customer's inbox: %q", in)
	}
}

func TestFaults(t *testing.T) {
	for _, tc := range []struct {
		stage     mailhost.Stage
		err       error
		code      int // 0: the connection ends without a reply
		delivered bool
	}{
		{mailhost.StageMail, mailhost.Refusal{Code: 451, Text: "4.3.2 later"}, 451, false},
		{mailhost.StageRcpt, mailhost.Refusal{Code: 550, Text: "5.1.1 no such user"}, 550, false},
		{mailhost.StageData, mailhost.Refusal{Code: 452, Text: "4.3.1 full"}, 452, false},
		{mailhost.StageDot, mailhost.Refusal{Code: 554, Text: "5.7.1 spam"}, 554, false},
		{mailhost.StageData, mailhost.ErrDrop, 0, false},
		{mailhost.StageDot, mailhost.ErrDrop, 0, false},
		{mailhost.StageReply, mailhost.ErrDrop, 0, true},
	} {
		host := start(t, mailhost.Config{Fault: func(stage mailhost.Stage, _ mailhost.Transaction) error {
			if stage == tc.stage {
				return tc.err
			}
			return nil
		}})
		err := dialSMTP(t, host).SendMail("anna@customer.test", []string{support.Address}, strings.NewReader(mail))
		if err == nil || code(err) != tc.code {
			t.Errorf("%s %v: client saw %v, want code %d", tc.stage, tc.err, err, tc.code)
		}
		if got := len(inbox(t, host, support)); (got == 1) != tc.delivered {
			t.Errorf("%s %v: %d mails delivered", tc.stage, tc.err, got)
		}
		if got := len(host.Accepted()); (got == 1) != tc.delivered {
			t.Errorf("%s %v: %d transactions recorded", tc.stage, tc.err, got)
		}
	}
}

// A mailbox that cannot take the mail is a temporary failure, and nothing is
// counted as accepted.
func TestHopReportsFailedDelivery(t *testing.T) {
	hop, err := mailhost.NewHop(mailhost.HopConfig{
		Accounts: []mailhost.Account{support},
		Deliver:  func(string, string, []byte) error { return errors.New("disk full") },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- hop.Run(ctx) }()
	c, err := smtp.Dial(hop.Addr())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SendMail("a@b.test", []string{support.Address}, strings.NewReader(mail)); code(err) != 451 {
		t.Errorf("got %v, want 451", err)
	}
	cancel()
	if err := <-done; err != nil || len(hop.Accepted()) != 0 {
		t.Errorf("run ended with %v, accepted %d", err, len(hop.Accepted()))
	}
}

// A changed password counts from the next login on.
func TestSetAccount(t *testing.T) {
	host := start(t, mailhost.Config{})
	changed := mailhost.Account{Address: support.Address, Password: "other"}
	if err := host.SetAccount(changed); err != nil {
		t.Fatal(err)
	}
	if err := dialSMTP(t, host).Auth(sasl.NewPlainClient("", support.Address, support.Password)); code(err) != 535 {
		t.Errorf("old password: got %v, want 535", err)
	}
	if got := inbox(t, host, changed); len(got) != 0 {
		t.Errorf("inbox: %q", got)
	}
	if err := host.SetAccount(mailhost.Account{Address: "nobody@desk.test"}); err == nil {
		t.Error("an account that does not exist was changed")
	}
}

// A client that goes away in the middle of the content leaves nothing behind.
func TestTruncatedContentIsNotAccepted(t *testing.T) {
	host := start(t, mailhost.Config{})
	conn, err := net.Dial("tcp", host.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, "EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<support@desk.test>\r\nDATA\r\nSubject: half\r\n")
	conn.(*net.TCPConn).CloseWrite()
	io.Copy(io.Discard, conn)
	if got := host.Accepted(); len(got) != 0 {
		t.Errorf("accepted %q", got[0].Data)
	}
}

// A mail that comes in just as IDLE begins is announced all the same.
func TestIdleAnnouncesEarlyMail(t *testing.T) {
	host := start(t, mailhost.Config{})
	news := make(chan uint32, 10)
	c, err := imapclient.DialInsecure(host.IMAPAddr(), &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				news <- *d.NumMessages
			}
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Authenticate(sasl.NewPlainClient("", support.Address, support.Password)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := host.Deliver("anna@customer.test", support.Address, []byte(mail)); err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	select {
	case n := <-news:
		if n != 1 {
			t.Errorf("announced %d mails, want 1", n)
		}
	case <-time.After(10 * time.Second):
		t.Error("the mail was never announced")
	}
	idle.Close()
}
