package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"replyby/config"
	"replyby/store"
	"replyby/store/bolt"
)

// The database is locked by the serve that runs, so commands that read it are run there: the command line sends its arguments
// through a socket in the data folder, which only its owner can open, and prints what comes back.

// socketName is the socket's name in the data folder.
const socketName = "replyby.sock"

// errand is a command line on its way to serve.
type errand struct {
	Args []string `json:"args"`
	Dir  string   `json:"dir"`
}

// frame is a piece of what a command says. Exit ends the errand.
type frame struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// withStore makes a command of one that reads the store: inside serve with its store, beside a running serve through its socket,
// else with a store it opens itself for reading.
func withStore(name string, work func(context.Context, *env, *config.File, store.Store) int) func(context.Context, *env) int {
	return func(ctx context.Context, e *env) int {
		f, code, ok := e.load(e.configName())
		if !ok {
			return code
		}
		dir := f.Path(f.DataDir)
		if e.served != nil {
			return work(ctx, e, f, e.served)
		}
		if conn, err := net.Dial("unix", filepath.Join(dir, socketName)); err == nil {
			defer conn.Close()
			return e.send(ctx, conn, errand{append([]string{name}, e.Args...), e.Dir})
		}
		st, err := bolt.Open(dir, bolt.Options{ReadOnly: true})
		if err != nil {
			return e.fail(found, err)
		}
		defer st.Close()
		return work(ctx, e, f, st)
	}
}

// configName finds the configuration file on a command line that is not parsed yet.
func (e *env) configName() string {
	for i, a := range e.Args {
		name, value, has := strings.Cut(strings.TrimLeft(a, "-"), "=")
		switch {
		case name != "config" || !strings.HasPrefix(a, "-"):
		case has:
			return value
		case i+1 < len(e.Args):
			return e.Args[i+1]
		}
	}
	return defaultConfig
}

// send has an errand done and prints what it says.
func (e *env) send(ctx context.Context, conn net.Conn, what errand) int {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(what); err != nil {
		return e.fail(found, fmt.Errorf("ask the running serve: %w", err))
	}
	for answers := json.NewDecoder(conn); ; {
		var f frame
		if err := answers.Decode(&f); err != nil {
			return e.fail(found, hinted(fmt.Errorf("the running serve did not finish the answer: %w", err), "was it stopped meanwhile? run the command again"))
		}
		e.Stdout.Write(f.Out)
		e.Stderr.Write(f.Err)
		if f.Exit != nil {
			return *f.Exit
		}
	}
}

// errands serves command lines until ctx ends, each with the store of the office. It removes a socket that a killed serve left behind: the
// database's own lock has already said that there is no other.
func errands(dir string, st store.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		name := filepath.Join(dir, socketName)
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the old socket: %w", err)
		}
		l, err := (&net.ListenConfig{}).Listen(ctx, "unix", name)
		if err != nil {
			return fmt.Errorf("listen for commands: %w", err)
		}
		if err := os.Chmod(name, 0o600); err != nil {
			l.Close()
			return fmt.Errorf("keep the socket private: %w", err)
		}
		stop := context.AfterFunc(ctx, func() { l.Close() })
		defer stop()
		var busy sync.WaitGroup
		defer busy.Wait()
		for {
			conn, err := l.Accept()
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				return fmt.Errorf("accept a command: %w", err)
			}
			busy.Go(func() { runErrand(ctx, conn, st) })
		}
	}
}

// errandTime bounds how long a command line may take to say what it wants, and to read an answer.
const errandTime = time.Minute

func runErrand(ctx context.Context, conn net.Conn, st store.Store) {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	conn.SetReadDeadline(time.Now().Add(errandTime))
	var what errand
	if err := json.NewDecoder(io.LimitReader(conn, 1<<20)).Decode(&what); err != nil {
		return
	}
	w := &frames{conn: conn, enc: json.NewEncoder(conn)}
	e := &env{Stdin: strings.NewReader(""), Stdout: stream{w, false}, Stderr: stream{w, true}, Args: what.Args, Dir: what.Dir, Now: time.Now, served: st}
	code := run(ctx, e)
	w.write(frame{Exit: &code})
}

// frames writes to a command line; a reader that went away is not our trouble.
type frames struct {
	mu   sync.Mutex
	conn net.Conn
	enc  *json.Encoder
}

func (w *frames) write(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn.SetWriteDeadline(time.Now().Add(errandTime))
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
