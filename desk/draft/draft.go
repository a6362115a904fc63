// Package draft chooses the text of the next answer to a customer and fills it in.
//
// It is a function of the ticket, the desk, the draft, the person who signs and the instant: nothing is stored, nothing is sent and
// nothing is decided here. A text that lacks something says what.
package draft

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/reply"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/sla"
	"replyby/sla/wording"
	"replyby/ticket"
)

// Case is a ticket as its next answer sees it. Attended are the hours in which somebody works on it.
type Case struct {
	*charter.Charter
	Texts    *text.Texts
	Ticket   ticket.Ticket
	Attended *sla.Calendar
	Now      time.Time
}

// Template chooses the text that fits the state of the ticket and what the person said.
func (c Case) Template(said reply.Reply, d ticket.Draft) string {
	if _, fixed := said.Has(verb.Fixed); fixed {
		return "resolved"
	}
	ack, owed := c.Ticket.Duty(string(sla.Ack))
	switch {
	case !owed || !ack.Running() || c.answering(string(sla.Ack)):
		return "reply"
	case d.Values["why_no_eta"] != "":
		return "ack_no_eta"
	case c.Ticket.Verdict.Category == "presale" && c.Ticket.Verdict.Fields["product"] != "":
		return "presale_reply"
	case c.urgent() && !c.Attended.IsOpen(c.Ticket.ReceivedAt):
		return "ack_urgent_off_hours"
	case c.urgent():
		return "ack_urgent"
	}
	return "ack_eta"
}

// answering says whether a decided letter that meets an obligation is under way.
func (c Case) answering(duty string) bool {
	return slices.ContainsFunc(c.Ticket.Posted, func(p ticket.Posted) bool {
		return p.Customer && slices.Contains(p.Answers, duty) && (p.State == "queued" || p.State == "sending")
	})
}

func (c Case) urgent() bool { return c.Ticket.Verdict.Urgency == "urgent" }

// Fill writes a draft as the person would send it. A paragraph for his own words is left out while there are none.
func (c Case) Fill(d ticket.Draft, p charter.Person) (text.Filled, error) {
	return c.Texts.Fill(d.Template, d.Language, c.values(d, p))
}

// Shown is the ticket's draft as a person sees it: with a mark where his own words belong.
func (c Case) Shown(p charter.Person, mark string) (letter.Draft, error) {
	d := c.Ticket.Draft
	if d.Personal == "" {
		d.Personal = mark
	}
	filled, err := c.Fill(d, p)
	if err != nil {
		return letter.Draft{}, err
	}
	return letter.Draft{DraftSubject: filled.Subject, DraftText: filled.Body, Mark: mark, Missing: filled.Missing}, nil
}

// values are the words for the placeholders of a text. Instants are printed in the customer's language and the desk's zone.
func (c Case) values(d ticket.Draft, p charter.Person) map[string]string {
	say, err := wording.In(d.Language)
	if err != nil {
		say, _ = wording.In("en")
	}
	v := map[string]string{}
	maps.Copy(v, d.Values)
	for _, name := range []string{"product", "version", "shop_url", "order"} {
		v[name] = cmp.Or(v[name], c.Ticket.Verdict.Fields[name])
	}
	v["customer"], v["ref"], v["subject"] = c.Ticket.Customer.Name, c.Ticket.Ref, c.Ticket.Subject
	v["received"] = say.Instant(c.Ticket.ReceivedAt.Truncate(time.Minute), c.Zone)
	v["personal"], v["team"], v["hours"] = d.Personal, c.Team, c.Hours
	v["agent"], v["email"] = cmp.Or(p.Name, p.Address()), c.Address
	for name, at := range c.times(d) {
		v[name] = say.Due(at, c.Zone)
	}
	return v
}

// times are the instants of a draft. Whoever says that he cannot tell, or that he will be back, has a next update by the next
// opening unless he named one.
func (c Case) times(d ticket.Draft) map[string]time.Time {
	times := map[string]time.Time{}
	for name, s := range d.Times {
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			times[name] = at
		}
	}
	if _, named := times["next_update"]; !named && (d.Template == "ack_no_eta" || d.Template == "ack_urgent_off_hours") {
		times["next_update"] = c.nextOpening(d)
	}
	return times
}

// nextOpening is when service hours begin again: for a request out of hours the next time at all, else on another day.
func (c Case) nextOpening(d ticket.Draft) time.Time {
	from := c.Now
	if d.Template == "ack_no_eta" {
		y, m, day := c.Now.In(c.Zone).Date()
		from = time.Date(y, m, day+1, 0, 0, 0, 0, c.Zone)
	}
	return c.Attended.NextOpen(from)
}

// Purpose is what a letter from a template is, as the log calls it.
func Purpose(template string) string {
	if strings.HasPrefix(template, "ack") || template == "presale_reply" {
		return "ack"
	}
	return "reply"
}
