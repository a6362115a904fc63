package sending_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"replyby/store"
	"replyby/ticket/kind"
)

var errDead = errors.New("the program is dead")

// fate is when one life of the program ends. From then on nothing of what it does reaches the wire or the store.
type fate struct {
	point string
	mu    sync.Mutex
	over  bool
	died  chan struct{}
	conns []net.Conn
}

func newFate(point string) *fate { return &fate{point: point, died: make(chan struct{})} }

// at ends the life at its point. It returns errDead from then on.
func (f *fate) at(point string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if point == f.point && !f.over {
		f.over = true
		close(f.died)
		for _, c := range f.conns { // the kernel closes what a dead process held
			c.Close()
		}
	}
	if f.over {
		return errDead
	}
	return nil
}

// mortal is a store that a dead program cannot reach.
type mortal struct {
	store.Store
	fate *fate
}

// Commit implements store.Store.
func (m mortal) Commit(ctx context.Context, changes ...store.Change) error {
	step := step(changes)
	if err := m.fate.at(step + " before"); err != nil {
		return err
	}
	err := m.Store.Commit(ctx, changes...)
	return errors.Join(err, m.fate.at(step+" after"))
}

// step names what a commit does about a letter.
func step(changes []store.Change) string {
	for _, e := range changes[0].Events {
		switch e.Kind {
		case kind.Sending:
			return "begin"
		case kind.Sent, kind.Failed, kind.Unknown, kind.Held:
			return "end"
		}
	}
	return "other"
}

// Retry implements store.Store.
func (m mortal) Retry(ctx context.Context, desk, id string, notBefore time.Time) error {
	if err := m.fate.at("retry before"); err != nil {
		return err
	}
	err := m.Store.Retry(ctx, desk, id, notBefore)
	return errors.Join(err, m.fate.at("retry after"))
}

// PutRaw implements store.Store.
func (m mortal) PutRaw(ctx context.Context, raws ...[]byte) ([]store.Raw, error) {
	if err := m.fate.at("raw"); err != nil {
		return nil, err
	}
	return m.Store.PutRaw(ctx, raws...)
}

// Together implements store.Store. Of what is written in one step only the end of it is a point.
func (m mortal) Together(ctx context.Context, f func(store.Store) error) error {
	if err := m.fate.at("turn before"); err != nil {
		return err
	}
	err := m.Store.Together(ctx, f)
	return errors.Join(err, m.fate.at("turn after"))
}

// wire is the program's end of a connection. The trouble of the cell may cut it; its fate may end the program at any command.
type wire struct {
	net.Conn
	fate   *fate
	damage func(point string) string // what happens to the line at a point: "", "cut", or what is read instead
	data   bool
	read   string // how the next answer is read: "", "drip", or the answer itself
}

// pass tells fate and trouble of a point.
func (w *wire) pass(point string) error {
	if err := w.fate.at(point); err != nil {
		return err
	}
	switch how := w.damage(point); how {
	case "":
	case "cut":
		w.Conn.Close()
	default:
		w.read = how
	}
	return nil
}

func (w *wire) Write(p []byte) (int, error) {
	switch {
	case w.data && bytes.Equal(p, []byte(".\r\n")):
		if err := w.pass("no dot"); err != nil {
			return 0, err
		}
		w.data = false
		return w.write(p, "dot")
	case w.data && !bytes.HasPrefix(p, []byte("RSET")) && !bytes.HasPrefix(p, []byte("QUIT")):
		n, err := w.write(p[:len(p)/2], "half")
		if err != nil {
			return n, err
		}
		m, err := w.Conn.Write(p[n:])
		return n + m, err
	}
	verb, _, _ := strings.Cut(string(p), " ")
	verb = strings.ToLower(strings.TrimSpace(verb))
	n, err := w.write(p, verb)
	w.data = verb == "data"
	return n, err
}

func (w *wire) write(p []byte, point string) (int, error) {
	if err := w.fate.at("alive"); err != nil {
		return 0, err
	}
	n, err := w.Conn.Write(p)
	if err != nil {
		return n, err
	}
	return n, w.pass(point)
}

func (w *wire) Read(p []byte) (int, error) {
	switch how := w.read; how {
	case "":
		return w.Conn.Read(p)
	case "drip":
		<-time.After(time.Minute)
		return w.Conn.Read(p[:min(len(p), 1)])
	default:
		w.read = "" // what comes next is the line as it is
		return copy(p, how), nil
	}
}

// crashes are the points at which the program dies, in the order of a letter's way.
func crashes() []string {
	return []string{"none", "dial", "ehlo", "auth", "begin before", "begin after", "mail", "rcpt", "data", "half", "no dot", "dot", "end before", "end after", "retry before", "turn before", "turn after"}
}

// onWire says that a point can be seen only where nothing is encrypted.
func onWire(point string) bool {
	return slices.Contains([]string{"ehlo", "auth", "mail", "rcpt", "data", "half", "no dot", "dot"}, point)
}
