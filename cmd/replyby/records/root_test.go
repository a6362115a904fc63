//go:build unix

package records

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"replyby/cmd/replyby/command"
)

// What root does while serve is stopped leaves a folder that serve's user can still open.
func TestAdoptByRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root works on the files of others")
	}
	const nobody = 65534
	dir, now := stopped(t)
	data := filepath.Join(dir, "data")
	if err := os.Remove(filepath.Join(data, "replyby.mark")); err != nil { // a restore takes it away, the next opening makes it
		t.Fatal(err)
	}
	give := func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, nobody, nobody))
	}
	if err := filepath.WalkDir(data, give); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := adoptLine(dir, now, "adopt"); code != command.Good {
		t.Fatal(errs)
	}
	files, err := os.ReadDir(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range files {
		if info, err := x.Info(); err != nil || info.Sys().(*syscall.Stat_t).Uid != nobody {
			t.Errorf("%s does not belong to nobody: %v", x.Name(), err)
		}
	}
}
