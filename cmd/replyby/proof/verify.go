package proof

import (
	"context"
	"errors"
	"fmt"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/store"
	"replyby/store/bolt"
)

const verifyUsage = `replyby verify [-config FILE] [-json] [-head HASH] [EVIDENCE.zip]

Reads the whole database and proves it: pages, checksums, the chain of every
log, every ticket against its events, every index, every raw message against its
hash. On a terminal it shows how far it is. With a file that 'replyby evidence'
wrote it checks that instead, and needs no database; with the head of the log
from a digest it says whether the evidence stands on the log of that day.

  -head HASH   the head that a digest gave, 16 digits or more, in quotes:
               "3f9a 2c41 7be0 11d8"

example:
  replyby verify
`

// Verify is the command that proves the database.
func Verify() command.Command {
	return command.Command{Name: "verify", Help: "prove that the database, or evidence, is unchanged", Usage: verifyUsage, Run: runVerify}
}

// finding is one thing wrong, as verify -json prints it.
type finding struct {
	Where   string `json:"where"`
	Finding string `json:"finding"`
}

func runVerify(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path := command.ConfigFlag(fs)
	asJSON := fs.Bool("json", false, "one object per line")
	head := fs.String("head", "", "")
	args, code, ok := e.Parse(fs)
	switch {
	case !ok:
		return code
	case len(args) > 1:
		return e.Fail(command.Usage, command.Hinted(errors.New("verify takes one file of evidence, or none for the database"), "replyby verify MB-1.zip"))
	case len(args) == 1:
		return verifyEvidence(e, args[0], *head, *asJSON)
	case *head != "":
		return e.Fail(command.Usage, command.Hinted(errors.New("a head is looked for in evidence"), "replyby verify -head HASH MB-1.zip"))
	}
	return e.WithStore(ctx, *path, func(_ *config.File, st store.Store) int { return verify(ctx, e, st, *asJSON) })
}

func verify(ctx context.Context, e *command.Env, st store.Store, asJSON bool) int {
	b, ok := st.(*bolt.Store)
	if !ok {
		return e.Fail(command.Found, errors.New("this store cannot be verified here"))
	}
	e.Holding()
	progress, done := e.Progress("reading")
	wrong, err := b.Check(ctx, progress)
	done()
	if err != nil {
		return e.Fail(command.Found, err)
	}
	for _, w := range wrong {
		if asJSON {
			e.Object(finding{w.Where, w.What})
			continue
		}
		fmt.Fprintln(e.Stdout, command.Printable(w.Where+": "+w.What))
	}
	if len(wrong) > 0 {
		return e.Fail(command.Found, command.Hinted(fmt.Errorf("%d findings: the database does not agree with itself", len(wrong)), "keep a copy of the data folder, start serve, run verify beside it and start serve once more: it makes anew what follows from records that are whole; if verify still finds something, restore the latest backup"))
	}
	if !asJSON {
		fmt.Fprintln(e.Stdout, "all good: logs, tickets, indexes and messages agree")
	}
	return command.Good
}
