package dossier

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/clock"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// Prove settles an unknown delivery by the copy that came back, and notes the proof of one already known. Of a letter that was sent
// again the last copy that went is settled, and one that still waits does not go: the customer has those bytes.
func (f *Dossier) Prove(a *arrival.Arrival, p ticket.Posted) error {
	if last, ok := f.T.Copy(p.MessageID); ok {
		p = last
	}
	if p.State == posted.Bounced {
		f.File(a, "copy of a letter that has come back since") // accepted once, and yet the customer has nothing
		return nil
	}
	for _, q := range f.T.Posted {
		if q.MessageID == p.MessageID && q.ID != p.ID && q.State == posted.Queued {
			f.Add(kind.Recalled, sheet.Program, ticket.Body{Delivery: &ticket.Delivery{Letter: q.ID, Proof: "the copy sent before has arrived"}})
			f.Change.Done = append(f.Change.Done, q.ID)
		}
	}
	del := &ticket.Delivery{Letter: p.ID, At: a.At, Proof: "copy in " + a.Folder + ", " + a.By}
	if a.Mail.MessageID != p.MessageID {
		del.OnWire = a.Mail.MessageID
		f.Key(store.MessageID, a.Mail.MessageID)
	}
	if p.State == posted.Sent {
		del.At = p.At
	}
	f.Change.Done = append(f.Change.Done, p.ID)
	return clock.Accepted(f.Sheet, p.Letter, kind.Settled, ticket.Body{Delivery: del})
}

// awayNote begins the reason for which a customer's automatic reply was filed.
const awayNote = "the customer is away: "

// FileAway keeps an automatic reply of the customer and remembers its words for the next review.
func (f *Dossier) FileAway(a *arrival.Arrival) {
	const enough = 200
	f.File(a, awayNote+arrival.Clip(strings.Join(strings.Fields(cmp.Or(a.Verdict.Fresh.Text, a.Mail.Subject)), " "), enough))
}

// away is what the customer's automatic reply said, with its day, until he writes again.
func (f *Dossier) away() string {
	for _, x := range slices.Backward(f.T.Filed) {
		if said, ok := strings.CutPrefix(x.Reason, awayNote); ok && x.At.After(f.T.CustomerAt) {
			return x.At.In(f.Zone).Format(time.DateOnly) + ": " + said
		}
	}
	return ""
}

// File keeps an automatic message: it changes no state and stops no clock.
func (f *Dossier) File(a *arrival.Arrival, reason string) {
	f.FileAs(a, string(a.Verdict.Kind), reason)
}

// FileAs is File for what is set aside for another reason than what it is: "junk", "copy".
func (f *Dossier) FileAs(a *arrival.Arrival, what, reason string) {
	m := a.Message()
	m.Kind = what
	f.Add(kind.AutoFiled, sheet.Program, ticket.Body{Message: m, Reason: reason})
}
