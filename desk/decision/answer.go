package decision

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"replyby/desk/clock"
	"replyby/desk/correction"
	"replyby/desk/dossier"
	"replyby/desk/draft"
	"replyby/desk/gate"
	"replyby/desk/reply/verb"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
	"replyby/ticket/verdict"
)

// answer makes the letter to the customer, if the person's right is good and the text is complete.
func (b *ballot) answer(ctx context.Context, done []letter.Deed) error {
	if b.Said.Asks(verb.Resend) {
		return b.resend(ctx, done)
	}
	if err := b.current(); err != nil {
		return err
	}
	if err := b.reachable(); err != nil {
		return err
	}
	if b.corrects() {
		return b.correct(ctx, done)
	}
	d := b.finished()
	if err := b.fitting(ctx, d); err != nil {
		return err
	}
	switch {
	case b.T.Notice.Asks && b.seen(d):
		return b.announce(ctx, done)
	case b.Edited && b.asShown():
		return b.redraft("edited")
	case b.Said.Words != "" && (b.Text.Uncertain || b.Letter.IsToStaff(b.Said.Words)):
		return b.redraft("uncertain_cut")
	case !b.seen(d):
		return b.redraft(b.unseen())
	}
	if err := b.personal(ctx, d); err != nil {
		return err
	}
	return b.decided(d, done)
}

// promises checks that the customer would read what the ballot promises him: a receipt that tells of a promise nobody was given is a lie. A
// place may be filled for a letter that is yet to be chosen.
func (b *ballot) promises(d ticket.Draft) error {
	for _, c := range b.Said.Commands {
		other := d.Template == correction.Template && slices.Contains([]verb.Verb{verb.Close, verb.Wait, verb.Bill}, c.Verb) && b.saves(c) // another letter
		kept := c.Verb == verb.Field && !b.Said.Writes()
		if other || !kept && !b.draftCase().Says(d, c) {
			return refuse("no_place", c.Line)
		}
	}
	if b.draftCase().Belated(d) {
		return refuse("late_news", "")
	}
	return nil
}

// seen reports whether the person has been shown what would go, but for what this very mail adds. A mail without a draft shows nothing, and
// is good for words of one's own beside nobody else's; and the text that was shown may since have given way to another, or say something
// else by now.
func (b *ballot) seen(d ticket.Draft) bool {
	switch {
	case !b.asShown():
		return false
	case b.Token.Purpose == token.Speak:
		return b.Said.Words != "" && b.T.Draft.By == ""
	}
	return d.Template == b.Beside(b.before).Case().Ticket.Draft.Template || draft.Steers(b.Said)
}

// asShown reports whether the draft as it was when the mail came still reads as it did when the token was given.
func (b *ballot) asShown() bool {
	return b.Beside(b.before).AsShown(b.Token, b.Staff)
}

// unseen is why a person is shown a draft that he asked to send.
func (b *ballot) unseen() string {
	switch {
	case b.Proof == gate.Confirmed:
		return "confirm"
	case token.Shut(b.Token):
		return "reopened"
	case b.Token.Purpose == token.Speak:
		return "unread"
	}
	return "changed"
}

// current checks that the token may still approve: unspent, and for the draft as it stands. One that a closing made void shows nothing any more,
// so that where the ticket is open again it brings the draft back.
func (b *ballot) current() error {
	switch k := b.Token; {
	case b.T.State == ticket.Closed && token.Shut(k):
		return b.closed()
	case k.Spent != "" && !token.Shut(k) && !strings.HasPrefix(k.Spent, "superseded"):
		return refuse("spent", b.DecidedBy(k))
	case k.Draft != b.T.Draft.Version:
		if who := b.AnsweredSince(k); who != "" {
			return refuse("spent", who)
		}
		return refuse("superseded", fmt.Sprint(b.T.Draft.Version))
	case b.T.State == ticket.Closed:
		return b.closed()
	}
	return nil
}

// finished is the draft with everything the ballot adds, to whoever the customer is by it.
func (b *ballot) finished() ticket.Draft {
	said, now := b.Said, b.T.Customer
	if b.Said.Noted() {
		said.Words = ""
	}
	d := b.draftCase().With(said, b.files, b.Staff)
	if b.Proof < gate.Confirmed {
		d.Unproven = b.Staff.Address()
	}
	if c, said := b.Said.Has(verb.Customer); said && strings.EqualFold(c.Args, now.Addr) {
		d.To = []ticket.Address{now}
		d.Cc = slices.DeleteFunc(slices.Clone(d.Cc), func(a ticket.Address) bool { return strings.EqualFold(a.Addr, now.Addr) })
	}
	return d
}

// draftCase is the ticket as the ballot leaves it, but as urgent as the customer called it.
func (b *ballot) draftCase() draft.Case {
	c := b.Case()
	c.Urged = clock.Urged(b.before)
	return c
}

// reachable refuses where mail cannot answer the customer: what a portal sends is answered there, with the draft for a text.
func (b *ballot) reachable() error {
	switch {
	case b.T.Notice.Asks:
		return nil
	case b.T.Verdict.Reply == verdict.Portal:
		return refuse("no_reply_address", "")
	case b.T.Customer.Addr == "":
		return refuse("no_customer", "")
	}
	return nil
}

// fitting checks what a letter says against the ticket and its contract.
func (b *ballot) fitting(ctx context.Context, d ticket.Draft) error {
	if err := b.promises(d); err != nil {
		return err
	}
	return b.sensible(ctx, d)
}

// personal enforces that a policy which wants a person's words gets them: enough of them, and not words already sent to
// anybody. ("La respuesta que se dé a los clientes debe ser personalizada.")
func (b *ballot) personal(ctx context.Context, d ticket.Draft) error {
	least, demanded := b.Demands(d)
	words := draft.Squeezed(d.Personal)
	if n := utf8.RuneCountInString(words); n < least {
		return refuse("too_short", fmt.Sprintf("%d/%d", n, least))
	}
	if !demanded {
		return nil
	}
	used, err := b.clerk.SentWords(ctx, draft.Key(words))
	if err != nil {
		return err
	}
	for _, t := range used {
		if b.Spoken(t, draft.Key(words)) {
			return refuse("same_words", t.Ref)
		}
	}
	return nil
}

// decided records the decision with its letter, opens the next draft, and echoes the decision to the person: a forger could
// not keep that mail from him.
func (b *ballot) decided(d ticket.Draft, done []letter.Deed) error {
	then := b.draftCase().Effects(d)
	if b.Said.Asks(verb.Close) && d.Template != "ticket_closed" {
		then = append(then, effect.Closes)
	}
	r, err := b.CustomerLetter(d, b.Staff, then)
	if err != nil {
		return err
	}
	body := ticket.Body{Verb: b.Said.Verbs(), Auth: b.Auth.Evidence, Draft: dossier.Decided(d), Text: d.Personal, Share: r.Share, Message: b.Message()}
	body.Message.Text = ""
	if c, refused := b.Said.Has(verb.Refuse); refused {
		body.Reason = c.Why
	}
	b.Enclose(&body, r.Rendered)
	b.Key(store.Words, r.Words)
	b.Add(kind.Decided, b.Staff.Address(), body)
	if d.Template == "resolved" {
		if err := clock.Solve(b.Sheet, b.Staff.Address(), ticket.Body{Verb: "fixed"}); err != nil {
			return err
		}
	}
	b.Count("decided")
	b.OpenDraft()
	return b.Dossier.Receipt(b.Staff, &r.Letter, done)
}

// resend sends a letter again whose fate is unknown: the same bytes under the same Message-ID, because a person said so. The mail that
// asked about a letter is good for that until it is answered, whatever else was decided meanwhile.
func (b *ballot) resend(ctx context.Context, done []letter.Deed) error {
	p, ok := b.Meant(posted.Unknown, b.Token.Letter)
	if !ok || b.Token.Letter == "" || b.T.State == ticket.Closed {
		if err := b.current(); err != nil {
			return err
		}
	}
	if !ok {
		return refuse("no_doubt", "")
	}
	raw, err := b.clerk.Raw(ctx, p.Hash)
	if err != nil {
		return fmt.Errorf("read letter %s again: %w", p.ID, err)
	}
	l := b.SendAgain(b.Staff, b.Auth.Evidence, p, raw)
	l.Text = mailparse.Parse(raw).Text // what the ticket keeps of a letter that has ended has no text
	b.RenewDraft(b.Staff)              // this token, too, is good for one letter
	return b.Dossier.Receipt(b.Staff, &l, done)
}

// redraft makes what a mail says the current draft and shows exactly what would go.
func (b *ballot) redraft(why string) error {
	return b.show(b.finished(), b.review(why))
}

// show makes a finished draft the current one. Words in whose place it puts others are shown beside it, where the mail that is answered did not
// show them and a colleague wrote them, or the person meant those of the letter that he took back.
func (b *ballot) show(d ticket.Draft, r letter.Review) error {
	was := b.before.Draft
	seen := b.Token.Draft == was.Version && b.Token.Purpose != token.Speak
	if d.Personal != was.Personal && was.Personal != "" && !seen && (was.By != b.Staff.Address() || b.Said.Asks(verb.Undo)) {
		b.SetAside(was, d)
	}
	return b.Redraft(b.Staff, d, r, b.Auth.Evidence)
}

// review is a mail that asks the person for a decision, and says what his own has done before.
func (b *ballot) review(why string) letter.Review {
	return letter.Review{Why: why, Detail: b.Astray, Done: b.done, Files: b.Attach, Others: b.Others}
}
