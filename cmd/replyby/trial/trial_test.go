package trial_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/trial"
	"replyby/imapwatch"
	"replyby/mailhost"
	"replyby/outbound"
)

const desk = "assistenza@mail.test"

// mailbox is a provider that keeps copies of sent mail or does not.
func mailbox(t *testing.T, copies bool) trial.Config {
	t.Helper()
	h, err := mailhost.New(mailhost.Config{Accounts: []mailhost.Account{{Address: desk, Password: "secret"}}, SentCopy: copies})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	host, port, err := net.SplitHostPort(h.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	secret := func(context.Context) (string, error) { return "secret", nil }
	return trial.Config{
		Address: desk, Sent: "Sent",
		Mailbox: imapwatch.Config{Addr: h.IMAPAddr(), TLS: "none", Username: desk, Secret: secret, Folders: []string{"INBOX"}},
		Sender:  outbound.Config{Host: host, Port: n, TLS: "none", User: desk, Secret: secret},
	}
}

func TestTrial(t *testing.T) {
	f, err := trial.Run(t.Context(), "assistenza", mailbox(t, true))
	if err != nil {
		t.Fatal(err)
	}
	if f.Mail == nil || !f.Mail.MessageIDKept || !f.Mail.FromKept || !f.InSent || len(f.Mail.By) == 0 || f.Mail.By[0] != "mail.test" || len(f.Trouble) > 0 {
		t.Errorf("findings %+v, mail %+v", f, f.Mail)
	}
}

func TestNoSentCopy(t *testing.T) {
	f, err := trial.Run(t.Context(), "assistenza", mailbox(t, false))
	if err != nil {
		t.Fatal(err)
	}
	if f.InSent || f.Mail == nil {
		t.Errorf("findings %+v", f)
	}
}

func TestWrongPassword(t *testing.T) {
	c := mailbox(t, false)
	c.Mailbox.Secret = func(context.Context) (string, error) { return "wrong", nil }
	if _, err := trial.Run(t.Context(), "assistenza", c); err == nil {
		t.Error("no error")
	}
}

// A folder that is configured and not there is what is said, and the mail to ourselves is tried all the same.
func TestMissingFolders(t *testing.T) {
	c := mailbox(t, true)
	c.Sent, c.Wait = "Posta inviata", 10*time.Second
	c.Mailbox.Folders = []string{"INBOX", "Posta inviata", "Junk"}
	f, err := trial.Run(t.Context(), "assistenza", c)
	if err != nil {
		t.Fatal(err)
	}
	if f.Mail == nil || !f.InSent {
		t.Errorf("no round trip: %+v", f)
	}
	if len(f.Trouble) != 1 || !strings.Contains(f.Trouble[0], `"Posta inviata"`) || !strings.Contains(f.Trouble[0], "INBOX, ") || !strings.Contains(f.Trouble[0], "Sent") {
		t.Errorf("trouble %q", f.Trouble)
	}
}
