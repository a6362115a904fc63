// Package files loads tickets from the store as dossiers, with all that a decision about them needs to look up. It never writes: what was
// decided is committed by package desk.
package files

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"replyby/desk/dossier"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Files are the tickets of a desk, and the kit with which dossiers are opened on them.
type Files struct {
	dossier.Kit
	Store store.Store
}

// Open takes up a ticket, or the desk's own file as number 0, with what was counted of the day.
func (f Files) Open(t ticket.Ticket, now time.Time, cause string) *dossier.Dossier {
	d := f.Kit.Open(t, now, cause)
	var known map[string]int64 // read once: a decision asks about several people, always on its own day
	d.Counters = func(day string) (map[string]int64, error) {
		if known != nil {
			return known, nil
		}
		tallies, err := f.Store.Tallies(context.Background(), f.Name, day, day) // a decision is short and is not cancelled half way
		if err != nil || len(tallies) == 0 {
			return nil, err
		}
		known = tallies[0].Count
		return known, nil
	}
	d.Mail = func(h ticket.Hash) ([]byte, error) { return f.Raw(context.Background(), h) }
	d.Approved = func(version int) (ticket.Draft, error) { return f.approved(context.Background(), t.Number, version) }
	return d
}

// Events goes through what happened to a ticket, oldest first: events of these kinds, or all where none is named. After an error there are no
// more.
func (f Files) Events(ctx context.Context, number uint64, kinds ...kind.Kind) iter.Seq2[ticket.Event, error] {
	return func(yield func(ticket.Event, error) bool) {
		for r, err := range f.Store.Log(ctx, f.Name, 1, int64(number)) {
			if err == nil && len(kinds) > 0 && !slices.Contains(kinds, r.Kind) {
				continue
			}
			var e ticket.Event
			if err == nil {
				e, err = r.Event()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// approved finds the draft that was decided as that version; a zero one where the log does not tell. A release that did not keep it kept the
// person's words. It is his also without any: he chose the text.
func (f Files) approved(ctx context.Context, number uint64, version int) (d ticket.Draft, err error) {
	for e, err := range f.Events(ctx, number, kind.Decided) {
		if err != nil {
			return d, fmt.Errorf("look what was decided in ticket %d: %w", number, err)
		}
		if !slices.ContainsFunc(e.Body.Letters, func(l ticket.Letter) bool { return l.Customer && l.Draft == version }) {
			continue
		}
		if e.Body.Draft != nil {
			d = *e.Body.Draft
		}
		if d.Personal = e.Body.Text; d.Personal != "" {
			d.By = e.Actor
		}
		return d, nil // the same letter sent again comes later, and without its draft
	}
	return d, nil
}

// Load takes up an existing ticket, or the desk's own file as number 0.
func (f Files) Load(ctx context.Context, number uint64, now time.Time, cause string) (*dossier.Dossier, error) {
	if number == 0 {
		own, err := f.Own(ctx)
		if err != nil {
			return nil, err
		}
		return f.Open(own, now, cause), nil
	}
	t, err := f.Store.Load(ctx, f.Name, number)
	if err != nil {
		return nil, fmt.Errorf("load ticket %d: %w", number, err)
	}
	return f.Open(t, now, cause), nil
}

// ErrOwnFile says that the desk's own file cannot be read: nobody knows then whether its letters may go and who of its people is whom.
var ErrOwnFile = errors.New("the desk's own file cannot be read")

// Own loads the desk's own file.
func (f Files) Own(ctx context.Context) (ticket.Ticket, error) {
	own, err := f.Store.Load(ctx, f.Name, 0)
	if store.Harmed(err) {
		err = fmt.Errorf("%w: %w", ErrOwnFile, err)
	}
	return own, err
}

// Blank takes up a new ticket, with the number it will have if nobody is faster. beside is how many new ones the same decision opens before.
func (f Files) Blank(ctx context.Context, beside uint64, now time.Time, cause string) (*dossier.Dossier, error) {
	h, err := f.Store.Head(ctx, f.Name)
	if err != nil {
		return nil, fmt.Errorf("read the end of the log: %w", err)
	}
	return f.Open(ticket.Ticket{Desk: f.Name, Number: h.Next + beside}, now, cause), nil
}

// ByKey finds the one ticket a word leads to, or nil. An empty word leads nowhere.
func (f Files) ByKey(ctx context.Context, k store.KeyKind, value string) (*ticket.Ticket, error) {
	if value == "" {
		return nil, nil
	}
	found, err := f.Store.Find(ctx, store.Query{Desk: f.Name, Key: store.Key{Kind: k, Value: value}, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("find by %s: %w", k, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// OfCustomer returns the tickets of a customer, but for those that cannot be read: they keep nothing waiting.
func (f Files) OfCustomer(ctx context.Context, addr string) (theirs []ticket.Ticket, err error) {
	for t, err := range f.Store.Each(ctx, store.Query{Desk: f.Name, Customer: addr}) {
		switch {
		case err == nil:
			theirs = append(theirs, t)
		case !store.Harmed(err):
			return nil, fmt.Errorf("list the tickets of the customer: %w", err)
		}
	}
	return theirs, nil
}

// SentWords returns the tickets for which words with this key were decided.
func (f Files) SentWords(ctx context.Context, key string) ([]ticket.Ticket, error) {
	found, err := f.Store.Find(ctx, store.Query{Desk: f.Name, Key: store.Key{Kind: store.Words, Value: key}})
	if err != nil {
		return nil, fmt.Errorf("find who was sent the same words: %w", err)
	}
	return found, nil
}

// Written finds what a customer wrote last in a ticket, under his own address: others may write there whom he copied. Nil where he never did.
func (f Files) Written(ctx context.Context, number uint64, by string) (*ticket.Message, error) {
	var last *ticket.Message
	for e, err := range f.Events(ctx, number, kind.Received, kind.Adopted) {
		if err != nil {
			return nil, fmt.Errorf("look for the customer's last message: %w", err)
		}
		if m := e.Body.Message; m != nil && strings.EqualFold(m.From.Addr, by) {
			last = m
		}
	}
	return last, nil
}

// Sent lists the files that the customer, or whom he copied, sent in a ticket.
func (f Files) Sent(ctx context.Context, number uint64) (files []ticket.Hash, err error) {
	for e, err := range f.Events(ctx, number, kind.Received, kind.Adopted) {
		if err != nil {
			return nil, fmt.Errorf("look for the files of the customer: %w", err)
		}
		if e.Body.Message != nil {
			for _, at := range e.Body.Message.Attachments {
				files = append(files, at.Hash)
			}
		}
	}
	return files, nil
}

// Letters returns the texts of all letters to the customer that a ticket has. It reads the log no further than to the last of them: a further
// mail asks for them, and there may be thousands.
func (f Files) Letters(ctx context.Context, t ticket.Ticket) (texts []string, err error) {
	left := 0
	for _, p := range t.Posted {
		if p.Customer {
			left++
		}
	}
	if left == 0 {
		return nil, nil
	}
	for e, err := range f.Events(ctx, t.Number, kind.Decided) {
		if err != nil {
			return nil, fmt.Errorf("look for the letters of ticket %d: %w", t.Number, err)
		}
		for _, l := range e.Body.Letters {
			if l.Customer {
				texts = append(texts, l.Text)
			}
		}
		if len(texts) >= left {
			break
		}
	}
	return texts, nil
}

// MailedTo lists what the program mailed about a ticket to a person with these addresses.
func (f Files) MailedTo(ctx context.Context, number uint64, addresses []string) (letters []ticket.Letter, err error) {
	to := func(l ticket.Letter) bool {
		return !l.Customer && len(l.To) > 0 && slices.ContainsFunc(addresses, func(a string) bool { return strings.EqualFold(a, l.To[0]) })
	}
	mailed, err := f.Mailed(ctx, number)
	for _, e := range mailed {
		for _, l := range e.Body.Letters {
			if to(l) {
				letters = append(letters, l)
			}
		}
	}
	return letters, err
}

// Mailed lists the events of a ticket with which the program mailed somebody of our side, oldest first.
func (f Files) Mailed(ctx context.Context, number uint64) (events []ticket.Event, err error) {
	for e, err := range f.Events(ctx, number) {
		if err != nil {
			return nil, fmt.Errorf("look for the letters of ticket %d: %w", number, err)
		}
		if slices.ContainsFunc(e.Body.Letters, func(l ticket.Letter) bool { return !l.Customer }) {
			events = append(events, e)
		}
	}
	return events, nil
}

// ClosedBy finds what closed a ticket last: closed, refused, refunded or merged. A ticket does not keep it, its log does.
func (f Files) ClosedBy(ctx context.Context, number uint64) (kind.Kind, error) {
	var last kind.Kind
	for e, err := range f.Events(ctx, number, kind.Closed, kind.Refused, kind.Refunded, kind.Merged) {
		if err != nil {
			return "", fmt.Errorf("look what closed ticket %d: %w", number, err)
		}
		last = e.Kind
	}
	return last, nil
}

// Raw returns the bytes of a message or of a letter to a customer.
func (f Files) Raw(ctx context.Context, hash ticket.Hash) ([]byte, error) {
	return f.Store.Raw(ctx, hash)
}
