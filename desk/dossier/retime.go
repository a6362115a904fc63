package dossier

import (
	"strings"

	"replyby/ticket"
	"replyby/ticket/kind"
)

// Retime computes the running obligations anew and records those that moved, and whose ladder is another than before.
func (f *Dossier) Retime() error {
	moved, why, err := f.Terms().Moved()
	if err != nil {
		return err
	}
	for _, o := range moved {
		f.takeBackMissed(o)
	}
	if len(moved) > 0 {
		f.Add(kind.Retimed, Program, ticket.Body{Obligations: moved, Reason: strings.Join(why, "; ")})
	}
	relisted, why, err := f.Terms().Relisted(moved)
	if err != nil {
		return err
	}
	if len(relisted) > 0 {
		f.Add(kind.Reclassified, Program, ticket.Body{Obligations: relisted, Reason: strings.Join(why, "; ")})
	}
	return nil
}

// takeBackMissed removes a missed limit from the figures after it was moved into the future. It is counted again once it is missed or met.
func (f *Dossier) takeBackMissed(now ticket.Obligation) {
	was, _ := f.T.Duty(now.Name)
	for _, r := range was.Rungs {
		if r.Means != "limit_passed" || r.Done.IsZero() {
			continue
		}
		for _, n := range now.Rungs {
			if n.Name == r.Name && n.Done.IsZero() {
				f.CountBy("missed", -1)
			}
		}
	}
}
