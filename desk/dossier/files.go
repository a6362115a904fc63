package dossier

import (
	"errors"
	"fmt"

	"replyby/desk/enclosure"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
)

// Fits refuses files that are too large for mail in so many letters of one approval.
func (f *Dossier) Fits(files []ticket.Enclosed, letters int) error {
	if size := enclosure.Size(files) * letters; size > enclosure.Most {
		return Refusal{"files_large", fmt.Sprintf("%.1f/%d MB", float64(size)/(1<<20), enclosure.Most>>20)}
	}
	return nil
}

// FilesOf are the files of a decided letter, with more of which one takes the place of another.
func (f *Dossier) FilesOf(p ticket.Posted, more []ticket.Enclosed) ([]ticket.Enclosed, error) {
	if f.Approved == nil || len(p.Files) == 0 {
		return more, nil
	}
	was, err := f.Approved(p.Draft)
	return enclosure.With(was.Files, more), err
}

// enclosed gets the bytes of the files of a letter.
func (f *Dossier) enclosed(files []ticket.Enclosed) ([]letter.File, error) {
	if err := f.Fits(files, 1); err != nil {
		return nil, err
	}
	read, err := enclosure.Read(f.Mail, files)
	if errors.Is(err, enclosure.ErrGone) || errors.Is(err, store.ErrNotFound) { // erased
		return nil, Refusal{"file_gone", ""}
	}
	return read, err
}
