package dossier

import (
	"strconv"

	"replyby/desk/enclosure"
)

// Original attaches the customer's own mail to the receipt: the latest, and the one that opened the ticket.
func (f *Dossier) Original() error {
	files, err := enclosure.Mails(f.Mail, f.Ref()+".eml", f.T.Raw, f.T.LastRaw)
	if err != nil {
		return err
	}
	for _, m := range files {
		if len(m.Data) > enclosure.Most {
			return Refusal{"original_large", strconv.Itoa(len(m.Data)>>20) + " MB"}
		}
	}
	if f.Attach = append(f.Attach, files...); f.Attach == nil {
		return Refusal{"no_original", ""}
	}
	return nil
}
