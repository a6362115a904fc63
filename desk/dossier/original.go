package dossier

import (
	"errors"
	"slices"
	"strconv"

	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
)

// maxOriginal is the largest mail that is sent on, in bytes: in base64 it stays below what most servers take.
const maxOriginal = 15 << 20

// Original attaches the customer's own mail to the receipt: the latest, and the one that opened the ticket.
func (f *Dossier) Original() error {
	for _, h := range slices.Compact([]ticket.Hash{f.T.Raw, f.T.LastRaw}) {
		if h.IsZero() {
			continue
		}
		raw, err := f.Mail(h)
		switch {
		case errors.Is(err, store.ErrNotFound):
			continue // erased
		case err != nil:
			return err
		case len(raw) > maxOriginal:
			return Refusal{"original_large", strconv.Itoa(len(raw)>>20) + " MB"}
		}
		f.Attach = append(f.Attach, letter.File{Name: f.Ref() + ".eml", Type: "message/rfc822", Data: raw})
	}
	if f.Attach == nil {
		return Refusal{"no_original", ""}
	}
	return nil
}
