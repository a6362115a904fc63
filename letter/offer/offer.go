// Package offer says in a mail to staff how it can be answered.
package offer

import (
	"strings"

	"replyby/letter/beside"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/verdict"
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

// Write lists the answers that fit, the likeliest first. Without a draft in sight nothing is offered that would send one.
func (o Offer) Write(p *page.Page, v words.Voice) {
	p.Heading(v.Say("review.how"))
	p.Para(v.Say("review.how.text"))
	closed := o.Ticket.State == ticket.Closed
	only := !closed && (o.Why == "patch" || o.Why == "confirm")
	open := !closed && !only
	portal := open && o.Ticket.Verdict.Reply == verdict.Portal
	drafted := open && !portal && o.Text != ""
	notice := o.Ticket.Unasked()
	bounced := o.Why == "bounced" && o.Text != "" && !notice
	caller := o.Ticket.Draft.Template == "phone_redirect" // is asked to write: of what could a solution be promised?
	if portal {
		p.Alert(v.Say("review.portal"), false)
	}
	ok, eta, next := "ok\r\n\r\n", v.Say("example.eta"), v.Say("example.next")
	if o.Why == "confirm" || o.Ticket.Notice.Asks && o.Why != "patch" { // words beside that ok would ask for another
		ok = "ok\r\n"
	}
	blank, rest := field(o.Missing)
	held, _ := beside.Waiting(o.Ticket, v.Now)
	work, offered := o.Ticket.Offer(o.Ticket.CustomerAt)
	var c []page.Choice
	for _, x := range []struct {
		when             bool
		word, line, does string
	}{
		{o.Thanks, "close", "close\r\n", v.Say("does.close.thanks")},
		{open && offered && work.ID != o.Ticket.AgreedTo, "consent", "consent\r\n", v.Say("does.consent.offered")},
		{closed, "reopen", "reopen\r\n", v.Say("does.reopen")},
		{only || drafted, "ok", ok, o.sends(v)},
		{portal, "posted", "posted\r\n\r\n", v.Say("does.posted")},
		{blank != "", "field " + blank + ": …", "field " + blank + ": ", fills(v, rest)},
		{drafted && o.Why == "next_update" && o.News && !o.Thanks, next, "ok\r\n" + next + "\r\n\r\n", v.Say("does.next.news")}, // who still has no news says until when
		{held == 1, "undo", "undo\r\n", v.Say("does.undo.held")},
		{bounced, "customer …", "customer ", v.Say("does.customer.bounced")},
		{bounced && len(o.Ticket.Draft.Files) > 0, "detach", "detach\r\n", v.Say("does.detach.bounced")},
		{drafted && notice, "close", "close\r\n", v.Say("does.close.notice")},
		{drafted && !notice && !caller, eta, eta + "\r\n\r\n", o.promises(v)},
		{open && o.Reader != o.Ticket.Assignee, "take", "take\r\n", v.Say("does.take")},
		{!only, "note …", "note ", v.Say("does.note")},
		{open && !portal && !drafted, "status", "status\r\n", v.Say("does.status")},
		{!only, "help", "help\r\n", v.Say("does.help")},
	} {
		if x.when {
			c = append(c, page.Choice{Word: x.word, Does: x.does, Link: o.Link(x.line)})
		}
	}
	p.Choices(c...)
}

// sends says what ok does, and that it takes words of one's own: who is told "ok" alone writes no more.
func (o Offer) sends(v words.Voice) string {
	does := v.Say("does.ok")
	switch {
	case o.Why == "patch":
		does = v.Say("does.ok.patch")
	case o.Ticket.Notice.Asks && o.Why != "confirm":
		does = v.Say("does.ok.notice")
	case o.Why == "confirm" || o.Least == 0 && (o.Mark == "" || !strings.Contains(o.Text, o.Mark)):
		does = v.Say("does.ok.bare")
	}
	if o.Least > 0 {
		does += " " + v.Count("does.words", o.Least)
	}
	return does
}

// promises says what eta does, and what the contract wants with this answer. A text that merely says nothing without words does with a date.
func (o Offer) promises(v words.Voice) string {
	does := v.Say("does.eta")
	if o.Estimate {
		does += " " + v.Say("does.eta.owed")
	}
	if o.Least > 1 {
		does += " " + v.Count("does.words", o.Least)
	}
	return does
}

// fills says what field does, and which places are left then.
func fills(v words.Voice, rest []string) string {
	does := v.Say("does.field.missing")
	if len(rest) > 0 {
		does += " " + v.Say("does.field.rest", "names", strings.Join(rest, ", "))
	}
	return does
}

// field is the first of the missing places that `field` fills, by the name it has there, and the others.
func field(missing []string) (name string, rest []string) {
	for _, place := range missing {
		switch f := fillable(place); {
		case f == "":
		case name == "":
			name = f
		default:
			rest = append(rest, f)
		}
	}
	return name, rest
}

// fillable is the name by which `field` fills a place of a letter, "" for one that it does not fill.
func fillable(place string) string {
	switch place {
	case "shop_url":
		return "shop"
	case "product", "version", "order", "alternative", "rate", "estimate", "link":
		return place
	}
	return ""
}

// Lines are the command lines by which a person fills the places that a letter lacks, named with commas between; none unless they fill all of them.
func Lines(lacks string) (list []string) {
	for place := range strings.SplitSeq(lacks, ", ") {
		name := fillable(place)
		if name == "" {
			return nil
		}
		list = append(list, "field "+name+": …")
	}
	return list
}

// Blanks names the placeholders that nothing fills, in the reader's language.
func Blanks(v words.Voice, names []string) string {
	said := make([]string, len(names))
	for i, name := range names {
		said[i] = v.Known("blank.", name)
	}
	return strings.Join(said, ", ")
}
