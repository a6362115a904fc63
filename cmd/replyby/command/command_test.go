package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"replyby/config"
	"replyby/desk"
	"replyby/store"
)

// said is what a command printed and ended with.
type said struct {
	Out, Err string
	Code     int
}

// at runs a command line of a program in a folder.
func at(t *testing.T, p Program, dir string, args ...string) said {
	t.Helper()
	var out, complaint bytes.Buffer
	code := p.Run(t.Context(), &Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &complaint, Args: args, Dir: dir, Now: time.Now})
	return said{out.String(), complaint.String(), code}
}

// one is a program of one command.
func one(run func(context.Context, *Env) int) Program {
	return Program{Commands: []Command{{Name: "count", Help: "count things", Usage: "replyby count [-n N] THING...", Run: run}}}
}

func TestParse(t *testing.T) {
	p := one(func(_ context.Context, e *Env) int {
		fs := e.Flags()
		n := fs.Int("n", 1, "")
		args, code, ok := e.Parse(fs)
		if ok {
			fmt.Fprintln(e.Stdout, *n, args)
		}
		return code
	})
	flags := "hint: 'replyby help count' shows the flags\n"
	for line, want := range map[string]said{
		"count -n x":       {Err: "replyby: invalid value \"x\" for flag -n: parse error\n" + flags, Code: Usage},
		"count a -m":       {Err: "replyby: flag provided but not defined: -m\n" + flags, Code: Usage},
		"cuont":            {Err: "replyby: no command \"cuont\"\nhint: did you mean count?\n", Code: Usage},
		"help cuont":       {Err: "replyby: no command \"cuont\"\nhint: did you mean count?\n", Code: Usage},
		"count -h":         {Out: "replyby count: count things\n\nusage: replyby count [-n N] THING...\n"},
		"count a -n 2 b":   {Out: "2 [a b]\n"},
		"count a b -n=3":   {Out: "3 [a b]\n"},
		"count -- -n 2":    {Out: "1 [-n 2]\n"},
		"count a -- b -n":  {Out: "1 [a b -n]\n"},
		"count":            {Out: "1 []\n"},
		"--help unheeding": {Err: "replyby: no command \"unheeding\"\nhint: 'replyby help' lists the commands\n", Code: Usage},
	} {
		if diff := cmp.Diff(want, at(t, p, t.TempDir(), strings.Fields(line)...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

// An error is one line, with paths as the caller knows them, and its hint, however deep.
func TestFail(t *testing.T) {
	p := one(func(_ context.Context, e *Env) int {
		err := Hinted(errors.New("open "+e.Path("data/a")+": no\nsecond line"), "look at "+e.Path("data"))
		return e.Fail(Found, fmt.Errorf("read: %w", err))
	})
	want := said{Err: "replyby: read: open data/a: no\nhint: look at data\n", Code: Found}
	if diff := cmp.Diff(want, at(t, p, t.TempDir(), "count")); diff != "" {
		t.Error(diff)
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[31mred\x07":         "a [31mred",
		"in\u202evoice\r\n  twice": "invoice twice",
		"\xff\xfe":                 "\ufffd",
		"thirteen runes":           "thirteen run…",
		"thirteen rune":            "thirteen rune",
		"":                         "",
	} {
		if got := Line(in, 13); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

// stub is a store that nothing is asked of.
type stub struct{ store.Store }

// small is a configuration.
const small = `[[desk]]
name = "a"
address = "a@desk.test"
country = "IT"
hours = ["24x7"]
imap.host = "localhost"
smtp.host = "localhost"
password_env = "NONE"
[[desk.staff]]
name = "Anna"
addresses = ["anna@staff.test"]
`

// whileServing runs errands on a data folder beside a configuration, until the test ends.
func whileServing(t *testing.T, p Program) (dir string, st store.Store) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, DefaultConfig), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := config.Load(filepath.Join(dir, DefaultConfig))
	if err != nil {
		t.Fatal(err)
	}
	data := f.Path(f.DataDir)
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	// A serve that was killed leaves its socket.
	old, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(data, SocketName), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	old.SetUnlinkOnClose(false)
	old.Close()
	l, err := listen(t.Context(), old.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	st = &stub{}
	go func() { ended <- p.answer(ctx, l, &serving{f, house{st}, slog.New(slog.DiscardHandler)}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return dir, st
}

// house is an office of which commands get the store alone.
type house struct{ st store.Store }

// Store implements House.
func (h house) Store() store.Store { return h.st }

// Desk implements House.
func (h house) Desk(string) *desk.Desk { return nil }

// A command line beside a running serve is run there: with its folder, arguments and terminal, with serve's store, and what
// it says comes back on the side it was said.
func TestErrand(t *testing.T) {
	var served store.Store
	p := one(func(ctx context.Context, e *Env) int {
		fs := e.Flags()
		path := ConfigFlag(fs)
		args, code, ok := e.Parse(fs)
		if !ok {
			return code
		}
		return e.WithStore(ctx, *path, func(f *config.File, st store.Store) int {
			served = st
			fmt.Fprintln(e.Stdout, f.Desks[0].Name, args, filepath.Base(e.Path("x")))
			return e.Fail(Found, fmt.Errorf("%t", e.Terminal))
		})
	})
	dir, st := whileServing(t, p)
	if info, err := os.Stat(filepath.Join(dir, "data", SocketName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is %v, %v: want one for its owner only", info, err)
	}
	want := said{Out: "a [things] x\n", Err: "replyby: false\n", Code: Found}
	if diff := cmp.Diff(want, at(t, p, dir, "count", "things")); diff != "" {
		t.Error(diff)
	}
	if served != st {
		t.Errorf("the command worked with %v, want the store of serve", served)
	}
	var complaint bytes.Buffer
	e := &Env{Stdout: io.Discard, Stderr: &complaint, Terminal: true, Args: []string{"count"}, Dir: dir}
	if p.Run(t.Context(), e); complaint.String() != "replyby: true\n" {
		t.Errorf("at a terminal the command said %q", &complaint)
	}
}

// A file edited since serve began changes nothing for the commands that run there: of a desk that is new in it there is nobody to ask.
func TestErrandByServesConfiguration(t *testing.T) {
	p := one(func(ctx context.Context, e *Env) int {
		fs := e.Flags()
		name := fs.String("desk", "", "")
		if _, code, ok := e.Parse(fs); !ok {
			return code
		}
		return e.WithOffice(ctx, DefaultConfig, func(f *config.File, _ House) int {
			d, code, ok := e.Desk(f, *name)
			if ok {
				fmt.Fprintln(e.Stdout, d.Name, len(f.Desks))
			}
			return code
		})
	})
	dir, _ := whileServing(t, p)
	second := strings.NewReplacer(`"a"`, `"b"`, "a@", "b@").Replace(small)
	if err := os.WriteFile(filepath.Join(dir, DefaultConfig), []byte(small+second), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]said{
		"count":         {Out: "a 1\n"},
		"count -desk b": {Err: "replyby: -desk \"b\" is not known\nhint: known: a; a desk that is new in the file is there when serve is started again\n", Code: Usage},
	} {
		if diff := cmp.Diff(want, at(t, p, dir, strings.Fields(line)...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// Output that could not be written is no success, whether the command looked or not, and wherever it ran.
func TestOutputLost(t *testing.T) {
	p := one(func(ctx context.Context, e *Env) int {
		return e.WithStore(ctx, DefaultConfig, func(*config.File, store.Store) int {
			fmt.Fprintln(e.Stdout, "MB-1")
			return Good
		})
	})
	served, _ := whileServing(t, p)
	alone := one(func(_ context.Context, e *Env) int { fmt.Fprintln(e.Stdout, "MB-1"); return Good })
	for dir, p := range map[string]Program{served: p, t.TempDir(): alone} {
		var complaint bytes.Buffer
		code := p.Run(t.Context(), &Env{Stdout: full{}, Stderr: &complaint, Args: []string{"count"}, Dir: dir})
		if code != Found || !strings.HasPrefix(complaint.String(), "replyby: print: no space left on device\nhint: ") {
			t.Errorf("%d, %q", code, &complaint)
		}
	}
}

// What is no command line gets no answer and stops nobody.
func TestErrandBroken(t *testing.T) {
	p := one(func(_ context.Context, e *Env) int {
		return e.WithStore(context.Background(), DefaultConfig, func(*config.File, store.Store) int { return 7 })
	})
	dir, _ := whileServing(t, p)
	for _, bytes := range []string{"", "GET / HTTP/1.1\r\n\r\n", `{"args":"count"}`, `{"args":[`} {
		conn, err := net.Dial("unix", filepath.Join(dir, "data", SocketName))
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, bytes)
		conn.(*net.UnixConn).CloseWrite()
		if b, err := io.ReadAll(conn); len(b) > 0 {
			t.Errorf("%q was answered %q, %v", bytes, b, err)
		}
		conn.Close()
	}
	if r := at(t, p, dir, "count"); r.Code != 7 {
		t.Errorf("then a good one came to %+v", r)
	}
}

// poor is a listener that has nothing to give a few times, and then one connection.
type poor struct {
	net.Listener
	refusals int
	conn     net.Conn
	closed   chan struct{}
}

func (p *poor) Accept() (net.Conn, error) {
	if p.refusals--; p.refusals >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "unix", Err: syscall.EMFILE}
	}
	if conn := p.conn; conn != nil {
		p.conn = nil
		return conn, nil
	}
	<-p.closed
	return nil, net.ErrClosed
}

func (p *poor) Close() error { close(p.closed); return nil }

// Too many open files, however long, end neither the socket nor the rest of serve.
func TestErrandAfterAcceptFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := one(func(context.Context, *Env) int { return 7 })
		ours, theirs := net.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- p.answer(ctx, &poor{refusals: 100, conn: theirs, closed: make(chan struct{})}, &serving{log: slog.New(slog.DiscardHandler)})
		}()
		if code := (&Env{Stdout: io.Discard, Stderr: io.Discard, command: p.Commands[0]}).send(ctx, ours); code != 7 {
			t.Errorf("the command came to %d", code)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// slow is a reader that leaves what it got on the screen for an hour.
type slow struct{ bytes.Buffer }

func (s *slow) Write(p []byte) (int, error) {
	time.Sleep(time.Hour)
	return s.Buffer.Write(p)
}

// Who reads slowly, as in a pager, gets all of an answer. Only where the command holds the database meanwhile is he cut off.
func TestErrandReadSlowly(t *testing.T) {
	for _, holding := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := one(func(_ context.Context, e *Env) int {
				if holding {
					e.Holding()
				}
				for range 3 {
					if _, err := io.WriteString(e.Stdout, "x"); err != nil {
						return Found
					}
				}
				return Good
			})
			ours, theirs := net.Pipe()
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				ended <- p.answer(ctx, &poor{conn: theirs, closed: make(chan struct{})}, &serving{log: slog.New(slog.DiscardHandler)})
			}()
			var out slow
			code := (&Env{Stdout: &out, Stderr: io.Discard, command: p.Commands[0]}).send(ctx, ours)
			if whole := code == Good && out.String() == "xxx"; whole == holding {
				t.Errorf("holding %t: exit %d, %q", holding, code, out.String())
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// A command line that is given up does not work on inside serve, where a long reading would keep the database from shrinking.
func TestErrandGivenUp(t *testing.T) {
	began, given := make(chan struct{}), make(chan struct{})
	p := one(func(ctx context.Context, e *Env) int {
		return e.WithStore(ctx, DefaultConfig, func(*config.File, store.Store) int {
			close(began)
			<-ctx.Done()
			close(given)
			return Good
		})
	})
	dir, _ := whileServing(t, p)
	ctx, interrupt := context.WithCancel(t.Context())
	go func() { <-began; interrupt() }()
	var complaint bytes.Buffer
	code := p.Run(ctx, &Env{Stdout: io.Discard, Stderr: &complaint, Args: []string{"count"}, Dir: dir})
	if code != Found || complaint.String() != "replyby: interrupted\n" {
		t.Errorf("%d, %q", code, &complaint)
	}
	<-given
}

// Without a terminal nothing is shown; on one the bar is taken away before anything else is printed.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	show, end := (&Env{Stderr: &b}).Progress("reading")
	if end(); show != nil || b.Len() > 0 {
		t.Errorf("without a terminal: %q", &b)
	}
	show, end = (&Env{Stderr: &b, Terminal: true}).Progress("reading")
	if end(); b.Len() > 0 {
		t.Errorf("where nothing was shown: %q", &b)
	}
	show(1000, 4000)
	if !strings.Contains(b.String(), "reading  25%") {
		t.Errorf("a quarter shows %q", &b)
	}
	show(4500, 4500)
	show(5500, 5500) // the total was an estimate
	end()
	last := b.String()[:strings.LastIndex(b.String(), "\r")]
	if last = last[strings.LastIndex(last, "\r")+1:]; strings.TrimSpace(last) != "" || !strings.HasSuffix(b.String(), "\r") {
		t.Errorf("at the end the line is not empty: %q", &b)
	}
}
