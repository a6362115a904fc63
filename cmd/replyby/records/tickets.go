// Package records holds the commands about what the database holds. Most only read: tickets, show, digest and contracts.
// The others have a desk do something: adopt and import make tickets, claim ends the alarm about another installation, erase forgets personal
// data. All of them run inside serve where one is running, since that has the database open.
package records

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
	"unicode/utf8"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/verdict"
)

const ticketsUsage = `replyby tickets [-config FILE] [-desk NAME] [-all] [-json]

Open tickets, what is due first on top. An urgent one is marked with "!".

  -desk NAME   this desk only
  -all         closed ones too, after the open ones
  -json        one object per ticket

example:
  replyby tickets -json
`

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
		Ref: t.Ref, Desk: t.Desk, Number: t.Number, State: string(t.State), Urgent: string(t.Verdict.Urgency), Language: t.Verdict.Language,
		Customer: t.Customer.Addr, Subject: t.Subject, Assignee: t.Assignee, ReceivedAt: t.ReceivedAt, ReceivedBy: t.ReceivedBy,
	}
	if o, ok := t.NextTarget(); ok {
		b.Obligation, b.Target, b.Limit, b.ActBy = string(o.Name), o.Target, o.Limit, o.ActBy
	}
	if ack, ok := t.Duty(duty.Ack); ok {
		b.AckAt = ack.MetAt
	}
	return b
}

// Tickets is the command that lists tickets.
func Tickets() command.Command {
	return command.Command{Name: "tickets", Help: "list open tickets", Usage: ticketsUsage, Run: runTickets}
}

func runTickets(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path := command.ConfigFlag(fs)
	desk := fs.String("desk", "", "only this desk")
	all := fs.Bool("all", false, "closed ones too")
	asJSON := fs.Bool("json", false, "one object per line")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	return e.WithStore(ctx, *path, func(f *config.File, st store.Store) int {
		var torn store.Damage // what cannot be read is told of at the end
		pages := openPages(ctx, st, *desk, &torn)
		if *all {
			pages = allPages(ctx, st, *desk, &torn)
		}
		show := printTickets(e, f)
		if *asJSON {
			show = objects(e)
		}
		none := true
		for page, err := range pages {
			if err == nil {
				err = show(page)
			}
			if err != nil {
				return e.Fail(command.Found, err)
			}
			none = false
		}
		if err := torn.Told(); err != nil {
			return e.Fail(command.Found, command.Hinted(err, "replyby verify says more"))
		}
		if none {
			if _, code, ok := e.Desk(f, *desk); !ok { // one that the configuration has no more is still shown
				return code
			}
		}
		if none && !*asJSON {
			fmt.Fprintln(e.Stdout, map[bool]string{true: "no tickets", false: "no open tickets"}[*all])
		}
		return command.Good
	})
}

// pageSize is how many tickets are read before they are printed: the first lines come at once, and the others need no room.
const pageSize = 100

// openPages reads the open tickets in the order of [store.Store]'s Waiting.
func openPages(ctx context.Context, st store.Store, desk string, torn *store.Damage) iter.Seq2[[]ticket.Ticket, error] {
	return func(yield func([]ticket.Ticket, error) bool) {
		waiting, err := st.Waiting(ctx, desk)
		if err != nil {
			yield(nil, err)
			return
		}
		for some := range slices.Chunk(waiting, pageSize) {
			var page []ticket.Ticket
			for _, w := range some {
				t, err := st.Load(ctx, w.Desk, w.Ticket)
				if err == nil {
					page = append(page, t)
				} else if err := torn.Take(err); err != nil {
					yield(nil, err)
					return
				}
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// allPages reads the open tickets, then the others in order of number.
func allPages(ctx context.Context, st store.Store, desk string, torn *store.Damage) iter.Seq2[[]ticket.Ticket, error] {
	return func(yield func([]ticket.Ticket, error) bool) {
		for page, err := range openPages(ctx, st, desk, torn) {
			if !yield(page, err) || err != nil {
				return
			}
		}
		var page []ticket.Ticket
		for t, err := range st.Each(ctx, store.Query{Desk: desk}) {
			if fatal := torn.Take(err); fatal != nil {
				yield(nil, fatal)
				return
			}
			if err != nil || t.IsOpen() {
				continue
			}
			if page = append(page, t); len(page) == pageSize {
				if !yield(page, nil) {
					return
				}
				page = nil
			}
		}
		if len(page) > 0 {
			yield(page, nil)
		}
	}
}

func objects(e *command.Env) func([]ticket.Ticket) error {
	return func(page []ticket.Ticket) error {
		for _, t := range page {
			if err := e.Object(briefOf(t)); err != nil {
				return err
			}
		}
		return nil
	}
}

func printTickets(e *command.Env, f *config.File) func([]ticket.Ticket) error {
	zones := map[string]*time.Location{} // of desks that were met
	var columns table
	columns.add("REF", "STATE", "DUE", "LIMIT", "WHO", "CUSTOMER", "SUBJECT")
	return func(page []ticket.Ticket) error {
		for _, t := range page {
			b, mark := briefOf(t), ""
			if t.Verdict.Urgency == verdict.Urgent {
				mark = "!"
			}
			z := zones[t.Desk]
			if z == nil {
				z = zoneOf(f, t.Desk)
				zones[t.Desk] = z
			}
			columns.add(b.Ref+mark, b.State, when(e, b.Target, z), when(e, b.Limit, z), command.OrDash(b.Assignee),
				command.Line(b.Customer, 40), command.Line(b.Subject, 60))
		}
		_, err := e.Stdout.Write(columns.flush())
		return err
	}
}

// table aligns lines a part at a time. Columns never get narrower, so most parts look like one table.
type table struct {
	widths []int // in characters
	lines  [][]string
}

func (t *table) add(cells ...string) {
	t.lines = append(t.lines, cells)
	t.widths = append(t.widths, make([]int, len(cells)-min(len(cells), len(t.widths)))...)
	for i, c := range cells {
		t.widths[i] = max(t.widths[i], utf8.RuneCountInString(c))
	}
}

// flush returns the lines since the last flush. The last cell of a line is not padded.
func (t *table) flush() []byte {
	var b bytes.Buffer
	for _, cells := range t.lines {
		for i, c := range cells[:len(cells)-1] {
			fmt.Fprintf(&b, "%-*s  ", t.widths[i], c)
		}
		fmt.Fprintln(&b, cells[len(cells)-1])
	}
	t.lines = nil
	return b.Bytes()
}

// when prints an instant in the desk's zone, late ones marked.
func when(e *command.Env, t time.Time, z *time.Location) string {
	if t.IsZero() {
		return "-"
	}
	late := ""
	if !e.Now().Before(t) {
		late = " late"
	}
	at := t.In(z)
	if at.Hour()+at.Minute()+at.Second() == 0 { // the first late second: the day before was the last
		return at.AddDate(0, 0, -1).Format("Mon 02 Jan") + " 24:00" + late
	}
	return at.Format("Mon 02 Jan 15:04") + late
}

func zoneOf(f *config.File, desk string) *time.Location {
	for i := range f.Desks {
		if f.Desks[i].Name == desk {
			return f.Desks[i].Conductor().Zone
		}
	}
	return time.UTC
}
