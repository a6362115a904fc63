package faults

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"replyby/store/bolt"
)

// every is how many of the calls of the story are failed: each one with -every=1, as for a release.
var every = flag.Int("every", 25, "fail one of so many writes and syncs")

// errorSteps is the length of the story that is told anew for every error.
const errorSteps = 8

// An error of any write or sync, once or from then on, ends the program with one line that says so. Nothing that was acknowledged is
// lost, and the next start goes on.
func TestErrors(t *testing.T) {
	step := *every
	if testing.Short() {
		step *= 4
	}
	counts := map[string]int{}
	for _, c := range recorded(t, filepath.Join(t.TempDir(), "data"), errorSteps) {
		counts[c.name]++
	}
	for _, fault := range []struct {
		name, call, err string
		lasts           bool // from then on, as a full disk does
	}{
		{"a sync of pages fails", "fdatasync", "EIO", false},
		{"a sync of a small file, a new length or the folder fails", "fsync", "EIO", false},
		{"a write of pages fails", "pwrite64", "EIO", false},
		{"the disk is full once", "pwrite64", "ENOSPC", false},
		{"the disk is full from then on", "pwrite64", "ENOSPC", true},
		{"the file cannot grow", "ftruncate", "ENOSPC", true},
		{"a name cannot appear", "renameat", "EIO", false},
	} {
		total, runs, ends := counts[strings.TrimSuffix(fault.call, "at")], 0, 0
		for n := 1; n <= total; n++ {
			if n > 5 && n%step != 0 { // the first are those of the creation
				continue
			}
			when := fmt.Sprint(n)
			if fault.lasts {
				when += "+"
			}
			runs++
			if failed(t, fmt.Sprintf("%s:error=%s:when=%s", fault.call, fault.err, when)) {
				ends++
			}
			if t.Failed() {
				return
			}
		}
		t.Logf("%s: %d of %d %s, %s: %d runs ended with one line, %d did not notice, 0 acknowledged writes lost", fault.name, runs, total, fault.call, fault.err, ends, runs-ends)
	}
}

// failed tells the story with a fault injected and says whether that ended it.
func failed(t *testing.T, fault string) (ended bool) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	call, _, _ := strings.Cut(fault, ":")
	c := tell(t, dir, errorSteps, "-qq", "-e", "trace="+call, "-e", "inject="+fault, "-o", "/dev/null")
	var said, wrong bytes.Buffer
	c.Stdout, c.Stderr = &said, &wrong
	switch err := c.Run().(type) {
	case nil:
	case *exec.ExitError:
		ended = true
		// strace itself speaks up now and then when its child ends
		if line := regexp.MustCompile(`(?m)^[^\n]*strace: ptrace.*\n`).ReplaceAllString(wrong.String(), ""); err.ExitCode() != 1 || strings.Count(line, "\n") != 1 || !strings.HasPrefix(line, "story: ") {
			t.Errorf("%s: ended with %v and said %q, want one line", fault, err, line)
		}
	default:
		t.Fatal(err)
	}
	if err := kept(dir, said.String()); err != nil {
		t.Errorf("%s: %v", fault, err)
	}
	return ended
}

// kept checks that everything a story said is in its database, that every promise holds, and that the desk can work on.
func kept(dir, said string) error {
	var writes, seq uint64
	var raws int
	for line := range strings.Lines(said) {
		fmt.Sscanf(line, sayMark+"%d %d %d", &writes, &seq, &raws)
	}
	s, err := bolt.Open(dir, bolt.Options{NoSync: true})
	if err != nil {
		return fmt.Errorf("open again: %w", err)
	}
	h, err := s.Head(context.Background(), deskName)
	if err == nil && h.Seq < seq {
		err = fmt.Errorf("the log ends at %d, %d was acknowledged", h.Seq, seq)
	}
	if err := errors.Join(err, promises(s), s.Close()); err != nil {
		return err
	}
	return goOn(dir)
}

// A file system that is read-only, or a file of somebody else, is refused with one line that names the file and the reason.
func TestRefusedByFileSystem(t *testing.T) {
	for fault, reason := range map[string]string{"EROFS": "read-only file system", "EACCES": "permission denied"} {
		for _, name := range []string{database, markFile} {
			dir := filepath.Join(t.TempDir(), "data")
			if out, err := tell(t, dir, 1).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			path := filepath.Join(dir, name)
			before := read(t, filepath.Join(dir, database))
			out, err := tell(t, dir, 1, "-qq", "-P", path, "-e", "trace=openat", "-e", "inject=openat:error="+fault, "-o", "/dev/null").CombinedOutput()
			if line := string(out); err == nil || strings.Count(line, "\n") != 1 || !strings.Contains(line, path) || !strings.Contains(line, reason) {
				t.Errorf("%s of %s: %v, %q", fault, name, err, line)
			}
			if !bytes.Equal(before, read(t, filepath.Join(dir, database))) {
				t.Errorf("%s of %s: the database changed", fault, name)
			}
		}
	}
}
