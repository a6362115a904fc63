package clock

import (
	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/verdict"
)

// urgencyBy is the flag that names who of the staff said how urgent a ticket is.
const urgencyBy = "urgency_by"

// Urged reports whether the ticket is urgent because the customer, and not staff, says so.
func Urged(t ticket.Ticket) bool {
	return t.Verdict.Urgency == verdict.Urgent && t.Verdict.Flags[urgencyBy] == ""
}

// SetUrgency makes the ticket urgent or not urgent. No deadline moves, but out of hours other people are told.
func SetUrgency(s *sheet.Sheet, to verdict.Urgency, by string, body ticket.Body) error {
	s.T.Verdict.Urgency = to // the ladder depends on it, and the event is added last
	body.Verdict = &ticket.Verdict{Urgency: to}
	who := by
	if by == sheet.Customer {
		who = ""
	}
	if s.T.Verdict.Flags[urgencyBy] != who { // whoever of the staff said something before
		body.Verdict.Flags = map[string]string{urgencyBy: who}
	}
	for _, o := range s.T.Duties {
		if !o.Running() {
			continue
		}
		told, err := s.Terms().ToldAnew(o)
		if err != nil {
			return err
		}
		body.Obligations = append(body.Obligations, told)
	}
	s.Add(kind.Reclassified, by, body)
	return nil
}
