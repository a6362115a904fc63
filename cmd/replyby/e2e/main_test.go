package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	// patience is how long anything may take: a machine that runs other tests at the same time is slow, not wrong.
	patience = 60 * time.Second
	// lookAgain is the pause between two looks at something that cannot tell us.
	lookAgain = 25 * time.Millisecond
	// programVar names the program that TestMain built, for the tests.
	programVar = "REPLYBY_E2E_PROGRAM"
)

// TestMain builds the program once.
func TestMain(m *testing.M) {
	os.Exit(withProgram(m.Run))
}

func withProgram(tests func() int) int {
	dir, err := os.MkdirTemp("", "replyby-e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "replyby")
	args := []string{"build", "-o", name}
	if raced {
		args = append(args, "-race")
	}
	if said, err := exec.Command("go", append(args, "replyby/cmd/replyby")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, said)
		return 1
	}
	os.Setenv(programVar, name)
	os.Setenv("GORACE", "atexit_sleep_ms=20") // for the children; a second for each would be most of the time
	return tests()
}

// eventually looks again and again until something is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for deadline := time.Now().Add(patience); !so(); <-again.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s in vain until %s", patience, what)
		}
	}
}

// said is what a child prints, readable while it prints.
type said struct {
	mu    sync.Mutex
	b     bytes.Buffer
	taken []time.Time // when it said that mail was taken in
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range bytes.Count(p, []byte("mail taken in")) {
		s.taken = append(s.taken, time.Now())
	}
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *said) count(words string) int { return strings.Count(s.String(), words) }

// serving is a `replyby serve` that runs.
type serving struct {
	t    testing.TB
	cmd  *exec.Cmd
	log  said
	done chan struct{} // closed when it has ended
}

// serve starts the program; at the end of the test it is told to stop, must do so, and leaves a database that agrees with itself.
func (h *house) serve() *serving {
	h.t.Helper()
	s := h.launch()
	eventually(h.t, "serve works on every mailbox", func() bool {
		if s.ended() {
			h.t.Fatalf("serve ended by itself:\n%s", &s.log)
		}
		return s.log.count("imap connected") >= len(h.desks) && h.listens()
	})
	return s
}

// launch is serve without waiting for anything.
func (h *house) launch() *serving {
	h.t.Helper()
	s := &serving{t: h.t, cmd: h.command("serve"), done: make(chan struct{})}
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() {
		defer close(s.done)
		_ = s.cmd.Wait() // the exit code is asked where it matters
	}()
	h.t.Cleanup(func() {
		if !s.ended() {
			s.stop()
			h.verify()
		}
		if s.log.count("DATA RACE") > 0 {
			h.t.Error("the program has a data race")
		}
		if h.t.Failed() {
			h.t.Logf("serve, pid %d, said:\n%s", s.cmd.Process.Pid, &s.log)
		}
	})
	return s
}

// listens says that commands find the running serve.
func (h *house) listens() bool {
	conn, err := net.Dial("unix", h.socket())
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func (s *serving) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// stop tells the program to end, as systemd does, and waits for it.
func (s *serving) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatal(err)
	}
	s.await()
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.t.Errorf("serve ended with exit code %d after SIGTERM", code)
	}
}

// kill takes the program away as a power cut does.
func (s *serving) kill() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatal(err)
	}
	s.await()
}

func (s *serving) await() {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		s.t.Fatalf("serve did not end within %s", patience)
	}
}

// command is the program with the house's configuration.
func (h *house) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Getenv(programVar), append([]string{name, "-config", h.config}, args...)...)
	cmd.Dir = h.dir
	return cmd
}

// ran is what a command came to.
type ran struct {
	out, err string
	code     int
}

// run runs a command to its end.
func (h *house) run(name string, args ...string) ran {
	h.t.Helper()
	cmd := h.command(name, args...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		h.t.Fatal(err)
	}
	return ran{out.String(), complaint.String(), cmd.ProcessState.ExitCode()}
}

// good runs a command that must succeed and returns what it prints.
func (h *house) good(name string, args ...string) string {
	h.t.Helper()
	r := h.run(name, args...)
	if r.code != 0 {
		h.t.Fatalf("replyby %s %q: exit %d\n%s%s", name, args, r.code, r.out, r.err)
	}
	return r.out
}

// ask has the running serve do a command, as the command line does through its socket, but without starting a program: tests ask
// often.
func (h *house) ask(name string, args ...string) string {
	h.t.Helper()
	conn, err := net.Dial("unix", h.socket())
	if err != nil {
		return h.good(name, args...)
	}
	defer conn.Close()
	line := append([]string{name, "-config", h.config}, args...)
	if err := json.NewEncoder(conn).Encode(map[string]any{"args": line, "dir": h.dir}); err != nil {
		h.t.Fatal(err)
	}
	var out strings.Builder
	for answers := json.NewDecoder(conn); ; {
		var f struct {
			Out, Err []byte
			Exit     *int
		}
		if err := answers.Decode(&f); err != nil {
			h.t.Fatalf("ask serve for %s %q: %v", name, args, err)
		}
		out.Write(f.Out)
		if f.Exit != nil {
			if *f.Exit != 0 {
				h.t.Fatalf("replyby %s %q: exit %d\n%s", name, args, *f.Exit, f.Err)
			}
			return out.String()
		}
	}
}

func (h *house) socket() string { return filepath.Join(h.dir, "data", "replyby.sock") }

func (h *house) verify() {
	h.t.Helper()
	if r := h.run("verify"); r.code != 0 {
		h.t.Errorf("I7, I11: verify finds something wrong: exit %d\n%s%s", r.code, r.out, r.err)
	}
}

// objects reads what a command prints with -json: one object per line.
func objects[T any](t testing.TB, out string) []T {
	t.Helper()
	var all []T
	for line := range strings.Lines(out) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("no object: %v\n%s", err, line)
		}
		all = append(all, v)
	}
	return all
}
