package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"replyby/config"
	"replyby/store"
	"replyby/ticket"
)

const ticketsUsage = `
replyby tickets [-desk NAME] [-all] [-json]

Open tickets, what is due first on top; with -all closed ones too.

example: replyby tickets -json`

// brief is a ticket as tickets -json prints it.
type brief struct {
	Ref        string    `json:"ref"`
	Desk       string    `json:"desk"`
	Number     uint64    `json:"number"`
	State      string    `json:"state"`
	Urgent     string    `json:"urgent"`
	Language   string    `json:"language"`
	Customer   string    `json:"customer"`
	Subject    string    `json:"subject"`
	Assignee   string    `json:"assignee,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	ReceivedBy string    `json:"received_by"`
	Obligation string    `json:"obligation,omitempty"`
	Target     time.Time `json:"target,omitzero"`
	Limit      time.Time `json:"limit,omitzero"`
	ActBy      time.Time `json:"act_by,omitzero"`
	AckAt      time.Time `json:"ack_at,omitzero"`
}

func briefOf(t ticket.Ticket) brief {
	b := brief{
		Ref: t.Ref, Desk: t.Desk, Number: t.Number, State: string(t.State), Urgent: t.Verdict.Urgency, Language: t.Verdict.Language,
		Customer: t.Customer.Addr, Subject: t.Subject, Assignee: t.Assignee, ReceivedAt: t.ReceivedAt, ReceivedBy: t.ReceivedBy,
	}
	if o, ok := t.NextTarget(); ok {
		b.Obligation, b.Target, b.Limit, b.ActBy = o.Name, o.Target, o.Limit, o.ActBy
	}
	if ack, ok := t.Duty("ack"); ok {
		b.AckAt = ack.MetAt
	}
	return b
}

func runTickets(ctx context.Context, e *env, f *config.File, st store.Store) int {
	fs := e.flags("tickets")
	configFlag(fs)
	desk := fs.String("desk", "", "only this desk")
	all := fs.Bool("all", false, "closed ones too")
	asJSON := fs.Bool("json", false, "one object per line")
	if _, code, ok := e.parse(fs); !ok {
		return code
	}
	list, err := st.Find(ctx, store.Query{Desk: *desk, Open: !*all})
	if err != nil {
		return e.fail(found, err)
	}
	list = slices.DeleteFunc(list, func(t ticket.Ticket) bool { return t.Number == 0 })
	slices.SortStableFunc(list, func(a, b ticket.Ticket) int { return dueOrder(a).Compare(dueOrder(b)) })
	if *asJSON {
		for _, t := range list {
			if err := e.object(briefOf(t)); err != nil {
				return e.fail(found, err)
			}
		}
		return good
	}
	return e.printTickets(list, f)
}

// dueOrder puts what is due first on top and what is not due at the end.
func dueOrder(t ticket.Ticket) time.Time {
	o, ok := t.NextTarget()
	switch {
	case !ok:
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	case o.Target.IsZero():
		return o.Limit
	}
	return o.Target
}

func (e *env) printTickets(list []ticket.Ticket, f *config.File) int {
	if len(list) == 0 {
		fmt.Fprintln(e.Stdout, "no open tickets")
		return good
	}
	w := tabwriter.NewWriter(e.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "REF\tSTATE\tDUE\tLIMIT\tWHO\tCUSTOMER\tSUBJECT")
	for _, t := range list {
		b, mark := briefOf(t), ""
		if b.Urgent == "urgent" {
			mark = "!"
		}
		z := zoneOf(f, t.Desk)
		fmt.Fprintf(w, "%s%s\t%s\t%s\t%s\t%s\t%s\t%s\n", b.Ref, mark, b.State, e.when(b.Target, z), e.when(b.Limit, z),
			orDash(b.Assignee), plainLine(b.Customer, 40), plainLine(b.Subject, 60))
	}
	w.Flush()
	return good
}

// when prints an instant in the desk's zone, late ones marked.
func (e *env) when(t time.Time, z *time.Location) string {
	if t.IsZero() {
		return "-"
	}
	late := ""
	if !e.Now().Before(t) {
		late = " late"
	}
	return t.In(z).Format("Mon 02 Jan 15:04") + late
}

func zoneOf(f *config.File, desk string) *time.Location {
	for i := range f.Desks {
		if f.Desks[i].Name == desk {
			return f.Desks[i].Conductor().Zone
		}
	}
	return time.UTC
}

// findTicket reads a reference ("MB-1") or, where there is one desk, a bare number.
func findTicket(ctx context.Context, f *config.File, st store.Store, ref string) (ticket.Ticket, error) {
	prefix, digits, cut := strings.Cut(ref, "-")
	if !cut {
		prefix, digits = "", ref
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n == 0 {
		return ticket.Ticket{}, hinted(fmt.Errorf("%q is no ticket", ref), "write it as in MB-1")
	}
	for i := range f.Desks {
		d := &f.Desks[i]
		if prefix == "" && len(f.Desks) == 1 || strings.EqualFold(prefix, d.Prefix) {
			return st.Load(ctx, d.Name, n)
		}
	}
	return ticket.Ticket{}, hinted(fmt.Errorf("no desk has tickets like %q", ref), "'replyby tickets' lists the open ones")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
