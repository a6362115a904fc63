package letter

import (
	"slices"
	"strings"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

// how is what decides which answers are offered: link makes the mailto: link for a first line, why is that of the review ("confirm" and
// "patch" ask for nothing but ok), ticket where the customer reads the answer, whether nobody asked for the letter, and which text it is.
type how struct {
	draft  Draft
	link   func(line string) string
	why    string
	ticket ticket.Ticket
}

// offer says how to answer: the four common verbs and help. Without a draft in sight nothing is offered that would send one.
func offer(p *page.Page, v words.Voice, h how) {
	d, link := h.draft, h.link
	p.Heading(v.Say("review.how"))
	p.Para(v.Say("review.how.text"))
	ok := page.Choice{Word: "ok", Does: v.Say("does.ok"), Link: link("ok\r\n\r\n")}
	if d.Mark == "" || !strings.Contains(d.DraftText, d.Mark) {
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
	case h.why == "patch":
		c[0].Does = v.Say("does.ok.patch")
		c = c[:1]
	case h.why == "confirm":
		c = c[:1]
	case h.ticket.Verdict.Reply == "portal":
		p.Alert(v.Say("review.portal"), false)
		c[0] = page.Choice{Word: "posted", Does: v.Say("does.posted"), Link: link("posted\r\n\r\n")}
		c = append(c[:1], c[2:]...)
	case d.DraftText != "" && h.ticket.Notice.Kind != "":
		c[1] = page.Choice{Word: "close", Does: v.Say("does.close.notice"), Link: link("close\r\n")}
		if h.ticket.Notice.Asks {
			c[0].Does, c[0].Link = v.Say("does.ok.notice"), link("ok\r\n")
		}
	case d.DraftText != "" && h.ticket.Draft.Template == "phone_redirect":
		c = append(c[:1], c[2:]...) // asks a caller to write: of what could a solution be promised?
	case d.DraftText == "":
		c = append(c[2:4], page.Choice{Word: "status", Does: v.Say("does.status"), Link: link("status\r\n")}, c[4])
	}
	if h.why == "bounced" && d.DraftText != "" && h.ticket.Notice.Kind == "" {
		c = slices.Insert(c, 1, page.Choice{Word: "customer …", Does: v.Say("does.customer.bounced"), Link: link("customer ")})
	}
	if name, rest := field(d.Missing); name != "" {
		line := "field " + name + ": "
		c = slices.Insert(c, 1, page.Choice{Word: line + "…", Does: v.Say("does.field.missing"), Link: link(line)})
		if len(rest) > 0 {
			c[1].Does += " " + v.Say("does.field.rest", "names", strings.Join(rest, ", "))
		}
	}
	p.Choices(c...)
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
