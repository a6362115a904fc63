package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	if err := replaceable(path); err != nil {
		return e.Fail(Found, fmt.Errorf("write %s: %w", path, err))
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // private: 0600
	if err != nil {
		return e.Fail(Found, &fs.PathError{Op: "write", Path: path, Err: errors.Unwrap(err)}) // whoever asked knows no temporary name
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

// replaceable says why a file cannot take a name: there is no folder for it, or what has the name is no file. A device, or the
// link that /dev/stdout is, would give way to the file, for everybody on the machine where root asks.
func replaceable(path string) error {
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return Hinted(fmt.Errorf("there is no folder %s", filepath.Dir(path)), "make it first, or name another one")
	}
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return Hinted(errors.New("it is there, and no ordinary file"), "name one that is, or is not there yet: it appears under its name when it is whole")
	}
	return nil
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
