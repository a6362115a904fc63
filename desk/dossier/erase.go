package dossier

import (
	"slices"

	"replyby/ticket"
	"replyby/ticket/kind"
)

// Erase forgets what is personal of the ticket, and the bytes of the messages and letters listed. A [Refusal] says that it is still open,
// or that a letter to the customer has not ended.
func (f *Dossier) Erase(by string, kept []ticket.Hash) error {
	if f.T.Number == 0 || f.T.IsOpen() {
		return Refusal{Code: "open", Detail: f.T.Ref}
	}
	for _, p := range f.T.Posted {
		if p.Customer && slices.Contains([]string{"queued", "sending", "unknown"}, p.State) {
			return Refusal{Code: "on_its_way", Detail: f.T.Ref}
		}
		f.Change.Done = append(f.Change.Done, p.ID) // those to staff show the customer's words
	}
	f.Change.Erase = kept
	left := f.T.Remains()
	f.Add(kind.Erased, by, ticket.Body{Left: &left})
	return nil
}
