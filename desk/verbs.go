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
	if len(b.said.Commands) == 0 {
		if b.said.Words == "" {
			return f.refuse(b.arrival, refusal("the mail says nothing: no command and no words were found above the quoted text"))
		}
		return f.redraft(b, "no_verb")
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
	var done []letter.Line
	for _, c := range b.said.Commands {
		l, err := f.act(b, c)
		if err != nil {
			return err
		}
		if l.Key != "" {
			done = append(done, l)
		}
	}
	if b.writes() {
		return f.answer(ctx, b, done)
	}
	return f.receipt(b.staff, done)
}

// writes says whether the ballot asks for a letter to the customer.
func (b *ballot) writes() bool {
	return slices.ContainsFunc(b.said.Commands, func(c reply.Command) bool { return c.Verb.Writes() })
}

// act does what one command that writes no letter does, and says what that was.
func (f *dossier) act(b *ballot, c reply.Command) (letter.Line, error) {
	who := b.staff.Address()
	switch c.Verb {
	case reply.Note:
		f.add(kind.Noted, who, ticket.Body{Verb: "note", Text: strings.TrimSpace(c.Args + "\n" + b.noteWords())})
		return line("noted"), nil
	case reply.Take:
		return f.assign(who, b.staff), nil
	case reply.Assign:
		p, ok := f.desk.named(c.Args)
		if !ok {
			return letter.Line{}, refusal(fmt.Sprintf("nobody of the staff is called %q", c.Args))
		}
		return f.assign(who, p), nil
	case reply.Wait:
		f.add(kind.Waiting, who, ticket.Body{Verb: "wait", Text: c.Args})
		return line("waiting"), nil
	case reply.Fault, reply.Question, reply.Presale:
		return f.categorise(who, string(c.Verb), c.Args)
	case reply.Urgent, reply.Normal:
		return f.setUrgency(who, c)
	case reply.Close:
		f.add(kind.Closed, who, ticket.Body{Verb: "close"})
		return line("closed"), nil
	case reply.Reopen:
		f.add(kind.Reopened, who, ticket.Body{Verb: "reopen"})
		return line("reopened"), nil
	case reply.Leave:
		return f.leave(who)
	case reply.Undo:
		return f.recall(who)
	case reply.Status:
		return line("status"), nil
	case reply.Help:
		return line("help"), nil
	}
	return letter.Line{}, nil
}

// noteWords gives the words of a mail to its note, unless a letter takes them.
func (b *ballot) noteWords() string {
	if b.writes() {
		return ""
	}
	return b.said.Words
}

func (f *dossier) assign(by string, p Person) letter.Line {
	f.add(kind.Assigned, by, ticket.Body{Person: p.Address()})
	return line("assigned", "who", orElse(p.Name, p.Address()))
}

// categorise says what the request is. Only a fault has the clock of the correction, and that clock started with the request,
// however late it is called one.
func (f *dossier) categorise(who, category, why string) (letter.Line, error) {
	body := ticket.Body{Verdict: &ticket.Verdict{Category: category}, Verb: category, Reason: why}
	p := f.policy()
	if p.Fix != nil {
		fix, had := f.t.Duty(string(sla.Fix))
		switch {
		case category == "fault" && (!had || fix.Void):
			o, err := f.obligation(sla.Fix, f.t.ReceivedAt)
			if err != nil {
				return letter.Line{}, err
			}
			body.Obligations = append(body.Obligations, o)
		case category != "fault" && had && fix.Running():
			fix.Void = true
			body.Obligations = append(body.Obligations, fix)
		}
	}
	f.add(kind.Reclassified, who, body)
	return line("category_" + category), nil
}

// setUrgency raises or lowers by hand. To lower what the customer called urgent needs a reason.
func (f *dossier) setUrgency(who string, c reply.Command) (letter.Line, error) {
	to := "urgent"
	if c.Verb == reply.Normal {
		to = "not_urgent"
		if f.t.Verdict.Urgency == "urgent" && c.Args == "" {
			return letter.Line{}, refusal("to lower an urgent request write the reason behind the command: normal <why>")
		}
	}
	f.add(kind.Reclassified, who, ticket.Body{Verdict: &ticket.Verdict{Urgency: to}, Verb: string(c.Verb), Reason: c.Args})
	return line("urgency_" + to), nil
}

// leave lets an unknown delivery rest: the person has seen that it arrived, or wants no second copy.
func (f *dossier) leave(who string) (letter.Line, error) {
	p, ok := f.unknownLetter()
	if !ok {
		return letter.Line{}, refusal("no letter of this ticket is in doubt")
	}
	f.add(kind.Settled, who, ticket.Body{Verb: "leave", Delivery: &ticket.Delivery{Letter: p.ID, Proof: "left by " + who}})
	return line("left"), nil
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
func (f *dossier) recall(who string) (letter.Line, error) {
	for _, p := range slices.Backward(f.t.Posted) {
		if !p.Customer {
			continue
		}
		if p.State != "queued" {
			break
		}
		f.add(kind.Recalled, who, ticket.Body{Verb: "undo", Delivery: &ticket.Delivery{Letter: p.ID}})
		f.change.Done = append(f.change.Done, p.ID)
		return line("recalled"), nil
	}
	return letter.Line{}, refusal("there is nothing to take back: no decided letter is still waiting")
}

// answer makes the letter to the customer, if the person's right is good and the text is complete.
func (f *dossier) answer(ctx context.Context, b *ballot, done []letter.Line) error {
	if _, again := b.said.Has(reply.Resend); again {
		return f.resend(b, done)
	}
	if err := f.current(b.token); err != nil {
		return err
	}
	if b.said.Words != "" && b.text.Uncertain {
		return f.redraft(b, "uncertain_cut")
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
		return refusal("this was already decided: " + k.Spent)
	case k.Draft != f.t.Draft.Version:
		return refusal(fmt.Sprintf("the draft changed meanwhile: version %d is current, yours was %d", f.t.Draft.Version, k.Draft))
	case f.t.State == ticket.Closed:
		return refusal("the ticket is closed; reopen it first")
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
	draft.Template = f.template(b.said, draft)
	if f.t.Customer.Addr == "" {
		return draft, refusal("the customer's address is unknown, so there is nobody to write to")
	}
	return draft, nil
}

// personal enforces that a policy which wants a person's words gets them: enough of them, and not words already sent to
// anybody. ("La respuesta que se dé a los clientes debe ser personalizada.")
func (f *dossier) personal(ctx context.Context, draft ticket.Draft) error {
	least := f.policy().PersonalMin
	ack, _ := f.t.Duty(string(sla.Ack))
	if least == 0 || !ack.Running() {
		return nil
	}
	words := strings.Join(strings.Fields(draft.Personal), " ")
	if n := len([]rune(words)); n < least {
		return refusal(fmt.Sprintf("this contract wants an answer in your own words, at least %d characters; there are %d", least, n))
	}
	used, err := f.desk.byKey(ctx, storeWords, wordsKey(words))
	if err != nil {
		return err
	}
	if used != nil && used.Number != f.t.Number {
		return refusal("the same words were already sent for " + used.Ref + "; this contract wants an answer to this customer")
	}
	return nil
}

// decided records the decision with its letter, opens the next draft, and echoes the decision to the person: a forger could
// not keep that mail from him.
func (f *dossier) decided(b *ballot, draft ticket.Draft, done []letter.Line) error {
	answers := f.answers(draft.Template)
	r, err := f.customerLetter(draft, b.staff, answers)
	if err != nil {
		return err
	}
	body := ticket.Body{Verb: verbs(b.said), Auth: b.Auth.Evidence, Text: draft.Personal, Message: b.message()}
	body.Message.Text = ""
	f.enclose(&body, r)
	f.key(storeWords, wordsKey(draft.Personal))
	f.add(kind.Decided, b.staff.Address(), body)
	if err := f.promise(b, draft); err != nil {
		return err
	}
	if draft.Template == "resolved" {
		f.add(kind.Resolved, b.staff.Address(), ticket.Body{Verb: "fixed"})
		f.count("resolved")
	}
	f.count("decided")
	f.nextDraft()
	return f.receiptOf(b.staff, r, done)
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
func (f *dossier) resend(b *ballot, done []letter.Line) error {
	p, ok := f.unknownLetter()
	if !ok {
		return refusal("no letter of this ticket is in doubt; nothing was sent again")
	}
	return f.sendAgain(b, p, done)
}

func verbs(said reply.Reply) string {
	var names []string
	for _, c := range said.Commands {
		names = append(names, string(c.Verb))
	}
	return strings.Join(names, " ")
}

func line(key string, pairs ...string) letter.Line {
	l := letter.Line{Key: key}
	for i := 0; i+1 < len(pairs); i += 2 {
		if l.Values == nil {
			l.Values = map[string]string{}
		}
		l.Values[pairs[i]] = pairs[i+1]
	}
	return l
}

func cloneMap(m map[string]string) map[string]string {
	out := make(map[string]string, len(m)+2)
	for k, v := range m {
		out[k] = v
	}
	return out
}
