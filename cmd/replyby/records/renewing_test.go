package records

import (
	"path/filepath"
	"strings"
	"testing"

	"replyby/cmd/replyby/command"
	"replyby/store/bolt/harm"
)

// A command that opens the database to write, and has to read tickets anew before, as after an update, says so on standard error, where it takes its time.
func TestReadAnewIsSaid(t *testing.T) {
	dir, now := requests(t, false)
	if err := harm.Index(filepath.Join(dir, "data"), "moduli", "open", 2); err != nil {
		t.Fatal(err)
	}
	code, out, errs := adoptLine(dir, now, "adopt", "-json")
	if code != command.Good || !strings.Contains(errs, "tickets are read anew from their records") || strings.Contains(out, "anew") {
		t.Errorf("%d\n%s\n%s", code, out, errs)
	}
	if code, _, errs := adoptLine(dir, now, "adopt", "-json"); code != command.Good || errs != "" {
		t.Errorf("%d, the second time: %s", code, errs)
	}
}
