package imapwatch_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch"
	"replyby/mailhost"
)

// F16: a wrong password is tried at most three times in any 15 minutes.
func TestWrongPasswordIsNotHammered(t *testing.T) {
	for _, changing := range []bool{false, true} {
		f := newFake()
		var tries []time.Time
		f.answer = func(_ int, tag, command string) string {
			if strings.HasPrefix(command, "AUTHENTICATE") {
				tries = append(tries, time.Now())
				return tag + " NO [AUTHENTICATIONFAILED] no\r\n"
			}
			return ""
		}
		inBubble(t, f, func(t *testing.T, w *world) {
			asked := 0
			w.cfg.Secret = func(context.Context) (string, error) {
				asked++
				if changing {
					return fmt.Sprint("secret ", asked), nil
				}
				return "secret", nil
			}
			w.start()
			time.Sleep(5 * time.Hour)
			synctest.Wait()
			if len(tries) < 10 {
				t.Errorf("changing %t: %d tries in 5 hours, it gave up", changing, len(tries))
			}
			for i := 3; i < len(tries); i++ {
				if gap := tries[i].Sub(tries[i-3]); gap < 15*time.Minute {
					t.Errorf("changing %t: 4 tries within %s", changing, gap)
				}
			}
			for i := 1; i < len(tries) && !changing; i++ {
				if gap := tries[i].Sub(tries[i-1]); gap < 5*time.Minute {
					t.Errorf("the same secret again after %s", gap)
				}
			}
			if s := w.watcher.Status(); s.Connected || !strings.Contains(s.LastError, "refused") {
				t.Errorf("status %+v", s)
			}
		})
	}
}

// A secret that is put right while the watcher waits is tried within a minute, whenever that is.
func TestAnotherPasswordIsTriedSoon(t *testing.T) {
	for _, later := range []time.Duration{time.Second, 3 * time.Minute, 11 * time.Minute, 5 * time.Hour} {
		var right atomic.Bool
		f := newFake()
		f.answer = func(_ int, tag, command string) string {
			if strings.HasPrefix(command, "AUTHENTICATE") && !right.Load() {
				return tag + " NO [AUTHENTICATIONFAILED] no\r\n"
			}
			return ""
		}
		inBubble(t, f, func(t *testing.T, w *world) {
			w.cfg.Secret = func(context.Context) (string, error) { return fmt.Sprint("right ", right.Load()), nil }
			w.start()
			time.Sleep(later)
			synctest.Wait()
			right.Store(true)
			time.Sleep(65 * time.Second)
			synctest.Wait()
			if s := w.watcher.Status(); !s.Connected {
				t.Errorf("changed after %s: %+v", later, s)
			}
		})
	}
}

// F15: a server that cannot now is not asked often, and counts no tries.
func TestBusyServerIsLeftAlone(t *testing.T) {
	for _, reply := range []string{
		"TAG NO [UNAVAILABLE] down\r\n",
		"TAG NO [ALERT] Too many simultaneous connections. (Failure)\r\n",
		"* BYE [OVERQUOTA] Account exceeded command or bandwidth limits\r\n" + hangUp,
	} {
		f := newFake()
		f.answer = onFirst(6, "AUTHENTICATE", reply)
		inBubble(t, f, func(t *testing.T, w *world) {
			w.start()
			time.Sleep(10 * time.Second)
			if s := w.watcher.Status(); s.Connected || !strings.Contains(s.LastError, "busy") {
				t.Errorf("%q: status at first %+v", reply, s)
			}
			time.Sleep(time.Hour)
			if !w.watcher.Status().Connected {
				t.Errorf("%q: status %+v", reply, w.watcher.Status())
			}
			if n := w.dialer.count(); n > 8 {
				t.Errorf("%q: %d connections in an hour", reply, n)
			}
		})
	}
}

// An expired token is replaced by the next one within seconds.
func TestTokenIsRenewed(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		var token atomic.Value
		token.Store("tok-1")
		w.cfg.Auth = "xoauth2"
		w.cfg.Secret = func(context.Context) (string, error) {
			was := token.Load().(string)
			token.Store("tok-2") // what a token command would fetch after a refusal
			return was, nil
		}
		if err := w.host.SetAccount(mailhost.Account{Address: desk.Address, Token: "tok-2"}); err != nil {
			t.Fatal(err)
		}
		w.start()
		time.Sleep(5 * time.Second)
		if !w.watcher.Status().Connected || w.dialer.count() != 2 {
			t.Errorf("status %+v after %d connections", w.watcher.Status(), w.dialer.count())
		}
		w.deliver("one")
		if m := <-w.inbox.came; m.UID != 1 {
			t.Errorf("got %+v", m)
		}
	})
}

// frozen is a connection on which from some moment on nothing arrives, as when
// a router in between has forgotten it.
type frozen struct {
	net.Conn
	ice *atomic.Bool
}

func (f frozen) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	for err == nil && f.ice.Load() {
		n, err = f.Conn.Read(p) // thrown away
	}
	return n, err
}

// F13, M6: a connection that died in IDLE is replaced within 5 minutes.
func TestHalfOpenIdle(t *testing.T) {
	for _, poll := range []time.Duration{0, time.Hour} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			var ice atomic.Bool
			w.cfg.Poll = poll
			w.dialer.wrap = func(n int, c net.Conn) net.Conn {
				if n == 1 {
					return frozen{c, &ice}
				}
				return c
			}
			w.start()
			time.Sleep(time.Second)
			ice.Store(true)
			w.deliver("unseen")
			began := time.Now()
			<-w.inbox.came
			took := time.Since(began)
			t.Logf("poll %s: noticed after %s", poll, took)
			if took > 5*time.Minute || poll == 0 && took > 2*time.Minute {
				t.Errorf("poll %s: noticed after %s", poll, took)
			}
		})
	}
}

// drip is a connection on which one octet arrives every half minute.
type drip struct{ net.Conn }

func (d drip) Read(p []byte) (int, error) {
	time.Sleep(30 * time.Second)
	return d.Conn.Read(p[:1])
}

// A server that drips is as dead as one that is silent.
func TestDrip(t *testing.T) {
	inBubble(t, newFake("one"), func(t *testing.T, w *world) {
		w.dialer.wrap = func(n int, c net.Conn) net.Conn {
			if n == 1 {
				return drip{c}
			}
			return c
		}
		w.cfg.Since = "all"
		began := time.Now()
		w.start()
		<-w.inbox.came
		if took := time.Since(began); took > 5*time.Minute || w.dialer.count() != 2 {
			t.Errorf("the mail took %s and %d connections", took, w.dialer.count())
		}
	})
}

// I1: the connection is cut after every single octet the server sends, and
// every mail still arrives once and whole.
func TestCutAtEveryOctet(t *testing.T) {
	const mails = 5
	step := 1
	if testing.Short() {
		step = 17
	}
	cuts := 0
	for at, more := 0, true; more; at += step {
		inBubble(t, nil, func(t *testing.T, w *world) {
			for _, subject := range numbered(mails - 1) {
				w.deliver(subject)
			}
			var cut atomic.Bool
			w.dialer.wrap = func(n int, c net.Conn) net.Conn {
				if n == 1 {
					return &limited{Conn: c, left: at, cut: &cut}
				}
				return c
			}
			w.cfg.Since, w.cfg.Mark = "all", imapwatch.Mark{Keyword: "$Replyby"}
			w.start()
			time.Sleep(time.Second)
			w.deliver(fmt.Sprintf("mail %d", mails-1))
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			if got := w.inbox.subjects(); !slices.Equal(got, numbered(mails)) {
				t.Errorf("cut after %d octets: %q", at, got)
			}
			if more = cut.Load(); more {
				cuts++
			}
		})
	}
	t.Logf("%d cuts", cuts)
	if cuts < 50 {
		t.Errorf("only %d cuts: the conversation was not covered", cuts)
	}
}

// limited is a connection that breaks after so many octets from the server.
type limited struct {
	net.Conn
	left int
	cut  *atomic.Bool
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left == 0 {
		l.cut.Store(true)
		l.Conn.Close()
		return 0, net.ErrClosed
	}
	n, err := l.Conn.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// An outage of ten days loses nothing, and the first mail after it is quick.
func TestLongOutage(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		var down atomic.Bool
		inner := w.cfg.Dial
		w.cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if down.Load() {
				return nil, errors.New("connection refused")
			}
			return inner(ctx, network, addr)
		}
		var last net.Conn
		w.dialer.wrap = func(_ int, c net.Conn) net.Conn { last = c; return c }
		w.start()
		down.Store(true)
		last.Close()
		for _, subject := range numbered(100) {
			w.deliver(subject)
			time.Sleep(10 * 24 * time.Hour / 100)
		}
		if s := w.watcher.Status(); s.Connected || time.Since(s.Since) < 9*24*time.Hour {
			t.Errorf("status during the outage: %+v", s)
		}
		down.Store(false)
		time.Sleep(2 * time.Minute)
		if got := w.inbox.subjects(); !slices.Equal(got, numbered(100)) {
			t.Errorf("%d mails after the outage", len(got))
		}
	})
}

func TestNewMailArrivesAtOnce(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.start()
		time.Sleep(time.Second)
		began := time.Now()
		w.deliver("one")
		m := <-w.inbox.came
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("the mail took %s, want it at once", took)
		}
		if !strings.HasSuffix(string(m.Raw), string(letter("one"))) || m.Size != int64(len(m.Raw)) || m.Cut ||
			m.InternalDate.Sub(began).Abs() > time.Second {
			t.Errorf("got %+v", m)
		}
	})
}

// A week of quiet keeps one connection and still knows new mail at once.
func TestQuietWeek(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.cfg.Poll = 4 * time.Minute
		w.start()
		time.Sleep(7 * 24 * time.Hour)
		w.deliver("one")
		<-w.inbox.came
		if n := w.dialer.count(); n != 1 {
			t.Errorf("%d connections in a quiet week", n)
		}
		if s := w.watcher.Status(); !s.Connected || time.Since(s.LastContact) > 5*time.Minute {
			t.Errorf("status %+v", s)
		}
	})
}

// A folder that was deleted and made anew under an open connection is noticed
// at the next look around.
func TestFolderReplacedUnderTheConnection(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.start()
		w.deliver("one")
		<-w.inbox.came
		conn, err := w.dialer.pipe.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		second := imapclient.New(conn, nil)
		defer second.Close()
		if err := errors.Join(second.Login(desk.Address, desk.Password).Wait(), second.Delete("INBOX").Wait(), second.Create("INBOX", &imap.CreateOptions{}).Wait()); err != nil {
			t.Fatal(err)
		}
		w.deliver("two")
		time.Sleep(2*time.Minute + time.Second)
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("got %q", got)
		}
	})
}
