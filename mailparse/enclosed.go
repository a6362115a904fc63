package mailparse

import (
	"crypto/sha256"
	"strings"

	"replyby/mailparse/header"
	"replyby/mailparse/htmltext"
	"replyby/mailparse/problem"
	"replyby/mailparse/tnef"
)

// addFile appends a file found inside another part as a part of its own.
func (m *Message) addFile(name, kind string, data []byte) {
	if len(m.Parts) >= MaxParts {
		return
	}
	m.Parts = append(m.Parts, Part{Type: kind, Name: header.Decode(name), Disposition: "attachment", Size: len(data),
		SHA256: sha256.Sum256(data), raw: data})
}

// isTNEF reports a winmail.dat, which some gateways send without its media type.
func isTNEF(p *Part) bool {
	return p.Type == "application/ms-tnef" || p.Type == "application/vnd.ms-tnef" || strings.EqualFold(p.Name, "winmail.dat")
}

// openTNEF lists what a winmail.dat holds, and reads its text where the message has none of its own.
// It reports whether nothing in it stays hidden.
func (r *reader) openTNEF(content []byte) bool {
	found, whole := tnef.Parse(content)
	if !whole {
		r.report.Add(problem.TNEFDamaged, "")
	}
	for _, f := range found.Files {
		kind := f.Type
		if kind == "" {
			kind = "application/octet-stream"
		}
		r.m.addFile(f.Name, kind, f.Data)
	}
	r.enclosed = piece{text: found.Text, html: found.HTML}
	if r.enclosed.empty() && found.HTML != "" {
		r.enclosed.text, r.enclosed.fromHTML = htmltext.Text(found.HTML), true
	}
	return whole
}
