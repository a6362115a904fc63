// Package backup holds the commands for a bad day: backup takes a copy of the database, also while serve works on it, restore puts one
// back, and reconcile compares the mailbox with the database. That a restore loses no mail and sends no letter twice is up to the desk, at the
// next start: see docs/decisions/0016.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/store"
	"replyby/store/bolt"
)

const backupUsage = `replyby backup [-config FILE] -o COPY

Copies the whole database, as it is at one instant, while serve works on. The
copy holds everything: tickets, mail, letters. Keep it as private as the mail.

example:
  replyby backup -o /mnt/copies/replyby-$(date +%F).db
`

// Backup is the command that copies the database.
func Backup() command.Command {
	return command.Command{Name: "backup", Help: "copy the database, also while serve works", Usage: backupUsage, Run: runBackup}
}

func runBackup(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, out := command.ConfigFlag(fs), fs.String("o", "", "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	if *out == "" {
		return e.Fail(command.Usage, command.Hinted(errors.New("backup needs a file to write"), "replyby backup -o COPY.db"))
	}
	f, code, ok := e.Load(*path)
	if !ok {
		return code
	}
	if ofDatabase(f.Path(f.DataDir), e.Path(*out)) {
		return e.Fail(command.Found, command.Hinted(fmt.Errorf("%s belongs to the database itself", *out), "name another file, best on another disk"))
	}
	return e.Save(*out, func(e *command.Env) int {
		return e.WithStore(ctx, *path, func(_ *config.File, st store.Store) int {
			b, ok := st.(*bolt.Store)
			if !ok {
				return e.Fail(command.Found, errors.New("this store cannot be copied here"))
			}
			e.Holding()
			show, end := e.Progress("copying")
			_, err := b.Backup(ctx, &counter{out: e.Stdout, total: int(b.Size()), show: show})
			end()
			if err != nil {
				return e.Fail(command.Found, err)
			}
			return command.Good
		})
	})
}

// ofDatabase reports whether a file is one of those that the store keeps in the data folder. A copy in the place of the database would be all
// there is once serve, which works on in the old file, has ended.
func ofDatabase(dir, path string) bool {
	data, err1 := os.Stat(dir)
	in, err2 := os.Stat(filepath.Dir(path))
	name := filepath.Base(path)
	return err1 == nil && err2 == nil && os.SameFile(data, in) && (strings.HasPrefix(name, "replyby.") || strings.HasPrefix(name, "store."))
}

// counter tells how far a copy is.
type counter struct {
	out         io.Writer
	done, total int
	show        func(done, total int)
}

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	n, err := c.out.Write(p)
	if c.done += n; c.show != nil {
		c.show(c.done, max(c.done, c.total))
	}
	return n, err
}

const restoreUsage = `replyby restore [-config FILE] [-force] COPY

Puts a copy of the database in the place of the present one. serve must be
stopped. The copy is proven first, as verify does. At the next start:
  - mail that came since is read again, each once;
  - letters to customers that may have gone since are not sent again: their
    copy in the mailbox settles them, or who approved them is asked;
  - the present database is kept beside it, as replyby.db.before.

  -force   take the copy though verify finds something wrong with it

example:
  replyby restore /mnt/copies/replyby-2026-11-20.db
`

// Restore is the command that puts a copy back.
func Restore() command.Command {
	return command.Command{Name: "restore", Help: "put a copy of the database back", Usage: restoreUsage, Run: runRestore}
}

func runRestore(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, force := command.ConfigFlag(fs), fs.Bool("force", false, "")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(args) != 1 {
		return e.Fail(command.Usage, command.Hinted(errors.New("restore takes one copy"), "replyby restore COPY.db"))
	}
	f, code, ok := e.Load(*path)
	if !ok {
		return code
	}
	dir, from := f.Path(f.DataDir), e.Path(args[0])
	if conn, err := net.Dial("unix", filepath.Join(dir, command.SocketName)); err == nil {
		conn.Close()
		return e.Fail(command.Found, command.Hinted(errors.New("serve works on the database"), "stop serve, restore, start it again"))
	}
	if err := prove(ctx, e, from); err != nil && !(*force && errors.Is(err, errUnproven)) {
		return e.Fail(command.Found, err)
	}
	if err := ctx.Err(); err != nil { // given up while the copy was being proven
		return e.Fail(command.Found, err)
	}
	defer command.KeepOwner(dir)()
	id, err := replace(dir, from)
	if err != nil {
		return e.Fail(command.Found, err)
	}
	fmt.Fprintf(e.Stdout, "database %s is in place; start serve: it reads what came since, and sends nothing twice\n", id)
	return command.Good
}

func replace(dir, from string) (id string, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", fmt.Errorf("read the copy: %w", err)
	}
	defer in.Close()
	return bolt.Restore(dir, in)
}

// unreadable says which copy is at fault, where the error names the place it was tried at and speaks of the database at work.
func unreadable(dir, from string, err error) error {
	if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrMissing) {
		return err
	}
	what, _, _ := strings.Cut(err.Error(), "; ")
	for _, name := range []string{"replyby.db.new", "replyby.db"} {
		what = strings.ReplaceAll(what, filepath.Join(dir, name), from)
	}
	return command.Hinted(fmt.Errorf("%s is no copy of the database, or a damaged one: %s", from, what), "'replyby backup' writes copies; take an older one")
}

// errUnproven says that a copy does not agree with itself.
var errUnproven = errors.New("the copy does not agree with itself")

// prove restores the copy into a folder of its own and checks it there, before anything is replaced.
func prove(ctx context.Context, e *command.Env, from string) error {
	dir, err := os.MkdirTemp(filepath.Dir(from), ".restore-*")
	if err != nil {
		if dir, err = os.MkdirTemp("", "replyby-restore-*"); err != nil {
			return fmt.Errorf("make room to prove the copy: %w", err)
		}
	}
	defer os.RemoveAll(dir)
	if _, err := replace(dir, from); err != nil {
		return unreadable(dir, from, err)
	}
	show, end := e.Progress("proving")
	renewing := func(done, total int, _ error) { // of an older release's copy; what is damaged the check finds too
		if show != nil {
			show(done, total)
		}
	}
	st, err := bolt.Open(dir, bolt.Options{NoSync: true, Renewing: renewing})
	if err != nil {
		end()
		return unreadable(dir, from, err)
	}
	defer st.Close()
	wrong, err := st.Check(ctx, show)
	end()
	if err != nil || len(wrong) == 0 {
		return err
	}
	return command.Hinted(fmt.Errorf("%w: %d findings, the first in %s: %s", errUnproven, len(wrong), wrong[0].Where, wrong[0].What),
		"take an older copy, or this one with -force")
}
