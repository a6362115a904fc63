package letter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/letter/digest"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/outcome"
	"replyby/ticket/verdict"
)

// Summary is one mail about several tickets. Why is "budget" (in place of many mails) or "outage": nothing was watched
// From To. The Assignee of each is what colleagues call him. Steps says for each ticket (by its number) what passed
// meanwhile, in order of time.
type Summary struct {
	Person   Person
	Why      string
	Tickets  []ticket.Ticket
	Steps    map[uint64][]Step
	From, To time.Time
	// More counts further tickets that are less pressing than any of these, and are not listed.
	More int
	// Also counts for a ticket, by its number, further ones of the same customer that have no row of their own. All is how many
	// tickets the mail stands for; 0 means those listed.
	Also map[uint64]int
	All  int
}

// Step is a step of the ladder of an obligation that passed. Means is what it announces: see [ticket.Rung].
type Step struct {
	Duty  duty.Name
	Means string
}

// MaxRows bounds the tickets that a summary lists, most pressing first; of more it says how many.
const MaxRows = 100

// Summary writes the mail.
func (w *Writer) Summary(x Summary, s Stamp) (Rendered, error) {
	v := w.voice(x.Person, s)
	if !v.Has("summary.why." + x.Why) {
		return Rendered{}, fmt.Errorf("letter %s: summary for unknown reason %q", s.ID, x.Why)
	}
	x.All = cmp.Or(x.All, len(x.Tickets))
	subject := v.Count("summary.subject."+x.Why, x.All)
	p := page.New(v.Lang, subject)
	p.Para(v.Say("summary.why."+x.Why, "from", v.Short(x.From), "to", v.Short(x.To)))
	rows, by := make([]page.Row, 0, len(x.Tickets)), time.Time{}
	for i, t := range x.Tickets {
		if i < MaxRows {
			rows = append(rows, row(v, t, steps(v, t, x.Steps[t.Number])))
			if n := x.Also[t.Number]; n > 0 {
				rows[i].Notes = append(rows[i].Notes, v.Count("summary.also", n))
			}
		}
		if at := replyBy(t); !at.IsZero() && (by.IsZero() || at.Before(by)) {
			by = at
		}
	}
	p.Rows(rows...)
	if n := x.More + max(len(x.Tickets)-MaxRows, 0); n > 0 {
		p.Para(v.Count("summary.left", n))
	}
	p.Small(v.Say("summary.how."+x.Why, "desk", w.desk.Address))
	return w.staff(note{to: x.Person, purpose: "summary", subject: w.tagged(subject), by: by, page: p}, s)
}

// steps says the last step of each obligation: whoever reads that a limit has passed need not read that it came near.
func steps(v words.Voice, t ticket.Ticket, passed []Step) string {
	var said []string
	for i, x := range passed {
		if slices.ContainsFunc(passed[i+1:], func(later Step) bool { return later.Duty == x.Duty }) {
			continue
		}
		o, _ := t.Duty(x.Duty)
		said = append(said, v.Say("done.why", "done", v.Known("duty.", string(x.Duty)), "why", v.Known("step.", outcome.Means(o, x.Means, v.Now))))
	}
	return v.Listed(said)
}

// nextDue is the first of the instants by which something is owed: of each obligation its limit, once its target is behind it.
func nextDue(t ticket.Ticket, now time.Time) (first time.Time) {
	for _, o := range t.Duties {
		at := o.Target
		if !o.Limit.IsZero() && !now.Before(at) {
			at = o.Limit
		}
		if o.Running() && !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// row is a ticket in a list, with its next deadline.
func row(v words.Voice, t ticket.Ticket, note string) page.Row {
	r := page.Row{Ref: t.Ref, Text: t.Subject, Who: t.Assignee, Urgent: t.Verdict.Urgency == verdict.Urgent, Notes: []string{caller(v, t)}}
	if at := nextDue(t, v.Now); !at.IsZero() {
		key := "summary.due"
		if !v.Now.Before(at) {
			key, r.Late = "summary.late", true
		}
		r.When = v.Say(key, "when", v.Short(at))
	}
	if note != "" {
		r.Notes = append(r.Notes, note)
	}
	return r
}

// Question asks about a letter to a customer of which nobody knows whether it arrived. Letter is that letter with its
// text, At the attempt, Reply the last word of the server.
type Question struct {
	Ticket ticket.Ticket
	Person Person
	Token  string
	Letter ticket.Letter
	At     time.Time
	Reply  string
}

// Question writes the mail.
func (w *Writer) Question(q Question, s Stamp) (Rendered, error) {
	v := w.voice(q.Person, s)
	subject := about(v, "question.subject", q.Ticket)
	p := page.New(v.Lang, what(q.Ticket))
	p.Alert(v.Say("question.lead"), false)
	p.Heading(v.Say("question.known"))
	p.Facts([2]string{v.Say("question.try"), v.Long(q.At)}, [2]string{v.Say("question.reply"), cmp.Or(q.Reply, v.Say("question.none"))})
	p.Heading(v.Say("review.how"))
	p.Para(v.Say("review.how.text"))
	p.Choices(
		page.Choice{Word: "resend", Does: v.Say("does.resend"), Link: w.answer(subject, q.Token, "resend\r\n")},
		page.Choice{Word: "leave", Does: v.Say("does.leave"), Link: w.answer(subject, q.Token, "leave\r\n")},
	)
	p.Heading(v.Say("question.letter"))
	p.Facts([2]string{v.Say("fact.to"), strings.Join(q.Letter.To, ", ")}, [2]string{v.Say("fact.subject"), q.Letter.Subject})
	if q.Letter.Text != "" {
		p.Letter(q.Letter.Text, "")
	}
	return w.staff(note{to: q.Person, purpose: "question", subject: subject, token: q.Token, by: replyBy(q.Ticket), page: p}, s)
}

// Notice says that the program itself needs somebody. What is one of imap, smtp, password, foreign, disk, clock, poison and
// store, or else a sentence shown as it is; Detail is what the system said.
type Notice struct {
	Person       Person
	What, Detail string
	Since        time.Time
}

// Notice writes the mail.
func (w *Writer) Notice(n Notice, s Stamp) (Rendered, error) {
	v := w.voice(n.Person, s)
	trouble, todo := n.What, ""
	if v.Has("notice.what." + n.What) {
		trouble, todo = v.Say("notice.what."+n.What), v.Say("notice.todo."+n.What)
	}
	subject := v.Say("notice.subject", "what", page.Short(trouble, 80))
	p := page.New(v.Lang, subject)
	if !n.Since.IsZero() {
		p.Alert(v.Say("notice.since", "when", v.Long(n.Since)), true)
	}
	if n.Detail != "" {
		p.Heading(v.Say("notice.detail"))
		p.Quote(n.Detail)
	}
	if todo != "" {
		p.Heading(v.Say("notice.do"))
		p.Para(todo)
	}
	return w.staff(note{to: n.Person, purpose: "notice", subject: w.tagged(subject), page: p}, s)
}

// Hello asks a person for one answer, from which the program learns how to know his mail.
func (w *Writer) Hello(to Person, token string, s Stamp) (Rendered, error) {
	v := w.voice(to, s)
	subject := v.Say("hello.subject")
	p := page.New(v.Lang, w.desk.Name)
	p.Para(v.Say("hello.lead", "desk", w.desk.Address))
	p.Para(v.Say("hello.do"))
	return w.staff(note{to: to, purpose: "hello", subject: w.tagged(subject), token: token, page: p}, s)
}

// Help lists the reply language. own is what the verbs of a command, as the help writes it, are called in the reader's language; "" where they
// have no other name there.
func (w *Writer) Help(t ticket.Ticket, to Person, token string, own func(command string) string, s Stamp) (Rendered, error) {
	v := w.voice(to, s)
	subject := about(v, "help.subject", t)
	p := page.New(v.Lang, what(t))
	p.Para(v.Say("help.lead"))
	for _, list := range []struct{ heading, verbs string }{
		{"help.write", "ok ok.all eta noeta next fixed patch refuse refund resend"},
		{"help.quiet", "note wait take assign kind care customer merge adopt absent posted field detach bill consent close spam leave original undo status help"},
	} {
		p.Heading(v.Say(list.heading))
		var c []page.Choice
		for _, verb := range strings.Fields(list.verbs) {
			x := page.Choice{Word: v.Known("form.", verb), Does: v.Say("does." + verb)}
			if called := own(x.Word); called != "" {
				x.Does += " " + v.Say("help.own", "names", called)
			}
			c = append(c, x)
		}
		p.Choices(c...)
	}
	return w.staff(note{to: to, purpose: "help", subject: subject, token: token, by: replyBy(t), page: p}, s)
}

// Digest writes the daily report to one reader. Desk and Zone of the report are filled in here where they are empty. With a token
// the reader may answer it, to adopt what was set aside, and is told how to take up a ticket.
func (w *Writer) Digest(to Person, r digest.Report, token string, s Stamp) (Rendered, error) {
	r.Desk, r.Zone = cmp.Or(r.Desk, w.desk.Name), cmp.Or(r.Zone, w.desk.Zone)
	if token != "" {
		r.Address = w.desk.Address
	}
	subject, p := r.Page(w.voice(to, s))
	return w.staff(note{to: to, purpose: "digest", subject: w.tagged(subject), token: token, page: p}, s)
}
