package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"

	"replyby/cmd/replyby/office"
	"replyby/config"
	"replyby/desk"
	"replyby/store"
	"replyby/store/bolt"
)

// WithStore does the part of a command that reads the database, and returns its exit code: inside serve with serve's store and configuration,
// beside a running serve by having the whole command line run there, else with a store it opens itself for reading. Call it
// once the command line is parsed, with the value of -config.
func (e *Env) WithStore(ctx context.Context, name string, work func(*config.File, store.Store) int) int {
	if e.served != nil {
		return work(e.served.config, e.served.house.Store())
	}
	return e.alone(ctx, name, func(f *config.File, dir string) int {
		st, err := openStore(dir)
		if err != nil {
			return e.Fail(Found, err)
		}
		defer st.Close()
		return work(f, st)
	})
}

// openStore opens the database for reading. Where there is none and never was, nothing was ever kept.
func openStore(dir string) (*bolt.Store, error) {
	st, err := bolt.Open(dir, bolt.Options{ReadOnly: true})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Hinted(fmt.Errorf("no database yet: none is in %s", dir), "the first 'replyby serve' makes it")
	}
	return st, err
}

// House is an office, running or opened for one command, as commands need it.
type House interface {
	Store() store.Store
	// Desk returns the desk of that name, nil if there is none.
	Desk(name string) *desk.Desk
}

// WithOffice is WithStore for commands that have a desk do something. Without a running serve the office is opened for the one
// command: it connects nowhere, and letters born in it wait for the next serve.
func (e *Env) WithOffice(ctx context.Context, name string, work func(*config.File, House) int) int {
	if e.served != nil {
		return work(e.served.config, e.served.house)
	}
	return e.alone(ctx, name, func(f *config.File, dir string) int {
		defer KeepOwner(dir)()
		o, err := e.openOffice(f, dir)
		if err != nil {
			return e.Fail(Found, err)
		}
		defer o.Close()
		return work(f, o)
	})
}

// alone does work with the configuration of that name and the folder of its data, unless a serve runs there: then that does the whole
// command line.
func (e *Env) alone(ctx context.Context, name string, work func(f *config.File, dir string) int) int {
	f, code, ok := e.Load(name)
	if !ok {
		return code
	}
	dir := f.Path(f.DataDir)
	if conn, err := net.Dial("unix", filepath.Join(dir, SocketName)); err == nil {
		defer conn.Close()
		return e.send(ctx, conn)
	}
	return work(f, dir)
}

// openOffice opens the office of a database that is there: a command is no reason to begin one.
// What an opening has to make anew it says, as serve does: that may take minutes.
func (e *Env) openOffice(f *config.File, dir string) (*office.Office, error) {
	st, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	plans, err := office.Plans(f)
	if err != nil {
		return nil, err
	}
	return office.Open(dir, plans, office.Options{Log: slog.New(slog.NewTextHandler(e.Stderr, nil))})
}
