package classifier

import (
	"regexp"
	"slices"
	"strings"

	"replyby/classifier/language"
	"replyby/classifier/source"
	"replyby/mailparse"
	"replyby/mailparse/fresh"
)

// viaRE: names that forwarders and certified mail write into From.
var viaRE = regexp.MustCompile(`(?i)^"?per conto di:?\s*|\s+via\s+\S|\(by way of|\s+tramite\s+\S|\s+über\s+\S`)

// readCustomer finds who wrote, when no rule says so. Where From is the desk,
// a certified-mail provider or a forwarder that wrote itself into From, the
// customer stands in the message inside, in Reply-To or in the header the
// forwarder kept.
func (c *Classifier) readCustomer(v *Verdict, m, body *mailparse.Message) {
	if body != m {
		v.Customer = c.firstCustomer(body.From, m.ReplyTo)
		v.Reasons = append(v.Reasons, "customer read from the message inside")
		return
	}
	if passedOn(m) && !m.Header.Has(resentFrom) {
		v.Customer = c.firstCustomer(source.Named(fresh.Cut(m.Text).Quoted), m.From)
		v.Reasons = append(v.Reasons, "customer read from the message inside, which a mailbox rule passed on")
		return
	}
	if who := c.firstCustomer([]mailparse.Address{source.Visitor(m)}); who.Addr != "" {
		v.Customer = who
		v.Reasons = append(v.Reasons, "customer read from Reply-To, which the text repeats as forms do")
		return
	}
	if !c.rewritten(m) {
		v.Customer = first(m.From)
		return
	}
	v.Customer = c.firstCustomer(source.OriginalFrom(m), m.ReplyTo, m.Sender)
	if v.Customer.Addr == "" {
		v.Reasons = append(v.Reasons, "From is no customer, and no other address is to be had")
		return
	}
	if v.Customer.Name == "" {
		v.Customer.Name = nameBefore(first(m.From).Name)
	}
	v.Reasons = append(v.Reasons, "From was rewritten on the way: customer read from another header")
}

const resentFrom = "Resent-From" // RFC 5322, 3.6.6

// passedOn reports whether a mailbox rule of Exchange sends somebody else's mail on. It marks that as automatic, as it does its own answers; but
// these begin with their own words. What is redirected has a field of it, and what is forwarded begins with the older mail.
func passedOn(m *mailparse.Message) bool {
	if !strings.HasPrefix(strings.TrimSpace(m.Header.Get("X-MS-Exchange-Generated-Message-Source")), "Mailbox Rules Agent") {
		return false
	}
	cut := fresh.Cut(m.Text)
	return m.Header.Has(resentFrom) || !cut.OnTop && cut.Quoted != "" && cut.Text != ""
}

// rewritten tells that From is not the person who wrote.
func (c *Classifier) rewritten(m *mailparse.Message) bool {
	from := first(m.From)
	if from.Addr == "" || c.isOwn(from) {
		return true
	}
	hasOther := len(m.ReplyTo) > 0 || len(source.OriginalFrom(m)) > 0
	return hasOther && (viaRE.MatchString(from.Name) || isNoReply(m.From))
}

func (c *Classifier) firstCustomer(lists ...[]mailparse.Address) mailparse.Address {
	for _, list := range lists {
		for _, a := range list {
			if strings.Contains(a.Addr, "@") && !c.isOwn(a) && !isNoReply([]mailparse.Address{a}) {
				return a
			}
		}
	}
	return mailparse.Address{}
}

func (c *Classifier) isOwn(a mailparse.Address) bool {
	return slices.ContainsFunc(c.desk.Own, func(own string) bool { return strings.EqualFold(own, a.Addr) })
}

// nameBefore is the person's part of "Mario via Support".
func nameBefore(name string) string {
	name = strings.Trim(name, `"' `)
	if at := viaRE.FindStringIndex(name); at != nil && at[0] > 0 {
		return strings.Trim(name[:at[0]], `"' `)
	}
	return ""
}

func first(list []mailparse.Address) mailparse.Address {
	if len(list) == 0 {
		return mailparse.Address{}
	}
	return list[0]
}

func isNoReply(list []mailparse.Address) bool { return source.IsNoReply(first(list)) }

// readLanguage guesses from what the sender wrote, else the whole text, else
// the subject. Doubt leaves the desk's default.
func (c *Classifier) readLanguage(v *Verdict) {
	text := v.Fresh.Text
	if strings.TrimSpace(text) == "" {
		text = v.Text
	}
	v.Language, v.LanguageSure = c.Language(v.Subject, text)
}

// Language is that of what somebody wrote below a subject, as package language has it, and whether it is sure.
func (c *Classifier) Language(subject, text string) (code string, sure bool) {
	code, sure = c.detector.Detect(text)
	if !sure && code != language.Other {
		code, sure = c.detector.Detect(subject + "\n" + text)
	}
	if code == "" && len(c.languages) > 0 {
		code = c.languages[0]
	}
	return code, sure
}
