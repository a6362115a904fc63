// Package account lays out what became of the requests of a stretch of time, for whoever answers for the desk and for the customer whose
// contract it is: how many limits were kept, which were not, and of one customer each request.
//
// It is pure: it reads no ticket and no store, whoever asks hands it each [Request].
package account

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/sla/wording"
	"replyby/ticket/duty"
	"replyby/ticket/outcome"
)

// Stretch is what an account is about: the requests that a desk, in its zone, got from From on and before To, from a customer or from all where
// Who is empty. At is the instant as of which it is told. Team is what readers know the desk by.
type Stretch struct {
	Desk, Team   string
	From, To, At time.Time
	Zone         *time.Location
	Who          string
}

// Why something is no request after all. What was owed on spam does not count; what was owed on a ticket until it was merged does.
const (
	Spam   = "spam"
	Merged = "merged"
)

// Request is one of them. Put is why it is none after all, "" where it is one.
type Request struct {
	Ref      string    `json:"ref"`
	Desk     string    `json:"desk"`
	Received time.Time `json:"received_at"`
	Customer string    `json:"customer"`
	Subject  string    `json:"subject"`
	Policy   string    `json:"policy"`
	Urgent   bool      `json:"urgent"`
	State    string    `json:"state"`
	Put      string    `json:"put,omitempty"`
	Assignee string    `json:"assignee,omitempty"`
	Duties   []Duty    `json:"duties"`
}

// Duty is something that was owed on a request, and who met it. Due is the first late instant: the limit, or the target where there is none.
// Of each instant zero is never.
type Duty struct {
	Name    duty.Name       `json:"name"`
	From    time.Time       `json:"from"`
	Target  time.Time       `json:"target,omitzero"`
	Limit   time.Time       `json:"limit,omitzero"`
	Due     time.Time       `json:"due,omitzero"`
	Done    time.Time       `json:"done_at,omitzero"`
	By      string          `json:"done_by,omitempty"`
	Outcome outcome.Outcome `json:"outcome,omitempty"`
}

// late reports whether a limit was not kept.
func (r Request) late() bool { return r.Put != Spam && slices.ContainsFunc(r.Duties, Duty.missed) }

// missed reports whether the limit was not kept.
func (d Duty) missed() bool { return d.Outcome == outcome.Late || d.Outcome == outcome.Passed }

// Account counts requests as they are added. The zero value but for its Stretch is ready.
type Account struct {
	Stretch
	requests, urgent int
	answers          []time.Duration // from request to first answer
	duties           map[duty.Name]count
	listed           []Request // of one customer all, else those that were late
}

// count is what became of one sort of obligation.
type count map[outcome.Outcome]int

// Add takes a request in.
func (a *Account) Add(r Request) {
	if r.Put == "" {
		a.requests++
		if r.Urgent {
			a.urgent++
		}
	}
	if a.Who != "" || r.late() {
		a.listed = append(a.listed, r)
	}
	if r.Put == Spam {
		return
	}
	for _, d := range r.Duties {
		if a.duties == nil {
			a.duties = map[duty.Name]count{}
		}
		if a.duties[d.Name] == nil {
			a.duties[d.Name] = count{}
		}
		a.duties[d.Name][d.Outcome]++
		if d.Name == duty.Ack && !d.Done.IsZero() {
			a.answers = append(a.answers, d.Done.Sub(d.From))
		}
	}
}

// Page lays the account out for a reader.
func (a *Account) Page(v words.Voice) *page.Page {
	v = v.At(time.Time{}, a.Zone) // it is read long afterwards: no instant is today's
	p := page.New(v.Lang, v.Say("account.title", "desk", a.Team))
	p.Para(a.span(v))
	if a.Who != "" {
		p.Para(v.Say("account.of", "name", a.Who))
	}
	p.Facts([2]string{v.Say("account.requests"), strconv.Itoa(a.requests)}, [2]string{v.Say("account.urgent"), strconv.Itoa(a.urgent)},
		[2]string{v.Say("digest.median"), a.median()})
	a.table(v, p)
	if len(a.listed) > 0 {
		key := "account.missed"
		if a.Who != "" {
			key = "account.each"
		}
		p.Heading(v.Say(key) + " (" + strconv.Itoa(len(a.listed)) + ")")
		p.Rows(a.rows(v)...)
	}
	return p
}

func (a *Account) span(v words.Voice) string {
	last := a.To.AddDate(0, 0, -1)
	if !last.After(a.From) {
		return v.Say("account.day", "date", v.Date(a.From), "when", v.Long(a.At))
	}
	return v.Say("account.span", "from", v.Date(a.From), "to", v.Date(last), "when", v.Long(a.At))
}

func (a *Account) median() string {
	if len(a.answers) == 0 {
		return "-"
	}
	slices.Sort(a.answers)
	return wording.Duration(max(a.answers[(len(a.answers)-1)/2].Truncate(time.Minute), time.Minute))
}

// table counts each sort of obligation. What is owed no longer is in no column.
func (a *Account) table(v words.Voice, p *page.Page) {
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(a.duties)) {
		c := a.duties[name]
		kept, missed := c[outcome.Kept], c[outcome.Late]+c[outcome.Passed]
		if kept+missed+c[outcome.Running] > 0 {
			rows = append(rows, []string{v.Known("duty.", string(name)), share(kept, kept+missed), strconv.Itoa(missed), strconv.Itoa(c[outcome.Running])})
		}
	}
	if rows != nil {
		p.Table([]string{"", v.Say("account.is.kept"), v.Say("account.is.late"), v.Say("account.is.running")}, rows)
	}
}

func share(kept, due int) string {
	if due == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d (%d %%)", kept, due, kept*100/due)
}

// rows tells of the requests listed, and of what was late; of one customer, of all that was owed.
func (a *Account) rows(v words.Voice) []page.Row {
	rows := make([]page.Row, len(a.listed))
	for i, r := range a.listed {
		var notes []string
		if r.Customer != "" { // it may have been erased
			notes = append(notes, r.Customer)
		}
		if r.Put != "" {
			notes = append(notes, v.Say("account.put."+r.Put))
		}
		for _, d := range r.Duties {
			if a.Who != "" || d.missed() {
				notes = append(notes, d.told(v))
			}
		}
		rows[i] = page.Row{
			Ref: r.Ref, Text: r.Subject, When: v.Today(r.Received), Who: r.Assignee, Urgent: r.Urgent, Late: r.late(), Notes: notes,
		}
	}
	return rows
}

func (d Duty) told(v words.Voice) string {
	due := "duty.limit"
	if d.Limit.IsZero() {
		due = "duty.target"
	}
	pairs := []string{"duty", v.Known("duty.", string(d.Name)), "what", v.Say("account.is." + string(d.Outcome)), "done", v.Today(d.Done), "limit", v.Say(due, "when", v.Today(d.Due))}
	switch {
	case d.Outcome == outcome.Void || d.Due.IsZero():
		return v.Say("account.bare", pairs...)
	case d.Done.IsZero():
		return v.Say("account.owed", pairs...)
	}
	return v.Say("account.met", pairs...)
}
