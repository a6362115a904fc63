package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"replyby/config"
)

// The database is locked by the serve that runs, so commands that read it are run there: the command line sends its arguments
// through a socket in the data folder, which only its owner can open, and prints what comes back.

// SocketName is the name of the socket in the data folder.
const SocketName = "replyby.sock"

// socketPath is how many bytes the path of a socket may have on Linux; other systems have a few less.
const socketPath = 107

// SocketFits says that the path of the data folder leaves no room for the socket: serve could not be reached there.
func SocketFits(dir string) error {
	if path := filepath.Join(dir, SocketName); len(path) > socketPath {
		return Hinted(fmt.Errorf("data_dir %s is too long: the path of the socket in it has %d bytes, and at most %d are possible", dir, len(path), socketPath), "name a folder with a shorter path")
	}
	return nil
}

// errand is a command line on its way to serve.
type errand struct {
	Args     []string `json:"args"`
	Dir      string   `json:"dir"`
	Terminal bool     `json:"terminal,omitempty"`
}

// frame is a piece of what a command says. Exit ends the errand.
type frame struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// send has the command line run as an errand and prints what it says.
func (e *Env) send(ctx context.Context, conn net.Conn) int {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	what := errand{Args: append([]string{e.command.Name}, e.Args...), Dir: e.Dir, Terminal: e.Terminal}
	if err := json.NewEncoder(conn).Encode(what); err != nil {
		return e.Fail(Found, fmt.Errorf("ask the running serve: %w", err))
	}
	for answers := json.NewDecoder(conn); ; {
		var f frame
		switch err := answers.Decode(&f); {
		case err != nil && ctx.Err() != nil:
			return e.Fail(Found, ctx.Err())
		case err != nil:
			return e.Fail(Found, Hinted(fmt.Errorf("the running serve did not finish the answer: %w", err), "was it stopped meanwhile? run the command again"))
		}
		e.Stdout.Write(f.Out)
		e.Stderr.Write(f.Err)
		if f.Exit != nil {
			return *f.Exit
		}
	}
}

// Errands serves command lines in the data folder until ctx ends, each in the office that runs and by the configuration it was opened
// with. It removes a socket that a killed serve left behind: the database's own lock has already said that there is no other.
func (e *Env) Errands(f *config.File, h House, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		l, err := listen(ctx, filepath.Join(f.Path(f.DataDir), SocketName))
		if err != nil {
			return err
		}
		return e.program.answer(ctx, l, &serving{f, h, log})
	}
}

// serving is what a running serve works with. Its configuration is the one that was read at its start: a file edited since may name desks
// that nobody works.
type serving struct {
	config *config.File
	house  House
	log    *slog.Logger
}

// acceptAgain is how long a socket that gives no connection is left alone.
const acceptAgain = 5 * time.Second

// answer serves every command line that comes in, until ctx ends and the last one is done. A connection that the system does not give, as
// when this process has too many files open, is no reason to stop what else serve does.
func (p Program) answer(ctx context.Context, l net.Listener, s *serving) error {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	var busy sync.WaitGroup
	defer busy.Wait()
	for {
		conn, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("accept a command: %w", err)
		case err != nil:
			s.log.Warn("cannot accept a command", "error", err, "again", acceptAgain)
			select {
			case <-ctx.Done():
			case <-time.After(acceptAgain):
			}
			continue
		}
		busy.Go(func() { p.errand(ctx, conn, s) })
	}
}

func listen(ctx context.Context, name string) (net.Listener, error) {
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove the old socket: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", name)
	if err != nil {
		return nil, fmt.Errorf("listen for commands: %w", err)
	}
	if err := os.Chmod(name, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("keep the socket private: %w", err)
	}
	return l, nil
}

// errandTime bounds how long a command line may take to say what it wants, and to read an answer that holds the database.
const errandTime = time.Minute

// errand runs one command line, as long as somebody waits for it: what a person gave up with Ctrl-C ends here too.
func (p Program) errand(ctx context.Context, conn net.Conn, s *serving) {
	var listening sync.WaitGroup
	defer listening.Wait()
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	conn.SetReadDeadline(time.Now().Add(errandTime))
	var what errand
	if err := json.NewDecoder(io.LimitReader(conn, 1<<20)).Decode(&what); err != nil {
		return
	}
	conn.SetReadDeadline(time.Time{})
	listening.Go(func() {
		io.Copy(io.Discard, conn) // it says nothing more: this returns when it is gone
		cancel()
	})
	w := &frames{conn: conn, enc: json.NewEncoder(conn)}
	code := p.Run(ctx, &Env{
		Stdin: strings.NewReader(""), Stdout: stream{w, false}, Stderr: stream{w, true}, Terminal: what.Terminal,
		Args: what.Args, Dir: what.Dir, Now: time.Now, served: s, answer: w,
	})
	w.write(frame{Exit: &code})
}

// frames writes to a command line; a reader that went away is not our trouble. One that reads slowly is waited for, unless the command is
// holding the database.
type frames struct {
	holding atomic.Bool
	mu      sync.Mutex
	conn    net.Conn
	enc     *json.Encoder
}

func (w *frames) write(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.holding.Load() {
		w.conn.SetWriteDeadline(time.Now().Add(errandTime))
	}
	return w.enc.Encode(f)
}

// stream is the output or the error output of an errand.
type stream struct {
	w    *frames
	errs bool
}

// Write implements io.Writer.
func (s stream) Write(p []byte) (int, error) {
	f := frame{Out: p}
	if s.errs {
		f = frame{Err: p}
	}
	if err := s.w.write(f); err != nil {
		return 0, err
	}
	return len(p), nil
}
