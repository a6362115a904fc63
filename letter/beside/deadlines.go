package beside

import (
	"time"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

// Deadlines lists the running clocks, each with its count.
func Deadlines(p *page.Page, v words.Voice, t ticket.Ticket) {
	var facts [][2]string
	for _, o := range t.Duties {
		if owed(o) {
			facts = append(facts, [2]string{v.Known("duty.", string(o.Name)), clocks(v, o)})
		}
	}
	if len(facts) == 0 {
		return
	}
	p.Heading(v.Say("review.deadline"))
	p.Facts(facts...)
	for _, o := range t.Duties {
		if owed(o) && o.Count != "" {
			p.Small(o.Count)
		}
	}
}

// clocks says target, limit and the last moment to act, leaving out what repeats another.
func clocks(v words.Voice, o ticket.Obligation) string {
	var said []string
	for _, c := range []struct {
		key string
		at  time.Time
		not time.Time
	}{
		{"duty.target", o.Target, time.Time{}},
		{"duty.limit", o.Limit, o.Target},
		{"duty.act_by", o.ActBy, o.Limit},
	} {
		if !c.at.IsZero() && !c.at.Equal(c.not) && !(c.key == "duty.act_by" && c.at.Equal(o.Target)) {
			said = append(said, v.Say(c.key, "when", v.Short(c.at)))
		}
	}
	return v.Listed(said)
}

// owed reports whether an obligation runs towards an instant.
func owed(o ticket.Obligation) bool {
	return o.Running() && !(o.Target.IsZero() && o.Limit.IsZero() && o.ActBy.IsZero())
}
