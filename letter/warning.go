package letter

import (
	"fmt"
	"time"

	"replyby/letter/page"
	"replyby/ticket"
)

// Warning says that an obligation comes to its end, or has passed it. Duty is its name, Rung the step of the ladder. Left
// is the service time left to the target (0 = do not say). Late says that the limit has passed. Delay is how late this
// warning itself is, with its Cause ("the program was not running"); 0 for one in time.
type Warning struct {
	Ticket     ticket.Ticket
	Person     Person
	Token      string
	Duty, Rung string
	Left       time.Duration
	Late       bool
	Delay      time.Duration
	Cause      string
}

// Warning writes the mail.
func (w *Writer) Warning(x Warning, s Stamp) (Rendered, error) {
	v := w.voice(x.Person)
	o, _ := x.Ticket.Duty(x.Duty)
	due := o.Target
	if due.IsZero() || x.Late && !o.Limit.IsZero() {
		due = o.Limit
	}
	duty, when := dutyName(v, x.Duty), ""
	if !due.IsZero() {
		when = w.short(v, due, s.Date)
	}
	p := page.New(v.Lang, what(x.Ticket))
	key := "warning.subject.soon"
	switch {
	case x.Late:
		key = "warning.subject.late"
		p.Alert(v.Say("warning.late", "duty", duty, "when", when), true)
	case x.Left > 0:
		p.Alert(v.Say("warning.soon", "duty", duty, "when", when, "left", span(x.Left)), false)
	default:
		p.Alert(v.Say("warning.soon.bare", "duty", duty, "when", when), false)
	}
	if x.Delay > 0 {
		p.Para(v.Say("warning.late.told", "late", span(x.Delay), "cause", x.Cause))
	}
	if x.Duty == "ack" {
		p.Para(v.Say("warning.open", "customer", caller(x.Ticket)))
	}
	subject := v.Say(key, "what", what(x.Ticket), "duty", duty, "when", when)
	r := Review{Ticket: x.Ticket, Person: x.Person, Token: x.Token, Request: x.Ticket.Excerpt, Mark: v.Say("mark.personal"), DraftText: x.Ticket.Draft.Text}
	w.deadlines(p, v, x.Ticket, s.Date)
	p.Facts([2]string{v.Say("fact.assignee"), x.Ticket.Assignee})
	p.Heading(v.Say("review.how"))
	p.Para(v.Say("review.how.text"))
	p.Choices(w.choices(v, r, subject)...)
	w.request(p, v, r)
	return w.staff(note{to: x.Person, purpose: "warning", subject: subject, token: x.Token, by: due, page: p}, s)
}

// span says a length of time in hours and minutes, the same in all four languages.
func span(d time.Duration) string {
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", max(m, 1))
	case m == 0:
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d h %d min", h, m)
}
