package arrival

import (
	"slices"

	"replyby/classifier"
	"replyby/desk/charter"
	"replyby/letter"
)

// Alone is a mail as a request of its own, where the database is harmed that says where it belongs: it must not keep those behind it waiting, and
// whoever reads it can tell what it is. What a customer wrote stays; any other mail, such as one of staff, decides nothing and is kept as it came.
func (a *Arrival) Alone(desk string, why error) *Arrival {
	b := *a
	b.Apart = true
	if a.IsStaff || a.Role != Inbox || a.Verdict.Kind != classifier.Person || a.Mail.Header.Has(letter.MarkField) {
		return b.Blind(desk, why)
	}
	b.Verdict.Reasons = append(slices.Clone(a.Verdict.Reasons), reason(why))
	return &b
}

// Blind is Alone for a mail of which nothing is to be looked up, its writer neither.
func (a *Arrival) Blind(desk string, why error) *Arrival {
	b := *a
	b.Apart, b.Role = true, Inbox
	b.Auth, b.Staff, b.IsStaff = Auth{}, charter.Person{}, false
	b.unread("kept as it came", reason(why))
	b.Seen = b.SeenAt(desk)
	return &b
}

func reason(why error) string { return "stands alone: " + why.Error() }
