package command

import (
	"context"
	"net"
	"path/filepath"

	"replyby/config"
	"replyby/store"
	"replyby/store/bolt"
)

// WithStore does the part of a command that reads the database, and returns its exit code: inside serve with serve's store,
// beside a running serve by having the whole command line run there, else with a store it opens itself for reading. Call it
// once the command line is parsed, with the value of -config.
func (e *Env) WithStore(ctx context.Context, name string, work func(*config.File, store.Store) int) int {
	f, code, ok := e.Load(name)
	if !ok {
		return code
	}
	if e.served != nil {
		return work(f, e.served)
	}
	dir := f.Path(f.DataDir)
	if conn, err := net.Dial("unix", filepath.Join(dir, socketName)); err == nil {
		defer conn.Close()
		return e.send(ctx, conn)
	}
	st, err := bolt.Open(dir, bolt.Options{ReadOnly: true})
	if err != nil {
		return e.Fail(Found, err)
	}
	defer st.Close()
	return work(f, st)
}
