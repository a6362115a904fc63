package letter

import (
	"fmt"

	"replyby/letter/beside"
	"replyby/letter/news"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

// News tells a person who was asked about a ticket what a colleague, By, has done about it, as package news names it; Words are those with which
// he did it without a letter. Instead says that the person had been told of another letter, which was stopped; Yours that the draft is what he was
// writing. Thread are the Message-IDs of what the person has got about it, oldest first: his mail program puts this one below them.
type News struct {
	Ticket   ticket.Ticket
	Person   Person
	What     string
	By, Heir string
	Words    string
	Letter   ticket.Letter
	Instead  bool
	Yours    bool
	Thread   []string
}

// News writes the mail. It has no token: who wants to decide answers the mail that showed him the draft.
func (w *Writer) News(n News, s Stamp) (Rendered, error) {
	v := w.voice(n.Person, s)
	if !v.Has("news." + n.What) {
		return Rendered{}, fmt.Errorf("letter %s: unknown news %q", s.ID, n.What)
	}
	by, heir := page.Short(n.By, maxName), page.Short(n.Heir, maxName)
	p := page.New(v.Lang, what(n.Ticket))
	if n.Instead && n.What != news.Answered {
		p.Para(v.Say("news.undone", "name", by, "ref", n.Ticket.Ref, "when", v.Short(v.Now)))
	}
	p.Para(v.Say("news."+n.What, "name", by, "value", heir, "ref", n.Ticket.Ref, "when", v.Short(v.Now)))
	w.outcome(p, v, n)
	if n.Yours {
		p.Para(v.Say("news.yours", "ref", n.Ticket.Ref, "desk", w.desk.Address))
	}
	p.Small(v.Say("news.only"))
	subject := about(v, "news.subject."+n.What, n.Ticket, "name", by, "value", heir)
	return w.staff(note{to: n.Person, purpose: "news", subject: subject, page: p, thread: n.Thread}, s)
}

// outcome says what the customer gets or has got, or that he gets nothing yet.
func (w *Writer) outcome(p *page.Page, v words.Voice, n News) {
	switch {
	case n.What == news.Answered:
		if n.Instead {
			p.Para(v.Say("news.instead"))
		}
		sending(p, v, Receipt{Letter: &n.Letter, At: n.Letter.NotBefore})
	case n.Words != "":
		beside.Quote(p, v, n.Words)
	case (n.What == news.Undone || n.What == news.Reopened) && n.Ticket.State != ticket.Closed:
		p.Para(v.Say("news.open", "ref", n.Ticket.Ref, "desk", w.desk.Address))
	}
}
