package draft

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/enclosure"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/effect"
	"replyby/ticket/posted"
	"replyby/ticket/verdict"
)

// With is the draft with all that a staff mail adds to it: words, instants, facts, files, and the text that fits them.
func (c Case) With(said reply.Reply, files []ticket.Enclosed, by charter.Person) ticket.Draft {
	d := c.Ticket.Draft
	d.Values, d.Times = own(d.Values), own(d.Times)
	d.By, d.With = by.Address(), nil
	if said.Words != "" {
		d.Personal, d.Unproven = said.Words, ""
	}
	for _, named := range []bool{false, true} { // what names its place goes before what fills it by the way, as minutes do that of the estimate
		for _, x := range said.Commands {
			if named == (x.Verb == verb.Field) {
				c.take(&d, x)
			}
		}
	}
	d.Files = enclosure.With(d.Files, files)
	d.Template = c.Template(said, d)
	return d
}

// take puts what one command says where the text has its place.
func (c Case) take(d *ticket.Draft, x reply.Command) {
	put := func(name, words string) {
		if words != "" {
			d.Values[name] = strings.TrimRight(words, ". ")
		}
	}
	switch x.Verb {
	case verb.ETA:
		d.Times["eta"] = x.At.UTC().Format(time.RFC3339)
		put("eta_reason", x.Why)
	case verb.Next:
		d.Times["next_update"] = x.At.UTC().Format(time.RFC3339)
	case verb.NoETA:
		delete(d.Times, "eta")
		put("why_no_eta", x.Args)
	case verb.OK:
		if x.Args != "" {
			d.Cc, d.All = c.Ticket.Cc, true
		}
	case verb.Fixed, verb.Close:
		put("what_was_done", x.Args)
	case verb.Wait:
		put("missing", x.Args)
	case verb.Refuse:
		put("ground", x.Args)
		put("what_was_done", x.Why)
	case verb.Refund:
		put("amount", x.Args)
	case verb.Bill:
		put("estimate", lasting(x.Minutes))
		put("work", x.Why)
	case verb.Field:
		name, words, _ := strings.Cut(x.Args, ": ")
		put(name, words)
	case verb.Detach:
		d.Files = nil
	}
}

// lasting writes minutes as all four languages do.
func lasting(minutes int) string {
	if minutes < 60 {
		return fmt.Sprintf("%d min", minutes)
	}
	return strings.TrimSuffix(fmt.Sprintf("%d h %d min", minutes/60, minutes%60), " 0 min")
}

// Template chooses the text: the one that the person asks for, else the one that an earlier mail asked for, else the one that fits the
// state of the ticket.
func (c Case) Template(said reply.Reply, d ticket.Draft) string {
	switch {
	case said.Asks(verb.Refuse):
		return "refusal"
	case said.Asks(verb.Refund):
		return "refund"
	case said.Asks(verb.Fixed):
		return "resolved"
	case said.Asks(verb.Wait) && d.Values["missing"] != "":
		return "need_info"
	case said.Asks(verb.Close):
		return "ticket_closed"
	case said.Asks(verb.Normal) && c.Urged:
		return "urgent_not_met"
	case c.Offers(said):
		return "extra_billing"
	case asked(d.Template) && !said.Asks(verb.ETA, verb.NoETA, verb.Urgent, verb.Presale, verb.Fault, verb.Question):
		return d.Template
	}
	return c.fitting(d)
}

// asked reports whether a text is never chosen by the state of a ticket, only by a person.
func asked(template string) bool {
	return slices.Contains([]string{"refusal", "refund", "resolved", "resolved_patch", "need_info", "ticket_closed", "urgent_not_met", "extra_billing"}, template)
}

// Offers reports whether minutes are named before the customer has agreed to pay for them: the letter offers the work.
func (c Case) Offers(said reply.Reply) bool {
	return said.Asks(verb.Bill) && said.Asks(verb.OK, verb.ETA, verb.NoETA) && !c.Billable && !said.Asks(verb.Refuse, verb.Refund, verb.Fixed, verb.Patch, verb.Close)
}

// Steers reports whether a staff mail itself says which text it wants, so that its author need not have seen that one before.
func Steers(said reply.Reply) bool {
	return said.Asks(verb.ETA, verb.NoETA, verb.Fixed, verb.Urgent, verb.Normal, verb.Presale, verb.Fault, verb.Question, verb.Refuse, verb.Refund, verb.Wait,
		verb.Close, verb.Bill)
}

// fitting is the text that the state of the ticket asks for: an acknowledgement while that is owed, an ordinary reply after that.
// Where an estimate is given, the text has a place for it.
func (c Case) fitting(d ticket.Draft) string {
	if text := c.unasked(); text != "" {
		return text
	}
	ack, owed := c.Ticket.Duty(duty.Ack)
	estimated := d.Times["eta"] != ""
	switch {
	case (!owed || !ack.Running() || c.answering(duty.Ack)) && c.moved(d):
		return "eta_changed"
	case !owed || !ack.Running() || c.answering(duty.Ack):
		return "reply"
	case d.Values["why_no_eta"] != "":
		return "ack_no_eta"
	case !estimated && c.Ticket.Verdict.Category == verdict.Presale && cmp.Or(d.Values["product"], c.Product(c.Ticket)) != "":
		return "presale_reply"
	case c.Ticket.Verdict.Category == verdict.Question && !c.Announced:
		return "reply" // the answer itself: nothing is taken in charge, and no word of a solution follows
	case !estimated && c.urgent() && d.Template != "ack_urgent" && c.offHours():
		return "ack_urgent_off_hours"
	case c.urgent():
		return "ack_urgent"
	}
	return "ack_eta"
}

// answering reports whether a decided letter that meets an obligation is under way.
func (c Case) answering(owed duty.Name) bool {
	return slices.ContainsFunc(c.Ticket.Posted, func(p ticket.Posted) bool { return underWay(p) && slices.Contains(p.Answers, owed) })
}

func underWay(p ticket.Posted) bool {
	return p.Customer && (p.State == posted.Queued || p.State == posted.Sending)
}

// offHours reports whether the request came out of hours and nobody is in yet. Who writes in service hours is at work, and says so; a draft that
// says it stays, so that it is not changed under the eyes of whoever approves it a little later.
func (c Case) offHours() bool {
	return !c.Attended.IsOpen(c.Ticket.ReceivedAt) && !c.Attended.IsOpen(c.Now)
}

// Current is the draft of the ticket as it reads at this instant: what was written out of hours gives way once somebody is in.
func (c Case) Current() ticket.Draft {
	d := c.Ticket.Draft
	if d.Template == "ack_urgent_off_hours" && !c.offHours() {
		d.Template = "ack_urgent"
	}
	return d
}

func (c Case) urgent() bool { return c.Ticket.Verdict.Urgency == verdict.Urgent }

// moved reports whether a draft gives another estimate than the customer has, or is about to get.
func (c Case) moved(d ticket.Draft) bool {
	at, err := time.Parse(time.RFC3339, d.Times["eta"])
	was := c.promised()
	return err == nil && !was.IsZero() && !at.Equal(was)
}

// promised is the estimate that the customer has, or is about to get; zero if none stands.
func (c Case) promised() time.Time {
	for _, p := range slices.Backward(c.Ticket.Posted) {
		if s, pledged := p.Does(effect.Pledges); pledged && (underWay(p) || p.State == posted.Unknown) {
			if at, err := time.Parse(time.RFC3339, s); err == nil {
				return at
			}
		}
	}
	if o, ok := c.Ticket.Duty(duty.ETA); ok && o.Running() {
		return o.From
	}
	return time.Time{}
}

// Effects are what the letter of a draft does to the ticket when a server takes it.
func (c Case) Effects(d ticket.Draft) []effect.Effect {
	var all []effect.Effect
	switch d.Template {
	case "need_info":
		all = append(all, effect.Waits)
	case "refusal":
		all = append(all, effect.Refuses.With(d.Values["ground"]))
	case "refund":
		all = append(all, effect.Refunds.With(d.Values["amount"]))
	case "ticket_closed", Renewal, Phone:
		all = append(all, effect.Closes)
	case "resolved", "resolved_patch":
		all = append(all, effect.Solves)
	case "extra_billing", "urgent_not_met":
		if d.Values["rate"] != "" || c.ExtraRate != "" {
			all = append(all, effect.Offers)
		}
	}
	if eta := d.Times["eta"]; eta != "" && c.mentions(d, "eta") {
		all = append(all, effect.Pledges.With(eta))
	}
	if at := c.news(d); !at.IsZero() {
		all = append(all, effect.Updates.With(at.UTC().Format(time.RFC3339)))
	}
	return all
}

// news is the instant by which the letter of a draft says that the customer will hear again. That work goes on by the next opening is no such
// word, unless a person named the instant.
func (c Case) news(d ticket.Draft) time.Time {
	_, named := d.Times["next_update"]
	if !c.mentions(d, "next_update") || !named && d.Template == "ack_urgent_off_hours" {
		return time.Time{}
	}
	return c.times(d)["next_update"]
}

// Belated reports whether the letter of a draft names a moment for news that comes after the one by which it is to be solved.
func (c Case) Belated(d ticket.Draft) bool {
	eta, err := time.Parse(time.RFC3339, d.Times["eta"])
	return err == nil && d.Times["next_update"] != "" && c.mentions(d, "eta") && c.news(d).After(eta)
}

// Says reports whether the letter of a draft tells the customer what a command promises: its text has a place for it. Of a command that promises
// nothing there is nothing to tell.
func (c Case) Says(d ticket.Draft, x reply.Command) bool {
	switch x.Verb {
	case verb.ETA:
		return c.mentions(d, "eta")
	case verb.NoETA:
		return c.mentions(d, "why_no_eta")
	case verb.Next:
		return c.mentions(d, "next_update") || d.Template == "need_info" && c.mentions(d, "reply_by") // a text of somebody's own may have that one
	case verb.Field:
		name, _, _ := strings.Cut(x.Args, ": ")
		return c.mentions(d, name)
	}
	return true
}

// mentions reports whether the text of a draft has a place of that name, in its subject too, or in the paragraph about a ground of refusal.
func (c Case) mentions(d ticket.Draft, name string) bool {
	subject, body, _ := c.Texts.Source(d.Template, d.Language)
	if ground := d.Values["ground"]; ground != "" {
		_, paragraph, _ := c.Texts.Source("ground_"+groundText(ground), d.Language)
		body = strings.ReplaceAll(body, "{ground}", paragraph)
	}
	text := subject + "\n" + body
	return strings.Contains(text, "{"+name+"}") || strings.Contains(text, "{"+name+"?}")
}

// Purpose is what a letter from a template is, as the log calls it.
func Purpose(template string) string {
	switch template {
	case Closure, Renewal:
		return "notice"
	}
	if strings.HasPrefix(template, "ack") || template == "presale_reply" {
		return "ack"
	}
	return "reply"
}

// own copies a map, so that the draft of the ticket stays as it is.
func own(m map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, m)
	return out
}
