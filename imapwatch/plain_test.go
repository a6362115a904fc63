package imapwatch_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"replyby/imapwatch"
	"replyby/mailhost"
)

var desk = mailhost.Account{Address: "support@desk.test", Password: "secret", Token: "tok-1"}

// inbox is an Inbox in memory that can be told to refuse.
type inbox struct {
	mu      sync.Mutex
	cursors map[string]imapwatch.Cursor
	batches []imapwatch.Batch
	refuse  error
	came    chan imapwatch.Mail
}

func newInbox() *inbox {
	return &inbox{cursors: map[string]imapwatch.Cursor{}, came: make(chan imapwatch.Mail, 1<<16)}
}

func (in *inbox) Cursor(_ context.Context, folder string) (imapwatch.Cursor, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.cursors[folder], nil
}

func (in *inbox) Receive(_ context.Context, b imapwatch.Batch) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.refuse != nil {
		return in.refuse
	}
	in.cursors[b.Folder] = b.Cursor
	in.batches = append(in.batches, b)
	for _, m := range b.Mails {
		in.came <- m
	}
	return nil
}

func (in *inbox) all() []imapwatch.Batch {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]imapwatch.Batch(nil), in.batches...)
}

// subjects lists the mails received so far.
func (in *inbox) subjects() []string {
	var got []string
	for _, b := range in.all() {
		for _, m := range b.Mails {
			_, rest, _ := strings.Cut(string(m.Raw), "Subject: ")
			subject, _, _ := strings.Cut(rest, "\r\n")
			got = append(got, subject)
		}
	}
	return got
}

func letter(subject string) []byte {
	return fmt.Appendf(nil, "From: anna@customer.test\r\nSubject: %s\r\n\r\nText of %s.\r\n", subject, subject)
}

// logger shows what is logged when the tests run with -v.
func logger(t *testing.T) *slog.Logger {
	var w io.Writer = io.Discard
	if testing.Verbose() {
		w = os.Stderr
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// world is a host and a watcher in a bubble of time.
type world struct {
	host    *mailhost.Host
	inbox   *inbox
	watcher *imapwatch.Watcher
	pipe    *mailhost.PipeListener
	stop    func()
}

// inBubble runs a test with a host and, if run, a running watcher.
func inBubble(t *testing.T, change func(*imapwatch.Config), test func(*testing.T, *world)) {
	synctest.Test(t, func(t *testing.T) {
		pipe := mailhost.NewPipeListener()
		host, err := mailhost.New(mailhost.Config{Accounts: []mailhost.Account{desk}, IMAPListener: pipe, SMTPListener: mailhost.NewPipeListener()})
		if err != nil {
			t.Fatal(err)
		}
		cfg := imapwatch.Config{
			Addr: "127.0.0.1:143", TLS: "none", Username: desk.Address,
			Secret: func(context.Context) (string, error) { return desk.Password, nil },
			Dial:   pipe.DialContext,
		}
		if change != nil {
			change(&cfg)
		}
		w := &world{host: host, inbox: newInbox(), pipe: pipe}
		w.watcher = imapwatch.New(cfg, w.inbox, logger(t))
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { host.Run(ctx) })
		wg.Go(func() { w.watcher.Run(ctx) })
		w.stop = func() { cancel(); wg.Wait() }
		defer w.stop()
		test(t, w)
	})
}

func TestNewMailArrives(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		time.Sleep(time.Second)
		began := time.Now()
		if err := w.host.Deliver("anna@customer.test", desk.Address, letter("one")); err != nil {
			t.Fatal(err)
		}
		m := <-w.inbox.came
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("the mail took %s, want it at once", took)
		}
		if !strings.HasSuffix(string(m.Raw), string(letter("one"))) || m.Size != int64(len(m.Raw)) || m.Cut {
			t.Errorf("got %+v", m)
		}
	})
}
