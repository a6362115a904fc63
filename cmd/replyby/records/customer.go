package records

import (
	"context"
	"fmt"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk/trace"
	"replyby/store"
)

// whose is the customer who is to be forgotten, "" where it is one ticket alone, and who says so.
type whose struct{ address, by string }

// eraseCustomer erases the tickets of a customer, and what the desks keep of him beside. What cannot go is said, and the rest is done.
func eraseCustomer(ctx context.Context, e *command.Env, f *config.File, o command.House, who whose) int {
	found, err := o.Store().Find(ctx, store.Query{Customer: who.address})
	if err != nil {
		return e.Fail(command.Found, err)
	}
	code, refs := command.Good, map[string][]string{}
	for _, t := range found {
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
		if err != nil {
			return e.Fail(command.Found, err)
		}
		if sayLeft(e, d.Name, left) && code == command.Good {
			code = command.Found
		}
	}
	return code
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
