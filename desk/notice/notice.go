// Package notice proposes what customers are to be told without having asked: that the desk will be closed, that a contract ends.
//
// Nothing is told without a person. What there is to tell opens a ticket that nobody wrote, and staff are asked. A closure concerns many:
// they are asked once, shown every recipient and the exact text of each language, and what they approve becomes a letter to each
// recipient alone, in a ticket of his own, so that no evidence of one customer shows another. The acceptance of his letter is the proof
// that a customer was told, and stops his clocks and nobody else's ("periodi di cessazione temporanea dell'attività debitamente
// notificati al Cliente").
package notice

import (
	"context"
	"slices"
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/draft"
	"replyby/desk/files"
	"replyby/desk/sheet"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Kinds of notices.
const (
	closure = "closure"
	renewal = "renewal"
)

// look is after how long a ticket that asks staff about a notice is looked at again: there may be new customers to tell.
const look = 24 * time.Hour

// Board proposes and decides the notices of a desk.
type Board struct{ files.Files }

// Open returns what is to be committed for the next thing that staff have not been asked about yet; nothing when there is none.
func (b Board) Open(ctx context.Context, now time.Time) ([]store.Change, error) {
	for _, n := range Closures(b.Charter, now) {
		if now.Before(b.asks(n.From.In(b.Zone).AddDate(0, 0, -b.Notices.ClosureDays), n.From)) {
			continue
		}
		asked, err := b.ByKey(ctx, store.Notice, asking(n))
		if err != nil {
			return nil, err
		}
		if asked == nil {
			return b.openClosure(ctx, n, now)
		}
	}
	return b.openRenewal(ctx, now)
}

// asks is when staff are asked about what comes, of which they may know since a day that begins when nobody is up: with the first digest
// after that or, where there is none, when somebody is in. Where that leaves no days to decide it is at once.
func (b Board) asks(since, coming time.Time) time.Time {
	at := b.NextDigest(since)
	if at.IsZero() {
		at = b.Service.NextOpen(since)
	}
	if !at.Before(coming.Add(-remind)) {
		return since
	}
	return at
}

// Closures lists what closures are still to come or not over, of which not all customers were told elsewhere, in the order of the
// configuration.
func Closures(c *charter.Charter, now time.Time) []ticket.Notice {
	var list []ticket.Notice
	if c.Notices.ClosureDays == 0 {
		return nil
	}
	for _, cal := range []*sla.Calendar{c.Service, c.Policy.Calendar} {
		for _, x := range cal.Closures() {
			w, err := x.In(c.Zone)
			n := ticket.Notice{Kind: closure, Matter: x.Days(), From: time.Unix(w.From, 0).UTC(), Until: time.Unix(w.To, 0).UTC()}
			if err != nil || !x.NotifiedAt.IsZero() || x.Silent || !now.Before(n.Until) || slices.Contains(list, n) {
				continue
			}
			list = append(list, n)
		}
	}
	return list
}

// planned reports whether a closure is still as it was asked about: not taken out of the configuration, nor given other days there, nor one that
// all were told of elsewhere by now.
func (b Board) planned(n ticket.Notice, now time.Time) bool {
	return slices.ContainsFunc(Closures(b.Charter, now), func(c ticket.Notice) bool { return c.Matter == n.Matter })
}

// The words under which tickets of a notice are found: the one that asks, every letter's, and that of one customer.
func asking(n ticket.Notice) string  { return "asking " + n.Kind + " " + n.Matter }
func telling(n ticket.Notice) string { return "telling " + n.Kind + " " + n.Matter }
func tellingTo(n ticket.Notice, addr string) string {
	return telling(n) + " " + ticket.Sum([]byte(strings.ToLower(addr))).String()
}

// begin opens the ticket of a notice.
func begin(f *dossier.Dossier, n ticket.Notice, d ticket.Draft, subject string) {
	body := ticket.Body{Ref: f.Ref(), Notice: &n, Draft: &d, Text: subject}
	if n.Asks {
		body.Wake = f.Now.Add(look)
		if n.Until.Before(body.Wake) {
			body.Wake = n.Until
		}
	}
	f.Add(kind.Opened, sheet.Program, body)
}

// said is the text of a notice in a language, the same for every recipient. The team signs it, since it is no person's own letter.
func said(f *dossier.Dossier, n ticket.Notice, language string) (subject, body string, missing []string, err error) {
	c := f.Case()
	c.Ticket.Notice, c.Ticket.Customer = n, ticket.Address{}
	filled, err := c.Fill(ticket.Draft{Template: draft.Closure, Language: language}, charter.Person{Name: f.Team})
	return filled.Subject, filled.Body, filled.Missing, err
}
