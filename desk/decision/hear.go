// Package decision carries out what staff decide by mail.
//
// What package gate lets through is a ballot: commands, words, or both. What it does not let through is recorded on the ticket with its
// reason, and the enrolled address is told. A mail has its whole effect or none.
package decision

import (
	"context"
	"slices"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/gate"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/desk/request"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/letter/enclosed"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// ballot is a staff mail that passed the gate: about which ticket, from whom, saying what.
type ballot struct {
	*dossier.Dossier
	*arrival.Arrival
	gate.Ballot
	clerk  request.Clerk      // looks up other tickets, whether words were sent before, the bytes of mail
	before ticket.Ticket      // as it was when the mail came
	files  []ticket.Enclosed  // of the mail, that may go with a letter
	again  []enclosed.Dropped // those, where nothing of the mail is done
	done   []letter.Deed      // what it did, beside the letter
	heir   *charter.Person    // who gets the ticket by it and is still to be asked
	// stopped are other tickets whose letters it has taken back.
	stopped []*dossier.Dossier
}

// Hear lets a staff mail about a ticket through the gate and carries out what it says, or records why not.
func Hear(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival, clerk request.Clerk) error {
	passed, err := gate.Pass(ctx, f, a, clerk)
	b := &ballot{Dossier: f, Arrival: a, Ballot: passed, clerk: clerk, before: f.T}
	if r, ok := err.(dossier.Refusal); ok && r.Code == "temporary" && b.postponed() {
		return nil
	}
	if err != nil && a.Proven() { // nobody else has us list what he sends
		if err := b.gather(ctx); err != nil {
			return err
		}
	}
	if err != nil {
		return b.refuse(ctx, err)
	}
	if b.Token.Purpose == token.Greet {
		deed := b.introduce()
		if b.Proof != gate.Proven || b.Said.Doubt != nil || !b.aboutDesk() {
			return b.Dossier.Receipt(b.Staff, nil, []letter.Deed{deed})
		}
	}
	return b.carryOut(ctx)
}

// A proof that cannot be looked up now is asked for again every minute; after askFor the person is told.
const (
	askEvery = time.Minute
	askFor   = 10 * time.Minute
)

// postponed puts the mail off until its proof is asked for again, if there is time left for that.
func (b *ballot) postponed() bool {
	since, m := b.Dossier.Now, b.Message()
	for _, p := range b.T.Postponed {
		if p.Raw == m.Raw {
			since = p.Since
		}
	}
	if b.T.Number == 0 || b.Dossier.Now.Sub(since) >= askFor {
		return false
	}
	m.Text = ""
	b.Add(kind.Postponed, sheet.Program, ticket.Body{Message: m, Auth: b.Auth.Evidence, Wake: b.Dossier.Now.Add(askEvery), Reason: "its proof could not be looked up"})
	return true
}

// HearDesk carries out a mail that holds no token and is about no ticket, if it is proven and says nothing but what concerns its writer
// alone. False says that it is not such a mail, and that nothing was done.
func HearDesk(ctx context.Context, own *dossier.Dossier, a *arrival.Arrival, clerk request.Clerk) (bool, error) {
	passed, ok := gate.PassOwn(own, a)
	if !ok || len(passed.Said.Commands) == 0 || slices.ContainsFunc(passed.Said.Commands, concernsOthers) {
		return false, nil
	}
	b := &ballot{Dossier: own, Arrival: a, Ballot: passed, clerk: clerk, before: own.T}
	return true, b.carryOut(ctx)
}

func concernsOthers(c reply.Command) bool { return c.Verb != verb.Absent && c.Verb != verb.Help }

func refuse(code, detail string) error { return dossier.Refusal{Code: code, Detail: detail} }

// tellAfter is how long a mail that nothing proves, and that answers none of our latest, is not told of again at one ticket.
const tellAfter = time.Hour

// refuse records that a mail decided nothing. The enrolled address is told, with a usable token: whoever is not told of his second try takes it
// for sent. Automatic mail is filed and nobody is told, or two robots would talk.
func (b *ballot) refuse(ctx context.Context, why error) error {
	r, ok := why.(dossier.Refusal)
	if !ok {
		return why
	}
	b.Again(b.before)
	b.stopped = nil
	if r.Code != "files_large" {
		b.Dropped = b.again
	}
	if r.Code == "automatic" {
		b.File(b.Arrival, r.Error())
		return nil
	}
	if err := b.stop(ctx); err != nil {
		return err
	}
	body := ticket.Body{Message: b.Message(), Reason: r.Error(), Auth: b.Auth.Evidence}
	body.Message.Text = ""
	b.Count("refused")
	if len(b.done) == 0 && b.toldLately() {
		b.Add(kind.DecisionRefused, b.Staff.Address(), body)
		return nil
	}
	return b.TellRefused(b.Staff, r, b.done, body)
}

// toldLately reports whether the person was told of a refusal that this mail need not have read: without proof anybody who got hold of one
// token could have him told again and again. What holds the token that a refusal was told with comes from who read it.
func (b *ballot) toldLately() bool {
	if b.Arrival.Proven() {
		return false
	}
	return slices.ContainsFunc(b.T.Refusals, func(r ticket.Refusal) bool {
		return r.From == b.Staff.Address() && b.Token.Given.Before(r.ToldAt) && b.Dossier.Now.Sub(r.ToldAt) < tellAfter
	})
}
