// Package enclosure is about the files that staff send to a customer: which files of their mail go with the letter, and where their bytes are.
//
// It decides nothing: a file goes with a letter because it is part of the draft that a person approves.
package enclosure

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"replyby/letter"
	"replyby/letter/enclosed"
	"replyby/letter/wire"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
)

// Most is how many bytes of files one approval sends, in all its letters: they are written in one commit. In base64 they are a third more, which
// most servers still accept in one mail.
const Most = 15 << 20

// Sizes in bytes of pictures within the text: below minPicture it is an icon, of which nobody needs to hear; from photo on no logo, but a screenshot
// or a photo that somebody put between his lines.
const (
	minPicture = 2 << 10
	photo      = 64 << 10
)

// ErrGone says that a file of a draft is kept no longer.
var ErrGone = errors.New("the file is kept no longer")

// Of chooses the files of a staff mail, kept under raw, that go with a letter, and names those that do not: small pictures within the text, among
// which are logos, what the customer sent himself (theirs), mails, which may hold anything, and what programs attach to each mail.
func Of(m *mailparse.Message, raw ticket.Hash, theirs []ticket.Hash) (files []ticket.Enclosed, left []enclosed.Dropped) {
	for _, at := range m.Attachments {
		name := wire.FileName(cmp.Or(at.Name, at.Type)) // as the customer gets it, so that nothing else is shown, logged or compared
		switch why := unfit(at, theirs); {
		case why == "" && !slices.ContainsFunc(files, func(f ticket.Enclosed) bool { return f.Hash == ticket.Hash(at.SHA256) }):
			files = append(files, ticket.Enclosed{Attachment: ticket.Attachment{Name: name, Type: at.Type, Size: at.Size, Hash: at.SHA256}, Mail: raw})
		case why == "picture" && at.Size >= minPicture, why == "theirs", why == "mail", why == "card":
			left = append(left, enclosed.Dropped{Name: name, Why: why})
		}
	}
	return files, left
}

// made matches what Exchange calls the text behind a picture, be it a signature or what the mail quotes, Outlook a mail that it has packed, and
// programs that sign their signatures and keys, where a gateway kept nothing of their type but the name.
var made = regexp.MustCompile(`(?i)^(ATT\d+\.(htm|html|txt)|winmail\.dat|smime\.p7s|(OpenPGP_)?signature(\.asc)?|OpenPGP_0x[0-9A-F]+(\.asc)?)$`)

// saved matches mails that somebody stored as files: many programs attach those under a type of any bytes.
var saved = regexp.MustCompile(`(?i)\.(eml|msg|emlx)$`)

// unfit is why a file does not go with a letter, "" if it does.
func unfit(at mailparse.Attachment, theirs []ticket.Hash) string {
	switch at.Type {
	case "text/vcard", "text/x-vcard", "text/directory", "application/pgp-keys", "application/ms-tnef", "application/vnd.ms-tnef":
		return "card"
	}
	switch {
	case made.MatchString(at.Name):
		return "card"
	case strings.HasPrefix(at.Type, "message/"), at.Type == "application/vnd.ms-outlook", saved.MatchString(at.Name):
		return "mail"
	case slices.Contains(theirs, ticket.Hash(at.SHA256)):
		return "theirs"
	case at.Inline && strings.HasPrefix(at.Type, "image/") && at.Size < photo:
		return "picture"
	}
	return ""
}

// Without tells of files that go nowhere.
func Without(files []ticket.Enclosed, why string) (told []enclosed.Dropped) {
	for _, f := range files {
		told = append(told, enclosed.Dropped{Name: f.Name, Why: why})
	}
	return told
}

// With is what a draft has when files come to it: one takes the place of another of its name, whose capitals nobody looks at.
func With(files, more []ticket.Enclosed) []ticket.Enclosed {
	kept := slices.DeleteFunc(slices.Clone(files), func(f ticket.Enclosed) bool {
		return slices.ContainsFunc(more, func(x ticket.Enclosed) bool { return strings.EqualFold(x.Name, f.Name) || x.Hash == f.Hash })
	})
	return append(kept, more...)
}

// Size is how many bytes files have together.
func Size(files []ticket.Enclosed) (n int) {
	for _, f := range files {
		n += f.Size
	}
	return n
}

// Read gets the bytes of files out of the mails in which they came. It returns [ErrGone] where one is in none of them.
func Read(mail func(ticket.Hash) ([]byte, error), files []ticket.Enclosed) ([]letter.File, error) {
	var read []letter.File
	parsed := map[ticket.Hash]*mailparse.Message{}
	for _, f := range files {
		m := parsed[f.Mail]
		if m == nil {
			raw, err := mail(f.Mail)
			if err != nil {
				return nil, fmt.Errorf("read the mail that brought %q: %w", f.Name, err)
			}
			m = mailparse.Parse(raw)
			parsed[f.Mail] = m
		}
		data, found := find(m, f.Hash)
		if !found {
			return nil, fmt.Errorf("%w: %q", ErrGone, f.Name)
		}
		read = append(read, letter.File{Name: f.Name, Type: f.Type, Data: data})
	}
	return read, nil
}

// find looks for a file in a mail, and in the mails within it: an envelope may be around what staff wrote.
func find(m *mailparse.Message, hash ticket.Hash) (data []byte, found bool) {
	for _, in := range append([]*mailparse.Message{m}, m.Enclosed()...) {
		for _, at := range in.Attachments {
			if ticket.Hash(at.SHA256) == hash {
				return in.Parts[at.Part].Content(), true
			}
		}
	}
	return nil, false
}

// Mails are whole mails as files of one name, without those that are kept no longer.
func Mails(mail func(ticket.Hash) ([]byte, error), name string, hashes ...ticket.Hash) (files []letter.File, err error) {
	for _, h := range slices.Compact(hashes) {
		if h.IsZero() {
			continue
		}
		raw, err := mail(h)
		switch {
		case errors.Is(err, store.ErrNotFound): // erased
			continue
		case err != nil:
			return nil, err
		}
		files = append(files, letter.File{Name: name, Type: "message/rfc822", Data: raw})
	}
	return files, nil
}
