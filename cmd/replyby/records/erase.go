package records

import (
	"context"
	"errors"
	"fmt"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk"
	"replyby/store"
)

const eraseUsage = `replyby erase [-config FILE] [-by ADDRESS] -yes TICKET

Forgets what is personal of a closed ticket, for good: names, addresses,
subjects, texts, and the bytes of its mail and letters. Instants, deadlines,
hashes and who of the staff did what stay; the log still verifies, and the same
mail read again is nothing new. Not touched are copies made by backup or
restore, mail already sent, the mailbox itself, and the texts of past digests.

  -by ADDRESS  who says so, for the history (default: "command line")
  -yes         do it; without it nothing is done

example:
  replyby erase -yes MB-1
`

// Erase is the command that forgets what is personal of a ticket.
func Erase() command.Command {
	return command.Command{Name: "erase", Help: "forget what is personal of a ticket", Usage: eraseUsage, Run: runErase}
}

func runErase(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, by := command.ConfigFlag(fs), fs.String("by", "command line", "")
	yes := fs.Bool("yes", false, "")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	switch {
	case len(args) != 1:
		return e.Fail(command.Usage, command.Hinted(errors.New("erase takes one ticket"), "replyby erase -yes MB-1"))
	case !*yes:
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("%s would be erased for good; nothing was done", command.Line(args[0], 40)), "say -yes to do it"))
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		t, err := findTicket(ctx, f, o.Store(), args[0])
		if err == nil {
			var n int
			if n, err = o.Desk(t.Desk).Erase(ctx, t.Number, *by, e.Now()); err == nil {
				fmt.Fprintf(e.Stdout, "%s is erased: %d messages and letters have no bytes any more\n", t.Ref, n)
				return command.Good
			}
		}
		return e.Fail(command.Found, unerased(err, args[0]))
	})
}

// unerased says why a ticket was not erased.
func unerased(err error, ref string) error {
	var why desk.Refusal
	switch {
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("there is no ticket %s", ref)
	case !errors.As(err, &why):
		return err
	case why.Code == "open":
		return command.Hinted(fmt.Errorf("%s is still open", why.Detail), "answer it and write close; then erase it")
	}
	return command.Hinted(fmt.Errorf("a letter to the customer of %s has not ended", why.Detail), "wait until it is sent, or settle it with resend or leave")
}
