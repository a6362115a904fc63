package room_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/room"
)

// F03: below the bound the reserve goes, and what low is called says how much is left; it comes back only where there is room for both.
func TestReserve(t *testing.T) {
	const mb = 1 << 20
	dir := t.TempDir()
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	var free int64
	var broken error
	r := room.New(dir, 200*mb, func(string) (int64, error) { return free, broken })
	for i, step := range []struct {
		free    int64
		err     error
		low     bool
		reserve bool
		since   int // step in which it became low
	}{
		{free: 300 * mb, reserve: true},
		{free: 200 * mb, reserve: true},
		{free: 199 * mb, low: true, since: 2},
		{free: 0, low: true, since: 2},
		{free: 207 * mb},
		{free: 100 * mb, low: true, since: 5},
		{free: 0, err: errors.New("no such disk")}, // nobody can say: that is no reason to stop
		{free: 300 * mb, reserve: true},
	} {
		free, broken = step.free, step.err
		low, since, err := r.Look(now.Add(time.Duration(i) * time.Minute))
		if err != nil || (low != "") != step.low || low != r.Low() {
			t.Errorf("step %d: %q, %v", i, low, err)
		}
		if want := now.Add(time.Duration(step.since) * time.Minute); step.low && !since.Equal(want) || !step.low && !since.IsZero() {
			t.Errorf("step %d: low since %s", i, since)
		}
		if info, err := os.Stat(filepath.Join(dir, "reserve")); (err == nil) != step.reserve || step.reserve && info.Size() != 8*mb {
			t.Errorf("step %d: reserve %v, %v", i, info, err)
		}
		if step.low && !strings.Contains(low, "at least 200 MB") {
			t.Errorf("step %d: %q", i, low)
		}
	}
}

// The system is asked about the disk of the folder.
func TestFree(t *testing.T) {
	if free, err := room.Free(t.TempDir()); err != nil || free <= 0 {
		t.Errorf("%d %v", free, err)
	}
	if _, err := room.Free(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("no error for a folder that is not there")
	}
}
