package command

import (
	"bytes"
	"fmt"
	"io/fs"
	"syscall"
	"testing"
)

// F05: a folder of somebody else, a disk mounted read-only, a full one: one clear line, and what to do.
func TestSystemRefuses(t *testing.T) {
	for why, hint := range map[syscall.Errno]string{
		syscall.EACCES: "run it as the user who owns data",
		syscall.EPERM:  "run it as the user who owns data",
		syscall.EROFS:  "the disk is mounted read-only; name a folder that can be written as data_dir",
		syscall.ENOSPC: "the disk is full; what was written before is kept",
	} {
		var said bytes.Buffer
		e := &Env{Stderr: &said, Dir: "/srv/desk"}
		err := fmt.Errorf("open store: %w", &fs.PathError{Op: "open", Path: "/srv/desk/data/store.id", Err: why})
		if code := e.Fail(Found, err); code != Found {
			t.Errorf("%v: exit %d", why, code)
		}
		if want := fmt.Sprintf("replyby: open store: open data/store.id: %v\nhint: %s\n", why, hint); said.String() != want {
			t.Errorf("%v: got\n%swant\n%s", why, &said, want)
		}
	}
}

// I12: the words of a server stand in errors.
func TestFailIsPrintable(t *testing.T) {
	var said bytes.Buffer
	e := &Env{Stderr: &said}
	e.Fail(Found, Hinted(fmt.Errorf("server says \x1b[2J\u202eno\r"), "ask \x1b]0;x\x07it"))
	if got, want := said.String(), "replyby: server says  [2Jno \nhint: ask  ]0;x it\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
