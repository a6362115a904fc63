package request

import (
	"context"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/dossier"
	"replyby/letter"
	"replyby/store"
)

// Import takes up a saved mail as a new ticket, because somebody says that it is a request. A [dossier.Refusal] says that it is no mail
// (no_mail), comes from staff (from_staff) or is a letter of ours (our_letter), that its time is not known (no_time) or still to come
// (future), or that the desk has it already: as a ticket (adopted, with its reference) or set aside (filed, with its id).
func (c Clerk) Import(ctx context.Context, s arrival.Saved, now time.Time) (_ *dossier.Dossier, err error) {
	if c.Files, err = c.Informed(ctx); err != nil {
		return nil, err
	}
	a := arrival.FromFile(c.Charter, c.Judge, s, now)
	if err := importable(a); err != nil {
		return nil, err
	}
	switch known, err := c.ByKey(ctx, store.Seen, a.Seen.String()); {
	case err != nil:
		return nil, err
	case known != nil && known.Number == 0:
		return nil, dossier.Refusal{Code: "filed", Detail: a.Kept.Hash.String()[:idLength]}
	case known != nil:
		return nil, dossier.Refusal{Code: "adopted", Detail: known.Ref}
	}
	f, err := c.takeUp(ctx, a, s.By, "was a saved mail", 0)
	if err != nil {
		return nil, err
	}
	f.Key(store.Seen, a.Seen.String())
	f.Change.Raw = append(f.Change.Raw, a.Kept.Hash)
	return f, nil
}

// importable says why a saved mail can be no request.
func importable(a *arrival.Arrival) error {
	code := ""
	switch {
	case a.From() == "":
		code = "no_mail"
	case a.Mail.Header.Has(letter.MarkField):
		code = "our_letter"
	case a.IsStaff:
		code = "from_staff"
	case a.At.IsZero():
		code = "no_time"
	case a.At.After(a.Now):
		code = "future"
	default:
		return nil
	}
	return dossier.Refusal{Code: code}
}
