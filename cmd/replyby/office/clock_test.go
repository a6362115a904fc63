package office

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A clock that shows a time before this program existed: no letter is handed out and no step is taken, not even the note that the
// program lives.
func TestClockBeforeTheProgram(t *testing.T) {
	for _, now := range []time.Time{{}, time.Unix(0, 0), time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)} {
		letters, err := outbox{&worked{}}.Next(t.Context(), now, 10) // a desk that was asked would be missed here
		if len(letters) != 0 || err != nil {
			t.Errorf("%s: %d letters, %v", now, len(letters), err)
		}
		var said strings.Builder
		dir := t.TempDir()
		f := &Office{dir: dir, log: slog.New(slog.NewTextHandler(&said, nil)), desks: []*worked{{}}}
		if err := f.tick(t.Context(), now); err != nil {
			t.Errorf("%s: %v", now, err)
		}
		if _, err := os.Stat(filepath.Join(dir, aliveFile)); err == nil || !strings.Contains(said.String(), "clock of this machine is wrong") {
			t.Errorf("%s: the beat counted, or nothing was said: %s", now, said.String())
		}
	}
	dir := t.TempDir()
	f := &Office{dir: dir, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	if err := f.tick(t.Context(), now); err != nil || !lastAlive(dir).Equal(now) {
		t.Errorf("a right clock: %v, alive %s", err, lastAlive(dir))
	}
}
