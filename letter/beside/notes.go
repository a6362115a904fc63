package beside

import (
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

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
