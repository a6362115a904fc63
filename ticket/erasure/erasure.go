// Package erasure says what may stay of a ticket when what is personal of it is erased. It names what stays, so that a field which is new goes
// until somebody says otherwise. See docs/decisions/0017.
package erasure

import (
	"maps"
	"slices"

	"replyby/ticket"
	"replyby/ticket/kind"
)

// Remains is what is left of a ticket once personal data is erased: its number and state, every instant and deadline, hashes, how each letter
// ended and which staff member approved it. It holds no name, address or word of the customer, and nobody's subject or text. The event that
// erases carries it, and folding that event makes the ticket exactly this. See docs/decisions/0017.
func Remains(t ticket.Ticket) ticket.Ticket {
	left := ticket.Ticket{
		Desk: t.Desk, Number: t.Number, Ref: t.Ref, State: t.State, Before: t.Before, Raw: t.Raw, LastRaw: t.LastRaw, ReceivedAt: t.ReceivedAt, IntakeAt: t.IntakeAt,
		Assignee: t.Assignee, Duties: slices.Clone(t.Duties), Draft: ticket.Draft{Version: t.Draft.Version, Template: t.Draft.Template, Language: t.Draft.Language},
		Notice: t.Notice, Told: maps.Clone(t.Told), Wake: t.Wake, DigestAt: t.DigestAt, SummedAt: t.SummedAt, RestoredAt: t.RestoredAt, Foreign: t.Foreign, ClaimedAt: t.ClaimedAt, Decided: t.Decided, Links: t.Links, MergedInto: t.MergedInto, ClosedBy: t.ClosedBy, HeldBy: t.HeldBy, Roster: t.Roster, RetimedAt: t.RetimedAt,
		Billed: t.Billed, AgreedAt: t.AgreedAt, AgreedTo: t.AgreedTo, RefundedAt: t.RefundedAt,
		ErasedAt: t.ErasedAt, CreatedAt: t.CreatedAt, AnsweredAt: t.AnsweredAt, CustomerAt: t.CustomerAt, UnheardAt: t.UnheardAt, Last: t.Last, Outside: t.Outside,
	}
	left.Notice.To = ticket.Address{}
	v := t.Verdict
	left.Verdict = ticket.Verdict{Urgency: v.Urgency, Contract: v.Contract, Hint: v.Hint, Language: v.Language, Category: v.Category, Source: v.Source, Policy: v.Policy, Reply: v.Reply}
	for _, p := range t.Posted {
		if p.Customer {
			left.Posted = append(left.Posted, ended(p))
		}
	}
	for _, f := range t.Filed {
		left.Filed = append(left.Filed, ticket.Filed{Raw: f.Raw, Kind: f.Kind, At: f.At})
	}
	return left
}

func ended(p ticket.Posted) ticket.Posted {
	return ticket.Posted{
		State: p.State, Attempt: p.Attempt, At: p.At, Server: p.Server, DecidedAt: p.DecidedAt,
		Letter: ticket.Letter{
			ID: p.ID, MessageID: p.MessageID, Purpose: p.Purpose, Customer: p.Customer, From: p.From, Hash: p.Hash, BodyHash: p.BodyHash,
			Draft: p.Draft, By: p.By, Answers: slices.Clone(p.Answers), Then: slices.Clone(p.Then), NotBefore: p.NotBefore, Urgent: p.Urgent,
		},
	}
}

// Bare is what an event of that kind may say of a ticket that was erased: which mail came for it and when, why it decided nothing, and what was
// mailed to staff about it. It names what stays, so that a field which is new goes until somebody says otherwise.
func Bare(b ticket.Body, k kind.Kind) ticket.Body {
	left := ticket.Body{
		Tokens: b.Tokens, Rung: b.Rung, Obligation: b.Obligation, Auth: b.Auth, Verb: b.Verb, Unsaid: b.Unsaid,
		Person: b.Person, Ref: b.Ref, Link: b.Link, Wake: b.Wake,
	}
	for _, l := range b.Letters {
		l.Files = nil // they go to customers
		left.Letters = append(left.Letters, l)
	}
	if m := b.Message; m != nil {
		left.Message = &ticket.Message{Raw: m.Raw, Seen: m.Seen, Kind: m.Kind, Folder: m.Folder, ReceivedAt: m.ReceivedAt}
	}
	if d := b.Delivery; d != nil {
		left.Delivery = &ticket.Delivery{Letter: d.Letter, Attempt: d.Attempt, At: d.At, Code: d.Code, Server: d.Server, Stage: d.Stage, Proof: d.Proof, OnWire: d.OnWire}
	}
	if k == kind.DecisionRefused {
		left.Reason = b.Reason
	}
	return left
}
