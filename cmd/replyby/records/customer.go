package records

import (
	"context"
	"fmt"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk/trace"
	"replyby/store"
	"replyby/ticket"
)

// whose is the customer who is to be forgotten, "" where it is one ticket alone, and who says so.
type whose struct{ address, by string }

// eraseCustomer erases the tickets of a customer, and what the desks keep of him beside. What cannot go is said, and the rest is done.
func eraseCustomer(ctx context.Context, e *command.Env, f *config.File, o command.House, who whose) int {
	code, refs := command.Good, map[string][]string{}
	for t, err := range o.Store().Each(ctx, store.Query{Customer: who.address}) {
		switch {
		case store.Harmed(err) && t.Number > 0:
			code = e.Fail(command.Found, unread(fmt.Sprintf("%s cannot be read and stays as it is", refOf(f, t)), err))
			continue
		case err != nil:
			return e.Fail(command.Found, err)
		}
		if err := erase(ctx, e, o, t, who); err != nil {
			code = e.Fail(command.Found, unerased(err, t.Ref))
			continue
		}
		refs[t.Desk] = append(refs[t.Desk], t.Ref)
	}
	for i := range f.Desks {
		d := o.Desk(f.Desks[i].Name)
		if d == nil {
			continue // new in the file: serve does not work it yet
		}
		left, err := d.Forget(ctx, trace.Person{Address: who.address, Refs: refs[d.Name]}, who.by, e.Now())
		switch {
		case store.Harmed(err): // which mails belong to tickets nobody knows then
			code = e.Fail(command.Found, unread(fmt.Sprintf("what desk %s keeps of him beside his tickets stays", d.Name), err))
		case err != nil:
			return e.Fail(command.Found, err)
		case sayLeft(e, d.Name, left) && code == command.Good:
			code = command.Found
		}
	}
	return code
}

// unread is what stays because something cannot be read.
func unread(what string, damage error) error {
	return command.Hinted(fmt.Errorf("%s: %w", what, damage), "replyby verify says what is harmed; put back a copy that is whole, and erase again")
}

// refOf is the reference of a ticket of which nothing but its number can be read.
func refOf(f *config.File, t ticket.Ticket) string {
	for i := range f.Desks {
		if f.Desks[i].Name == t.Desk {
			return fmt.Sprintf("%s-%d", f.Desks[i].Prefix, t.Number)
		}
	}
	return fmt.Sprintf("ticket %d of desk %q", t.Number, t.Desk)
}

// sayLeft says what a desk has forgotten, and reports whether something of it has to be erased another time.
func sayLeft(e *command.Env, desk string, left trace.Traces) bool {
	fmt.Fprintf(e.Stdout, "desk %s: %d records of its own file are erased, %d mails of no ticket have no bytes any more\n", desk, len(left.Records), len(left.Mails))
	for _, ref := range left.Tickets {
		fmt.Fprintf(e.Stdout, "still there: his address in %s, which is another customer's\n", ref)
	}
	if left.Waiting {
		fmt.Fprintln(e.Stdout, "still there: a mail to staff that names him and is not sent yet; erase again when it is")
	}
	if left.Contracted {
		fmt.Fprintln(e.Stdout, "still there: his contract, in the file of contracts; take it out, start serve again, and erase again")
	}
	return left.Waiting || left.Contracted
}
