package notice

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"replyby/contract"
	"replyby/desk/dossier"
	"replyby/desk/draft"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
)

// openRenewal opens a ticket for the next contract that ends soon and of which staff have not been asked: once for each contract and day
// of its end. A marketplace's contract renews by itself, and an agreement beside a contract ends with it.
func (b Board) openRenewal(ctx context.Context, now time.Time) ([]store.Change, error) {
	if b.Notices.RenewalDays == 0 {
		return nil, nil
	}
	today := now.In(b.Zone)
	for _, c := range b.Contracts.Ending(today, today.AddDate(0, 0, b.Notices.RenewalDays)) {
		if c.Kind == contract.OnCall || b.PolicyOf(c.Kind).Faults || slices.Contains(b.Notices.Elsewhere, c.Kind) {
			continue
		}
		asked, err := b.ByKey(ctx, store.Notice, ending(c))
		if err != nil {
			return nil, err
		}
		over, err := b.over(c)
		if err != nil {
			return nil, err
		}
		since := over.AddDate(0, 0, -b.Notices.RenewalDays-1)
		if asked == nil && !now.Before(b.asks(since, over)) {
			return b.openReminder(ctx, c, now)
		}
	}
	return nil, nil
}

// ending is the word under which the ticket about the end of a contract is found.
func ending(c contract.Contract) string {
	return renewal + " " + ticket.Sum([]byte(strings.Join([]string{c.Customer, c.Kind, c.Product, string(c.To)}, "\x00"))).String()
}

// Ends reports whether the contract of a reminder is still to end as the reminder says: it was not renewed since staff were asked, nor changed or
// taken out of the file, and the day has not passed.
func (b Board) Ends(ctx context.Context, f *dossier.Dossier) (bool, error) {
	for _, c := range b.Contracts.Ending(f.Now.In(b.Zone), f.T.Notice.Until.In(b.Zone)) {
		if c.Terms() != f.T.Notice.Matter {
			continue
		}
		t, err := b.ByKey(ctx, store.Notice, ending(c))
		if err != nil {
			return false, err
		}
		if t != nil && t.Number == f.T.Number {
			return true, nil
		}
	}
	return false, nil
}

// over is the midnight that ends a contract.
func (b Board) over(c contract.Contract) (time.Time, error) {
	last, err := time.ParseInLocation(time.DateOnly, string(c.To), b.Zone) // its reader has checked it
	return time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, b.Zone), err
}

// openReminder asks staff about one contract. Of a contract with a whole company they have to say to whom.
func (b Board) openReminder(ctx context.Context, c contract.Contract, now time.Time) ([]store.Change, error) {
	over, err := b.over(c)
	if err != nil {
		return nil, err
	}
	f, err := b.Blank(ctx, 0, now, "tick")
	if err != nil {
		return nil, err
	}
	n := ticket.Notice{Kind: renewal, Matter: c.Terms(), Until: over.UTC()}
	language := b.Languages[0]
	if !strings.HasPrefix(c.Customer, "@") {
		theirs, err := b.OfCustomer(ctx, c.Customer)
		if err != nil {
			return nil, err
		}
		n.To = ticket.Address{Addr: c.Customer}
		for _, t := range theirs {
			n.To.Name, language = cmp.Or(t.Customer.Name, n.To.Name), cmp.Or(t.Verdict.Language, language)
		}
	}
	d := ticket.Draft{Version: 1, Template: draft.Renewal, Language: language}
	if n.To.Addr != "" {
		d.To = []ticket.Address{n.To}
	}
	begin(f, n, d, c.Customer+", "+cmp.Or(c.Product, c.Kind))
	f.Key(store.Notice, ending(c))
	if err := b.AssignTurn(ctx, f); err != nil {
		return nil, err
	}
	err = f.Ask(f.Reviewers(), letter.Review{Why: renewal, Note: note(c)})
	return []store.Change{f.Change}, err
}

// note is what the file says besides.
func note(c contract.Contract) string {
	if strings.HasPrefix(c.Customer, "@") {
		return c.String()
	}
	return c.Note
}
