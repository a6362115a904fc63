package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"replyby/store"
)

const fullEnv = "REPLYBY_BOLT_FULL"

// fillUp commits until the file may not grow, as on a full disk, and says how that went.
func fillUp(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	const most = 1 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
		return err
	}
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	for n := uint64(1); ; n++ {
		err := s.Commit(context.Background(), arrival(n))
		if err == nil {
			fmt.Println("ticket", n)
			continue
		}
		again := s.Commit(context.Background(), arrival(n))
		_, read := s.Load(context.Background(), "support", 1)
		fmt.Println("full", !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrInvalid), errors.Is(again, store.ErrBroken), read == nil)
		return s.Close()
	}
}

// filledUp is a process that runs fillUp.
func filledUp(dir string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), fullEnv+"="+dir)
	return c
}

// On a full disk a commit fails, the store takes no more, still reads, and opens again with all that was acknowledged. While the disk is
// still full it does not open where there is something to write, and advises nobody to put an older copy in its place.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	out, err := filledUp(dir).CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), "full true true true\n") {
		t.Fatalf("%v\n%s", err, out)
	}
	var last uint64
	for line := range strings.Lines(string(out)) {
		fmt.Sscanf(line, "ticket %d", &last)
	}
	again, err := filledUp(dir).CombinedOutput()
	if line := string(again); err == nil || !strings.Contains(line, "file too large") || strings.Contains(line, "restore") || !strings.Contains(line, "start again") {
		t.Errorf("opened while the disk is full: %v\n%s", err, line)
	}
	s := open(t, dir)
	sound(t, s)
	h, err := s.Head(t.Context(), "support")
	if err != nil || last == 0 || h.Next <= last {
		t.Fatalf("head %+v, %v, but ticket %d was acknowledged", h, err, last)
	}
	if err := s.Commit(t.Context(), arrival(h.Next)); err != nil {
		t.Error(err)
	}
}
