package office_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"replyby/cmd/replyby/office"
	"replyby/imapwatch"
	"replyby/mailhost"
	"replyby/ticket/kind"
)

var support = mailhost.Account{Address: "assistenza@mail.test", Password: "secret"}

// plan is a desk with one member of staff that keeps its mail and writes no warnings while a test lasts.
func plan(t *testing.T, mailbox func(*imapwatch.Config)) office.Plan {
	t.Helper()
	p := office.OneDesk(t)[0]
	p.Mailbox.Secret = func(context.Context) (string, error) { return support.Password, nil }
	p.Sender.Secret = p.Mailbox.Secret
	p.Sender.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { // nothing leaves: intake alone is looked at
		<-ctx.Done()
		return nil, ctx.Err()
	}
	mailbox(&p.Mailbox)
	return p
}

// run lets an office of one desk work until the test ends.
func run(t *testing.T, ctx context.Context, dir string, beat time.Duration, p office.Plan) (o *office.Office, end func()) {
	t.Helper()
	return runAs(t, ctx, dir, office.Options{Beat: beat, Log: slog.New(slog.DiscardHandler)}, p)
}

func runAs(t *testing.T, ctx context.Context, dir string, options office.Options, p office.Plan) (o *office.Office, end func()) {
	t.Helper()
	o, err := office.Open(dir, []office.Plan{p}, options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- o.Run(ctx) }()
	return o, func() {
		t.Helper()
		cancel()
		if err := errors.Join(<-ended, o.Close()); err != nil {
			t.Error(err)
		}
	}
}

// rarely is no time that a test lasts.
const rarely = 10_000 * time.Hour

// memory is a folder that no disk stands behind, where the machine has one: what is looked at here is what the program does, and a
// sync for each of so many commits would be all the time.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "replyby")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// conversation is a kind of day on an IMAP connection: how large the mails are that wait at the start, and those that come while the
// program idles, and what is done with them on the server.
type conversation struct {
	name           string
	waiting, later []int
	mark           imapwatch.Mark
}

func conversations() []conversation {
	return []conversation{
		{"keyword", []int{300, 600}, []int{200}, imapwatch.Mark{Keyword: "$Replyby"}},
		{"move", []int{200, 200}, []int{200}, imapwatch.Mark{MoveTo: "Taken in"}},
		{"long", []int{2600}, nil, imapwatch.Mark{}},
	}
}

// cutter makes connections of which the next one breaks after so many octets, read or written; the others hold.
type cutter struct {
	pipe *mailhost.PipeListener
	mu   sync.Mutex
	next *broken
	last net.Conn
}

// broken says where a connection breaks. Negative is never; then read and written are how far it came.
type broken struct {
	afterRead, afterWritten int
	read, written           atomic.Int64
	hit                     atomic.Bool
}

func (c *cutter) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := c.pipe.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = conn
	if b := c.next; b != nil {
		c.next = nil
		return &breaking{conn, b}, nil
	}
	return conn, nil
}

// renew ends the connection at hand; the one after it breaks as b says.
func (c *cutter) renew(b *broken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = b
	c.last.Close()
}

type breaking struct {
	net.Conn
	*broken
}

func (b *breaking) Read(p []byte) (int, error) {
	p, ok := b.room(p, b.afterRead, b.read.Load())
	if !ok {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.Conn.Read(p)
	b.read.Add(int64(n))
	return n, err
}

func (b *breaking) Write(p []byte) (int, error) {
	part, ok := b.room(p, b.afterWritten, b.written.Load())
	if !ok {
		return 0, io.ErrClosedPipe
	}
	n, err := b.Conn.Write(part)
	b.written.Add(int64(n))
	if err == nil && n < len(p) {
		b.room(nil, 0, 0)
		err = io.ErrClosedPipe
	}
	return n, err
}

// room is how much of p may pass; when that is nothing the connection is cut.
func (b *breaking) room(p []byte, after int, passed int64) ([]byte, bool) {
	if after < 0 {
		return p, true
	}
	if left := after - int(passed); left > 0 {
		return p[:min(len(p), left)], true
	}
	b.hit.Store(true)
	b.Conn.Close()
	return nil, false
}

// story is an office on a mailbox, both in memory.
type story struct {
	t      *testing.T
	talk   conversation
	host   *mailhost.Host
	cut    *cutter
	office *office.Office
	sent   []string // what was delivered, oldest first
}

// tell runs a test on a conversation in a bubble of time.
func tell(t *testing.T, talk conversation, test func(*story)) {
	dir := memory(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))) // no honest clock shows the bubble's beginning
		ctx, cancel := context.WithCancel(t.Context())
		s := &story{t: t, talk: talk, cut: &cutter{pipe: mailhost.NewPipeListener()}}
		host, err := mailhost.New(mailhost.Config{Accounts: []mailhost.Account{support}, IMAPListener: s.cut.pipe, SMTPListener: mailhost.NewPipeListener()})
		if err != nil {
			t.Fatal(err)
		}
		s.host = host
		closed := make(chan error, 1)
		go func() { closed <- host.Run(ctx) }()
		beat := 10 * time.Minute
		if len(talk.waiting) > 0 {
			beat = rarely // steps of the clocks are no part of a conversation
		}
		o, end := run(t, ctx, dir, beat, plan(t, func(c *imapwatch.Config) { c.Dial, c.Mark = s.cut.dial, talk.mark }))
		s.office = o
		time.Sleep(time.Second)
		test(s)
		end()
		cancel()
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

// deliver puts one mail for each size into the mailbox.
func (s *story) deliver(sizes []int) {
	for _, size := range sizes {
		text := fmt.Sprintf("From: Mario <mario@cliente.test>\r\nSubject: request %d\r\n\r\nThe shop does not take payment number %[1]d.\r\n", len(s.sent)+1)
		if more := size - len(text); more > 0 {
			text += strings.Repeat(strings.Repeat("x", 70)+"\r\n", 1+more/72)[:more-2] + "\r\n"
		}
		s.sent = append(s.sent, text)
		if err := s.host.Deliver("mario@cliente.test", support.Address, []byte(text)); err != nil {
			s.t.Fatal(err)
		}
	}
}

// day is one round of the conversation over a new connection that breaks as b says, and what follows until all is quiet again.
func (s *story) day(b *broken) {
	s.deliver(s.talk.waiting)
	s.cut.renew(b)
	time.Sleep(90 * time.Second) // the longest pause before the next connection, and a bit
	s.deliver(s.talk.later)
	time.Sleep(90 * time.Second)
	synctest.Wait()
}

// check wants one ticket for each mail.
func (s *story) check(what string) {
	s.t.Helper()
	head, err := s.office.Store().Head(s.t.Context(), "agency")
	if err != nil {
		s.t.Fatal(err)
	}
	if got := int(head.Next) - 1; got != len(s.sent) {
		s.t.Fatalf("%s: %d tickets of %d mails", what, got, len(s.sent))
	}
}

// checkWhole wants every mail to be the one ticket it should be, kept to the last octet.
func (s *story) checkWhole() {
	s.t.Helper()
	kept := map[string]int{}
	for r, err := range s.office.Store().Log(s.t.Context(), "agency", 1, -1) {
		if err != nil {
			s.t.Fatal(err)
		}
		if r.Kind != kind.Received {
			continue
		}
		event, err := r.Event()
		if err != nil {
			s.t.Fatal(err)
		}
		raw, err := s.office.Store().Raw(s.t.Context(), event.Body.Message.Raw)
		if err != nil {
			s.t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(raw), "From: ")
		kept["From: "+text]++
	}
	for n, text := range s.sent {
		if kept[text] != 1 {
			s.t.Errorf("request %d was taken in whole %d times", n+1, kept[text])
		}
	}
}

var every = flag.Bool("every", false, "cut at every octet, not at every 29th")

// piece is some places of a conversation at which it is to be cut.
type piece struct {
	talk               conversation
	heard, first, past int
}

// I1: an IMAP conversation is cut after every single octet that the server says and that the program says, through the watcher, the
// desk and the store as they are. Each mail is one ticket all the same, kept whole.
func TestCutIntakeAtEveryOctet(t *testing.T) {
	const together = 200 // cuts of one mailbox
	step := 29
	if *every {
		step = 1
	}
	octets := 0
	var pieces []piece
	for _, talk := range conversations() {
		heard, said := 0, 0
		tell(t, talk, func(s *story) {
			for n := range 3 { // one may take longer, when a mail comes between two steps
				whole := &broken{afterRead: -1, afterWritten: -1}
				s.day(whole)
				s.check("uncut")
				if r, w := int(whole.read.Load()), int(whole.written.Load()); n == 0 || r+w < heard+said {
					heard, said = r, w
				}
			}
			s.checkWhole()
		})
		t.Logf("%s: %d octets heard, %d said", talk.name, heard, said)
		for first := 0; first < heard+said; first += together * step {
			pieces = append(pieces, piece{talk, heard, first, min(first+together*step, heard+said)})
		}
		octets += heard + said
	}
	var cuts, mails, next atomic.Int64
	t.Run("cut", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("here", func(t *testing.T) {
				t.Parallel()
				for n := next.Add(1); int(n) <= len(pieces) && !t.Failed(); n = next.Add(1) {
					p := pieces[n-1]
					tell(t, p.talk, func(s *story) {
						cuts.Add(s.cutAt(p, step))
						mails.Add(int64(len(s.sent)))
					})
				}
			})
		}
	})
	if want := int64(octets / step * 95 / 100); cuts.Load() < want {
		t.Fatalf("%d cuts, want at least %d: conversations were not covered", cuts.Load(), want)
	}
	t.Logf("%d octets in %d conversations, %d cuts, %d mails: 0 lost, 0 doubled", octets, len(conversations()), cuts.Load(), mails.Load())
}

// cutAt cuts a day at each place of a piece and returns how often a connection was cut by it.
func (s *story) cutAt(p piece, step int) (cuts int64) {
	for at := p.first; at < p.past; at += step {
		b := &broken{afterRead: at, afterWritten: -1}
		if at >= p.heard {
			b.afterRead, b.afterWritten = -1, at-p.heard
		}
		s.day(b)
		s.check(fmt.Sprintf("cut at octet %d, %d heard", at, p.heard))
		if b.hit.Load() {
			cuts++
		}
	}
	s.checkWhole()
	return cuts
}
