package dossier

import (
	"strings"

	"replyby/ticket"
	"replyby/ticket/kind"
)

// Retime computes the running obligations anew and records those that moved.
func (f *Dossier) Retime() error {
	moved, why, err := f.Terms().Moved()
	if len(moved) > 0 {
		f.Add(kind.Retimed, Program, ticket.Body{Obligations: moved, Reason: strings.Join(why, "; ")})
	}
	return err
}
