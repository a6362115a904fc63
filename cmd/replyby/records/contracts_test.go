package records

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office/officetest"
)

// A new file is compared with what the desk loaded at its last start, whatever has become of that file since; looking changes nothing.
func TestContractsCheck(t *testing.T) {
	dir, now := stopped(t)
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const head = "customer,kind,from,to,note\n"
	write("replyby.toml", "contracts_file = 'contracts.csv'\n"+twoDesks)
	write("contracts.csv", head+"@stays.example,agency,2026-01-01,2026-12-31,\n@goes.example,agency,2026-01-01,2026-12-31,\n")
	loadContracts(t, dir, now)
	write("contracts.csv", head)
	write("new.csv", head+"@comes.example,agency,2026-01-01,2026-12-31,\n@stays.example,agency,2026-01-01,2027-12-31,\n")
	for range 2 {
		want := `new.csv: good, 2 contracts; against what was loaded on 2026-11-23 15:00 UTC: 1 added, 1 changed, 1 removed
+ @comes.example: agency 2026-01-01..2026-12-31
~ @stays.example: agency 2026-01-01..2026-12-31 -> @stays.example: agency 2026-01-01..2027-12-31
- @goes.example: agency 2026-01-01..2026-12-31
`
		if code, out, errs := contractsLine(dir, now, "check", "new.csv"); code != command.Good || out != want {
			t.Errorf("exit %d\n%s%s\nwant\n%s", code, out, errs, want)
		}
	}
	if code, out, _ := contractsLine(dir, now, "check", "-json"); code != command.Good || !strings.Contains(out, `"contracts":0,"loaded_at":"2026-11-23T15:00:00Z","added":[],"changed":[],"removed":["@stays`) {
		t.Errorf("exit %d: %s", code, out)
	}
	write("bad.csv", "customer,kind,from,to\nx\x1b[2J,agency,2026-01-01,2026-12-31\n")
	code, out, _ := contractsLine(dir, now, "check", "bad.csv")
	if harmless(t, out); code != command.Found || !strings.HasPrefix(out, "bad.csv:2: ") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func contractsLine(dir string, now time.Time, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	p := command.Program{Commands: []command.Command{Contracts()}}
	code = p.Run(context.Background(), &command.Env{Args: append([]string{"contracts"}, args...), Dir: dir, Now: func() time.Time { return now }, Stdout: &o, Stderr: &e})
	return code, o.String(), e.String()
}

// loadContracts does what a start of serve does with the contracts.
func loadContracts(t *testing.T, dir string, now time.Time) {
	t.Helper()
	o, _ := officetest.Open(t, dir)
	defer o.Close()
	for _, name := range []string{"agenzia", "moduli"} {
		if err := o.Desk(name).NoteContracts(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
}
