package records

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
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
		t, err := command.FindTicket(ctx, f, o.Store(), args[0])
		if err == nil && o.Desk(t.Desk) == nil {
			err = command.Hinted(fmt.Errorf("%s is of desk %q, which the configuration does not name", t.Ref, t.Desk), "give the desk that name again, then erase it")
		}
		if err == nil {
			err = erase(ctx, e, o, t, *by)
		}
		if err != nil {
			return e.Fail(command.Found, unerased(err, args[0]))
		}
		return command.Good
	})
}

// erase erases a ticket, and says where words of it still stand.
func erase(ctx context.Context, e *command.Env, o command.House, t ticket.Ticket, by string) error {
	others, err := elsewhere(ctx, o.Store(), t) // its log will not say any more
	if err != nil {
		return err
	}
	n, err := o.Desk(t.Desk).Erase(ctx, t.Number, by, e.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s is erased: %d messages and letters have no bytes any more\n", t.Ref, n)
	for _, where := range others {
		fmt.Fprintf(e.Stdout, "still there: %s\n", where)
	}
	return nil
}

// elsewhere says what else in the database holds words of a ticket: the ticket it goes on in shows staff its request, the one that asked
// for several letters at once lists whom they are for, and what was set aside is in the desk's own log as it was then.
func elsewhere(ctx context.Context, st store.Store, t ticket.Ticket) ([]string, error) {
	var said []string
	prefix, _, _ := strings.Cut(t.Ref, "-")
	for r, err := range st.Log(ctx, t.Desk, 1, int64(t.Number)) {
		if err != nil {
			return nil, err
		}
		x, err := r.Event()
		if err != nil {
			return nil, err
		}
		other := fmt.Sprintf("%s-%d", prefix, x.Body.Link)
		switch {
		case x.Kind == kind.Adopted:
			said = append(said, "sender, subject and text of the message it was adopted from, in the desk's own log, which is not erased")
		case x.Kind == kind.Merged && x.Body.Link != 0:
			said = append(said, "its request as it was shown in "+other+", where it went on; erase that too")
		case x.Kind == kind.Linked && x.Body.Link == 0 && x.Body.Reason != "": // a twin at another desk
			said = append(said, x.Body.Reason+"; erase that too")
		case x.Kind == kind.Decided && x.Body.Link != 0:
			said = append(said, "its customer in the list of "+other+", where a letter to him was approved with others; erase that too")
		}
	}
	slices.Sort(said)
	return slices.Compact(said), nil
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
	case why.Code == "awaited":
		return command.Hinted(fmt.Errorf("a mail of staff about %s waits for the proof of its sender", why.Detail), "serve ends that within ten minutes; then erase it")
	}
	return command.Hinted(fmt.Errorf("a letter to the customer of %s has not ended", why.Detail), "wait until it is sent, or settle it with resend or leave")
}
