package decision

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"replyby/desk/correction"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// corrects reports whether a ballot is about a correction told to several tickets: it says so, or it is about a draft that is one. Where others
// wait for that draft, whatever it says concerns them.
func (b *ballot) corrects() bool {
	d := b.T.Draft
	return b.Said.Asks(verb.Patch) || d.Template == correction.Template && (len(d.With) > 0 || b.Said.ToOne() == "")
}

// correct shows the letters of a correction, or, to the bare ok of the person to whom exactly these were shown, decides them all at once. Where
// one of their customers has been written to since, they are shown once more, with what he was told.
func (b *ballot) correct(ctx context.Context, done []letter.Deed) error {
	adds := slices.ContainsFunc(b.Said.Commands, func(c reply.Command) bool { // anything to the letters
		return b.saves(c) && c.Verb != verb.Status && (c.Verb != verb.OK || c.Args != "")
	})
	if !adds && b.Said.Words == "" && len(b.files) == 0 && b.Token.Purpose == token.Several && b.Staff.Address() == b.T.Draft.By && b.asShown() {
		since, err := b.round().Since(ctx)
		if err != nil {
			return err
		}
		if since == nil {
			return b.publish(ctx, done)
		}
		b.done = append(b.done, letter.Deed{Verb: "written", Value: strings.Join(since, ", ")})
	}
	return b.proposeCorrection(ctx)
}

func (b *ballot) round() correction.Round {
	return correction.Round{Lead: b.Dossier, Files: b.clerk.Files, By: b.Staff, Cause: b.Cause(), Hand: b.stopped}
}

// proposeCorrection makes the correction the current draft and shows every ticket and every text that would go. Nothing is sent, and
// what is for one customer alone drops nobody else from it.
func (b *ballot) proposeCorrection(ctx context.Context) error {
	if line := b.Said.ToOne(); line != "" && !b.Said.Asks(verb.Patch) {
		return refuse("to_one", line)
	}
	draft := b.finished()
	draft.Template = correction.Template
	if err := b.promises(draft); err != nil {
		return err
	}
	if words, link := correction.Link(draft.Personal); link != "" {
		draft.Personal, draft.Values["link"] = words, link
	}
	draft.Values["product"] = cmp.Or(draft.Values["product"], b.Product(b.T))
	numbers, err := b.chosen(ctx, &draft)
	if err != nil {
		return err
	}
	with, shown, err := b.round().Propose(ctx, draft, numbers)
	if err != nil {
		return err
	}
	if err := b.Fits(draft.Files, len(with)+1); err != nil {
		return err
	}
	draft.With = with
	r := b.review("patch")
	r.Others = shown
	return b.show(draft, r)
}

// chosen are the tickets beside the lead: those named, else those that wait for the same; without a new word those shown before.
func (b *ballot) chosen(ctx context.Context, draft *ticket.Draft) ([]uint64, error) {
	c, said := b.Said.Has(verb.Patch)
	switch {
	case !said:
		var before []uint64
		for _, w := range b.T.Draft.With {
			before = append(before, w.Ticket)
		}
		return before, nil
	case c.Why == "":
		draft.Values["version"] = c.Args
		return b.round().Waiting(ctx)
	}
	draft.Values["version"] = c.Args
	var named []uint64
	for _, ref := range strings.Fields(c.Why) {
		n, err := b.number(ref)
		if err != nil {
			return nil, err
		}
		named = append(named, n)
	}
	return named, nil
}

// publish decides the letters of all tickets in one commit.
func (b *ballot) publish(ctx context.Context, done []letter.Deed) error {
	draft := b.T.Draft
	if err := b.personal(ctx, draft); err != nil {
		return err
	}
	body := ticket.Body{Verb: string(verb.Patch), Auth: b.Auth.Evidence, Message: b.Message()}
	body.Message.Text = ""
	changed, told, err := b.round().Publish(ctx, draft, body)
	if err != nil {
		return err
	}
	r, err := correction.Decide(b.Dossier, draft, b.Staff, body)
	if err != nil {
		return err
	}
	for _, f := range changed {
		b.Add(kind.Linked, b.Staff.Address(), ticket.Body{Verb: string(verb.Patch), Link: f.T.Number, Reason: fmt.Sprintf("the same correction, %s", draft.Values["version"])})
		b.alongside(f)
	}
	b.Others = told
	return b.Dossier.Receipt(b.Staff, &r.Letter, append(done, letter.Deed{Verb: string(verb.Patch), Value: draft.Values["version"]}))
}
