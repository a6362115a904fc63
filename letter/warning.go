package letter

import (
	"slices"
	"time"

	"replyby/letter/beside"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/duty"
)

// Warning says that an obligation comes to its end, or has passed it. Duty is its name. Left is the service time left to
// the target (0 = do not say). Late says that the limit has passed. Delay is how late this warning itself is, 0 for one in
// time; Down since when until now the program did not run, zero where that is not why. The draft may be left empty.
type Warning struct {
	Ticket ticket.Ticket
	Person Person
	Token  string
	Duty   duty.Name
	Means  string // what the step announces: see ticket.Rung
	Left   time.Duration
	Late   bool
	Delay  time.Duration
	Down   time.Time
	Draft
}

// Warning writes the mail.
func (w *Writer) Warning(x Warning, s Stamp) (Rendered, error) {
	v := w.voice(x.Person, s)
	o, _ := x.Ticket.Duty(x.Duty)
	due := x.due(o, s.Date)
	owed, when := v.Known("duty.", string(x.Duty)), ""
	if !due.IsZero() {
		when = v.Short(due)
	}
	p := page.New(v.Lang, what(x.Ticket))
	key := "warning.subject.soon"
	switch {
	case x.passed(o, s.Date) != "":
		key = "warning.subject.target"
		if x.Means == "promise_passed" {
			key = "warning.subject.late"
		}
		p.Alert(v.Say(x.passed(o, s.Date), "duty", owed, "when", when, "limit", v.Short(o.Limit)), true)
	case x.Late:
		key = "warning.subject.late"
		late := "warning.late"
		if x.Duty == duty.Fix { // what the contract asks for now
			late = "warning.late.fix"
		}
		p.Alert(v.Say(late, "duty", owed, "when", when), true)
	case x.Left > 0:
		p.Alert(v.Say("warning.soon", "duty", owed, "when", when, "left", wording.Duration(x.Left.Truncate(time.Minute))), false)
		p.Facts([2]string{v.Say("warning.hours"), v.Hours(w.desk.Hours)})
	default:
		p.Alert(v.Say("warning.soon.bare", "duty", owed, "when", when), false)
	}
	if x.Delay > 0 {
		told := "warning.late.told"
		if !x.Down.IsZero() {
			told = "warning.late.down"
		}
		p.Para(v.Say(told, "late", wording.Duration(x.Delay.Truncate(time.Minute)), "from", v.Short(x.Down), "to", v.Short(s.Date)))
	}
	if x.Duty == duty.Ack {
		key, reply := "warning.open", ""
		if put := x.putOff(); len(put) > 0 {
			key, reply = "warning.put_off", put[len(put)-1].Reply
		}
		p.Para(v.Say(key, "customer", caller(v, x.Ticket), "detail", reply))
	}
	subject := about(v, key, x.Ticket, "duty", words.Within(owed), "when", when)
	beside.Deadlines(p, v, x.Ticket)
	p.Facts([2]string{v.Say("fact.assignee"), x.Ticket.Assignee})
	beside.Notes(p, v, x.Ticket)
	if x.DraftText != "" {
		draft(p, v, x.Ticket, x.Draft)
	}
	if x.Token == "" { // a manager, or whoever else is told: what he answers decides nothing
		p.Small(v.Say("warning.told"))
	} else {
		x.offer(w.links(subject, x.Token), string(x.Duty), x.Ticket, x.Person).Write(p, v)
	}
	request(p, v, Review{Ticket: x.Ticket, Request: x.Ticket.Excerpt})
	return w.staff(note{to: x.Person, purpose: "warning", subject: subject, token: x.Token, by: due, page: p}, s)
}

// putOff are the letters that would meet the obligation and have not gone yet, because a server puts them off.
func (x Warning) putOff() []ticket.Posted {
	return slices.DeleteFunc(slices.Clone(x.Ticket.Posted), func(p ticket.Posted) bool { return !p.PutOff() || !slices.Contains(p.Answers, x.Duty) })
}

// due is the moment the mail is about: the target, and once that is behind us the limit, unless the step is about the target itself.
func (x Warning) due(o ticket.Obligation, now time.Time) time.Time {
	if o.Target.IsZero() || !o.Limit.IsZero() && (x.Late || x.passed(o, now) == "" && !now.Before(o.Target)) {
		return o.Limit
	}
	return o.Target
}

// passed names the words for a step at a target that has passed, and for any step that comes after it where there is no limit; "" for others.
func (x Warning) passed(o ticket.Obligation, now time.Time) string {
	if o.Limit.IsZero() && (x.Means == "refund" || x.Means == "" && !x.Late && !o.Target.IsZero() && !now.Before(o.Target)) {
		return "warning.target"
	}
	if x.Means == "promise_passed" && x.Duty == duty.NextUpdate {
		return "warning.news"
	}
	return map[string]string{"target_passed": "warning.target", "refund": "warning.refund", "promise_passed": "warning.promise"}[x.Means]
}
