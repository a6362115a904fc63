package letter

import (
	"fmt"
	"slices"
	"strings"

	"replyby/letter/page"
	"replyby/letter/wire"
	"replyby/ticket"
)

// Customer is a letter to a customer: the text exactly as a person approved it. Agent signs. Bcc is for the envelope only.
// References is the thread, oldest first; ids that have no plain form are left out. Purpose is ack, reply or notice.
type Customer struct {
	Agent      Person
	Purpose    string
	To, Cc     []ticket.Address
	Bcc        []string
	Subject    string
	Text       string
	InReplyTo  string
	References []string
	Files      []File
}

// maxReferences bounds the References field: the first and the latest keep a thread together (RFC 5322, 3.6.4 sets no limit).
const maxReferences = 20

// SubjectLine shows a subject above its text, named as in the language of the letter.
func (w *Writer) SubjectLine(language, subject string) string {
	v := w.book.In(language)
	return v.Say("done.why", "done", v.Say("fact.subject"), "why", subject)
}

// Customer writes the letter. It carries no Auto-Submitted, no Precedence, no list field and no token. Errors wrap
// [wire.ErrRefused] when a value may not be sent as approved; of what the customer reads only display names are tidied.
func (w *Writer) Customer(c Customer, s Stamp) (Rendered, error) {
	head, err := w.common(w.signer(c.Agent), s)
	if err != nil {
		return Rendered{}, err
	}
	l := ticket.Letter{Purpose: c.Purpose, Customer: true, Bcc: c.Bcc, Subject: c.Subject, Text: c.Text}
	for _, f := range c.Files {
		l.Files = append(l.Files, ticket.Attachment{Name: f.Name, Type: f.Type, Size: len(f.Data), Hash: ticket.Sum(f.Data)})
	}
	to, err := mailboxes("To", c.To, &l)
	if err != nil {
		return Rendered{}, err
	}
	head = slices.Insert(head, 1, to)
	if len(c.Cc) > 0 {
		cc, err := mailboxes("Cc", c.Cc, &l)
		if err != nil {
			return Rendered{}, err
		}
		head = slices.Insert(head, 2, cc)
	}
	for _, addr := range c.Bcc {
		if err := wire.CheckAddress(addr); err != nil {
			return Rendered{}, fmt.Errorf("hidden copy: %w", err)
		}
	}
	head = append(head, wire.Text("Subject", c.Subject, ""))
	head = append(head, answering(c.InReplyTo, c.References)...)
	return w.finish(wire.Message{Header: head, Text: c.Text, Files: c.Files}, l, s)
}

// signer is the name in From: the person, and whom he speaks for.
func (w *Writer) signer(p Person) string {
	switch {
	case p.Name == "":
		return w.desk.Name
	case w.desk.Team == "" || strings.EqualFold(w.desk.Team, p.Name):
		return p.Name
	}
	return p.Name + " (" + w.desk.Team + ")"
}

func mailboxes(field string, who []ticket.Address, l *ticket.Letter) (wire.Field, error) {
	if len(who) == 0 {
		return wire.Field{}, fmt.Errorf("%w: %s has no recipient", wire.ErrRefused, field)
	}
	pairs := make([][2]string, len(who))
	for i, a := range who {
		if err := wire.CheckAddress(a.Addr); err != nil {
			return wire.Field{}, fmt.Errorf("%s: %w", field, err)
		}
		if slices.Contains(l.To, a.Addr) {
			return wire.Field{}, fmt.Errorf("%w: %s is given twice", wire.ErrRefused, a.Addr)
		}
		pairs[i] = [2]string{page.Short(a.Name, maxName), a.Addr}
		l.To = append(l.To, a.Addr)
	}
	return wire.Mailboxes(field, pairs...), nil
}

// answering are the fields that put a mail below others (RFC 5322, 3.6.4), as far as their ids have a plain form.
func answering(to string, thread []string) (fields []wire.Field) {
	for _, f := range []wire.Field{wire.IDs("In-Reply-To", to), wire.IDs("References", ends(thread)...)} {
		if len(f.Atoms) > 0 {
			fields = append(fields, f)
		}
	}
	return fields
}

func ends(ids []string) []string {
	if len(ids) <= maxReferences {
		return ids
	}
	return append(slices.Clone(ids[:1]), ids[len(ids)-maxReferences+1:]...)
}
