package beside

import (
	"strings"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

// maxQuote bounds how much of a message a mail shows, in runes: more than anybody reads, less than a mail client minds.
const maxQuote = 20000

// maxNote bounds what a mail shows of a note, in runes.
const maxNote = 600

// Notes shows what the staff wrote for each other about a ticket: nobody has another place to read it.
func Notes(p *page.Page, v words.Voice, t ticket.Ticket) {
	if len(t.Notes) == 0 {
		return
	}
	p.Heading(v.Say("review.notes"))
	said := make([]string, len(t.Notes))
	for i, n := range t.Notes {
		said[i] = v.Say("review.note", "when", v.Short(n.At), "name", page.Short(n.By, maxName), "what", page.Short(n.Text, maxNote))
	}
	p.List(said...)
}

// Latest shows the customer's latest message.
func Latest(p *page.Page, v words.Voice, t ticket.Ticket) {
	p.Heading(v.Say("review.latest"))
	p.Facts([2]string{v.Say("fact.received"), v.Long(t.CustomerAt)})
	Quote(p, v, t.Latest)
}

// Quote shows what somebody wrote, and says how much of it is left out.
func Quote(p *page.Page, v words.Voice, text string) {
	said := []rune(strings.TrimSpace(text))
	p.Quote(string(said[:min(len(said), maxQuote)]))
	if more := len(said) - maxQuote; more > 0 {
		p.Small(v.Count("review.cut", more))
	}
}
