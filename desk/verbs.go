package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/desk/reply"
	"replyby/letter"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// carryOut does what a ballot says: commands first, in their order, then the letter if one is asked for. With a doubt nothing
// at all is done and the mail comes back with a question. Words without a verb come back as a new draft. Every mail that did
// something is answered with what it did.
func (f *dossier) carryOut(ctx context.Context, b *ballot) error {
	if doubt := b.said.Doubt; doubt != nil {
		return f.askMeaning(b, *doubt)
	}
	if len(b.said.Commands) == 0 && b.said.Words == "" {
		return f.refuse(b.arrival, refuse("empty", ""))
	}
	err := f.perform(ctx, b)
	if _, refused := err.(refusal); refused {
		*f = *f.desk.dossier(b.before, b.now, b.cause()) // a mail has its whole effect or none
		return f.refuse(b.arrival, err)
	}
	return err
}

// perform does every command of a ballot.
func (f *dossier) perform(ctx context.Context, b *ballot) error {
	if len(b.said.Commands) == 0 {
		return f.redraft(b, "no_verb")
	}
	if b.proof != proven {
		return f.unproven(ctx, b)
	}
	var done []letter.Deed
	for _, c := range b.said.Commands {
		if err := f.act(b, c); err != nil {
			return err
		}
		done = append(done, letter.Deed{Verb: string(c.Verb), Value: c.Args, At: c.At})
	}
	switch {
	case b.writes():
		return f.answer(ctx, b, done)
	case b.asks(reply.Help):
		return f.help(b.staff)
	case b.asks(reply.Status):
		return f.ask([]Person{b.staff}, letter.Review{Why: "status", Request: f.t.Excerpt})
	}
	return f.receiptOf(b.staff, nil, done)
}

// unproven handles a ballot whose author's provider proves nothing. Commands that write no letter are refused. An approval is mailed
// back to the enrolled address with a token for this purpose alone; `ok` to that, and nothing more, sends exactly that text.
func (f *dossier) unproven(ctx context.Context, b *ballot) error {
	bare := len(b.said.Commands) == 1 && b.asks(reply.OK) && b.said.Words == ""
	switch {
	case b.proof == confirmed && bare:
		return f.answer(ctx, b, nil)
	case !b.writes() || b.asks(reply.Resend):
		return refuse("unproven", orElse(b.Auth.Evidence, "the mail carries no proof of its sender"))
	}
	if err := f.current(b.token); err != nil {
		return err
	}
	return f.redraft(b, "confirm")
}

func (b *ballot) asks(v reply.Verb) bool {
	_, yes := b.said.Has(v)
	return yes
}

// writes says whether the ballot asks for a letter to the customer.
func (b *ballot) writes() bool {
	return slices.ContainsFunc(b.said.Commands, func(c reply.Command) bool { return c.Verb.Writes() })
}

// act does what one command does that writes no letter to the customer.
func (f *dossier) act(b *ballot, c reply.Command) error {
	who := b.staff.Address()
	body := ticket.Body{Verb: string(c.Verb), Text: c.Args}
	switch c.Verb {
	case reply.Note:
		body.Text = strings.TrimSpace(c.Args + "\n" + b.noteWords())
		f.add(kind.Noted, who, body)
	case reply.Take:
		f.add(kind.Assigned, who, ticket.Body{Verb: body.Verb, Person: who})
	case reply.Assign:
		p, ok := f.desk.named(c.Args)
		if !ok {
			return refuse("nobody", c.Args)
		}
		f.add(kind.Assigned, who, ticket.Body{Verb: body.Verb, Person: p.Address()})
	case reply.Wait:
		f.add(kind.Waiting, who, body)
	case reply.Close:
		f.add(kind.Closed, who, body)
	case reply.Reopen:
		f.add(kind.Reopened, who, body)
	case reply.Posted:
		body.Text = b.said.Words
		f.add(kind.PostedDeclared, who, body)
		f.openDraft()
	case reply.Fault, reply.Question, reply.Presale:
		return f.categorise(who, c)
	case reply.Urgent, reply.Normal:
		return f.setUrgency(who, c)
	case reply.Leave:
		return f.leave(who)
	case reply.Undo:
		return f.recall(who)
	}
	return nil
}

// noteWords gives the words of a mail to its note, unless a letter takes them.
func (b *ballot) noteWords() string {
	if b.writes() {
		return ""
	}
	return b.said.Words
}

// categorise says what the request is. Only a fault has the clock of the correction, and that clock started with the request,
// however late it is called one.
func (f *dossier) categorise(who string, c reply.Command) error {
	category := string(c.Verb)
	body := ticket.Body{Verdict: &ticket.Verdict{Category: category}, Verb: category, Reason: c.Args}
	if f.policy().Fix != nil {
		fix, had := f.t.Duty(string(sla.Fix))
		switch {
		case c.Verb == reply.Fault && (!had || fix.Void):
			o, err := f.obligation(sla.Fix, f.t.ReceivedAt)
			if err != nil {
				return err
			}
			body.Obligations = append(body.Obligations, o)
		case c.Verb != reply.Fault && had && fix.Running():
			fix.Void = true
			body.Obligations = append(body.Obligations, fix)
		}
	}
	f.add(kind.Reclassified, who, body)
	return nil
}

// setUrgency raises or lowers by hand. To lower what the customer called urgent needs a reason.
func (f *dossier) setUrgency(who string, c reply.Command) error {
	to := "urgent"
	if c.Verb == reply.Normal {
		to = "not_urgent"
		if f.t.Verdict.Urgency == "urgent" && c.Args == "" {
			return refuse("normal_why", "")
		}
	}
	f.add(kind.Reclassified, who, ticket.Body{Verdict: &ticket.Verdict{Urgency: to}, Verb: string(c.Verb), Reason: c.Args})
	return nil
}

// leave lets an unknown delivery rest: the person has seen that it arrived, or wants no second copy.
func (f *dossier) leave(who string) error {
	p, ok := f.unknownLetter()
	if !ok {
		return refuse("no_doubt", "")
	}
	f.add(kind.Settled, who, ticket.Body{Verb: "leave", Delivery: &ticket.Delivery{Letter: p.ID, Proof: "left by " + who}})
	return nil
}

func (f *dossier) unknownLetter() (ticket.Posted, bool) {
	for _, p := range slices.Backward(f.t.Posted) {
		if p.Customer && p.State == "unknown" {
			return p, true
		}
	}
	return ticket.Posted{}, false
}

// recall takes back the last decided letter while it still waits.
func (f *dossier) recall(who string) error {
	for _, p := range slices.Backward(f.t.Posted) {
		if !p.Customer {
			continue
		}
		if p.State != "queued" {
			break
		}
		f.add(kind.Recalled, who, ticket.Body{Verb: "undo", Delivery: &ticket.Delivery{Letter: p.ID}})
		f.change.Done = append(f.change.Done, p.ID)
		return nil
	}
	return refuse("nothing_to_undo", "")
}

// answer makes the letter to the customer, if the person's right is good and the text is complete.
func (f *dossier) answer(ctx context.Context, b *ballot, done []letter.Deed) error {
	if _, again := b.said.Has(reply.Resend); again {
		return f.resend(ctx, b, done)
	}
	if err := f.current(b.token); err != nil {
		return err
	}
	switch {
	case b.said.Words != "" && b.text.Uncertain:
		return f.redraft(b, "uncertain_cut")
	case b.said.Words == "" && b.token.Purpose == purposeSpeak:
		return f.redraft(b, "status")
	}
	draft, err := f.finished(b)
	if err != nil {
		return err
	}
	if err := f.personal(ctx, draft); err != nil {
		return err
	}
	return f.decided(b, draft, done)
}

// current checks that the token may still approve: unspent, and for the draft as it stands.
func (f *dossier) current(k ticket.Token) error {
	switch {
	case k.Spent != "":
		return refuse("spent", k.Spent)
	case k.Draft != f.t.Draft.Version:
		return refuse("superseded", fmt.Sprint(f.t.Draft.Version))
	case f.t.State == ticket.Closed:
		return refuse("closed", "")
	}
	return nil
}

// finished is the draft with everything the ballot adds: words, estimate, recipients, and the text that fits them.
func (f *dossier) finished(b *ballot) (ticket.Draft, error) {
	draft := f.t.Draft
	draft.Values, draft.Times = cloneMap(draft.Values), cloneMap(draft.Times)
	draft.By = b.staff.Address()
	if b.said.Words != "" {
		draft.Personal = b.said.Words
	}
	for _, c := range b.said.Commands {
		switch c.Verb {
		case reply.ETA:
			draft.Times["eta"] = c.At.UTC().Format(time.RFC3339)
		case reply.Next:
			draft.Times["next_update"] = c.At.UTC().Format(time.RFC3339)
		case reply.NoETA:
			delete(draft.Times, "eta")
			draft.Values["why_no_eta"] = strings.TrimRight(c.Args, ".")
		case reply.OK:
			if c.Args != "" {
				draft.Cc = f.t.Cc
			}
		}
	}
	if draft.Template != "resolved" {
		draft.Template = f.template(b.said, draft)
	}
	switch {
	case f.t.Verdict.Reply == "portal":
		return draft, refuse("no_reply_address", "")
	case f.t.Customer.Addr == "":
		return draft, refuse("no_customer", "")
	}
	return draft, nil
}

// personal enforces that a policy which wants a person's words gets them: enough of them, and not words already sent to
// anybody. ("La respuesta que se dé a los clientes debe ser personalizada.")
func (f *dossier) personal(ctx context.Context, draft ticket.Draft) error {
	least := f.policy().PersonalMin
	if ack, _ := f.t.Duty(string(sla.Ack)); !ack.Running() {
		least = 0
	}
	if draft.Template == "reply" { // it says nothing else
		least = max(least, 1)
	}
	if least == 0 {
		return nil
	}
	words := strings.Join(strings.Fields(draft.Personal), " ")
	if n := len([]rune(words)); n < least {
		return refuse("too_short", fmt.Sprintf("%d/%d", n, least))
	}
	if least == 1 {
		return nil
	}
	used, err := f.desk.byKey(ctx, store.Words, wordsKey(words))
	if err != nil {
		return err
	}
	if used != nil && used.Number != f.t.Number {
		return refuse("same_words", used.Ref)
	}
	return nil
}

// decided records the decision with its letter, opens the next draft, and echoes the decision to the person: a forger could
// not keep that mail from him.
func (f *dossier) decided(b *ballot, draft ticket.Draft, done []letter.Deed) error {
	answers := f.answers(draft.Template)
	r, err := f.customerLetter(draft, b.staff, answers)
	if err != nil {
		return err
	}
	body := ticket.Body{Verb: verbs(b.said), Auth: b.Auth.Evidence, Text: draft.Personal, Message: b.message()}
	body.Message.Text = ""
	f.enclose(&body, r)
	f.key(store.Words, wordsKey(draft.Personal))
	f.add(kind.Decided, b.staff.Address(), body)
	if err := f.promise(b, draft); err != nil {
		return err
	}
	if draft.Template == "resolved" {
		f.add(kind.Resolved, b.staff.Address(), ticket.Body{Verb: "fixed"})
		f.count("resolved")
	}
	f.count("decided")
	f.openDraft()
	return f.receiptOf(b.staff, &r.Letter, done)
}

// promise starts the clock of an estimate that the letter gives.
func (f *dossier) promise(b *ballot, draft ticket.Draft) error {
	c, ok := b.said.Has(reply.ETA)
	if !ok || draft.Times["eta"] == "" {
		return nil
	}
	o, err := f.obligation(sla.ETA, c.At)
	if err != nil {
		return err
	}
	f.add(kind.Promised, b.staff.Address(), ticket.Body{Obligations: []ticket.Obligation{o}, Verb: "eta", Text: draft.Times["eta"]})
	return nil
}

// resend sends a letter again whose fate is unknown: the same bytes under the same Message-ID, because a person said so.
func (f *dossier) resend(ctx context.Context, b *ballot, done []letter.Deed) error {
	p, ok := f.unknownLetter()
	if !ok {
		return refuse("no_doubt", "")
	}
	raw, err := f.desk.store.Raw(ctx, p.Hash)
	if err != nil {
		return fmt.Errorf("read letter %s again: %w", p.ID, err)
	}
	return f.sendAgain(b, p, raw, done)
}

func verbs(said reply.Reply) string {
	var names []string
	for _, c := range said.Commands {
		names = append(names, string(c.Verb))
	}
	return strings.Join(names, " ")
}

func cloneMap(m map[string]string) map[string]string {
	out := make(map[string]string, len(m)+2)
	for k, v := range m {
		out[k] = v
	}
	return out
}
