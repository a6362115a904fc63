package records

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/store"
	"replyby/ticket"
)

const showUsage = `replyby show [-config FILE] [-json | -raw] TICKET

A ticket whole: what was asked, its clocks, its letters with the server's
answer, and everything that happened to it in order.

  -raw    the customer's first message instead, as it came
  -json   the ticket as the first object, then its events

example:
  replyby show MB-1
`

// Show is the command that prints one ticket.
func Show() command.Command {
	return command.Command{Name: "show", Help: "print a ticket and everything that happened to it", Usage: showUsage, Run: runShow}
}

func runShow(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path := command.ConfigFlag(fs)
	asJSON := fs.Bool("json", false, "one object per line")
	raw := fs.Bool("raw", false, "the first message as it came")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(args) != 1 {
		return e.Fail(command.Usage, command.Hinted(errors.New("show takes one ticket"), "replyby show MB-1"))
	}
	return e.WithStore(ctx, *path, func(f *config.File, st store.Store) int {
		t, err := command.FindTicket(ctx, f, st, args[0])
		switch {
		case errors.Is(err, store.ErrNotFound):
			return e.Fail(command.Found, fmt.Errorf("there is no ticket %s", args[0]))
		case err != nil:
			return e.Fail(command.Found, err)
		case *raw:
			return printRaw(ctx, e, st, t)
		case *asJSON:
			return showJSON(ctx, e, st, t)
		}
		return showText(ctx, e, st, t, zoneOf(f, t.Desk))
	})
}

func printRaw(ctx context.Context, e *command.Env, st store.Store, t ticket.Ticket) int {
	b, err := st.Raw(ctx, t.Raw)
	if err != nil {
		return e.Fail(command.Found, fmt.Errorf("read the message of %s: %w", t.Ref, err))
	}
	e.Stdout.Write(b)
	return command.Good
}

func showJSON(ctx context.Context, e *command.Env, st store.Store, t ticket.Ticket) int {
	if err := e.Object(t); err != nil {
		return e.Fail(command.Found, err)
	}
	for r, err := range command.History(ctx, st, t) {
		if err == nil {
			err = e.Object(r)
		}
		if err != nil {
			return e.Fail(command.Found, err)
		}
	}
	return command.Good
}

func showText(ctx context.Context, e *command.Env, st store.Store, t ticket.Ticket, z *time.Location) int {
	at := func(x time.Time) string { return x.In(z).Format("Mon 2006-01-02 15:04:05 -07:00") }
	p := func(format string, a ...any) { fmt.Fprintf(e.Stdout, format+"\n", a...) }
	p("%s  %s  %s", t.Ref, t.State, command.Line(t.Subject, 100))
	p("  from      %s", command.Line(strings.TrimSpace(t.Customer.Name+" <"+t.Customer.Addr+">"), 100))
	p("  received  %s (%s)", at(t.ReceivedAt), command.Line(t.ReceivedBy, 100))
	p("  urgent    %s; language %s; assigned to %s", t.Verdict.Urgency, t.Verdict.Language, command.OrDash(t.Assignee))
	for _, o := range t.Duties {
		p("  %-9s %s", o.Name, dutyLine(o, at))
	}
	if t.Billed > 0 {
		p("  to bill   %d min", t.Billed)
	}
	if !t.AgreedAt.IsZero() {
		p("  consent   message of %s", at(t.AgreedAt))
	}
	if t.Notice.Kind != "" {
		p("  notice    %s %s", t.Notice.Kind, t.Notice.Matter)
	}
	for _, matter := range slices.Sorted(maps.Keys(t.Told)) {
		p("  told      closure %s, %s", matter, at(t.Told[matter]))
	}
	for _, l := range t.Posted {
		if l.Customer {
			p("  letter    %s %s by %s: %s", l.Purpose, l.State, l.By, command.Line(l.Reply+" "+l.Proof, 120))
		}
	}
	if t.Excerpt != "" {
		p("\n%s", indent(t.Excerpt))
	}
	p("\nhistory")
	for r, err := range command.History(ctx, st, t) {
		if err != nil {
			return e.Fail(command.Found, err)
		}
		x, err := r.Event()
		if err != nil {
			return e.Fail(command.Found, err)
		}
		p("  %s  %-16s %-24s %s", at(r.At), r.Kind, command.Line(r.Actor, 24), command.Line(gist(x), 110))
	}
	return command.Good
}

func dutyLine(o ticket.Obligation, at func(time.Time) string) string {
	var said []string
	for _, x := range []struct {
		name string
		t    time.Time
	}{{"target", o.Target}, {"limit", o.Limit}, {"act by", o.ActBy}} {
		if !x.t.IsZero() {
			said = append(said, x.name+" "+at(x.t))
		}
	}
	switch {
	case o.Void:
		said = append(said, "no longer owed")
	case !o.MetAt.IsZero():
		said = append(said, "met "+at(o.MetAt))
	}
	return strings.Join(said, ", ")
}

// gist says in a few words what an event is about.
func gist(e ticket.Event) string {
	b := e.Body
	var said []string
	add := func(s string) {
		if s != "" {
			said = append(said, s)
		}
	}
	add(b.Verb)
	if b.Minutes != 0 {
		add(fmt.Sprintf("%d min", b.Minutes))
	}
	if b.Share > 0 {
		add(fmt.Sprintf("%d %% of the text written by hand", b.Share))
	}
	if b.Rung != nil {
		add(string(b.Obligation) + " " + b.Rung.Name)
	}
	for _, l := range b.Letters {
		add(l.Purpose + " to " + strings.Join(l.To, ", "))
		for _, f := range l.Files {
			add("with " + f.Name)
		}
	}
	if b.Delivery != nil {
		add(b.Delivery.Reply)
		add(b.Delivery.Proof)
	}
	if b.Message != nil {
		add(b.Message.Subject)
	}
	if b.Draft != nil {
		add(fmt.Sprintf("version %d, %s", b.Draft.Version, b.Draft.Template))
	}
	add(b.Person)
	add(b.Reason)
	if b.Message == nil {
		add(b.Text)
	}
	return strings.Join(said, "; ")
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(command.Printable(s)), "\n", "\n    ")
}
