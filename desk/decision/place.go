package decision

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/merge"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// attribute says whose ticket it is. The contract of the customer, and the closures he was told of, govern its clocks from then on.
func (b *ballot) attribute(ctx context.Context, address string) error {
	to, was := ticket.Address{Addr: address}, b.T.Customer
	same := strings.EqualFold(was.Addr, address)
	switch {
	case strings.EqualFold(address, b.Address):
		return refuse("own_address", "")
	case !same && merge.UnderWay(b.T):
		return refuse("letter_waiting", "") // it is for somebody else, and must not stop the clocks of this one
	case same || was.Addr == "":
		to.Name = was.Name
	}
	b.Add(kind.Attributed, b.Staff.Address(), ticket.Body{Verb: "customer", Customer: &to})
	if err := b.board().Acquaint(ctx, b.Dossier); err != nil {
		return err
	}
	return clock.Retime(b.Sheet)
}

// readdress shows the draft as the new customer would get it. What a person approved was for somebody else, so he approves anew.
func (b *ballot) readdress(ctx context.Context) error {
	if b.corrects() {
		return b.proposeCorrection(ctx)
	}
	return b.lay("customer")
}

// merge lets the ticket go on in another one that a person names.
func (b *ballot) merge(ctx context.Context, ref string) (string, error) {
	other, err := b.other(ctx, ref)
	if err != nil {
		return "", err
	}
	if b.T.State == ticket.Closed && other != b.Dossier {
		return "", b.closed()
	}
	return other.Ref(), merge.Into(ctx, b.Dossier, other, b.Staff, b.board())
}

// closed refuses what needs an open ticket, and says where this one goes on.
func (b *ballot) closed() error {
	if n := b.T.MergedInto; n != 0 {
		return refuse("closed", fmt.Sprintf("%s-%d", b.Prefix, n))
	}
	return refuse("closed", "")
}

// other takes up the ticket that a person names: "MB-7" or "7".
func (b *ballot) other(ctx context.Context, ref string) (*dossier.Dossier, error) {
	n, err := b.number(ref)
	if err != nil {
		return nil, err
	}
	if n == b.T.Number {
		return b.Dossier, nil
	}
	other, err := b.clerk.Load(ctx, n, b.Dossier.Now, b.Cause())
	if errors.Is(err, store.ErrNotFound) {
		return nil, refuse("no_such_ticket", ref)
	}
	return other, err
}

// number is the number of the ticket that a person names, which need not exist.
func (b *ballot) number(ref string) (uint64, error) {
	prefix, digits, both := strings.Cut(ref, "-")
	if !both {
		prefix, digits = b.Prefix, ref
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n == 0 || !strings.EqualFold(prefix, b.Prefix) {
		return 0, refuse("no_such_ticket", ref)
	}
	return n, nil
}

// putAway closes a ticket that is nobody's request, without an answer.
func (b *ballot) putAway() {
	b.Add(kind.Closed, b.Staff.Address(), ticket.Body{Verb: "spam", Reason: "put away as spam"})
	b.Count("spam")
}

// reopen takes a ticket up again, with the clocks that its closing stopped: they ran from the request and run on from there. Those of a
// ticket that went on in another one run there.
func (b *ballot) reopen(ctx context.Context) error {
	stopped := b.T.State == ticket.Closed && b.T.MergedInto == 0
	if err := clock.Reopen(b.Sheet, b.Staff.Address(), ticket.Body{Verb: "reopen"}, stopped); err != nil {
		return err
	}
	return b.board().Acquaint(ctx, b.Dossier) // with what the customer was told while nothing was open
}

// ask mails the person the ticket as it stands.
func (b *ballot) ask(why string) error {
	r := b.review(why)
	r.Request = b.T.Excerpt
	return b.Ask([]charter.Person{b.Staff}, r)
}
