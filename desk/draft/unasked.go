package draft

import (
	"slices"
	"time"

	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/posted"
	"replyby/ticket/verdict"
)

// Texts of letters that answer nothing a customer has written.
const (
	Closure = "closure_notice"
	Renewal = "renewal_reminder"
	Phone   = "phone_redirect"
)

// unasked is the text for a ticket in which no customer has written and none has been written to, else "".
func (c Case) unasked() string {
	t := c.Ticket
	switch wrote := len(t.Duties) > 0 || slices.ContainsFunc(t.Posted, func(p ticket.Posted) bool { return p.Customer && p.State != posted.Recalled }); {
	case t.Notice.Asks:
		return Closure
	case wrote:
		return ""
	case t.Notice.Kind == "renewal":
		return Renewal
	case t.Verdict.Category == verdict.Phone:
		return Phone
	}
	return ""
}

// notice are the words for what the ticket is to tell, in a language: days where it is about whole days. How to renew is said in that of the
// desk alone; elsewhere the text has words of its own.
func (c Case) notice(say wording.Words, language string) map[string]string {
	n := c.Ticket.Notice
	day := func(at time.Time) bool { return at.In(c.Zone).Equal(c.midnight(at)) }
	switch {
	case n.Kind == "renewal":
		said := map[string]string{"expiry": say.Date(n.Until.Add(-time.Second), c.Zone)}
		if language == c.Languages[0] {
			said["renew_how"] = c.Notices.RenewHow
		}
		return said
	case n.Kind != "closure":
		return nil
	case day(n.From) && day(n.Until):
		last := n.Until.Add(-time.Second)
		return map[string]string{"from": say.Date(n.From, c.Zone), "from_day": say.ShortDate(n.From, c.Zone),
			"to": say.Date(last, c.Zone), "to_day": say.ShortDate(last, c.Zone), "back": c.back(say)}
	}
	return map[string]string{"from": say.Instant(n.From, c.Zone), "from_day": say.Short(n.From, c.Zone),
		"to": say.Instant(n.Until, c.Zone), "to_day": say.Short(n.Until, c.Zone), "back": c.back(say)}
}

func (c Case) midnight(at time.Time) time.Time {
	y, m, d := at.In(c.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, c.Zone)
}

// back is when somebody is in again after a closure.
func (c Case) back(say wording.Words) string {
	return say.Instant(c.Service.NextOpen(c.Ticket.Notice.Until), c.Zone)
}
