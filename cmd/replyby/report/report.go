// Package report is the command that says what became of the requests of a stretch of time. It reads tickets with their history, since a ticket
// alone knows only the latest obligation of each name.
package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/letter/account"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/outcome"
	"replyby/ticket/verdict"
)

const reportUsage = `replyby report [flags] [FROM [TO]]

What became of the requests that came in a stretch of time: how many limits were
kept, which were not, and how long the first answer took. FROM and TO are years,
months or days, both included (default: last month). Every obligation counts,
also one in whose place another came later; nothing is taken from a summary.

  -desk NAME      this desk only
  -customer WHO   only an address, or a domain and those below it; then each
                  request is listed
  -lang L         it, es, fr or en (default: the first of the desk's languages)
  -html           as a page for a browser
  -csv            a line for each obligation, for a spreadsheet
  -json           one object per request
  -config FILE

example:
  replyby report -customer acme.example 2026-07 2026-12
`

// Command is the command.
func Command() command.Command {
	return command.Command{Name: "report", Help: "what became of the requests of a month: limits kept and missed", Usage: reportUsage, Run: runReport}
}

func runReport(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name, lang, who := command.ConfigFlag(fs), fs.String("desk", "", ""), fs.String("lang", "", ""), fs.String("customer", "", "")
	html, asCSV, asJSON := fs.Bool("html", false, ""), fs.Bool("csv", false, ""), fs.Bool("json", false, "")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if _, code, ok := e.Words(cmp.Or(*lang, "en")); !ok {
		return code
	}
	_, _, err := period(args, e.Now(), time.UTC) // in no zone is it another mistake
	switch {
	case err != nil:
		return e.Fail(command.Usage, err)
	case *html && *asCSV || *html && *asJSON || *asCSV && *asJSON:
		return e.Fail(command.Usage, command.Hinted(errors.New("a report has one form"), "leave out all but one of -html, -csv and -json"))
	}
	show := readers(e, *html)
	switch {
	case *asCSV:
		show = lines(e)
	case *asJSON:
		show = singly(e)
	}
	return e.WithStore(ctx, *path, func(f *config.File, st store.Store) int {
		if _, code, ok := e.Desk(f, *name); !ok {
			return code
		}
		var torn store.Damage // what cannot be read is told of at the end
		for _, d := range command.DesksOf(f, *name) {
			s := account.Stretch{Desk: d.Name, Team: cmp.Or(d.Team, d.Name), At: e.Now(), Zone: d.Conductor().Zone, Who: strings.ToLower(*who)}
			s.From, s.To, _ = period(args, e.Now(), s.Zone)
			if err := show(s, cmp.Or(*lang, d.Languages[0]), came(ctx, st, s, d, &torn)); err != nil {
				return e.Fail(command.Found, fmt.Errorf("report on desk %q: %w", d.Name, err))
			}
		}
		if err := torn.Told(); err != nil {
			return e.Fail(command.Found, command.Hinted(err, "these are left out; replyby verify says more"))
		}
		return command.Good
	})
}

// came reads the requests of a stretch in order of number.
func came(ctx context.Context, st store.Store, s account.Stretch, d *config.Desk, torn *store.Damage) iter.Seq2[account.Request, error] {
	return func(yield func(account.Request, error) bool) {
		numbers, err := matching(ctx, st, s, torn)
		for _, n := range numbers {
			r, err := requestOf(ctx, st, d, n, s.At)
			if err != nil {
				if err = torn.Take(err); err == nil {
					continue
				}
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err != nil {
			yield(account.Request{}, err)
		}
	}
}

// matching lists the numbers of the tickets that customers opened in a stretch. Nothing that came in it was last changed before it began, but a
// server's clock may be ahead of ours.
func matching(ctx context.Context, st store.Store, s account.Stretch, torn *store.Damage) (numbers []uint64, err error) {
	q := store.Query{Desk: s.Desk, Since: s.From.AddDate(0, 0, -1)}
	if strings.Index(s.Who, "@") > 0 { // else it is a domain
		q = store.Query{Desk: s.Desk, Customer: s.Who}
	}
	for t, err := range st.Each(ctx, q) {
		if err != nil {
			if err := torn.Take(err); err != nil {
				return nil, err
			}
			continue
		}
		within := !t.ReceivedAt.Before(s.From) && t.ReceivedAt.Before(s.To)
		if within && t.Notice.Kind == "" && isOf(s.Who, t.Customer.Addr) {
			numbers = append(numbers, t.Number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), nil // one that changes meanwhile may come twice
}

// isOf reports whether an address is who is asked for: that very one, or one at a domain or below it. Nobody asked for is everybody.
func isOf(who, addr string) bool {
	addr = strings.ToLower(addr)
	_, domain, _ := strings.Cut(addr, "@")
	return who == "" || addr == who || domain == strings.TrimPrefix(who, "@") || strings.HasSuffix(domain, "."+strings.TrimPrefix(who, "@"))
}

// requestOf reads a ticket with all that was ever owed on it, as of now.
func requestOf(ctx context.Context, st store.Store, d *config.Desk, number uint64, now time.Time) (account.Request, error) {
	t, err := st.Load(ctx, d.Name, number)
	if err != nil {
		return account.Request{}, err
	}
	r := account.Request{
		Ref: t.Ref, Desk: t.Desk, Received: t.ReceivedAt, Customer: t.Customer.Addr, Subject: t.Subject, Policy: cmp.Or(t.Verdict.Policy, d.Policy),
		Urgent: t.Verdict.Urgency == verdict.Urgent, State: string(t.State), Assignee: nameOf(d, t.Assignee),
	}
	if t.MergedInto != 0 {
		r.Put = account.Merged
	}
	gone, err := replaced(ctx, st, t, &r)
	if err != nil {
		return r, err
	}
	for _, o := range append(gone, t.Duties...) {
		x := account.Duty{Name: o.Name, From: o.From, Target: o.Target, Limit: o.Limit, Due: outcome.Due(o), Done: o.MetAt, Outcome: outcome.Of(o)}
		if x.Outcome == outcome.Running && !x.Due.IsZero() && !now.Before(x.Due) {
			x.Outcome = outcome.Passed // while serve stood still: no step has noted it yet
		}
		if l, ok := t.Letter(o.MetBy); ok {
			x.By = nameOf(d, l.By)
		}
		r.Duties = append(r.Duties, x)
	}
	slices.SortStableFunc(r.Duties, func(a, b account.Duty) int { return a.Due.Compare(b.Due) })
	return r, nil
}

// replaced goes through what happened to a ticket for the obligations in whose place others came, and for a person who said that it is spam. What
// was erased is gone from there.
func replaced(ctx context.Context, st store.Store, t ticket.Ticket, r *account.Request) (gone []ticket.Obligation, err error) {
	if !t.ErasedAt.IsZero() {
		return nil, nil
	}
	var before ticket.Ticket
	spam := false // the last time it was closed
	for record, err := range command.History(ctx, st, t) {
		if err != nil {
			return nil, err
		}
		e, err := record.Event()
		if err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", t.Ref, err)
		}
		if e.Kind == kind.Closed {
			spam = e.Body.Verb == "spam"
		}
		after := before.After(e, record.Seq)
		gone = append(gone, outcome.Replaced(before, after)...)
		before = after
	}
	if spam && t.State == ticket.Closed {
		r.Put = account.Spam
	}
	return gone, nil
}

// nameOf is the name of who has an address, or the address.
func nameOf(d *config.Desk, addr string) string {
	for _, p := range d.Staff {
		if slices.Contains(p.Addresses, addr) {
			return p.Name
		}
	}
	return addr
}
