package notice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/contract"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/letter/text"
	"replyby/letter/wire"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/posted"
	"replyby/ticket/verdict"
)

// customer is somebody we know, as of the latest ticket of his.
type customer struct {
	ticket.Address
	language string
	open     bool
}

// customers reads every ticket of the desk that can be read: all who have written, by their addresses in lower case.
func (b Board) customers(ctx context.Context) (map[string]customer, error) {
	known := map[string]customer{}
	for t, err := range b.Store.Each(ctx, store.Query{Desk: b.Name}) {
		if store.Harmed(err) && t.Number > 0 {
			continue // the digest names it
		}
		if err != nil {
			return nil, fmt.Errorf("list the desk's customers: %w", err)
		}
		addr := strings.ToLower(t.Customer.Addr)
		if addr == "" || t.Verdict.Reply == verdict.Portal { // mail to a portal's address reaches nobody
			continue
		}
		c := known[addr]
		c.Address = ticket.Address{Name: cmp.Or(t.Customer.Name, c.Name), Addr: t.Customer.Addr}
		if t.Notice.Kind == "" {
			c.language = t.Verdict.Language
		}
		c.open = c.open || t.IsOpen()
		known[addr] = c
	}
	return known, nil
}

// groups are recipients by the language each of them reads.
type groups map[string][]ticket.Address

func (g groups) count() int {
	n := 0
	for _, list := range g {
		n += len(list)
	}
	return n
}

// addresses are those of all recipients, in lower case.
func (g groups) addresses() map[string]bool {
	all := map[string]bool{}
	for _, list := range g {
		for _, a := range list {
			all[strings.ToLower(a.Addr)] = true
		}
	}
	return all
}

// concerned lists who is to be told of a closure and was not yet: customers with an active contract or an open ticket, each once, in
// the language of his latest ticket or else the desk's. Of a closure that is not planned any more nobody is.
func (b Board) concerned(ctx context.Context, n ticket.Notice, now time.Time) (groups, error) {
	if !b.planned(n, now) {
		return groups{}, nil
	}
	known, err := b.customers(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range b.Contracts.All() {
		if addr := strings.ToLower(c.Customer); !strings.HasPrefix(addr, "@") && known[addr].Addr == "" && !slices.Contains(b.Notices.Elsewhere, c.Kind) {
			known[addr] = customer{Address: ticket.Address{Addr: c.Customer}}
		}
	}
	g := groups{}
	for addr, c := range known {
		standing := b.Contracts.Of(addr, now.In(b.Zone))
		ours := standing.State == contract.Active && !slices.Contains(b.Notices.Elsewhere, standing.Contract.Kind)
		if !c.open && !ours || !b.mailable(c.Addr) {
			continue
		}
		told, err := b.isTold(ctx, n, addr)
		if err != nil {
			return nil, err
		}
		if !told {
			language := cmp.Or(c.language, b.Languages[0])
			g[language] = append(g[language], c.Address)
		}
	}
	for _, list := range g {
		slices.SortFunc(list, func(a, b ticket.Address) int { return strings.Compare(a.Addr, b.Addr) })
	}
	return g, nil
}

// mailable reports whether an address is one of a customer that a letter can go to.
func (b Board) mailable(addr string) bool {
	_, staff := b.Find([]mailparse.Address{{Addr: addr}})
	manager := slices.ContainsFunc(b.Managers, func(m string) bool { return strings.EqualFold(m, addr) })
	return !staff && !manager && !strings.EqualFold(addr, b.Address) && wire.CheckAddress(addr) == nil
}

// isTold reports whether a letter of the notice to that address was decided, and not taken back. It may have been where that cannot be read:
// nobody is told twice.
func (b Board) isTold(ctx context.Context, n ticket.Notice, addr string) (bool, error) {
	found, err := b.lettersTo(ctx, n, addr)
	if store.Harmed(err) {
		return true, nil
	}
	return slices.ContainsFunc(found, func(t ticket.Ticket) bool {
		return slices.ContainsFunc(t.Posted, func(p ticket.Posted) bool { return p.Customer && p.Draft == 1 && p.State != posted.Recalled })
	}), err
}

// inOrder lists the languages of groups, always in the same order.
func (g groups) inOrder() []string {
	return slices.DeleteFunc(text.Languages(), func(l string) bool { return len(g[l]) == 0 })
}

// reviewers are who has the ticket, else those who may answer for the desk as a whole: managers who are enrolled, and a small team.
func reviewers(f *dossier.Dossier) []charter.Person {
	if f.T.Assignee != "" {
		return f.Reviewers()
	}
	people := slices.DeleteFunc(f.Audience([]string{"managers"}), func(p charter.Person) bool { return !f.Enrolled(p) })
	if len(f.Staff) <= charter.AskAll || len(people) == 0 {
		people = append(people, f.Reviewers()...)
	}
	return charter.Distinct(people)
}
