package letter

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"replyby/letter/page"
	"replyby/letter/wire"
	"replyby/letter/words"
	"replyby/ticket"
)

// note is a mail of the program to one person on our side, before it is bytes.
type note struct {
	to      Person
	purpose string
	subject string
	token   string    // "" = none
	by      time.Time // zero = nothing to do by a time
	page    *page.Page
	files   []File
	thread  []string // Message-IDs of the mails that it stands below, oldest first
}

// maxSubject keeps subjects readable in a list of mails, in runes, before the token.
const maxSubject = 110

// maxName bounds display names, in runes.
const maxName = 80

// masked stands for a token in everything that is kept.
const masked = "(rb:…)"

// code is a token as people copy it: a mail that quotes another person's must not hand it on. Links carry their own percent-encoded.
var code = regexp.MustCompile(`\(rb:[a-z2-7]{26}\)`)

// staff writes a note. Loops are kept away by RFC 3834's Auto-Submitted and by what Exchange heeds instead.
func (w *Writer) staff(n note, s Stamp) (Rendered, error) {
	head, err := w.common(w.desk.Name, s)
	if err != nil {
		return Rendered{}, err
	}
	if err := wire.CheckAddress(n.to.Address); err != nil {
		return Rendered{}, fmt.Errorf("letter %s: %w", s.ID, err)
	}
	subject, tail, shown := code.ReplaceAllString(page.Short(n.subject, maxSubject), masked), "", ""
	if n.token != "" {
		if !tokenForm.MatchString(n.token) {
			return Rendered{}, fmt.Errorf("letter %s: %w: token of %d characters, want 26 of a-z and 2-7", s.ID, wire.ErrRefused, len(n.token))
		}
		tail, shown = "(rb:"+n.token+")", " "+masked
	}
	head = append(head[:1:1], append([]wire.Field{
		wire.Mailboxes("To", [2]string{page.Short(n.to.Name, maxName), n.to.Address}),
		wire.Text("Subject", subject, tail),
	}, head[1:]...)...)
	head = append(head, wire.Field{Name: "Auto-Submitted", Atoms: []string{"auto-generated"}},
		wire.Field{Name: "X-Auto-Response-Suppress", Atoms: []string{"DR,", "RN,", "NRN,", "AutoReply"}})
	if !n.by.IsZero() {
		head = append(head, wire.Date("Reply-By", n.by.In(w.desk.Zone)))
	}
	if last := len(n.thread) - 1; last >= 0 {
		head = append(head, answering(n.thread[last], n.thread)...)
	}
	n.page.Small(w.voice(n.to, s).Say("sign.program", "desk", w.desk.Name))
	m := wire.Message{Header: head, Text: code.ReplaceAllString(n.page.Text(), masked), HTML: code.ReplaceAllString(n.page.HTML(), masked), Files: n.files}
	l := ticket.Letter{Purpose: n.purpose, To: []string{n.to.Address}, Subject: subject + shown, Text: mask(m.Text, n.token)}
	return w.finish(m, l, s)
}

// IsToStaff reports whether a text holds the line that every mail to staff ends with, in whatever language of ours.
func (w *Writer) IsToStaff(text string) bool {
	text = strings.Join(strings.Fields(text), " ")
	for _, lang := range words.Languages() {
		if strings.Contains(text, w.book.In(lang).Say("sign.program", "desk", w.desk.Name)) {
			return true
		}
	}
	return false
}

func mask(text, token string) string {
	if token == "" {
		return text
	}
	return strings.ReplaceAll(text, token, "…")
}

// voice speaks to a person, in a mail of that date.
func (w *Writer) voice(p Person, s Stamp) words.Voice {
	return w.book.In(p.Language).At(s.Date, w.desk.Zone)
}

// Mark is what stands in a preview where the person's own words belong.
func (w *Writer) Mark(p Person) string { return w.book.In(p.Language).Say("mark.personal") }

// what names a ticket in a subject line.
func what(t ticket.Ticket) string {
	return strings.TrimSpace("[" + t.Ref + "] " + page.Short(t.Subject, 60))
}

// about is a subject that names the ticket; pairs fill what else it says.
func about(v words.Voice, key string, t ticket.Ticket, pairs ...string) string {
	said := v.Say(key, append(pairs, "ref", t.Ref, "subject", page.Short(t.Subject, 60))...)
	if t.Subject == "" {
		return strings.TrimRight(said, " :") // of a colon with nothing behind it
	}
	return said
}

// tagged is a subject about no ticket, marked so that people with several desks tell them apart.
func (w *Writer) tagged(subject string) string {
	if w.desk.Prefix == "" {
		return subject
	}
	return "[" + w.desk.Prefix + "] " + subject
}

// answer is a mailto: link (RFC 6068) that prefills an answer to this note: the desk's address, the subject with its
// token, and the first line. Everything outside unreserved characters is percent-encoded.
func (w *Writer) answer(subject, token, line string) string {
	if token == "" {
		return ""
	}
	return "mailto:" + strings.ReplaceAll(wire.Percent(w.desk.Address), "%40", "@") +
		"?subject=" + wire.Percent("Re: "+page.Short(subject, maxSubject)+" (rb:"+token+")") + "&body=" + wire.Percent(line)
}

// links makes answers to one note.
func (w *Writer) links(subject, token string) func(line string) string {
	return func(line string) string { return w.answer(subject, token, line) }
}

// caller is the shortest name of a customer. A carrier may name none.
func caller(v words.Voice, t ticket.Ticket) string {
	return page.Short(cmp.Or(t.Customer.Name, t.Customer.Addr, v.Say("customer.none")), 60)
}
