package mailparse

import "strings"

// maxEnclosed bounds how many attached mails are read.
const maxEnclosed = 3

// Enclosed reads the mails attached to this one, the first few of them. Who forwards a mail as a file often writes nothing himself.
func (m *Message) Enclosed() []*Message {
	var all []*Message
	for _, at := range m.Attachments {
		if p := &m.Parts[at.Part]; p.IsMessage() && len(all) < maxEnclosed {
			all = append(all, Parse(p.Content()))
		}
	}
	return all
}

// Forwarded writes the mail as programs do that forward one within a text.
func (m *Message) Forwarded() string {
	var b strings.Builder
	b.WriteString("---------- Forwarded message ---------\n")
	for _, f := range [][2]string{{"From", written(m.From)}, {"Date", m.Header.Get("Date")}, {"Subject", m.Subject}, {"To", written(m.To)}} {
		if f[1] != "" {
			b.WriteString(f[0] + ": " + f[1] + "\n")
		}
	}
	return b.String() + "\n" + strings.TrimSpace(m.Text)
}

func written(list []Address) string {
	var all []string
	for _, a := range list {
		all = append(all, a.String())
	}
	return strings.Join(all, ", ")
}
