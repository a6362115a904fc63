package dossier

import (
	"slices"

	"replyby/desk/arrival"
	"replyby/ticket"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
)

// Erase forgets what is personal of the ticket, and the bytes of the messages and letters listed. A [Refusal] says that it is still open,
// that a letter to the customer has not ended, or that a mail of staff waits for its proof: its writer is still to hear what it did.
func (f *Dossier) Erase(by string, kept []ticket.Hash) error {
	if f.T.Number == 0 || f.T.IsOpen() {
		return Refusal{Code: "open", Detail: f.T.Ref}
	}
	if len(f.T.Postponed) > 0 {
		return Refusal{Code: "awaited", Detail: f.T.Ref}
	}
	for _, p := range f.T.Posted {
		if p.Customer && p.State.MayArrive() {
			return Refusal{Code: "on_its_way", Detail: f.T.Ref}
		}
		f.Change.Done = append(f.Change.Done, p.ID) // those to staff show the customer's words
	}
	if f.T.State == ticket.Resolved { // what could open it again would find nobody to answer
		f.Add(kind.Closed, by, ticket.Body{Verb: "erase"})
	}
	f.Change.Erase = kept
	left := erasure.Remains(f.T)
	f.Add(kind.Erased, by, ticket.Body{Left: &left})
	return nil
}

// Forget forgets, of the desk's own file, what these records say, and the bytes of these mails, which are set aside no more.
func (f *Dossier) Forget(by string, records []uint64, mails []ticket.Hash) {
	left := f.T
	left.Filed = slices.DeleteFunc(slices.Clone(left.Filed), func(x ticket.Filed) bool { return slices.Contains(mails, x.Raw) })
	f.Change.Bare, f.Change.Forget = records, mails
	f.Add(kind.Erased, by, ticket.Body{Left: &left})
}

// eraseToo forgets the bytes of a mail that comes for an erased ticket, unless another ticket has to do with it. Its event says nothing of it.
func (f *Dossier) eraseToo(a *arrival.Arrival) {
	if f.T.Erased() && len(f.Change.Events) > 0 && !a.Kept.Kept && len(f.Also) == 0 {
		f.Change.Forget = append(f.Change.Forget, a.Kept.Hash)
	}
}
