package dossier

import "replyby/ticket"

// Explained is a ticket with the count of each of its clocks in one line of a language, for evidence: where today's calendar would
// count otherwise than was counted then, nothing is said. Who holds it stays the address that the log has.
func (k Kit) Explained(t ticket.Ticket, language string) ticket.Ticket {
	told := k.Open(t, t.UpdatedAt, "").told(language)
	told.Assignee = t.Assignee
	return told
}
