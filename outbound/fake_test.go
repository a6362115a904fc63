package outbound

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"replyby/store"
	"replyby/ticket"
)

// fake is an SMTP server that misbehaves by script and counts what it accepts.
// It speaks over net.Pipe, so tests in a bubble wait in no time.
type fake struct {
	// script maps a stage (greet, ehlo, starttls, auth, mail, rcpt, data, body,
	// dot, rset, quit) to what happens there instead of a good answer:
	// an answer ("451 4.7.1 later"), "drop", "silent", "drip", "flood",
	// "garbage", or an answer followed by " & drop". A script is used up after
	// times uses; 0 means it stays.
	script map[string]string
	times  int
	ehlo   []string // extensions
	tls    *tls.Config

	mu       sync.Mutex
	conns    int
	commands []string
	accepted []string // bodies the server took responsibility for
	cutShort int      // bodies that ended without a final dot
	wg       sync.WaitGroup
}

func (f *fake) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	f.mu.Lock()
	f.conns++
	f.mu.Unlock()
	f.wg.Go(func() { f.serve(server) })
	return client, nil
}

type talk struct {
	*fake
	conn net.Conn
	text *textproto.Conn
}

func (f *fake) serve(conn net.Conn) {
	t := &talk{fake: f, conn: conn, text: textproto.NewConn(conn)}
	defer conn.Close()
	if !t.say("greet", "220 fake ready") {
		return
	}
	for {
		line, err := t.text.ReadLine()
		if err != nil || !t.handle(line) {
			return
		}
	}
}

func (t *talk) handle(line string) bool {
	t.mu.Lock()
	t.commands = append(t.commands, line)
	t.mu.Unlock()
	verb, _, _ := strings.Cut(strings.ToLower(line), " ")
	switch verb {
	case "ehlo":
		return t.say("ehlo", "250-fake\r\n"+t.extensions()+"250 ENHANCEDSTATUSCODES")
	case "starttls":
		return t.say("starttls", "220 go") && t.secure()
	case "auth":
		return t.say("auth", "235 2.7.0 welcome")
	case "mail":
		return t.say("mail", "250 2.1.0 ok")
	case "rcpt":
		if strings.Contains(line, "second@") {
			return t.say("rcpt2", "250 2.1.5 ok")
		}
		return t.say("rcpt", "250 2.1.5 ok")
	case "data":
		if !t.say("data", "354 go on") {
			return false
		}
		return t.planned("data") != "" || t.body()
	case "rset":
		return t.say("rset", "250 ok")
	case "quit":
		t.say("quit", "221 bye")
		return false
	}
	return t.say(verb, "500 what")
}

func (t *talk) extensions() string {
	var out strings.Builder
	for _, e := range t.ehlo {
		out.WriteString("250-" + e + "\r\n")
	}
	return out.String()
}

func (t *talk) secure() bool {
	conn := tls.Server(t.conn, t.tls)
	if conn.Handshake() != nil {
		return false
	}
	t.conn, t.text = conn, textproto.NewConn(conn)
	return true
}

// body reads DATA. It counts a letter as accepted when it takes responsibility,
// whether or not the client hears of it.
func (t *talk) body() bool {
	if plan := t.planned("body"); plan != "" {
		_, _ = io.ReadFull(t.text.R, make([]byte, 100))
		switch plan {
		case "silent":
			t.take("body")
			time.Sleep(time.Hour) // not even reading
		case "stall":
			t.take("body")
			time.Sleep(4 * time.Minute) // and then reading on
			return t.finish()
		case "all but the dot":
			t.take("body")
			_, _ = io.ReadFull(t.text.R, make([]byte, len(appendStuffed(nil, []byte(text)))-100))
			return false
		}
		t.say("body", "")
		return false
	}
	return t.finish()
}

// finish reads to the final dot and answers.
func (t *talk) finish() bool {
	b, err := io.ReadAll(t.text.DotReader())
	t.mu.Lock()
	plan := t.script["dot"]
	if err != nil {
		t.cutShort++
	} else if plan == "" || !strings.HasPrefix(plan, "4") && !strings.HasPrefix(plan, "5") {
		t.accepted = append(t.accepted, string(b))
	}
	t.mu.Unlock()
	return err == nil && t.say("dot", "250 2.0.0 queued as 42")
}

func (t *talk) planned(stage string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.script[stage]
}

// take uses the script's plan for a stage, if there is one.
func (f *fake) take(stage string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	plan, planned := f.script[stage]
	if planned && f.times > 0 {
		if f.times--; f.times == 0 {
			delete(f.script, stage)
		}
	}
	return plan
}

// say answers, or does what the script has for this stage. False ends the talk.
func (t *talk) say(stage, answer string) bool {
	plan := t.take(stage)
	switch plan {
	case "":
	case "drop":
		return false
	case "silent":
		_, _ = io.Copy(io.Discard, t.text.R)
		return false
	case "drip":
		for _, c := range strings.Repeat("250-x\r\n", 1000) {
			time.Sleep(time.Minute)
			if _, err := t.conn.Write([]byte(string(c))); err != nil {
				return false
			}
		}
	case "flood":
		for err := error(nil); err == nil; {
			_, err = t.conn.Write([]byte(strings.Repeat("2", 4096)))
		}
		return false
	default:
		answer = plan
	}
	answer, drop := strings.CutSuffix(answer, " & drop")
	w := bufio.NewWriter(t.conn)
	_, _ = w.WriteString(answer + "\r\n")
	return w.Flush() == nil && !drop
}

// box is an outbox in memory. It checks what the sender owes to it.
type box struct {
	t  testing.TB
	mu sync.Mutex
	// rows are the letters that wait.
	rows    []store.Letter
	due     map[string]time.Time
	began   map[string]int
	results map[string][]Result
	refuse  error // what Begin says
}

func newBox(t testing.TB, letters ...store.Letter) *box {
	return &box{t: t, rows: slices.Clone(letters), due: map[string]time.Time{}, began: map[string]int{}, results: map[string][]Result{}}
}

func (b *box) Next(_ context.Context, now time.Time, limit int) ([]store.Letter, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []store.Letter
	for _, l := range b.rows {
		if !b.due[l.ID].After(now) && len(out) < limit {
			out = append(out, l)
		}
	}
	return out, nil
}

func (b *box) Begin(_ context.Context, l store.Letter, _ time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !l.Customer {
		b.t.Errorf("letter %s to staff was begun", l.ID)
	}
	if b.refuse != nil {
		return b.refuse
	}
	b.began[l.ID]++
	i := slices.IndexFunc(b.rows, func(r store.Letter) bool { return r.ID == l.ID })
	b.rows[i].Attempt++
	b.rows[i].Sending = true
	return nil
}

func (b *box) End(ctx context.Context, l store.Letter, r Result) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ctx.Err() != nil {
		b.t.Errorf("the end of %s comes with a context that has ended", l.ID)
	}
	b.results[l.ID] = append(b.results[l.ID], r)
	i := slices.IndexFunc(b.rows, func(row store.Letter) bool { return row.ID == l.ID })
	if r.Outcome == Deferred {
		if !r.NotBefore.After(r.At) {
			b.t.Errorf("letter %s is deferred to no later time: %+v", l.ID, r)
		}
		b.due[l.ID], b.rows[i].Sending = r.NotBefore, false
		return nil
	}
	b.rows = slices.Delete(b.rows, i, i+1)
	return nil
}

func (b *box) Turn(ctx context.Context, e Ended, next store.Letter, now time.Time) error {
	if err := b.End(ctx, e.Letter, e.Result); err != nil {
		return err
	}
	return b.Begin(ctx, next, now)
}

func (b *box) last(id string) Result {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.results[id]) == 0 {
		return Result{}
	}
	return b.results[id][len(b.results[id])-1]
}

const text = "From: Desk <desk@ours.example>\r\nTo: customer@example.com\r\nSubject: your request\r\nMessage-ID: <1@ours.example>\r\n\r\n.leading dot\r\nThank you.\r\n..two\r\n"

func letter(id string, customer bool, edit func(*store.Letter)) store.Letter {
	l := store.Letter{Letter: ticket.Letter{ID: id, Customer: customer, From: "desk@ours.example", To: []string{"customer@example.com"}}, Bytes: []byte(text)}
	if edit != nil {
		edit(&l)
	}
	if l.Hash.IsZero() {
		l.Hash = ticket.Sum(l.Bytes)
	}
	return l
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// start runs a sender over the fake in the current bubble until stop. After it
// no goroutine is left, and fake and box may be read.
func start(t testing.TB, cfg Config, f *fake, b Outbox) (s *Sender, stop func()) {
	t.Helper()
	if cfg.Host == "" {
		cfg.Host, cfg.TLS = "localhost", "none"
	}
	cfg.Dial = f.dial
	s, err := New(cfg, b, quiet())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	return s, func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		f.wg.Wait()
	}
}
