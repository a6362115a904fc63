package e2e_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The time from a mail's acceptance by the hop to its committed ticket, with Dovecot announcing it through IDLE, and beside it when a bare
// socket in IDLE hears of the same mail. It asserts nothing: Dovecot 2.3 itself waits half a second before it tells of new mail. What is
// ours begins when its EXISTS reaches us.
func TestLatency(t *testing.T) {
	n := int(number(t, "REPLYBY_LATENCY", 0))
	if n == 0 {
		t.Skip("a measurement: make latency")
	}
	h := newHost(t, nil)
	ours, bare := overhear(t, h.imap), &ear{}
	d := agency()
	d.imap = ours.addr
	h.furnish(d)
	s := h.serve()
	h.idle(bare)
	var delivered, committed []time.Time
	for i := range n {
		r := requests(support)[i%4].message
		r.subject = fmt.Sprintf("%s %d", r.subject, i)
		delivered = append(delivered, h.outside(r.from, support, h.compose(r)))
		eventually(t, "it is taken in and heard of", func() bool {
			s.log.mu.Lock()
			defer s.log.mu.Unlock()
			committed = slices.Clone(s.log.taken)
			return len(committed) > i && bare.count() > i && ours.count() > i
		})
	}
	between("delivery to EXISTS at a bare socket", delivered, bare.at)
	between("delivery to EXISTS at replyby", delivered, ours.at)
	between("EXISTS to the committed ticket", ours.at, committed)
	between("delivery to the committed ticket", delivered, committed)
}

func between(what string, from, to []time.Time) {
	var took []time.Duration
	for i := range from {
		took = append(took, to[i].Sub(from[i]))
	}
	slices.Sort(took)
	n := len(took)
	fmt.Printf("%-36s %d times: median %s, 99 of 100 within %s, worst %s\n", what, n, took[n/2].Round(10*time.Microsecond),
		took[n*99/100].Round(10*time.Microsecond), took[n-1].Round(10*time.Microsecond))
}

// ear notes when a server says that a folder has one mail more than before.
type ear struct {
	mu   sync.Mutex
	at   []time.Time
	addr string
}

func (e *ear) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.at)
}

// hear notes announcements among the lines of a server: the first EXISTS of every number.
func (e *ear) hear(b []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for line := range bytes.Lines(b) {
		n := 0
		if _, err := fmt.Sscanf(string(line), "* %d EXISTS", &n); err == nil && n > len(e.at) {
			e.at = append(e.at, time.Now())
		}
	}
}

// overhear is a server in front of another that passes everything on and listens to what comes back.
func overhear(t testing.TB, to string) *ear {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &ear{addr: l.Addr().String()}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				client.Close()
				continue
			}
			go func() {
				_, _ = io.Copy(server, client)
				server.Close()
			}()
			go func() {
				_, _ = io.Copy(client, io.TeeReader(server, listening(e.hear)))
				client.Close()
			}()
		}
	}()
	return e
}

type listening func([]byte)

// Write implements io.Writer.
func (f listening) Write(b []byte) (int, error) { f(b); return len(b), nil }

// idle waits in IDLE with a bare socket until the test ends.
func (h *house) idle(e *ear) {
	conn, err := net.Dial("tcp", h.imap)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "a LOGIN %q %q\r\nb SELECT INBOX\r\nc IDLE\r\n", support, password)
	r := bufio.NewReader(conn)
	for line := ""; !strings.HasPrefix(line, "+"); {
		if line, err = r.ReadString('\n'); err != nil {
			h.t.Fatal(err)
		}
	}
	go func() {
		for {
			line, err := r.ReadBytes('\n')
			if err != nil {
				return
			}
			e.hear(line)
		}
	}()
}
