// Package beside writes what mails to staff say beside the draft: what is owed until when, what the customer was last told, the other tickets
// that one approval answers, letters that are still to go, and texts that the draft does not hold.
package beside

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"replyby/letter/enclosed"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// maxName bounds names, in runes.
const maxName = 80

// Relation is another ticket that a request may have to do with. How is
//
//	mentions     its subject has the number    carrier   it names the carrier's conversation; neither proves anything
//	twin         the same mail came to another desk, which is Desk
//	open         it is open, and of the same customer: Subject, Since and Holder, "" for nobody, say which
//	company      it is open, and of From, whose address is at the same Domain; the rest as for open
//
// Join is what makes one of the two: merge, customer (it is Customer's, so this one must become his first) or reopen (it is closed); same and
// company (as customer), where only whoever reads both knows whether that is right.
type Relation struct {
	How, Ref, Desk, Join, Customer string
	Subject, Holder, From, Domain  string
	Since                          time.Time
	Number                         uint64
}

// Others is the number of the first ticket among them of which another customer is named, 0 where none is.
func Others(list []Relation) uint64 {
	for _, x := range list {
		if x.Join == "company" || x.Join == "customer" {
			return x.Number
		}
	}
	return 0
}

// maxOther bounds what a mail shows of the subject of another ticket, in runes.
const maxOther = 100

// Relations says of each what it is, and what would join the two.
func Relations(p *page.Page, v words.Voice, list []Relation) {
	for _, x := range list {
		said := v.Say("related."+x.How, "ref", x.Ref, "desk", x.Desk, "subject", page.Short(x.Subject, maxOther), "when", v.Short(x.Since),
			"from", page.Short(x.From, maxOther), "domain", x.Domain, "name", cmp.Or(page.Short(x.Holder, maxName), v.Say("fact.nobody")))
		if x.Join != "" {
			said += " " + v.Say("related.join."+x.Join, "ref", x.Ref, "customer", x.Customer)
		}
		p.Para(said)
	}
}

// Fellow is another ticket that the same approval answers: the letter it would get, its language, and who is copied. Drafted is whose draft it has beside
// that letter, as colleagues call him, "" if nobody's. Left says why it gets none, "" where it does:
//
//	closed      it is closed or solved     portal      answers go through a portal     nobody   it has no address
//	personal    its customer is owed words of his own first                            many     too many for one approval
//	incomplete  its text lacks something   changed     not as it was when it was shown recalled its letter was stopped in time
//	damaged     it cannot be read
type Fellow struct {
	Ticket        ticket.Ticket
	Language      string
	Subject, Text string
	Copied        []ticket.Address
	Written       Written
	Drafted, Left string
}

// First is the number of the first ticket of a list, 0 where it is empty.
func First(list []Fellow) uint64 {
	if len(list) == 0 {
		return 0
	}
	return list[0].Ticket.Number
}

// Aside is an answer that a person wrote, that reached no customer and that is not the draft, where another text stands.
type Aside struct {
	By, Text string
	Files    []ticket.Enclosed
}

// Asides shows texts beside the draft, so that nobody has to look for his words.
func Asides(p *page.Page, v words.Voice, list []Aside) {
	for _, a := range list {
		p.Heading(v.Say("aside.title"))
		p.Para(v.Say("aside.how", "name", a.By))
		p.Letter(a.Text, "")
		p.Facts([2]string{v.Say("fact.files"), enclosed.Drafted(v, a.Files)})
	}
}

// Waiting counts the approved letters of a ticket that are still to go, and says when the first does.
func Waiting(t ticket.Ticket, now time.Time) (n int, first time.Time) {
	for _, l := range t.Posted {
		if l.Customer && l.State == posted.Queued && !l.PutOff() && l.NotBefore.After(now) && !t.Notice.Asks {
			if n++; n == 1 {
				first = l.NotBefore
			}
		}
	}
	return n, first
}

// Held says that such letters go, and what stops them: whoever reads that his mail sent nothing takes it that nothing goes.
func Held(p *page.Page, v words.Voice, t ticket.Ticket) {
	if n, first := Waiting(t, v.Now); n > 0 {
		p.Alert(v.Count("held", n, "when", v.Short(first)), false)
	}
}

// Letters lists the tickets of one approval, then the text of each language that the draft above does not show.
func Letters(p *page.Page, v words.Voice, list []Fellow, draft ticket.Draft) {
	var sent, left []Fellow
	for _, f := range list {
		if f.Left == "" {
			sent = append(sent, f)
		} else {
			left = append(left, f)
		}
	}
	if len(sent) == 0 {
		p.Heading(v.Say("receipt.others"))
		p.Para(v.Say("others.none"))
	} else {
		p.Heading(v.Count("others.go", len(sent)))
	}
	fellows(p, v, sent)
	if slices.ContainsFunc(sent, func(f Fellow) bool { return len(f.Copied) == 0 && len(f.missed()) > 0 }) {
		p.Small(v.Say("others.all"))
	}
	shown := []string{draft.Language}
	for _, f := range sent {
		if slices.Contains(shown, f.Language) {
			continue
		}
		if len(shown) == 1 && draft.Personal != "" {
			p.Alert(v.Say("others.words", "language", v.Known("language.", shown[0])), false)
		}
		shown = append(shown, f.Language)
		p.Heading(v.Say("others.text", "language", v.Known("language.", f.Language), "ref", f.Ticket.Ref))
		p.Facts([2]string{v.Say("fact.to"), Person(f.Ticket.Customer)}, [2]string{v.Say("fact.subject"), f.Subject})
		p.Letter(f.Text, "")
	}
	if len(left) > 0 {
		p.Heading(v.Say("others.left"))
		fellows(p, v, left)
	}
}

// Tickets lists what became of other tickets, if any.
func Tickets(p *page.Page, v words.Voice, list []Fellow) {
	if len(list) > 0 {
		p.Heading(v.Say("receipt.others"))
		fellows(p, v, list)
	}
}

// fellows lists tickets with customer, arrival and language, and what is to be said of each.
func fellows(p *page.Page, v words.Voice, list []Fellow) {
	rows := make([]page.Row, len(list))
	for i, f := range list {
		rows[i] = page.Row{Ref: f.Ticket.Ref, Text: f.Ticket.Subject, When: v.Short(f.Ticket.ReceivedAt), Notes: []string{Person(f.Ticket.Customer)}}
		if f.Language != "" {
			rows[i].Notes[0] += ", " + v.Known("language.", f.Language)
		}
		rows[i].Notes = append(rows[i].Notes, remarks(v, f)...)
	}
	p.Rows(rows...)
}

// missed are the people whom the customer copied, who get no letter unless that is wanted.
func (f Fellow) missed() []ticket.Address {
	return slices.DeleteFunc(slices.Clone(f.Ticket.Cc), func(a ticket.Address) bool { return strings.EqualFold(a.Addr, f.Ticket.Customer.Addr) })
}

// remarks is what else is to be said of a ticket: why it gets no letter, or who does not read the one that it gets.
func remarks(v words.Voice, f Fellow) (said []string) {
	if f.Left != "" {
		return []string{v.Known("left.", f.Left)}
	}
	switch missed := f.missed(); {
	case len(f.Copied) > 0:
		said = append(said, v.Say("others.copy", "names", People(f.Copied)))
	case len(missed) > 0:
		said = append(said, v.Say("others.copied", "names", People(missed)))
	}
	if f.Drafted != "" {
		said = append(said, v.Say("others.drafted", "name", f.Drafted))
	}
	return append(said, f.Written.remarks(v)...)
}

// Person names somebody: name and address, or what there is.
func Person(a ticket.Address) string {
	switch {
	case a.Name == "":
		return a.Addr
	case a.Addr == "": // a carrier names its customer without one
		return a.Name
	}
	return a.Name + " <" + a.Addr + ">"
}

// People names several.
func People(who []ticket.Address) string {
	names := make([]string, len(who))
	for i, a := range who {
		names[i] = Person(a)
	}
	return strings.Join(names, ", ")
}
