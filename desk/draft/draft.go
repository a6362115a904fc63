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
	"replyby/desk/reply/courtesy"
	"replyby/desk/reply/verb"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/sla"
	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/verdict"
)

// Case is a ticket as its next answer sees it. Attended are the hours in which somebody works on it. Urged says that the customer
// called it urgent, whatever staff have made of that since; Billable that work on it may be billed.
type Case struct {
	*charter.Charter
	Texts    *text.Texts
	Ticket   ticket.Ticket
	Attended *sla.Calendar
	Now      time.Time
	Urged    bool
	Billable bool
	// Announced says that the contract wants the solution said in a letter of its own, which the acknowledgement promises.
	Announced bool
}

// Fill writes a draft as the person would send it. A paragraph for his own words is left out while there are none. A notice for many
// was written when it was proposed.
func (c Case) Fill(d ticket.Draft, p charter.Person) (text.Filled, error) {
	if c.Ticket.Notice.Asks && d.Text != "" {
		return text.Filled{Body: d.Text}, nil
	}
	v := c.values(d, p)
	var lacks []string
	if v["ground"] != "" {
		ground, err := c.Texts.Fill("ground_"+groundText(v["ground"]), d.Language, v)
		if err != nil {
			return text.Filled{}, err
		}
		v["ground"], lacks = ground.Body, ground.Missing
	}
	filled, err := c.Texts.Fill(d.Template, d.Language, v)
	filled.Missing = append(lacks, filled.Missing...)
	return filled, err
}

// groundText is the paragraph about a ground of refusal, by what people call the ground.
func groundText(ground string) string {
	switch ground {
	case "care", "contract":
		return "no_" + ground
	}
	return ground
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
	by := ""
	if d.By != "" && d.By != p.Address() {
		by = c.Called(d.By)
	}
	return letter.Draft{By: by, DraftSubject: filled.Subject, DraftText: filled.Body, Mark: mark, Missing: filled.Missing, News: c.Says(d, reply.Command{Verb: verb.Next})}, nil
}

// Squeezed are a person's words as they are counted and compared: what stands between them is one blank.
func Squeezed(words string) string { return strings.Join(strings.Fields(words), " ") }

// Bare are words as only what they say counts: without blanks that are many, and case.
func Bare(words string) string { return strings.ToLower(Squeezed(words)) }

// Key is the identity of a person's words.
func Key(words string) string { return ticket.Sum([]byte(Bare(words))).String() }

// Left is what stays of a draft where a person has answered without the program: what a colleague is writing, unless it is what was said, and a
// correction proposed to several, for nobody could find it again. Nothing of any other.
func Left(d ticket.Draft, by charter.Person, said string) ticket.Draft {
	given := d.Personal != "" && strings.Contains(Bare(said), Bare(d.Personal))
	if len(d.With) == 0 && (d.By == by.Address() || given) {
		return ticket.Draft{}
	}
	return d
}

// values are the words for the placeholders of a text. Instants are printed in the customer's language and the desk's zone.
func (c Case) values(d ticket.Draft, p charter.Person) map[string]string {
	say, err := wording.In(d.Language)
	if err != nil {
		say, _ = wording.In("en")
	}
	v := map[string]string{}
	maps.Copy(v, d.Values)
	v["product"] = cmp.Or(v["product"], c.Product(c.Ticket))
	for _, name := range []string{"version", "shop_url", "order"} {
		v[name] = cmp.Or(v[name], c.Ticket.Verdict.Fields[name])
	}
	v["rate"] = cmp.Or(v["rate"], c.ExtraRate)
	v["customer"], v["ref"], v["subject"] = c.Ticket.Customer.Name, c.Ticket.Ref, c.Ticket.Subject
	if c.Ticket.Notice.Kind == "renewal" { // what we call it is no word of the customer's
		v["subject"] = ""
	}
	v["received"] = say.Instant(c.Ticket.ReceivedAt.Truncate(time.Minute), c.Zone)
	if c.Ticket.Verdict.Reply != verdict.Portal { // there no answer carries a subject
		v["tag"] = c.Ticket.Ref
	}
	v["team"], v["hours"] = c.Team, say.Hours(c.Hours)
	v["urgent"] = c.urgentTerm(d.Language)
	v["agent"], v["email"] = cmp.Or(p.Name, p.Address()), c.Address
	v["personal"] = d.Personal
	c.frame(v)
	maps.Copy(v, c.notice(say, d.Language))
	for name, at := range c.times(d) {
		v[name] = say.Due(at, c.Zone)
	}
	return v
}

// frame finds the greeting and the farewell in a person's words, which take the place of those of the text: people write whole mails, and their
// customers would be greeted twice. A farewell without a name is followed by that of who answers; a name alone is none, and stands in that of the
// text in full.
func (c Case) frame(v map[string]string) {
	var signed bool
	v["greeting"], v["said"], v["farewell"], signed = courtesy.Frame(v["personal"], v["agent"])
	switch {
	case courtesy.IsName(v["farewell"], v["agent"]):
		v["farewell"] = ""
	case v["farewell"] != "" && !signed:
		v["farewell"] = strings.TrimSpace(v["farewell"] + "\n" + v["agent"] + "\n" + v["team"])
	}
}

// urgentTerm is the word that counts as urgent under the contract: that of the customer's language where it is one, else the first.
func (c Case) urgentTerm(language string) string {
	own := map[string]string{"it": "URGENTE", "es": "URGENTE", "fr": "URGENT", "en": "URGENT"}[language]
	if i := slices.IndexFunc(c.UrgentTerms, func(term string) bool { return strings.EqualFold(term, own) }); i >= 0 {
		return c.UrgentTerms[i]
	}
	return strings.Join(c.UrgentTerms[:min(1, len(c.UrgentTerms))], "")
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
	switch d.Template {
	case "eta_changed":
		times["old_eta"] = c.promised()
	case "need_info":
		if at, named := times["next_update"]; named {
			times["reply_by"] = at
		}
	}
	return times
}

// nextOpening is when service hours begin again: out of hours the next time at all, else on another day.
func (c Case) nextOpening(d ticket.Draft) time.Time {
	from := c.Now
	if d.Template == "ack_no_eta" || c.Attended.IsOpen(c.Now) {
		y, m, day := c.Now.In(c.Zone).Date()
		from = time.Date(y, m, day+1, 0, 0, 0, 0, c.Zone)
	}
	return c.Attended.NextOpen(from)
}
