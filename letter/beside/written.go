package beside

import (
	"slices"
	"strings"
	"time"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// Written is the last answer to a customer: when and by whom, as colleagues call him. It has no Subject where he wrote without us, in a portal or from
// his own mail program, and Words only where the reader cannot know them.
type Written struct {
	At                 time.Time
	By, Subject, Words string
	Portal             bool
}

// maxWords bounds what a list shows of the words of a letter, in runes.
const maxWords = 300

// remarks says what the customer was last told.
func (w Written) remarks(v words.Voice) (said []string) {
	switch {
	case w.At.IsZero():
		return nil
	case w.Portal:
		said = []string{v.Say("others.posted", "when", v.Short(w.At), "name", w.By)}
	case w.Subject == "":
		said = []string{v.Say("others.outside", "when", v.Short(w.At), "name", w.By)}
	default:
		said = []string{v.Say("others.written", "when", v.Short(w.At), "name", w.By, "subject", page.Short(w.Subject, maxOther))}
	}
	if w.Words != "" {
		said = append(said, v.Say("others.says", "what", page.Short(w.Words, maxWords)))
	}
	return said
}

// LastTo is the last answer that the customer of a ticket got or is to get, by the address of its author, and the version of its draft, 0 where
// somebody wrote without us.
func LastTo(t ticket.Ticket) (w Written, draft int) {
	for _, p := range t.Posted {
		lost := slices.Contains([]posted.State{posted.Recalled, posted.Failed, posted.Bounced}, p.State)
		if p.Customer && !lost && !p.DecidedAt.Before(w.At) {
			w, draft = Written{At: p.DecidedAt, By: p.By, Subject: p.Subject}, p.Draft
		}
	}
	if o := t.Outside; o.At.After(w.At) {
		return Written{At: o.At, By: o.By, Portal: o.Kind == kind.PostedDeclared}, 0
	}
	return w, draft
}

// Answered shows what the customer was last told, if anything, to whoever goes on.
func Answered(p *page.Page, v words.Voice, w Written) {
	if w.At.IsZero() {
		return
	}
	p.Heading(v.Say("review.answered"))
	written := ""
	if w.Subject != "" {
		written = v.Short(w.At) + ", " + w.By
	}
	p.Facts([2]string{v.Say("fact.subject"), page.Short(w.Subject, maxOther)}, [2]string{v.Say("fact.written"), written})
	if written == "" {
		p.Small(w.remarks(v)[0])
	}
	if strings.TrimSpace(w.Words) != "" {
		Quote(p, v, w.Words)
	}
}
