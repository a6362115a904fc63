package desk

import (
	"strings"
	"time"

	"replyby/desk/reply"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/sla"
	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// openDraft begins the next answer to the customer: the acknowledgement while it is owed, an ordinary reply after that.
func (f *dossier) openDraft() {
	d := ticket.Draft{Version: f.t.Draft.Version + 1, Language: orElse(f.t.Verdict.Language, f.desk.cfg.Languages[0])}
	if f.t.Customer.Addr != "" {
		d.To = []ticket.Address{f.t.Customer}
	}
	d.Template = f.template(reply.Reply{}, d)
	f.add(kind.Drafted, program, ticket.Body{Draft: &d})
}

// template chooses the text that fits the state of the ticket and what the person said.
func (f *dossier) template(said reply.Reply, d ticket.Draft) string {
	if _, fixed := said.Has(reply.Fixed); fixed {
		return "resolved"
	}
	ack, owed := f.t.Duty(string(sla.Ack))
	switch {
	case !owed || !ack.Running():
		return "reply"
	case d.Values["why_no_eta"] != "":
		return "ack_no_eta"
	case f.t.Verdict.Category == "presale" && f.t.Verdict.Fields["product"] != "":
		return "presale_reply"
	case f.t.Verdict.Urgency == "urgent" && !f.desk.cfg.Service.IsOpen(f.t.ReceivedAt):
		return "ack_urgent_off_hours"
	case f.t.Verdict.Urgency == "urgent":
		return "ack_urgent"
	}
	return "ack_eta"
}

// fill writes a draft as the person would send it. A paragraph for his own words is left out while there are none.
func (f *dossier) fill(d ticket.Draft, p Person) (text.Filled, error) {
	return f.desk.texts.Fill(d.Template, d.Language, f.values(d, p))
}

// shown is the current draft as a person sees it: with a mark where his own words belong.
func (f *dossier) shown(p Person) (letter.Draft, error) {
	d, mark := f.t.Draft, f.desk.letter.Mark(reader(p))
	if d.Personal == "" {
		d.Personal = mark
	}
	filled, err := f.fill(d, p)
	if err != nil {
		return letter.Draft{}, err
	}
	return letter.Draft{DraftSubject: filled.Subject, DraftText: filled.Body, Mark: mark, Missing: filled.Missing}, nil
}

// values are the words for the placeholders of a text. Instants are printed in the customer's language and the desk's zone.
func (f *dossier) values(d ticket.Draft, p Person) map[string]string {
	say, err := wording.In(d.Language)
	if err != nil {
		say, _ = wording.In("en")
	}
	v := cloneMap(d.Values)
	for name, field := range map[string]string{"product": "product", "version": "version", "shop_url": "shop_url", "order": "order"} {
		if v[name] == "" {
			v[name] = f.t.Verdict.Fields[field]
		}
	}
	v["customer"], v["ref"], v["subject"] = f.t.Customer.Name, f.ref(), f.t.Subject
	v["received"] = say.Instant(f.t.ReceivedAt.Truncate(time.Minute), f.desk.cfg.Zone)
	v["personal"], v["team"], v["hours"] = d.Personal, f.desk.cfg.Team, f.desk.cfg.Hours
	v["agent"], v["email"] = orElse(p.Name, p.Address()), f.desk.cfg.Address
	for name, at := range f.times(d) {
		v[name] = say.Due(at, f.desk.cfg.Zone)
	}
	return v
}

// times are the instants of a draft. Whoever says that he cannot tell, or that he will be back, has a next update by the next
// opening unless he named one.
func (f *dossier) times(d ticket.Draft) map[string]time.Time {
	times := map[string]time.Time{}
	for name, s := range d.Times {
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			times[name] = at
		}
	}
	if _, named := times["next_update"]; !named && (d.Template == "ack_no_eta" || d.Template == "ack_urgent_off_hours") {
		times["next_update"] = f.nextOpening(d)
	}
	return times
}

// nextOpening is when service hours begin again: for a request out of hours the next time at all, else on another day.
func (f *dossier) nextOpening(d ticket.Draft) time.Time {
	from := f.now
	if d.Template == "ack_no_eta" {
		y, m, day := f.now.In(f.desk.cfg.Zone).Date()
		from = time.Date(y, m, day+1, 0, 0, 0, 0, f.desk.cfg.Zone)
	}
	return f.desk.cfg.Service.NextOpen(from)
}

// customerLetter renders the letter a person decided, to go out when the hold is over.
func (f *dossier) customerLetter(d ticket.Draft, p Person, answers []string) (letter.Rendered, error) {
	filled, err := f.fill(d, p)
	if err != nil {
		return letter.Rendered{}, err
	}
	if len(filled.Missing) > 0 {
		return letter.Rendered{}, refuse("incomplete", strings.Join(filled.Missing, ", "))
	}
	c := letter.Customer{
		Agent: reader(p), Purpose: purposeOf(d.Template), To: d.To, Cc: d.Cc, Subject: filled.Subject, Text: filled.Body,
		References: f.t.Thread,
	}
	if n := len(f.t.Thread); n > 0 {
		c.InReplyTo = f.t.Thread[n-1]
	}
	if f.desk.cfg.ProveByCopy {
		c.Bcc = []string{f.desk.cfg.Address}
	}
	r, err := f.desk.letter.Customer(c, f.stamp())
	if err != nil {
		return letter.Rendered{}, refuse("unsendable", err.Error())
	}
	r.Draft, r.By, r.Answers, r.Urgent = d.Version, p.Address(), answers, f.t.Verdict.Urgency == "urgent"
	if f.desk.cfg.Hold > 0 {
		r.NotBefore = f.now.Add(f.desk.cfg.Hold)
	}
	return r, nil
}

func purposeOf(template string) string {
	if strings.HasPrefix(template, "ack") || template == "presale_reply" {
		return "ack"
	}
	return "reply"
}

// sendAgain decides a second copy of a letter in doubt: the same bytes under the same Message-ID, because a person said so.
func (f *dossier) sendAgain(b *ballot, p ticket.Posted, raw []byte, done []letter.Deed) error {
	l := p.Letter
	l.ID, l.By, l.NotBefore = random(), b.staff.Address(), time.Time{}
	body := ticket.Body{Verb: "resend", Auth: b.Auth.Evidence}
	f.add(kind.Settled, b.staff.Address(), ticket.Body{Verb: "resend", Delivery: &ticket.Delivery{Letter: p.ID, Proof: "in doubt; sent again by " + l.By}})
	f.enclose(&body, letter.Rendered{Letter: l, Bytes: raw})
	f.add(kind.Decided, l.By, body)
	return f.receiptOf(b.staff, &l, done)
}

// wordsKey is the identity of a person's words, without blanks and case.
func wordsKey(words string) string {
	return ticket.Sum([]byte(strings.ToLower(strings.Join(strings.Fields(words), " ")))).String()
}
