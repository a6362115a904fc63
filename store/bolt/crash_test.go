package bolt

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"replyby/store"
	"replyby/ticket"
)

// kills is how often a writing process is killed; -kills=1000 takes some minutes.
var kills = flag.Int("kills", 10, "how often to kill a writing process")

const childEnv = "REPLYBY_BOLT_CHILD"

// TestMain makes the test binary its own victim: with a variable set it does that work in the directory named there.
func TestMain(m *testing.M) {
	for env, victim := range map[string]func(string) error{childEnv: work, fullEnv: fillUp} {
		if dir := os.Getenv(env); dir != "" {
			if err := victim(dir); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	os.Exit(m.Run())
}

// work takes in mail after mail as a desk does and says what was acknowledged.
func work(dir string) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	ctx := context.Background()
	fmt.Println("open 0")
	for {
		h, err := s.Head(ctx, "support")
		if err != nil {
			return err
		}
		if _, err := s.PutRaw(ctx, fmt.Append(nil, h.Next)); err != nil {
			return err
		}
		fmt.Println("raw", h.Next)
		c := arrival(h.Next)
		if h.Next > 1 { // the first letter of the ticket before goes out
			done := store.Change{Desk: "support", Ticket: h.Next - 1, Done: []string{arrival(h.Next - 1).Letters[0].ID}}
			err = s.Commit(ctx, c, done)
		} else {
			err = s.Commit(ctx, c)
		}
		if err != nil {
			return err
		}
		fmt.Println("ticket", h.Next)
	}
}

// child is a process that works on a directory.
type child struct {
	*exec.Cmd
	out *bufio.Reader
}

func start(t *testing.T, dir string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(os.Args[0])}
	c.Env = append(os.Environ(), childEnv+"="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewReader(out)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	c.next(t) // it is open
	return c
}

// next waits for the next word of the child.
func (c *child) next(t *testing.T) string {
	t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return line
}

// kill ends the child between any two instructions and returns what it had said.
func (c *child) kill(t *testing.T) string {
	t.Helper()
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(c.out)
	if err != nil {
		t.Fatal(err)
	}
	c.Wait() // says that it was killed
	return string(rest)
}

func TestKilledProcessLosesNothing(t *testing.T) {
	dir := t.TempDir()
	var raw, number uint64
	for range *kills {
		c := start(t, dir)
		said := ""
		for range rand.IntN(30) {
			said += c.next(t)
		}
		said += c.kill(t)
		for line := range strings.Lines(said) {
			if strings.HasSuffix(line, "\n") {
				fmt.Sscanf(line, "raw %d", &raw)
				fmt.Sscanf(line, "ticket %d", &number)
			}
		}
		holds(t, dir, raw, number)
	}
	t.Logf("%d tickets, %d kills", number, *kills)
}

// holds checks that everything up to an acknowledged raw message and ticket is there, and that the store is sound.
func holds(t *testing.T, dir string, raw, tickets uint64) {
	t.Helper()
	s := open(t, dir)
	defer s.Close()
	sound(t, s)
	h, err := s.Head(t.Context(), "support")
	if err != nil || h.Next <= tickets || h.Seq != 4*(h.Next-1) {
		t.Fatalf("head %+v, %v, but ticket %d was acknowledged", h, err, tickets)
	}
	for n := uint64(1); n <= raw; n++ {
		if _, err := s.Raw(t.Context(), ticket.Sum(fmt.Append(nil, n))); err != nil {
			t.Fatal(err)
		}
	}
	out, err := s.Outbox(t.Context(), "support", epoch.AddDate(1, 0, 0), 0)
	if want := 2*int(h.Next-1) + 1; err != nil || h.Next > 1 && len(out) != want {
		t.Fatalf("%d letters, %v, want %d", len(out), err, want)
	}
	for n := uint64(1); n < h.Next; n++ {
		q := store.Query{Desk: "support", Key: store.Key{Kind: store.Seen, Value: fmt.Sprintf("seen-%d", n)}}
		if found, err := s.Find(t.Context(), q); err != nil || len(found) != 1 || found[0].Number != n {
			t.Fatalf("seen %d: %v, %v", n, found, err)
		}
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	c := start(t, dir)
	for _, o := range []Options{{}, {ReadOnly: true}} {
		_, err := Open(dir, o)
		if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("pid %d on ", c.Process.Pid)) {
			t.Errorf("open %+v: %v, want %v by pid %d", o, err, store.ErrLocked, c.Process.Pid)
		}
	}
	c.kill(t)
	open(t, dir)
}
