package decision

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"replyby/desk/clock"
	"replyby/desk/gate"
	"replyby/desk/handover"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
	"replyby/ticket/verdict"
)

// carryOut does what a ballot says: undo, the other commands in their order, then the letter if one is asked for. With a doubt nothing
// is done and the mail comes back with a question. Words without a verb come back as a new draft. Every mail that did
// something is answered with what it did. However it ends, a letter that it wants stopped is stopped.
func (b *ballot) carryOut(ctx context.Context) error {
	if err := b.gather(ctx); err != nil {
		return err
	}
	if doubt := b.Said.Doubt; doubt != nil {
		if err := b.stop(ctx); err != nil {
			return err
		}
		b.Dropped = b.again
		return b.AskMeaning(b.Staff, *doubt, b.done)
	}
	if err := b.perform(ctx); err != nil {
		return b.refuse(ctx, err) // a mail has its whole effect or none
	}
	return nil
}

// perform does every command of a ballot.
func (b *ballot) perform(ctx context.Context) error {
	empty := b.silent() && len(b.files) == 0
	if err := b.enclose(); err != nil {
		return err
	}
	switch {
	case b.T.Number == 0 && !b.aboutDesk():
		return refuse("no_ticket", "")
	case b.T.Notice.Asks && !b.fitsNotice():
		return refuse("notice_verb", "")
	case empty:
		return refuse("empty", "")
	case len(b.Said.Commands) == 0:
		return b.propose(ctx)
	case b.Proof != gate.Proven:
		return b.unproven(ctx)
	case b.Said.OpenToDoubt():
		if err := b.stop(ctx); err != nil {
			return err
		}
		if b.Said.Stops && b.done == nil {
			return refuse("nothing_to_undo", "")
		}
		return b.redraft("words")
	}
	done, err := b.deeds(ctx)
	if err != nil {
		return err
	}
	if err := b.conclude(ctx, done); err != nil {
		return err
	}
	return b.follow()
}

// follow mails what comes beside the answer to a ballot: the ticket as it is now to whoever gets it, and the language to whoever asks for it.
func (b *ballot) follow() (err error) {
	if b.heir != nil {
		err = handover.Ask(b.Dossier, *b.heir)
	}
	if err == nil && b.Said.Asks(verb.Help) {
		err = b.Help(b.Staff)
	}
	return err
}

// deeds does every command and tells what each did. What a mail that comes back does not speak of anyhow it tells too.
func (b *ballot) deeds(ctx context.Context) (done []letter.Deed, err error) {
	for _, c := range b.Said.UndoFirst() {
		if c.Verb == verb.Help {
			continue // a mail of its own
		}
		deed, err := b.do(ctx, c)
		if err != nil {
			return nil, err
		}
		done = append(done, deed)
		if !b.saves(c) && (c.Verb != verb.Customer || b.corrects()) {
			b.done = append(b.done, deed)
		}
	}
	done = append(done, b.round().LeftOut(b.before)...)
	if b.ignores() {
		ignored := letter.Deed{Verb: "ignored"}
		done, b.done = append(done, ignored), append(b.done, ignored)
	}
	return done, nil
}

// do does one command but for the letter.
func (b *ballot) do(ctx context.Context, c reply.Command) (deed letter.Deed, err error) {
	deed = b.deed(c)
	switch c.Verb {
	case verb.Adopt:
		deed.Value, err = b.adopt(ctx, c.Args)
	case verb.Merge:
		deed.Value, err = b.merge(ctx, c.Args)
	case verb.Customer:
		err = b.attribute(ctx, c.Args)
	case verb.Consent:
		err = b.consent(ctx)
		deed.At = b.T.AgreedAt
	case verb.Absent:
		err = b.absent(ctx, c)
	case verb.Original:
		err = b.Original()
	case verb.Reopen:
		err = b.reopen(ctx)
	case verb.Posted:
		return b.AnsweredInPortal(b.Staff, b.Said.Words)
	case verb.Undo:
		deed.Value, err = b.undo(ctx, b.Said.Replaces())
	default:
		err = b.act(c)
	}
	return deed, err
}

// conclude writes the one mail that follows from a ballot: the letter and its receipt, a draft that comes back, or what was asked for.
func (b *ballot) conclude(ctx context.Context, done []letter.Deed) error {
	switch {
	case b.Said.Asks(verb.Customer) && b.T.State != ticket.Closed:
		return b.readdress(ctx)
	case b.Said.Writes() && !b.restores():
		return b.answer(ctx, done)
	case b.Said.Drafts() && b.T.State == ticket.Closed:
		return b.closed()
	case b.Said.Drafts() && b.corrects():
		return b.proposeCorrection(ctx)
	case b.Said.Drafts():
		return b.lay("unread")
	case b.restores(), b.resumes() && b.Said.Words != "" && !b.Said.Noted():
		return b.bringBack(ctx)
	case b.resumes(), b.Said.Asks(verb.Status):
		return b.ask("status")
	case len(done) == 0: // help alone
		return nil
	}
	return b.Dossier.Receipt(b.Staff, nil, done)
}

// silent reports whether a mail has no word of its writer: what it has may be files.
func (b *ballot) silent() bool { return len(b.Said.Commands) == 0 && b.Said.Words == "" }

// propose brings words or files without a verb back as a draft. Where nothing proves the sender a token is good for that once: the new draft makes
// it void, so a leaked one cannot be used to mail the person again and again.
func (b *ballot) propose(ctx context.Context) error {
	if b.Proof != gate.Proven {
		if err := b.current(); err != nil {
			return err
		}
	}
	if b.corrects() {
		return b.proposeCorrection(ctx)
	}
	if b.silent() {
		return b.redraft("files")
	}
	return b.redraft("no_verb")
}

// unproven handles a ballot whose author's provider proves nothing. Commands that write no letter are refused. An approval is mailed
// back to the enrolled address with a token for this purpose alone; `ok` to that, and nothing more, sends exactly that text.
func (b *ballot) unproven(ctx context.Context) error {
	bare := len(b.Said.Commands) == 1 && b.Said.Asks(verb.OK) && b.Said.Commands[0].Args == "" && b.Said.Words == "" && len(b.files) == 0
	switch {
	case b.Proof == gate.Confirmed && bare:
		return b.answer(ctx, []letter.Deed{{Verb: string(verb.OK)}})
	case (!b.Said.Writes() || b.Said.Asks(verb.Resend)) && b.Astray != "":
		return refuse("astray", b.Astray)
	case !b.Said.Writes() || b.Said.Asks(verb.Resend):
		return refuse("unproven", cmp.Or(b.Auth.Evidence, "the mail carries no proof of its sender"))
	}
	if err := b.current(); err != nil {
		return err
	}
	if err := b.reachable(); err != nil {
		return err
	}
	if left := b.besides(); left != "" {
		b.done = []letter.Deed{{Verb: "undone", Value: left}}
	}
	if b.corrects() {
		return b.proposeCorrection(ctx)
	}
	d := b.finished() // a confirmation is asked of what can go: it would be refused otherwise, and nothing said why before
	if err := b.fitting(ctx, d); err != nil {
		return err
	}
	if !b.T.Notice.Asks {
		if err := b.personal(ctx, d); err != nil {
			return err
		}
	}
	return b.redraft("confirm")
}

// besides names the commands that are not about the letter, which nothing does where the sender is not proven.
func (b *ballot) besides() string {
	var names []string
	for _, c := range b.Said.Commands {
		if !b.saves(c) {
			names = append(names, string(c.Verb))
		}
	}
	return strings.Join(names, ", ")
}

// aboutDesk reports whether a ballot asks for nothing that needs a ticket, as the answer to a digest does.
func (b *ballot) aboutDesk() bool {
	return len(b.Said.Commands) > 0 && !slices.ContainsFunc(b.Said.Commands, func(c reply.Command) bool {
		return c.Verb != verb.Adopt && c.Verb != verb.Help && c.Verb != verb.Absent
	})
}

// adopt makes a message set aside a ticket, and returns what it is called.
func (b *ballot) adopt(ctx context.Context, id string) (ref string, err error) {
	f, err := b.clerk.Adopt(ctx, id, b.Staff.Address(), b.Newborn(), b.Dossier.Now)
	if err != nil {
		return "", err
	}
	if ref := b.adopted(f.T.Raw); ref != "" {
		return "", refuse("adopted", ref)
	}
	b.Also = append(append(b.Also, f.Change), f.Also...)
	return f.Ref(), nil
}

// adopted is the ticket that the same mail has made of a message already, "" if none.
func (b *ballot) adopted(raw ticket.Hash) (ref string) {
	for _, c := range b.Also {
		for _, e := range c.Events {
			if e.Kind == kind.Adopted && e.Body.Message.Raw == raw {
				return e.Body.Ref
			}
		}
	}
	return ""
}

// lay puts what a ballot says into the draft and shows it: a promise that nobody would read is none.
func (b *ballot) lay(why string) error {
	d := b.finished()
	if err := b.promises(d); err != nil {
		return err
	}
	for _, c := range b.Said.Commands {
		if c.Verb == verb.Field && !b.draftCase().Says(d, c) {
			b.done = append(b.done, letter.Deed{Verb: "field.kept", Value: c.Args})
		}
	}
	return b.redraft(why)
}

// ignores reports whether the mail has words below its commands with which none of them does anything. Their author hears of it: they may be meant
// for a colleague.
func (b *ballot) ignores() bool {
	switch {
	case b.Said.Words == "":
		return false
	case b.Said.Asks(verb.Resend):
		return true
	case b.Said.Writes(), b.Said.Drafts(), b.restores(), b.resumes(), b.Said.Asks(verb.Note), b.Said.Asks(verb.Posted):
		return false
	}
	return !b.Said.Asks(verb.Customer) || b.T.State == ticket.Closed
}

// resumes reports whether the ballot takes the ticket up again: its author is about to write, and the draft saves him a mail.
func (b *ballot) resumes() bool { return b.Said.Asks(verb.Reopen) && b.T.State != ticket.Closed }

// saves reports whether a command does nothing before the letter that it is about goes.
func (b *ballot) saves(c reply.Command) bool {
	switch c.Verb {
	case verb.Next, verb.Field, verb.Detach, verb.Status:
		return true
	case verb.Close:
		return b.Said.Writes() || b.Said.Drafts()
	case verb.Wait:
		return (b.Said.Writes() || b.Said.Drafts()) && c.Args != ""
	case verb.Bill:
		return b.draftCase().Offers(b.Said)
	}
	return c.Verb.Writes()
}

// act does what one command does that writes no letter to the customer.
func (b *ballot) act(c reply.Command) error {
	who := b.Staff.Address()
	body := ticket.Body{Verb: string(c.Verb), Text: c.Args}
	switch c.Verb {
	case verb.Note:
		body.Text = b.note(c)
		b.Add(kind.Noted, who, body)
	case verb.Take:
		b.take()
	case verb.Assign:
		return b.assign(c.Args)
	case verb.Spam:
		b.putAway()
	case verb.Wait, verb.Close:
		return b.rest(who, c)
	case verb.Fault, verb.Question, verb.Presale:
		return b.categorise(who, c)
	case verb.Urgent, verb.Normal:
		return b.setUrgency(who, c)
	case verb.Care:
		b.ConfirmCare(who, c.Args)
	case verb.Bill:
		return b.bill(who, c)
	case verb.Leave:
		return b.leave(who)
	}
	return nil
}

// note is what a note says, with the words of the mail unless a letter takes them.
func (b *ballot) note(c reply.Command) string {
	if !b.Said.Noted() {
		return c.Args
	}
	return strings.TrimSpace(c.Args + "\n" + b.Said.Words)
}

// categorise says what the request is. Only a fault has the clock of the correction, and that clock started with the request,
// however late it is called one, also where it was thought corrected and is not. What is solved has been corrected.
func (b *ballot) categorise(who string, c reply.Command) error {
	body := ticket.Body{Verdict: &ticket.Verdict{Category: verdict.Category(c.Verb)}, Verb: string(c.Verb), Reason: c.Args}
	if b.Terms().Contract().Fix != nil {
		fix, had := b.T.Duty(duty.Fix)
		switch {
		case c.Verb == verb.Fault && (!had || fix.Void || !fix.Running() && b.T.State != ticket.Resolved):
			o, err := b.Terms().Oblige(duty.Fix, b.T.ReceivedAt)
			if err != nil {
				return err
			}
			body.Obligations = append(body.Obligations, o)
		case c.Verb != verb.Fault && had && fix.Running():
			fix.Void = true
			body.Obligations = append(body.Obligations, fix)
		}
	}
	b.Add(kind.Reclassified, who, body)
	return nil
}

// setUrgency raises or lowers by hand. To lower what the customer called urgent needs a reason.
func (b *ballot) setUrgency(who string, c reply.Command) error {
	to := verdict.Urgent
	if c.Verb == verb.Normal {
		to = verdict.NotUrgent
		if b.T.Verdict.Urgency == verdict.Urgent && c.Args == "" {
			return refuse("normal_why", "")
		}
	}
	return clock.SetUrgency(b.Sheet, to, who, ticket.Body{Verb: string(c.Verb), Reason: c.Args})
}

// leave lets an unknown delivery rest: the person has seen that it arrived, or wants no second copy.
func (b *ballot) leave(who string) error {
	p, ok := b.Meant(posted.Unknown, b.Token.Letter)
	if !ok {
		return refuse("no_doubt", "")
	}
	b.Add(kind.Settled, who, ticket.Body{Verb: "leave", Delivery: &ticket.Delivery{Letter: p.ID, Proof: "left by " + who}})
	return clock.TakeEffect(b.Sheet, p.Letter)
}
