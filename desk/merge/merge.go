// Package merge lets a ticket go on in another one of the same customer, which takes over what is still owed.
package merge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/notice"
	"replyby/desk/sheet"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/verdict"
)

// Into lets the open ticket f go on in other, and asks those who work on that to look at what came to it. It returns a [dossier.Refusal] where the two
// do not go together. What was done to other stands in f.Also.
func Into(ctx context.Context, f, other *dossier.Dossier, by charter.Person, board notice.Board) error {
	if code, detail := apart(f, other); code != "" {
		return dossier.Refusal{Code: code, Detail: detail}
	}
	who, goesOn := by.Address(), f.Ref()+" goes on here"
	if unread := other.T.State == ticket.Waiting && !f.T.UnheardAt.IsZero(); unread || other.T.State == ticket.Resolved {
		other.Add(kind.Reopened, who, ticket.Body{Verb: "merge", Reason: goesOn})
		if err := board.Acquaint(ctx, other); err != nil {
			return err
		}
	}
	clock.Inherit(other.Sheet, who, f.T.Duties, ticket.Body{Verb: "merge", Link: f.T.Number, Reason: goesOn})
	if err := carryUrgency(f, other, who, goesOn); err != nil {
		return err
	}
	if err := carryDraft(f, other); err != nil {
		return err
	}
	tell := letter.Review{Why: "merged", Note: fmt.Sprintf("%s → %s – %s (%s)", f.Ref(), other.Ref(), f.T.Subject, by.Name), Request: f.T.Excerpt}
	tell.Of = letter.Origin{Subject: "[" + f.Ref() + "] " + f.T.Subject, At: f.T.ReceivedAt}
	f.Add(kind.Merged, who, ticket.Body{Verb: "merge", Link: other.T.Number, Reason: "goes on in " + other.Ref()})
	err := other.Ask(other.Reviewers(), tell)
	f.Also = append(append(f.Also, other.Change), other.Also...)
	return err
}

// apart says why a ticket cannot go on in another one, "" where it can.
func apart(f, other *dossier.Dossier) (code, detail string) {
	switch {
	case other.T.Number == f.T.Number:
		return "merge_self", ""
	case other.T.State == ticket.Closed:
		return "merge_closed", other.Ref()
	case f.T.Customer.Addr == "" || !strings.EqualFold(f.T.Customer.Addr, other.T.Customer.Addr):
		return "other_customer", other.Ref()
	case UnderWay(f.T): // a letter that was written before must not stop clocks that are not its own
		return "letter_waiting", ""
	case UnderWay(other.T):
		return "letter_waiting", other.Ref()
	case !other.Terms().Knows(f.T.Duties):
		return "merge_clock", other.Ref()
	}
	return "", ""
}

// carryUrgency makes the ticket urgent in which an urgent one goes on: what the contract grants its customer for the term he wrote stays granted.
func carryUrgency(f, other *dossier.Dossier, who, why string) error {
	if f.T.Verdict.Urgency != verdict.Urgent || other.T.Verdict.Urgency == verdict.Urgent {
		return nil
	}
	if clock.Urged(f.T) {
		who = sheet.Customer
	}
	return clock.SetUrgency(other.Sheet, verdict.Urgent, who, ticket.Body{Verb: "merge", Reason: why})
}

// carryDraft makes the draft that somebody wrote the draft of the ticket in which his goes on, and of that one alone: his may be opened again. A
// draft that somebody has there stays, with every token for it, and those who work on that ticket are shown the other beside it.
func carryDraft(f, other *dossier.Dossier) error {
	switch {
	case f.T.Draft.By == "":
		return nil
	case other.T.Draft.By != "":
		other.SetAside(f.T.Draft, other.T.Draft)
		return nil
	}
	if err := other.Keep(f.T.Draft); err != nil {
		return err
	}
	f.OpenDraft()
	return nil
}

// UnderWay reports whether a letter to the customer waits, is being sent, or may have been.
func UnderWay(t ticket.Ticket) bool {
	return slices.ContainsFunc(t.Posted, func(p ticket.Posted) bool { return p.Customer && p.State.MayArrive() })
}
