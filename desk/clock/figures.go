package clock

import (
	"time"

	"replyby/desk/figure"
	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
)

// tally counts what the acceptance of a letter means for the figures. A limit that has passed since the last beat of the metronome counts
// as missed now: a clock that has stopped takes no step any more.
func tally(s *sheet.Sheet, p ticket.Posted, at time.Time) {
	stops := s.T.Stops(p)
	for name, n := range figure.Accepted(s.T, p, at) {
		s.CountBy(name, n)
	}
	for _, o := range stops {
		if !o.Limit.IsZero() && !at.Before(o.Limit) {
			breach(s, o, at)
		}
	}
}

// breach takes the step at a limit that had passed when an answer came, if no beat has taken it.
func breach(s *sheet.Sheet, o ticket.Obligation, at time.Time) {
	for _, r := range o.Rungs {
		if r.Means == "limit_passed" && r.Done.IsZero() {
			s.Count("missed")
			late := at.Sub(o.Limit).Round(time.Second)
			s.Add(kind.Breached, sheet.Program, ticket.Body{Obligation: o.Name, Rung: &r, Reason: late.String() + " late: answered after the limit, before a beat noticed that it had passed"})
		}
	}
}

// tallyElsewhere is tally for an answer given without a letter of ours. It may have been given before the request was taken in.
func tallyElsewhere(s *sheet.Sheet, at time.Time) {
	answers := []duty.Name{duty.Ack}
	if next, owed := s.T.Duty(duty.NextReply); owed && !at.Before(next.From) {
		answers = append(answers, next.Name)
	}
	tally(s, ticket.Posted{Letter: ticket.Letter{Answers: answers}, DecidedAt: s.Now}, at)
}

// tallyBack takes out of the figures the limits that a letter had kept and that run again now that it came back. was are the obligations
// before its report. How long the first answer took stays: it was written.
func tallyBack(s *sheet.Sheet, was []ticket.Obligation, letter string) {
	for _, o := range was {
		if now, _ := s.T.Duty(o.Name); o.MetBy == letter && now.MetBy == "" && !o.Limit.IsZero() && o.MetAt.Before(o.Limit) {
			s.CountBy("kept", -1)
		}
	}
}
