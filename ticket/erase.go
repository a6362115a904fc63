package ticket

import (
	"maps"
	"slices"
	"time"

	"replyby/ticket/kind"
)

// Erased reports whether what was personal of the ticket is gone. The desk's own file only loses parts.
func (t Ticket) Erased() bool { return t.Number != 0 && !t.ErasedAt.IsZero() }

// Remains is what is left of a ticket once personal data is erased: its number and state, every instant and deadline, hashes, how each letter
// ended and which staff member approved it. It holds no name, address or word of the customer, and nobody's subject or text. The event that
// erases carries it, and folding that event makes the ticket exactly this. See docs/decisions/0017.
func (t Ticket) Remains() Ticket {
	t = t.clone()
	left := Ticket{
		Desk: t.Desk, Number: t.Number, Ref: t.Ref, State: t.State, Before: t.Before, Raw: t.Raw, LastRaw: t.LastRaw, ReceivedAt: t.ReceivedAt, IntakeAt: t.IntakeAt,
		Assignee: t.Assignee, Duties: t.Duties, Draft: Draft{Version: t.Draft.Version, Template: t.Draft.Template, Language: t.Draft.Language},
		Notice: t.Notice, Told: maps.Clone(t.Told), Wake: t.Wake, DigestAt: t.DigestAt, SummedAt: t.SummedAt, RestoredAt: t.RestoredAt, Foreign: t.Foreign, ClaimedAt: t.ClaimedAt, Decided: t.Decided, Links: t.Links, MergedInto: t.MergedInto, ClosedBy: t.ClosedBy, HeldBy: t.HeldBy, Roster: t.Roster, RetimedAt: t.RetimedAt,
		Billed: t.Billed, AgreedAt: t.AgreedAt, AgreedTo: t.AgreedTo, RefundedAt: t.RefundedAt,
		ErasedAt: t.ErasedAt, CreatedAt: t.CreatedAt, AnsweredAt: t.AnsweredAt, CustomerAt: t.CustomerAt, UnheardAt: t.UnheardAt, Last: t.Last,
	}
	left.Notice.To = Address{}
	v := t.Verdict
	left.Verdict = Verdict{Urgency: v.Urgency, Contract: v.Contract, Hint: v.Hint, Language: v.Language, Category: v.Category, Source: v.Source, Policy: v.Policy, Reply: v.Reply}
	for _, p := range t.Posted {
		if p.Customer {
			left.Posted = append(left.Posted, p.remains())
		}
	}
	for _, f := range t.Filed {
		left.Filed = append(left.Filed, Filed{Raw: f.Raw, Kind: f.Kind, At: f.At})
	}
	return left
}

func (p Posted) remains() Posted {
	return Posted{
		State: p.State, Attempt: p.Attempt, At: p.At, Server: p.Server, DecidedAt: p.DecidedAt,
		Letter: Letter{
			ID: p.ID, MessageID: p.MessageID, Purpose: p.Purpose, Customer: p.Customer, From: p.From, Hash: p.Hash, BodyHash: p.BodyHash,
			Draft: p.Draft, By: p.By, Answers: slices.Clone(p.Answers), Then: slices.Clone(p.Then), NotBefore: p.NotBefore, Urgent: p.Urgent,
		},
	}
}

// remain replaces the ticket by what its erasure left. What was folded before does not matter, so the fold is the same with and without the
// erased bodies.
func (t *Ticket) remain(left *Ticket, at time.Time) {
	if left == nil {
		return
	}
	r := left.clone()
	if r.ErasedAt.IsZero() { // else what came for it since is erased as well
		r.ErasedAt = at
	}
	r.Desk, r.Number, r.Version, r.UpdatedAt = t.Desk, t.Number, t.Version, t.UpdatedAt
	*t = r
}

// Bare is what an event of that kind may say of a ticket that was erased: which mail came for it and when, why it decided nothing, and what was
// mailed to staff about it. It names what stays, so that a field which is new goes until somebody says otherwise.
func (b Body) Bare(k kind.Kind) Body {
	left := Body{
		Tokens: b.Tokens, Rung: b.Rung, Obligation: b.Obligation, Auth: b.Auth, Verb: b.Verb, Unsaid: b.Unsaid,
		Person: b.Person, Ref: b.Ref, Link: b.Link, Wake: b.Wake,
	}
	for _, l := range b.Letters {
		l.Files = nil // they go to customers
		left.Letters = append(left.Letters, l)
	}
	if m := b.Message; m != nil {
		left.Message = &Message{Raw: m.Raw, Seen: m.Seen, Kind: m.Kind, Folder: m.Folder, ReceivedAt: m.ReceivedAt}
	}
	if d := b.Delivery; d != nil {
		left.Delivery = &Delivery{Letter: d.Letter, Attempt: d.Attempt, At: d.At, Code: d.Code, Server: d.Server, Stage: d.Stage, Proof: d.Proof, OnWire: d.OnWire}
	}
	if k == kind.DecisionRefused {
		left.Reason = b.Reason
	}
	return left
}
