package records

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office/officetest"
	"replyby/cmd/replyby/proof"
	"replyby/desk"
	"replyby/desk/arrival"
)

const twoDesks = `
[[desk]]
name = "agenzia"
address = "assistenza@us.example"
provider = "aruba"
hours = ["mon-fri 15:00-18:00"]
country = "IT"
password_file = "password"
[[desk.staff]]
name = "Anna Rossi"
addresses = ["anna@us.example"]
[[desk]]
name = "moduli"
prefix = "MP"
address = "moduli@us.example"
provider = "aruba"
hours = ["mon-fri 15:00-18:00"]
country = "IT"
password_file = "password"
[[desk.staff]]
name = "Anna Rossi"
addresses = ["anna@us.example"]
`

const voicemail = "From: Centralino <centralino@pbx.example>\r\nTo: moduli@us.example\r\nSubject: Nuovo messaggio\x1b[2J in segreteria\r\nAuto-Submitted: auto-generated\r\n\r\nDurata 00:42.\r\n"

// stopped is a folder with a database in which the desk "moduli" has set a message aside, and the instant after.
func stopped(t *testing.T) (dir string, now time.Time) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "replyby.toml"), []byte(twoDesks), 0o600); err != nil {
		t.Fatal(err)
	}
	o, _ := officetest.Open(t, dir)
	defer o.Close()
	came := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	err := o.Desk("moduli").Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 1, Now: came,
		Mails: []desk.Incoming{{UID: 1, Internal: came, Raw: []byte(voicemail)}}})
	if err != nil {
		t.Fatal(err)
	}
	return dir, came.Add(time.Hour)
}

// Beside a running serve the command runs there: the database is open in it and nowhere else.
func TestAdoptInServe(t *testing.T) {
	dir, now := stopped(t)
	o, data := officetest.Open(t, dir)
	defer o.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	serve := command.Command{Name: "serve", Run: func(ctx context.Context, e *command.Env) int {
		f, code, ok := e.Load(command.DefaultConfig)
		if !ok {
			return code
		}
		if err := e.Errands(f, o, slog.New(slog.DiscardHandler))(ctx); err != nil {
			t.Error(err)
		}
		return command.Good
	}}
	p := command.Program{Commands: []command.Command{serve, Adopt()}}
	go func() { ended <- p.Run(ctx, &command.Env{Args: []string{"serve"}, Dir: dir}) }()
	defer func() { stop(); <-ended }()
	awaitSocket(t, data)

	list, err := o.Desk("moduli").SetAside(ctx, now.AddDate(0, 0, -1))
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	if code, out, errs := adoptLine(dir, now, "adopt", "-by", "anna@us.example", list[0].ID()); code != command.Good || !strings.HasPrefix(out, "MP-1 ") {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	if tk, err := o.Store().Load(ctx, "moduli", 1); err != nil || tk.Ref != "MP-1" {
		t.Errorf("%+v %v", tk, err)
	}
}

// awaitSocket waits until somebody listens for command lines.
func awaitSocket(t *testing.T, data string) {
	t.Helper()
	for start := time.Now(); time.Since(start) < 10*time.Second; runtime.Gosched() {
		if conn, err := net.Dial("unix", filepath.Join(data, "replyby.sock")); err == nil {
			conn.Close()
			return
		}
	}
	t.Fatal("nobody listens")
}

func adoptLine(dir string, now time.Time, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	p := command.Program{Commands: []command.Command{Adopt(), Show(), proof.Verify(), Erase(), proof.Evidence()}}
	code = p.Run(context.Background(), &command.Env{Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e, Args: args, Dir: dir, Now: func() time.Time { return now }})
	return code, o.String(), e.String()
}

// Without a running serve the command works by itself: it lists, adopts at the desk that has the message, once, and says so.
func TestAdopt(t *testing.T) {
	dir, now := stopped(t)
	if code, _, errs := adoptLine(dir, now, "adopt", "000000000000"); code != command.Found || !strings.Contains(errs, `no message set aside has the id "000000000000"`) {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, errs := adoptLine(dir, now, "adopt", "-desk", "x"); code != command.Usage || !strings.Contains(errs, "x") {
		t.Errorf("%d %s", code, errs)
	}
	code, out, errs := adoptLine(dir, now, "adopt")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != command.Good || len(lines) != 2 || !strings.Contains(lines[1], "Mon 23 Nov 15:00") || strings.Contains(out, "\x1b") {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	id, _, _ := strings.Cut(lines[1], " ")
	if code, out, _ = adoptLine(dir, now, "adopt", "-desk", "agenzia"); code != command.Good || out != "nothing was set aside\n" {
		t.Errorf("%d %q", code, out)
	}
	if code, _, errs = adoptLine(dir, now, "adopt", "-desk", "agenzia", id); code != command.Found {
		t.Errorf("adopted by the desk that has it not: %s", errs)
	}
	if code, out, errs = adoptLine(dir, now, "adopt", id); code != command.Good || !strings.HasPrefix(out, "MP-1 Nuovo messaggio") || strings.Contains(out, "\x1b") {
		t.Fatalf("%d %q %s", code, out, errs)
	}
	if code, _, errs = adoptLine(dir, now, "adopt", id); code != command.Found || !strings.Contains(errs, "is ticket MP-1 already\nhint: replyby show MP-1") {
		t.Errorf("%d %s", code, errs)
	}
	if code, out, _ = adoptLine(dir, now, "show", "MP-1"); code != command.Good || !strings.Contains(out, "adopted") || !strings.Contains(out, "command line") {
		t.Errorf("%d %s", code, out)
	}
	if code, _, errs = adoptLine(dir, now, "verify"); code != command.Good {
		t.Errorf("%d %s", code, errs)
	}
	if code, out, _ = adoptLine(dir, now, "adopt", "-json"); code != command.Good || !strings.Contains(out, `{"id":"`+id+`","desk":"moduli","kind":"automatic","from":"centralino@pbx.example"`) {
		t.Errorf("%d %s", code, out)
	}
}
