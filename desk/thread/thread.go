// Package thread finds the ticket that a mail belongs to: by the portal's conversation, by the letters and messages it answers, by a number
// or a token in its subject. It changes nothing.
//
// It promises that no thread is sure on the word of a mail's sender alone.
package thread

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"replyby/desk/arrival"
	"replyby/desk/files"
	"replyby/desk/token"
	"replyby/store"
	"replyby/ticket"
)

// Thread is the ticket that an arrival may belong to, number 0 if none. Only a sure one is joined; to any other the new ticket is
// linked, for the reason why.
type Thread struct {
	ticket.Ticket
	Sure bool
	Why  string // for the log
	How  string // as [beside.Relation] names it
}

// Of finds the ticket of a request: by the portal's conversation, then by the letters and messages it answers, then by a number in its
// subject.
func Of(ctx context.Context, f files.Files, a *arrival.Arrival) (Thread, error) {
	for _, look := range []func(context.Context, files.Files, *arrival.Arrival) (Thread, error){portalThread, ByMail, numberThread} {
		if th, err := look(ctx, f, a); th.Number != 0 || err != nil {
			return th, err
		}
	}
	return Thread{}, nil
}

// ByMail goes by the messages that a mail answers: 128 random bits of ours, or an id of the customer's own, in the hands of somebody the
// ticket knows.
func ByMail(ctx context.Context, f files.Files, a *arrival.Arrival) (Thread, error) {
	t, err := Current(ctx, f, a)
	return suppose(t, t != nil && Knows(t, a), "mentions"), err
}

// numberThread goes by the number in the subject, which anybody can write.
func numberThread(ctx context.Context, f files.Files, a *arrival.Arrival) (Thread, error) {
	t, err := mentioned(ctx, f, refInSubject.FindStringSubmatch(a.Mail.Subject))
	if t != nil && err == nil {
		t, err = GoesOn(ctx, f, t)
	}
	return suppose(t, false, "mentions"), err
}

func suppose(t *ticket.Ticket, sure bool, how string) Thread {
	if t == nil {
		return Thread{}
	}
	why := "names " + t.Ref + " without proof that it belongs there"
	if how == "carrier" {
		why = "names the same conversation of the carrier, without proof that the carrier wrote it"
	}
	return Thread{*t, sure && !t.Erased(), why, how} // what comes for an erased one is forgotten with it
}

// Concerned finds the ticket a mail of staff, or an automatic one, is about: by the letters and messages it answers, else by the number in
// its subject, else by its token. A token that stands in the thread or under the number of another ticket leads there, where it is worth
// nothing. What it answers may be a mail about no ticket that lists several: then the number says which is meant. Numbered says that the
// number is all that was to lead there: no code of another ticket's mail came with it.
func Concerned(ctx context.Context, f files.Files, a *arrival.Arrival) (t *ticket.Ticket, numbered bool, err error) {
	answered, err := Answered(ctx, f, a)
	if err != nil || answered != nil && answered.Number != 0 {
		return answered, false, err
	}
	code := token.InSubject(a.Mail.Subject)
	ref := refInSubject.FindStringSubmatch(a.Mail.Subject)
	if ref == nil && a.IsStaff {
		ref = refOnTop.FindStringSubmatch(a.Mail.Subject)
	}
	t, err = mentioned(ctx, f, ref)
	switch {
	case err != nil || t != nil:
		return t, t != nil && (answered != nil || code == ""), err
	case code != "":
		t, err = f.ByKey(ctx, store.TokenHash, token.Hash(code).String())
	}
	return t, false, err
}

// Current finds the ticket in which the conversation that a mail answers goes on now, nil if there is none.
func Current(ctx context.Context, f files.Files, a *arrival.Arrival) (*ticket.Ticket, error) {
	t, err := Answered(ctx, f, a)
	if err != nil || t == nil || t.Number == 0 {
		return nil, err
	}
	return GoesOn(ctx, f, t)
}

// GoesOn follows a ticket to the one in which it goes on. Only open tickets are merged, so the way has an end.
func GoesOn(ctx context.Context, f files.Files, t *ticket.Ticket) (*ticket.Ticket, error) {
	for t.MergedInto != 0 {
		next, err := f.Store.Load(ctx, f.Name, t.MergedInto)
		if err != nil {
			return nil, err
		}
		t = &next
	}
	return t, nil
}

// Answered finds the ticket whose letters or messages the mail answers, the latest first: the desk's own file (number 0) where that is a
// mail about no ticket, nil if there is none.
func Answered(ctx context.Context, f files.Files, a *arrival.Arrival) (*ticket.Ticket, error) {
	return earlier(ctx, f, a, func(string, ticket.Ticket) bool { return true })
}

// AnswersStaffMail reports whether a mail names a mail of ours to staff among those it answers: nobody else knows their ids.
func AnswersStaffMail(ctx context.Context, f files.Files, a *arrival.Arrival) (bool, error) {
	t, err := earlier(ctx, f, a, func(id string, of ticket.Ticket) bool { return !slices.Contains(of.Thread, id) }) // the customer knows those
	return t != nil, err
}

// maxIDs is how many references are looked up; a mail with more is no conversation.
const maxIDs = 50

// earlier finds the ticket of the latest message that the mail names as one before it, among those wanted.
func earlier(ctx context.Context, f files.Files, a *arrival.Arrival, wanted func(id string, of ticket.Ticket) bool) (*ticket.Ticket, error) {
	for i, id := range a.Earlier() {
		if i == maxIDs {
			break
		}
		t, err := f.ByKey(ctx, store.MessageID, id)
		if err != nil {
			return nil, err
		}
		if t != nil && wanted(id, *t) {
			return t, nil
		}
	}
	return nil, nil
}

// Knows reports whether the writer is the customer of a ticket or was copied by him: under the address in From, or under that which
// certified mail or a forwarder wrote over.
func Knows(t *ticket.Ticket, a *arrival.Arrival) bool {
	is := func(known ticket.Address) bool {
		return known.Addr != "" && (strings.EqualFold(known.Addr, a.From()) || strings.EqualFold(known.Addr, a.Verdict.Customer.Addr))
	}
	return is(t.Customer) || slices.ContainsFunc(t.Cc, is)
}

// A ticket's number in a subject. Staff leave the brackets out where it stands at the beginning.
var (
	refInSubject = regexp.MustCompile(`\[([A-Za-z0-9]{1,12})-(\d{1,9})\]`)
	refOnTop     = regexp.MustCompile(`(?i)^\s*(?:(?:re|r)\s*:\s*)*([a-z0-9]{1,12})-(\d{1,9})(?:\W|$)`)
)

// mentioned finds the ticket whose number was found in a subject: good for a link, never for joining.
func mentioned(ctx context.Context, f files.Files, m []string) (*ticket.Ticket, error) {
	if m == nil || !strings.EqualFold(m[1], f.Prefix) {
		return nil, nil
	}
	number, _ := strconv.ParseUint(m[2], 10, 64)
	h, err := f.Store.Head(ctx, f.Name)
	if err != nil || number == 0 || number >= h.Next {
		return nil, err
	}
	t, err := f.Store.Load(ctx, f.Name, number)
	return &t, err
}
