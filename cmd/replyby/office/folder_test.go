package office_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"replyby/cmd/replyby/office"
	"replyby/imapwatch"
	"replyby/mailhost"
)

// I10: a watched folder that is not there, by a wrong name or since somebody renamed it, is told like any other trouble with reading:
// answers written outside would count for nothing, and nobody would know.
func TestFolderThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, pipe, stop := served(t, "Posta inviata")
		for _, c := range []struct{ folder, want string }{{"Sent", `agency: cannot read: imap folder "Sent"`}, {"Posta inviata", ""}} {
			dir := memory(t)
			_, end := run(t, t.Context(), dir, time.Minute, plan(t, func(m *imapwatch.Config) {
				m.Dial, m.Folders = pipe.DialContext, []string{"INBOX", c.folder}
			}))
			time.Sleep(3 * time.Minute)
			_, sick, err := office.Alive(dir)
			if got := strings.Join(sick, "\n"); err != nil || (c.want == "") != (got == "") || !strings.HasPrefix(got, c.want) {
				t.Errorf("with %q: %q, %v", c.folder, got, err)
			}
			end()
		}
		stop()
	})
}

// served runs the server of the support mailbox behind a pipe on a Monday morning, until it is stopped.
func served(t *testing.T, folders ...string) (host *mailhost.Host, pipe *mailhost.PipeListener, stop func()) {
	t.Helper()
	time.Sleep(time.Until(time.Date(2026, time.December, 14, 9, 0, 0, 0, time.UTC)))
	pipe = mailhost.NewPipeListener()
	host, err := mailhost.New(mailhost.Config{Accounts: []mailhost.Account{support}, Folders: folders, IMAPListener: pipe, SMTPListener: mailhost.NewPipeListener()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- host.Run(ctx) }()
	return host, pipe, func() {
		end()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
