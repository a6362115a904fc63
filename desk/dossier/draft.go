package dossier

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/reply"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/sla"
	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// OpenDraft begins the next answer to the customer: the acknowledgement while it is owed, an ordinary reply after that.
func (f *Dossier) OpenDraft() {
	d := ticket.Draft{Version: f.T.Draft.Version + 1, Language: cmp.Or(f.T.Verdict.Language, f.Kit.Languages[0])}
	if f.T.Customer.Addr != "" {
		d.To = []ticket.Address{f.T.Customer}
	}
	d.Template = f.Template(reply.Reply{}, d)
	f.Add(kind.Drafted, Program, ticket.Body{Draft: &d})
}

// RenewDraft makes the draft as it stands a new version: every token given for it is void.
func (f *Dossier) RenewDraft(by charter.Person) {
	d := f.T.Draft
	d.Version++
	f.Add(kind.Drafted, by.Address(), ticket.Body{Draft: &d})
}

// Template chooses the text that fits the state of the ticket and what the person said.
func (f *Dossier) Template(said reply.Reply, d ticket.Draft) string {
	if _, fixed := said.Has(reply.Fixed); fixed {
		return "resolved"
	}
	ack, owed := f.T.Duty(string(sla.Ack))
	switch {
	case !owed || !ack.Running() || f.answering(string(sla.Ack)):
		return "reply"
	case d.Values["why_no_eta"] != "":
		return "ack_no_eta"
	case f.T.Verdict.Category == "presale" && f.T.Verdict.Fields["product"] != "":
		return "presale_reply"
	case f.Urgent() && !f.attended().IsOpen(f.T.ReceivedAt):
		return "ack_urgent_off_hours"
	case f.Urgent():
		return "ack_urgent"
	}
	return "ack_eta"
}

// answering says whether a decided letter that meets an obligation is under way.
func (f *Dossier) answering(duty string) bool {
	return slices.ContainsFunc(f.T.Posted, func(p ticket.Posted) bool {
		return p.Customer && slices.Contains(p.Answers, duty) && (p.State == "queued" || p.State == "sending")
	})
}

// fill writes a draft as the person would send it. A paragraph for his own words is left out while there are none.
func (f *Dossier) fill(d ticket.Draft, p charter.Person) (text.Filled, error) {
	return f.Texts.Fill(d.Template, d.Language, f.values(d, p))
}

// shown is the current draft as a person sees it: with a mark where his own words belong.
func (f *Dossier) shown(p charter.Person) (letter.Draft, error) {
	if f.T.Number == 0 {
		return letter.Draft{}, nil // nobody to write to
	}
	d, mark := f.T.Draft, f.Letter.Mark(p.Reader())
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
func (f *Dossier) values(d ticket.Draft, p charter.Person) map[string]string {
	say, err := wording.In(d.Language)
	if err != nil {
		say, _ = wording.In("en")
	}
	v := map[string]string{}
	maps.Copy(v, d.Values)
	for name, field := range map[string]string{"product": "product", "version": "version", "shop_url": "shop_url", "order": "order"} {
		if v[name] == "" {
			v[name] = f.T.Verdict.Fields[field]
		}
	}
	v["customer"], v["ref"], v["subject"] = f.T.Customer.Name, f.Ref(), f.T.Subject
	v["received"] = say.Instant(f.T.ReceivedAt.Truncate(time.Minute), f.Kit.Zone)
	v["personal"], v["team"], v["hours"] = d.Personal, f.Kit.Team, f.Kit.Hours
	v["agent"], v["email"] = cmp.Or(p.Name, p.Address()), f.Kit.Address
	for name, at := range f.times(d) {
		v[name] = say.Due(at, f.Kit.Zone)
	}
	return v
}

// times are the instants of a draft. Whoever says that he cannot tell, or that he will be back, has a next update by the next
// opening unless he named one.
func (f *Dossier) times(d ticket.Draft) map[string]time.Time {
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
func (f *Dossier) nextOpening(d ticket.Draft) time.Time {
	from := f.Now
	if d.Template == "ack_no_eta" {
		y, m, day := f.Now.In(f.Kit.Zone).Date()
		from = time.Date(y, m, day+1, 0, 0, 0, 0, f.Kit.Zone)
	}
	return f.attended().NextOpen(from)
}

// CustomerLetter renders the letter a person decided, to go out when the hold is over.
func (f *Dossier) CustomerLetter(d ticket.Draft, p charter.Person, answers []string) (letter.Rendered, error) {
	filled, err := f.fill(d, p)
	if err != nil {
		return letter.Rendered{}, err
	}
	switch {
	case len(filled.Missing) > 0:
		return letter.Rendered{}, Refusal{"incomplete", strings.Join(filled.Missing, ", ")}
	case f.showsToken(filled.Subject + "\n" + filled.Body):
		return letter.Rendered{}, Refusal{"unsendable", "the code of a mail to staff stands in its text"}
	}
	c := letter.Customer{
		Agent: p.Reader(), Purpose: purposeOf(d.Template), To: d.To, Cc: d.Cc, Subject: filled.Subject, Text: filled.Body,
		References: f.T.Thread,
	}
	if n := len(f.T.Thread); n > 0 {
		c.InReplyTo = f.T.Thread[n-1]
	}
	if f.Kit.ProveByCopy {
		c.Bcc = []string{f.Kit.Address}
	}
	r, err := f.Letter.Customer(c, f.Stamp())
	if err != nil {
		return letter.Rendered{}, Refusal{"unsendable", err.Error()}
	}
	r.Draft, r.By, r.Answers, r.Urgent = d.Version, p.Address(), answers, f.Urgent()
	if f.Kit.Hold > 0 {
		r.NotBefore = f.Now.Add(f.Kit.Hold)
	}
	return r, nil
}

// tokenLike is what a token looks like once a person has copied it somewhere; without its mark it may be a very long word.
var tokenLike = regexp.MustCompile(`(?i)(rb:)?\b([a-z2-7]{26})\b`)

// showsToken says whether a text holds a token, whole or without its mark.
func (f *Dossier) showsToken(text string) bool {
	return slices.ContainsFunc(tokenLike.FindAllStringSubmatch(text, -1), func(m []string) bool {
		_, ours := f.T.Token(TokenHash(strings.ToLower(m[2])))
		return ours || m[1] != ""
	})
}

func purposeOf(template string) string {
	if strings.HasPrefix(template, "ack") || template == "presale_reply" {
		return "ack"
	}
	return "reply"
}

// SendAgain decides a second copy of a letter in doubt: the same bytes under the same Message-ID, because a person said so.
func (f *Dossier) SendAgain(who charter.Person, auth string, p ticket.Posted, raw []byte) ticket.Letter {
	l := p.Letter
	l.ID, l.By, l.NotBefore = random(), who.Address(), time.Time{}
	f.Add(kind.Settled, l.By, ticket.Body{Verb: "resend", Delivery: &ticket.Delivery{Letter: p.ID, Proof: "in doubt; sent again by " + l.By}})
	body := ticket.Body{Verb: "resend", Auth: auth}
	f.Enclose(&body, letter.Rendered{Letter: l, Bytes: raw})
	f.Add(kind.Decided, l.By, body)
	return l
}

// WordsKey is the identity of a person's words, without blanks and case.
func WordsKey(words string) string {
	return ticket.Sum([]byte(strings.ToLower(strings.Join(strings.Fields(words), " ")))).String()
}

// Refusal is why something a person asked for was not done: a code the texts have words for, and what they are about.
type Refusal struct{ Code, Detail string }

// Error is how the log keeps a refusal.
func (r Refusal) Error() string { return strings.TrimSuffix(r.Code+": "+r.Detail, ": ") }
