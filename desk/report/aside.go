package report

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/classifier"
	"replyby/desk/gate"
	"replyby/letter/digest"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// Filed is a message that was set aside, and the ticket it was filed with, "" if with none.
type Filed struct {
	ticket.Filed
	Ref string
}

// ID is what people call it by: the first 12 hex digits of its hash.
func (f Filed) ID() string { return f.Raw.String()[:12] }

// SetAside lists what was filed after an instant, in order of time. Copies of what is known already, such as our own letters, are none.
// [store.ErrDamaged] beside the list says with which tickets more may have been filed.
func (d Source) SetAside(ctx context.Context, after time.Time) ([]Filed, error) {
	l := leftover{last: after}
	var torn store.Damage
	err := d.touched(ctx, store.Query{Desk: d.Name, Since: after}, l.file, func(_ uint64, err error) error { return torn.Take(err) })
	return inOrder(l.filed), cmp.Or(err, torn.Told())
}

func inOrder(list []Filed) []Filed {
	slices.SortStableFunc(list, func(a, b Filed) int { return a.At.Compare(b.At) })
	return list
}

// touched looks at the tickets of a query for those to which something happened since, and at the desk's own file. What cannot be read is for
// spare, whose own error ends the walk.
func (d Source) touched(ctx context.Context, q store.Query, look func(*ticket.Ticket), spare func(uint64, error) error) error {
	for t, err := range d.Store.Each(ctx, q) {
		if err == nil {
			look(&t)
		} else if err := spare(t.Number, err); err != nil {
			return fmt.Errorf("list tickets touched since %s: %w", q.Since.Format(time.RFC3339), err)
		}
	}
	own, err := d.Store.Load(ctx, d.Name, 0)
	if err != nil {
		return fmt.Errorf("load the desk's own file: %w", err)
	}
	look(&own)
	return nil
}

// mailsShown is how many mails of a kind a digest names; the rest are counted.
const mailsShown = 12

// leftover is what tickets hold that staff should look at: what was set aside or refused after the last digest, and letters in trouble.
type leftover struct {
	last    time.Time
	filed   []Filed
	refused []string            // refs and authors
	letters map[string][]string // refs by what is wrong
}

// touched takes up what came for a ticket.
func (l *leftover) touched(t *ticket.Ticket) {
	l.file(t)
	for _, x := range t.Refusals {
		if x.At.After(l.last) && x.Reason != gate.ByNumber && x.Reason != gate.News {
			l.refused = append(l.refused, strings.TrimSpace(t.Ref+" "+x.From))
		}
	}
}

func (l *leftover) file(t *ticket.Ticket) {
	for _, x := range t.Filed {
		if x.At.After(l.last) && x.Kind != string(classifier.Own) && x.Kind != "copy" {
			l.filed = append(l.filed, Filed{x, t.Ref})
		}
	}
}

// posted takes up what became of a ticket's letters.
func (l *leftover) posted(t *ticket.Ticket) {
	for _, p := range t.Posted {
		if what := trouble(p, l.last); what != "" {
			if l.letters == nil {
				l.letters = map[string][]string{}
			}
			l.letters[what] = append(l.letters[what], t.Ref)
		}
	}
}

// odd counts what was set aside or refused since the last digest, and letters in trouble. Of the open tickets that is known already.
func (d Source) odd(ctx context.Context, r *digest.Report, open leftover) ([]digest.Odd, error) {
	shut := leftover{last: open.last, letters: open.letters}
	err := d.touched(ctx, store.Query{Desk: d.Name, Since: open.last, Shut: true}, func(t *ticket.Ticket) {
		shut.touched(t)
		shut.posted(t)
	}, func(number uint64, err error) error { return d.spare(r, number, err) })
	if err != nil {
		return nil, err
	}
	kinds := map[string]*digest.Odd{}
	of := func(kind string, n int) *digest.Odd {
		if kinds[kind] == nil {
			kinds[kind] = &digest.Odd{Kind: kind}
		}
		kinds[kind].N += n
		return kinds[kind]
	}
	for _, x := range inOrder(append(shut.filed, open.filed...)) {
		kind := "filed:" + x.Kind
		if slices.Contains([]string{"junk", "foreign", "lost", "inside", "older"}, x.Kind) { // set aside for another reason than what it is
			kind = x.Kind
		}
		if o := of(kind, 1); o.N <= mailsShown {
			o.Mails = append(o.Mails, digest.Mail{ID: x.ID(), From: x.From, Subject: x.Subject, Ref: x.Ref, At: x.At})
		}
	}
	if refused := append(shut.refused, open.refused...); len(refused) > 0 {
		of("refused", len(refused)).Refs = distinct(refused)
	}
	for what, refs := range shut.letters {
		of(what, len(refs)).Refs = distinct(refs)
	}
	list := make([]digest.Odd, 0, len(kinds))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		list = append(list, *kinds[kind])
	}
	return list, nil
}

// trouble is what is wrong with a letter to a customer: it came back or was refused since an instant, the server puts it off, or nobody
// knows whether it arrived. "" for nothing.
func trouble(p ticket.Posted, since time.Time) string {
	switch {
	case !p.Customer:
	case p.PutOff():
		return "put_off"
	case p.State == posted.Unknown, (p.State == posted.Bounced || p.State == posted.Failed) && p.At.After(since):
		return string(p.State)
	}
	return ""
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
