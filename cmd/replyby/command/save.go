package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Save has work write a file through the Stdout of the Env it gets, and says how long it became. The file is written on this side, with
// the rights of whoever asked, also where the running serve does the work: there work writes to the socket. It appears whole or not
// at all; an older one of that name gives way only to a whole new one.
func (e *Env) Save(name string, work func(*Env) int) int {
	if e.served != nil {
		return work(e)
	}
	path := e.Path(name)
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // private: 0600
	if err != nil {
		return e.Fail(Found, fmt.Errorf("write %s: %w", path, err))
	}
	defer os.Remove(f.Name()) // does nothing once it has its name
	defer f.Close()
	out := &output{to: f}
	inner := *e
	inner.Stdout = out
	if code := work(&inner); code != Good {
		return code
	}
	if err := errors.Join(out.failed(), f.Sync()); err != nil {
		return e.Fail(Found, fmt.Errorf("write %s: %w", path, err))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return e.Fail(Found, fmt.Errorf("write %s: %w", path, err))
	}
	fmt.Fprintf(e.Stdout, "%s: %d bytes\n", relative(path, e.Dir), out.n)
	return Good
}

// output remembers that writing failed, for whoever does not ask, and how much was written.
type output struct {
	to io.Writer

	mu  sync.Mutex
	n   int64
	err error
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(p)
	o.n, o.err = o.n+int64(n), err
	return n, err
}

// failed is what went wrong with writing.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
