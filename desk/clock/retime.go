package clock

import (
	"strings"

	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Retime computes the running obligations anew and records those that moved, and whose ladder is another than before.
func Retime(s *sheet.Sheet) error {
	moved, why, err := s.Terms().Moved()
	if err != nil {
		return err
	}
	for _, o := range moved {
		takeBackMissed(s, o)
	}
	if len(moved) > 0 {
		s.Add(kind.Retimed, sheet.Program, ticket.Body{Obligations: moved, Reason: strings.Join(why, "; ")})
	}
	relisted, why, err := s.Terms().Relisted(moved)
	if err != nil {
		return err
	}
	if len(relisted) > 0 {
		s.Add(kind.Reclassified, sheet.Program, ticket.Body{Obligations: relisted, Reason: strings.Join(why, "; ")})
	}
	return nil
}

// takeBackMissed removes a missed limit from the figures after it was moved into the future. It is counted again once it is missed or met.
func takeBackMissed(s *sheet.Sheet, now ticket.Obligation) {
	was, _ := s.T.Duty(now.Name)
	for _, r := range was.Rungs {
		if r.Means != "limit_passed" || r.Done.IsZero() {
			continue
		}
		for _, n := range now.Rungs {
			if n.Name == r.Name && n.Done.IsZero() {
				s.CountBy("missed", -1)
			}
		}
	}
}
