package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"replyby/config"
	"replyby/store"
	"replyby/ticket"
)

const showUsage = `
replyby show TICKET [-json] [-raw]

A ticket whole: what was asked, its clocks, its letters with the server's answer, and
everything that happened to it in order. -raw prints the customer's first message as it
came. With -json the ticket is the first object, then its events.

example: replyby show MB-1`

func runShow(ctx context.Context, e *env, f *config.File, st store.Store) int {
	fs := e.flags("show")
	configFlag(fs)
	asJSON := fs.Bool("json", false, "one object per line")
	raw := fs.Bool("raw", false, "the first message as it came")
	args, code, ok := e.parse(fs)
	if !ok {
		return code
	}
	if len(args) != 1 {
		return e.fail(usage, hinted(errors.New("show takes one ticket"), "replyby show MB-1"))
	}
	t, err := findTicket(ctx, f, st, args[0])
	switch {
	case errors.Is(err, store.ErrNotFound):
		return e.fail(found, fmt.Errorf("there is no ticket %s", args[0]))
	case err != nil:
		return e.fail(found, err)
	case *raw:
		return e.printRaw(ctx, st, t)
	case *asJSON:
		return e.showJSON(ctx, st, t)
	}
	return e.showText(ctx, st, t, zoneOf(f, t.Desk))
}

func (e *env) printRaw(ctx context.Context, st store.Store, t ticket.Ticket) int {
	b, err := st.Raw(ctx, t.Raw)
	if err != nil {
		return e.fail(found, fmt.Errorf("read the message of %s: %w", t.Ref, err))
	}
	e.Stdout.Write(b)
	return good
}

func (e *env) showJSON(ctx context.Context, st store.Store, t ticket.Ticket) int {
	if err := e.object(t); err != nil {
		return e.fail(found, err)
	}
	for r, err := range st.Log(ctx, t.Desk, 1, int64(t.Number)) {
		if err == nil {
			err = e.object(r)
		}
		if err != nil {
			return e.fail(found, err)
		}
	}
	return good
}

func (e *env) showText(ctx context.Context, st store.Store, t ticket.Ticket, z *time.Location) int {
	at := func(x time.Time) string { return x.In(z).Format("Mon 2006-01-02 15:04:05 -07:00") }
	p := func(format string, a ...any) { fmt.Fprintf(e.Stdout, format+"\n", a...) }
	p("%s  %s  %s", t.Ref, t.State, plainLine(t.Subject, 100))
	p("  from      %s", plainLine(strings.TrimSpace(t.Customer.Name+" <"+t.Customer.Addr+">"), 100))
	p("  received  %s (%s)", at(t.ReceivedAt), plainLine(t.ReceivedBy, 100))
	p("  urgent    %s; language %s; assigned to %s", t.Verdict.Urgency, t.Verdict.Language, orDash(t.Assignee))
	for _, o := range t.Duties {
		p("  %-9s %s", o.Name, dutyLine(o, at))
	}
	for _, l := range t.Posted {
		if l.Customer {
			p("  letter    %s %s by %s: %s", l.Purpose, l.State, l.By, plainLine(l.Reply+" "+l.Proof, 120))
		}
	}
	if t.Excerpt != "" {
		p("\n%s", indent(t.Excerpt))
	}
	p("\nhistory")
	for r, err := range st.Log(ctx, t.Desk, 1, int64(t.Number)) {
		if err != nil {
			return e.fail(found, err)
		}
		x, err := r.Event()
		if err != nil {
			return e.fail(found, err)
		}
		p("  %s  %-16s %-24s %s", at(r.At), r.Kind, plainLine(r.Actor, 24), plainLine(gist(x), 110))
	}
	return good
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
	if b.Rung != nil {
		add(b.Obligation + " " + b.Rung.Name)
	}
	for _, l := range b.Letters {
		add(l.Purpose + " to " + strings.Join(l.To, ", "))
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

// plainLine makes words of strangers fit for one line of a terminal: no control or direction characters, a bounded length.
func plainLine(s string, runes int) string {
	r := []rune(strings.Join(strings.Fields(printable(s)), " "))
	if len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return string(r)
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(printable(s)), "\n", "\n    ")
}
