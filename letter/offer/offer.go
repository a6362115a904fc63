// Package offer says in a mail to staff how it can be answered.
package offer

import (
	"slices"
	"strings"

	"replyby/letter/beside"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

// Offer is what decides which answers are offered. Text is the draft in sight, "" for none, with Mark where the person's own words belong;
// Missing names the places that still block it; Least is how many characters of the person's own words it needs, 0 for none; Estimate says that the
// contract wants one with this answer, News that it can tell by when the customer hears again. Thanks says that
// the customer asks for nothing. Link makes the mailto: link for a first line. Why is
// that of the review ("confirm" and "patch" ask for nothing but ok), or the obligation that a warning is about; Ticket what the letter is about;
// Reader who is asked, by the name that its assignee would have.
type Offer struct {
	Text, Mark string
	Missing    []string
	Least      int
	Estimate   bool
	News       bool
	Thanks     bool
	Link       func(line string) string
	Why        string
	Ticket     ticket.Ticket
	Reader     string
}

// Write lists the answers: the four common verbs and help. Without a draft in sight nothing is offered that would send one.
func (o Offer) Write(p *page.Page, v words.Voice) {
	link := o.Link
	p.Heading(v.Say("review.how"))
	p.Para(v.Say("review.how.text"))
	ok := page.Choice{Word: "ok", Does: v.Say("does.ok"), Link: link("ok\r\n\r\n")}
	if o.Least == 0 && (o.Mark == "" || !strings.Contains(o.Text, o.Mark)) {
		ok.Does = v.Say("does.ok.bare")
	}
	eta := v.Say("example.eta")
	c := []page.Choice{
		ok,
		{Word: eta, Does: v.Say("does.eta"), Link: link(eta + "\r\n\r\n")},
		{Word: "take", Does: v.Say("does.take"), Link: link("take\r\n")},
		{Word: "note …", Does: v.Say("does.note"), Link: link("note ")},
		{Word: "help", Does: v.Say("does.help"), Link: link("help\r\n")},
	}
	switch {
	case o.Ticket.State == ticket.Closed:
		c = []page.Choice{{Word: "reopen", Does: v.Say("does.reopen"), Link: link("reopen\r\n")}, c[3], c[4]}
	case o.Why == "patch":
		c[0].Does = v.Say("does.ok.patch")
		c = c[:1]
	case o.Why == "confirm": // words beside that ok would ask for another
		c[0].Does, c[0].Link = v.Say("does.ok.bare"), link("ok\r\n")
		c = c[:1]
	case o.Ticket.Verdict.Reply == "portal":
		p.Alert(v.Say("review.portal"), false)
		c[0] = page.Choice{Word: "posted", Does: v.Say("does.posted"), Link: link("posted\r\n\r\n")}
		c = append(c[:1], c[2:]...)
	case o.Text != "" && o.Ticket.Unasked():
		c[1] = page.Choice{Word: "close", Does: v.Say("does.close.notice"), Link: link("close\r\n")}
		if o.Ticket.Notice.Asks {
			c[0].Does, c[0].Link = v.Say("does.ok.notice"), link("ok\r\n")
		}
	case o.Text != "" && o.Ticket.Draft.Template == "phone_redirect":
		c = append(c[:1], c[2:]...) // asks a caller to write: of what could a solution be promised?
	case o.Text == "":
		c = append(c[2:4], page.Choice{Word: "status", Does: v.Say("does.status"), Link: link("status\r\n")}, c[4])
	}
	if o.Why == "bounced" && o.Text != "" && !o.Ticket.Unasked() {
		c = slices.Insert(c, 1, page.Choice{Word: "customer …", Does: v.Say("does.customer.bounced"), Link: link("customer ")})
		if len(o.Ticket.Draft.Files) > 0 {
			c = slices.Insert(c, 2, page.Choice{Word: "detach", Does: v.Say("does.detach.bounced"), Link: link("detach\r\n")})
		}
	}
	if o.Thanks {
		c = slices.Insert(c, 0, page.Choice{Word: "close", Does: v.Say("does.close.thanks"), Link: link("close\r\n")})
	}
	if n, _ := beside.Waiting(o.Ticket, v.Now); n == 1 {
		c = slices.Insert(c, 1, page.Choice{Word: "undo", Does: v.Say("does.undo.held"), Link: link("undo\r\n")})
	}
	if next := v.Say("example.next"); o.Why == "next_update" && o.News && c[0].Word == "ok" { // who still has no news says until when
		c = slices.Insert(c, 1, page.Choice{Word: next, Does: v.Say("does.next.news"), Link: link("ok\r\n" + next + "\r\n\r\n")})
	}
	o.demand(c, v)
	if name, rest := field(o.Missing); name != "" {
		line := "field " + name + ": "
		c = slices.Insert(c, 1, page.Choice{Word: line + "…", Does: v.Say("does.field.missing"), Link: link(line)})
		if len(rest) > 0 {
			c[1].Does += " " + v.Say("does.field.rest", "names", strings.Join(rest, ", "))
		}
	}
	p.Choices(slices.DeleteFunc(c, func(x page.Choice) bool { return x.Word == "take" && o.Reader == o.Ticket.Assignee })...) // has it
}

// demand says beside what sends the draft that it takes words of one's own: who is told "ok" alone writes no more. A text that merely says nothing
// without them does with a date. And what the contract wants with this answer.
func (o Offer) demand(c []page.Choice, v words.Voice) {
	for i := range c {
		if o.Estimate && c[i].Word == v.Say("example.eta") {
			c[i].Does += " " + v.Say("does.eta.owed")
		}
		if sends := c[i].Word == "ok" || o.Least > 1 && c[i].Word == v.Say("example.eta"); o.Least > 0 && sends {
			c[i].Does += " " + v.Count("does.words", o.Least)
		}
	}
}

// field is the first of the missing places that `field` fills, by the name it has there, and the others.
func field(missing []string) (name string, rest []string) {
	for _, m := range missing {
		if m == "shop_url" {
			m = "shop"
		}
		switch {
		case !slices.Contains([]string{"product", "version", "shop", "order", "alternative", "rate", "estimate", "link"}, m):
		case name == "":
			name = m
		default:
			rest = append(rest, m)
		}
	}
	return name, rest
}
