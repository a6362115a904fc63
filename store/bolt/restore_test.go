package bolt

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
)

// The wrong copy is no disaster: the database that it replaced, put back as restore kept it, holds all that was acknowledged, also after a
// crash.
func TestRestoreOfWhatWasReplaced(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	var wrong bytes.Buffer
	if _, err := s.Backup(t.Context(), &wrong); err != nil {
		t.Fatal(err)
	}
	crashed := crash(t, s, dir)
	if _, err := Restore(crashed, &wrong); err != nil {
		t.Fatal(err)
	}
	kept, err := os.Open(filepath.Join(crashed, "replyby.db.before"))
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if _, err := Restore(crashed, kept); err != nil {
		t.Fatal(err)
	}
	hasThree(t, crashed)
}

// A copy that cannot be read to its end, or written for want of space, leaves nothing behind that fills the disk.
func TestRestoreBrokenOff(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("the stick was pulled")
	if _, err := Restore(dir, io.MultiReader(bytes.NewReader(make([]byte, 1<<16)), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRestoreOfTheDatabaseItself(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	crashed := crash(t, s, dir)
	live, err := os.Open(filepath.Join(crashed, "replyby.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	if _, err := Restore(crashed, live); err != nil {
		t.Fatal(err)
	}
	hasThree(t, crashed)
}

// crash commits three tickets and returns a folder as a crash then leaves it, with changes in the journal.
func crash(t *testing.T, s *Store, dir string) string {
	t.Helper()
	for n := uint64(1); n <= 3; n++ {
		if err := s.Commit(t.Context(), arrival(n)); err != nil {
			t.Fatal(err)
		}
	}
	crashed := t.TempDir()
	if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return crashed
}

func hasThree(t *testing.T, dir string) {
	t.Helper()
	back := open(t, dir)
	sound(t, back)
	if h, err := back.Head(t.Context(), "support"); err != nil || h.Next != 4 {
		t.Errorf("the next ticket is %d, %v, want 4", h.Next, err)
	}
}
