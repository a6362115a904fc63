package records

import (
	"context"
	"errors"
	"fmt"
	"regexp"
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
       replyby erase [-config FILE] [-by ADDRESS] -yes -customer ADDRESS

Forgets what is personal of a closed ticket, for good: names, addresses,
subjects, texts, and the bytes of its mail and letters. Instants, deadlines,
hashes and who of the staff did what stay; the log still verifies, and the same
mail read again is nothing new. Not touched are earlier copies made by backup
or restore, mail already sent, the mailbox itself, and the texts of past
digests. Pages of the file that are free keep what they said until they are
used again: a backup made afterwards is without them, and put back it makes
the database as clean.

With -customer: every closed ticket of the customer with that address, and what
the desks keep of him beside them: mail that was set aside or belongs to no
ticket, and the texts of digests that name him or his tickets. What stays, such
as an open ticket or one that cannot be read, is said, so that it can be dealt
with and the command given again.

  -by ADDRESS        who says so, for the history (default: "command line")
  -customer ADDRESS  whoever has this address, instead of one ticket
  -yes               do it; without it nothing is done

example:
  replyby erase -yes MB-1
  replyby erase -yes -customer mario@example.it
`

// Erase is the command that forgets what is personal of a ticket, or of a customer.
func Erase() command.Command {
	return command.Command{Name: "erase", Help: "forget what is personal of a ticket", Usage: eraseUsage, Run: runErase}
}

func runErase(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, by := command.ConfigFlag(fs), fs.String("by", "command line", "")
	yes, customer := fs.Bool("yes", false, ""), fs.String("customer", "", "")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if *customer != "" {
		args = append(args, *customer)
	}
	switch {
	case len(args) != 1:
		return e.Fail(command.Usage, command.Hinted(errors.New("erase takes one ticket, or one customer"), "replyby erase -yes MB-1, or -customer ADDRESS"))
	case *customer != "" && !strings.Contains(*customer, "@"):
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("%s is no address", command.Line(*customer, 40)), "replyby erase -yes -customer mario@example.it"))
	case !*yes:
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("%s would be erased for good; nothing was done", command.Line(args[0], 40)), "say -yes to do it"))
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		if *customer != "" {
			return eraseCustomer(ctx, e, f, o, whose{strings.TrimSpace(*customer), *by})
		}
		t, err := command.FindTicket(ctx, f, o.Store(), args[0])
		if err == nil {
			err = erase(ctx, e, o, t, whose{by: *by})
		}
		if err != nil {
			return e.Fail(command.Found, unerased(err, args[0]))
		}
		return command.Good
	})
}

// erase erases a ticket, and says where words of it still stand.
func erase(ctx context.Context, e *command.Env, o command.House, t ticket.Ticket, who whose) error {
	if o.Desk(t.Desk) == nil {
		return command.Hinted(fmt.Errorf("%s is of desk %q, which the configuration does not name", t.Ref, t.Desk), "give the desk that name again, then erase it")
	}
	others, err := elsewhere(ctx, o.Store(), t) // its log will not say any more
	if err != nil {
		return err
	}
	if who.address == "" { // else those are erased too
		shown, err := shownWith(ctx, o.Store(), t)
		if err != nil {
			return err
		}
		others = append(others, shown...)
	}
	n, err := o.Desk(t.Desk).Erase(ctx, t.Number, who.by, e.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s is erased: %d messages and letters have no bytes any more\n", t.Ref, n)
	for _, where := range others {
		if where == adoptedFrom && who.address != "" {
			continue // it goes with what the desk keeps of him
		}
		fmt.Fprintln(e.Stdout, where)
	}
	return nil
}

// adoptedFrom is said of a ticket that was a message set aside.
const adoptedFrom = "still there: sender, subject and text of the message it was adopted from, in the desk's own log; erase -customer takes that"

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
			said = append(said, adoptedFrom)
		case x.Kind == kind.Merged && x.Body.Link != 0:
			said = append(said, "still there: its request as it was shown in "+other+", where it went on; erase that too")
		case x.Kind == kind.Linked && x.Body.Link == 0 && x.Body.Reason != "": // a twin at another desk
			said = append(said, "still there: "+x.Body.Reason+"; erase that too")
		case x.Kind == kind.Decided && x.Body.Link != 0:
			said = append(said, "still there: its customer in the list of "+other+", where a letter to him was approved with others; erase that too")
		}
	}
	slices.Sort(said)
	return slices.Compact(said), nil
}

// shownWith lists the later tickets of the same customer whose staff read of this one, with its subject, because it was open, and those that cannot
// be read.
func shownWith(ctx context.Context, st store.Store, t ticket.Ticket) (said []string, err error) {
	if t.Customer.Addr == "" {
		return nil, nil
	}
	prefix, _, _ := strings.Cut(t.Ref, "-")
	for later, err := range st.Each(ctx, store.Query{Desk: t.Desk, Customer: t.Customer.Addr, After: t.Number}) {
		shown := false
		if err == nil {
			shown, err = asksWith(ctx, st, later, t.Ref)
		}
		switch {
		case store.Harmed(err) && later.Number > 0:
			said = append(said, fmt.Sprintf("perhaps still there: its subject, in %s-%d, which cannot be read; replyby verify says more", prefix, later.Number))
		case err != nil:
			return nil, err
		case shown:
			said = append(said, "still there: its subject as it was shown with "+later.Ref+", of the same customer; erase that too")
		}
	}
	return said, nil
}

// asksWith reports whether a mail about a ticket that asked for a decision names another one.
func asksWith(ctx context.Context, st store.Store, t ticket.Ticket, other string) (bool, error) {
	ref := regexp.MustCompile(`\b` + regexp.QuoteMeta(other) + `\b`)
	for r, err := range st.Log(ctx, t.Desk, 1, int64(t.Number)) {
		if err != nil {
			return false, err
		}
		if r.Kind == kind.ReviewAsked && ref.Match(r.Body) {
			return true, nil
		}
	}
	return false, nil
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
