package backup

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/reconcile"
	"replyby/config"
)

const reconcileUsage = `replyby reconcile [-config FILE] [-desk NAME] [-json]

Reads every message of the watched folder again and compares it with the
database: each must be a ticket, an entry of one, or filed. It changes nothing.
What is missing is listed, and the exit status is 1. Messages that serve has not
come to yet, and those from before the desk began, are counted only.

  -desk NAME   this desk only
  -json        one object per desk

example:
  replyby reconcile
`

// Reconcile is the command that compares the mailbox with the database.
func Reconcile() command.Command {
	return command.Command{Name: "reconcile", Help: "compare the mailbox with the database", Usage: reconcileUsage, Run: runReconcile}
}

func runReconcile(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	asJSON := fs.Bool("json", false, "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		if _, code, ok := e.Desk(f, *name); !ok {
			return code
		}
		missing := 0
		for i := range f.Desks {
			d := &f.Desks[i]
			if *name != "" && d.Name != *name {
				continue
			}
			t, err := compare(ctx, e, o, d)
			if err != nil {
				return e.Fail(command.Found, fmt.Errorf("desk %s: %w", d.Name, err))
			}
			if *asJSON {
				err = e.Object(t)
			} else {
				err = printTally(e, t, d.Conductor().Zone)
			}
			if err != nil {
				return e.Fail(command.Found, err)
			}
			missing += len(t.Lost)
		}
		if missing > 0 {
			return e.Fail(command.Found, command.Hinted(fmt.Errorf("%d messages are in the mailbox and not in the database", missing),
				"move them to another folder and back: they get new numbers and are read again"))
		}
		return command.Good
	})
}

// printTally writes a tally for people, instants in their zone.
func printTally(e *command.Env, t *reconcile.Tally, z *time.Location) error {
	fmt.Fprintf(e.Stdout, "%s, %s: %d with a ticket, %d filed, %d from before the desk, %d not read yet, %d missing\n",
		t.Desk, t.Folder, t.Tickets, t.Filed, t.Older, t.Waiting, len(t.Lost))
	w := tabwriter.NewWriter(e.Stdout, 0, 4, 2, ' ', 0)
	for _, l := range t.Lost {
		fmt.Fprintf(w, "  uid %d\t%s\t%s\t%s\n", l.UID, l.At.In(z).Format("Mon 2006-01-02 15:04"), command.Line(l.From, 40), command.Line(l.Subject, 60))
	}
	return w.Flush()
}

// compare compares a desk's mailbox with the database and shows how far it is.
func compare(ctx context.Context, e *command.Env, o command.House, d *config.Desk) (*reconcile.Tally, error) {
	show, end := e.Progress("comparing")
	defer end()
	return reconcile.Compare(ctx, reconcile.Job{Name: d.Name, Desk: o.Desk(d.Name), Store: o.Store(), Mailbox: d.Mailbox(), Show: show})
}
