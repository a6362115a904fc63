package records

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk"
	"replyby/store"
	"replyby/ticket"
)

const adoptUsage = `replyby adopt [-config FILE] [-desk NAME] [-by ADDRESS] [-json] [ID]
       replyby adopt [-config FILE] [-desk NAME] [-days N] [-json]

Makes a message that was set aside a ticket: an automatic reply, a voicemail
notice, mail in the junk folder. Its clock began when the message came. The
digest names each with its ID. Without an ID: lists what was set aside.

  -by ADDRESS  who says so, for the history (default: "command line")
  -days N      list those of the last N days (default 14)
  -desk NAME   this desk only
  -json        one object per message, or the new ticket

example:
  replyby adopt 3f9a2c417be0
`

// Adopt is the command that makes a message set aside a ticket.
func Adopt() command.Command {
	return command.Command{Name: "adopt", Help: "make a message that was set aside a ticket", Usage: adoptUsage, Run: runAdopt}
}

func runAdopt(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	by, days := fs.String("by", "command line", ""), fs.Int("days", 14, "")
	asJSON := fs.Bool("json", false, "")
	ids, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(ids) > 1 {
		return e.Fail(command.Usage, command.Hinted(errors.New("adopt takes one message"), "replyby adopt 3f9a2c417be0"))
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		if _, code, ok := e.Desk(f, *name); !ok {
			return code
		}
		desks := command.DesksOf(f, *name)
		if len(ids) == 0 {
			list, err := setAside(ctx, o, desks, e.Now().AddDate(0, 0, -*days))
			if err == nil || store.Harmed(err) {
				err = errors.Join(printAside(e, list, *asJSON), err)
			}
			if err != nil {
				return e.Fail(command.Found, err)
			}
			return command.Good
		}
		t, err := adopt(ctx, o, desks, wanted{ids[0], *by, e.Now()})
		if err != nil {
			return e.Fail(command.Found, err)
		}
		return e.Tell(*asJSON, briefOf(t), func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s %s\n", t.Ref, command.Line(t.Subject, 100))
			return err
		})
	})
}

// wanted is which message shall be a ticket, who says so, and when.
type wanted struct {
	id, by string
	now    time.Time
}

// adopt tries the desks in turn: an id belongs to one message.
func adopt(ctx context.Context, o command.House, desks []*config.Desk, w wanted) (ticket.Ticket, error) {
	var why desk.Refusal
	for _, d := range desks {
		t, err := o.Desk(d.Name).Adopt(ctx, w.id, w.by, w.now)
		switch {
		case err == nil:
			return t, nil
		case !errors.As(err, &why):
			return ticket.Ticket{}, err
		case why.Code == "adopted":
			return ticket.Ticket{}, command.Hinted(fmt.Errorf("message %s is ticket %s already", command.Line(w.id, 64), why.Detail), "replyby show "+why.Detail)
		}
	}
	return ticket.Ticket{}, command.Hinted(fmt.Errorf("no message set aside has the id %q", command.Line(w.id, 64)), "'replyby adopt' lists them; an id has at least 12 characters")
}

// laid is a message set aside, as adopt -json prints it.
type laid struct {
	ID      string    `json:"id"`
	Desk    string    `json:"desk"`
	Kind    string    `json:"kind"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	At      time.Time `json:"at"`
	Ticket  string    `json:"ticket,omitempty"` // it was filed with
	Reason  string    `json:"reason"`

	zone *time.Location
}

// setAside collects what the desks set aside after an instant, also beside [store.ErrDamaged].
func setAside(ctx context.Context, o command.House, desks []*config.Desk, after time.Time) ([]laid, error) {
	var all []laid
	var torn store.Damage
	for _, d := range desks {
		list, err := o.Desk(d.Name).SetAside(ctx, after)
		if err := torn.Take(err); err != nil {
			return nil, err
		}
		for _, x := range list {
			all = append(all, laid{
				ID: x.ID(), Desk: d.Name, Kind: x.Kind, From: x.From, Subject: x.Subject, At: x.At, Ticket: x.Ref, Reason: x.Reason,
				zone: d.Service().Zone(),
			})
		}
	}
	return all, torn.Told()
}

// printAside prints one object for each, or a table.
func printAside(e *command.Env, list []laid, asJSON bool) error {
	if asJSON {
		for _, l := range list {
			if err := e.Object(l); err != nil {
				return err
			}
		}
		return nil
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(e.Stdout, "nothing was set aside")
		return err
	}
	w := tabwriter.NewWriter(e.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tWHEN\tKIND\tTICKET\tFROM\tSUBJECT")
	for _, l := range list {
		fmt.Fprintln(w, l.row())
	}
	return w.Flush()
}

// row is a line of the table.
func (l laid) row() string {
	return strings.Join([]string{
		l.ID, l.At.In(l.zone).Format("Mon 02 Jan 15:04"), l.Kind, command.OrDash(l.Ticket), command.Line(l.From, 40), command.Line(l.Subject, 60),
	}, "\t")
}
