package imapwatch_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

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

func (in *inbox) Prepare(_ context.Context, b imapwatch.Batch) (receive func() error, err error) {
	return func() error { return in.receive(b) }, nil
}

func (in *inbox) receive(b imapwatch.Batch) error {
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

func (in *inbox) setRefuse(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.refuse = err
}

func (in *inbox) all() []imapwatch.Batch {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]imapwatch.Batch(nil), in.batches...)
}

func (in *inbox) mails() []imapwatch.Mail {
	var got []imapwatch.Mail
	for _, b := range in.all() {
		got = append(got, b.Mails...)
	}
	return got
}

// subjects lists the mails received so far.
func (in *inbox) subjects() []string {
	var got []string
	for _, m := range in.mails() {
		_, rest, _ := strings.Cut(string(m.Raw), "Subject: ")
		subject, _, _ := strings.Cut(rest, "\r\n")
		got = append(got, subject)
	}
	return got
}

func letter(subject string) []byte {
	return fmt.Appendf(nil, "From: anna@customer.test\r\nSubject: %s\r\n\r\nText of %s.\r\n", subject, subject)
}

// logger shows what is logged when the tests run with -v.
func logger(testing.TB) *slog.Logger {
	var w io.Writer = io.Discard
	if testing.Verbose() {
		w = os.Stderr
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// dialer counts connections and may put something between the two ends.
type dialer struct {
	pipe *mailhost.PipeListener
	mu   sync.Mutex
	n    int
	wrap func(n int, c net.Conn) net.Conn
}

func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := d.pipe.DialContext(ctx, network, addr)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if err == nil && d.wrap != nil {
		c = d.wrap(d.n, c)
	}
	return c, err
}

func (d *dialer) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

// world is a server and a watcher inside a bubble of time.
type world struct {
	t       *testing.T
	cfg     imapwatch.Config
	dialer  *dialer
	host    *mailhost.Host // nil where the server is a fake
	fake    *fake
	inbox   *inbox
	watcher *imapwatch.Watcher
	ctx     context.Context
	wg      sync.WaitGroup
}

// inBubble runs a test in a bubble, with mailboxes in memory for a server
// unless the test has a fake. The test starts the watcher itself.
func inBubble(t *testing.T, f *fake, test func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		pipe := mailhost.NewPipeListener()
		d := &dialer{pipe: pipe}
		ctx, cancel := context.WithCancel(context.Background())
		w := &world{t: t, dialer: d, fake: f, inbox: newInbox(), ctx: ctx, cfg: imapwatch.Config{
			Addr: "127.0.0.1:143", TLS: "none", Username: desk.Address, Dial: d.dial,
			Secret: func(context.Context) (string, error) { return desk.Password, nil },
		}}
		if f != nil {
			w.wg.Go(func() { f.serve(ctx, pipe) })
		} else {
			w.startHost(pipe)
		}
		defer w.wg.Wait()
		defer cancel()
		test(t, w)
	})
}

func (w *world) startHost(pipe *mailhost.PipeListener) {
	host, err := mailhost.New(mailhost.Config{
		Accounts: []mailhost.Account{desk}, IMAPListener: pipe, SMTPListener: mailhost.NewPipeListener(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.host = host
	w.wg.Go(func() { host.Run(w.ctx) })
}

// start runs the watcher and waits until everything waits.
func (w *world) start() {
	w.watcher = imapwatch.New(w.cfg, w.inbox, logger(w.t))
	w.wg.Go(func() {
		if err := w.watcher.Run(w.ctx); err != nil {
			w.t.Errorf("run ended with %v", err)
		}
	})
	synctest.Wait()
}

func (w *world) deliver(subject string) {
	w.t.Helper()
	if err := w.host.Deliver("anna@customer.test", desk.Address, letter(subject)); err != nil {
		w.t.Fatal(err)
	}
}
