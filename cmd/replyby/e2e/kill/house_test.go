package kill_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/smtp"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"replyby/mailhost"
)

// Who is who.
const (
	deskName  = "agency"
	support   = "assistenza@mail.test"
	anna      = "anna@mail.test"
	annaName  = "Anna Bianchi"
	manager   = "direzione@mail.test"
	customers = "@negozio.test"
	password  = "s3cret of the house"
	hostName  = "mail.test"
)

// patience is how long the last run may take for what is left to do; tooLong is when a point is given up for this time.
const (
	patience = 60 * time.Second
	tooLong  = 5 * time.Second
)

// house is a mail host, the people who write through it, and the folder in which the program works.
type house struct {
	*people
	t    testing.TB
	dir  string
	host *mailhost.Host
	dice *rand.Rand
}

func newHouse(t testing.TB, seed uint64) *house {
	t.Helper()
	dice := rand.New(rand.NewPCG(seed, 0))
	var accounts []mailhost.Account
	for _, a := range []string{support, anna, manager} {
		accounts = append(accounts, mailhost.Account{Address: a, Password: password})
	}
	host, err := mailhost.New(mailhost.Config{Name: hostName, Accounts: accounts, Fault: slow})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- host.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	h := &house{t: t, dir: t.TempDir(), host: host, dice: dice}
	h.people = &people{t: t, post: h.submit, deliver: h.outside, answered: map[string]bool{}, accepted: map[string]int{}, arrived: map[string]bool{}, copies: map[string]int{}, doubts: map[string]time.Time{}, unread: map[string]bool{}, missed: map[string]bool{}}
	return h
}

// slow takes a little time over letters to customers, before and after it takes them, so that a kill at random meets them on their way.
func slow(at mailhost.Stage, x mailhost.Transaction) error {
	if slices.Contains(x.To, support) && (at == mailhost.StageDot || at == mailhost.StageReply) {
		<-time.After(time.Duration(rand.IntN(10)) * time.Millisecond)
	}
	return nil
}

// submit hands in a mail of Anna's, logged in.
func (h *house) submit(raw []byte) {
	h.t.Helper()
	if err := smtp.SendMail(h.host.SMTPAddr(), smtp.PlainAuth("", anna, password, "127.0.0.1"), anna, []string{support}, raw); err != nil {
		h.t.Fatal(err)
	}
}

// outside hands in a customer's mail.
func (h *house) outside(from string, raw []byte) {
	h.t.Helper()
	if err := h.host.Deliver(from, support, raw); err != nil {
		h.t.Fatal(err)
	}
}

// child is the program as it runs.
type child struct {
	*exec.Cmd
	said      bytes.Buffer
	listening chan struct{} // closed once it would heed a signal
	done      chan error
}

func (h *house) start(o orders) *child {
	h.t.Helper()
	o.Dir, o.IMAP, o.SMTP = h.dir, h.host.IMAPAddr(), h.host.SMTPAddr()
	text, err := json.Marshal(o)
	if err != nil {
		h.t.Fatal(err)
	}
	c := &child{Cmd: exec.Command(os.Args[0]), listening: make(chan struct{}), done: make(chan error, 1)}
	c.Env = append(os.Environ(), ordersVar+"="+string(text))
	c.Stderr = &c.said
	out, err := c.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() {
		_, _ = bufio.NewReader(out).ReadString('\n')
		close(c.listening)
		c.done <- c.Wait()
	}()
	return c
}

// killed says that the process was ended by SIGKILL; anything else that ends it before it was told to is a fault.
func (h *house) killed(c *child, err error) {
	h.t.Helper()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() && s.Signal() == syscall.SIGKILL {
			return
		}
	}
	h.t.Fatalf("the program ended by itself: %v\n%s", err, &c.said)
}

// live runs the program until it has died at its point, or at a random moment without one. False: the point was not reached.
func (h *house) live(o orders) bool {
	h.t.Helper()
	end := tooLong
	if o.Point == "" {
		end = time.Duration(h.dice.IntN(400)) * time.Millisecond
	}
	h.silent = strings.HasPrefix(o.Point, "P24")
	c, timer := h.start(o), time.NewTimer(end)
	defer timer.Stop()
	for written := 0; ; {
		select {
		case err := <-c.done:
			h.killed(c, err)
			return true
		case <-timer.C:
			if err := c.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				h.t.Fatal(err)
			}
			h.killed(c, <-c.done)
			return o.Point == ""
		case <-time.After(10 * time.Millisecond):
		}
		if h.work(h.host.Accepted()) == 0 && written < 4 && h.quiet() {
			h.ask()
			written++
		}
	}
}

// finish runs the program until everything is done that it can do by itself, and ends it as systemd does.
func (h *house) finish() {
	h.t.Helper()
	const lull = time.Second // without a letter: nothing comes any more
	h.silent = false
	c := h.start(orders{})
	<-c.listening // on a busy machine it may not have begun when nothing has come for a while
	for since := time.Now(); !h.over() && time.Since(since) < lull || time.Since(since) < lull/2; {
		select {
		case err := <-c.done:
			h.t.Fatalf("the program ended by itself: %v\n%s", err, &c.said)
		case <-time.After(10 * time.Millisecond):
		}
		if h.work(h.host.Accepted()) > 0 {
			since = time.Now()
		}
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		h.t.Fatal(err)
	}
	if err := <-c.done; err != nil {
		h.t.Errorf("the program ended with %v after SIGTERM\n%s", err, &c.said)
	}
	h.work(h.host.Accepted())
}

// hits says how often a point is passed before it is deadly. Some are passed once in a life.
func (h *house) hits(point string) int64 {
	for _, once := range []string{"P1 ", "P2 ", "P17", "P22 doubt", "P24", "P25"} {
		if strings.HasPrefix(point, once) {
			return 1
		}
	}
	return 1 + h.dice.Int64N(2)
}
