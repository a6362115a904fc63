package arrival

import (
	"cmp"

	"replyby/letter"
)

// Bounds of what review mails carry of a request's attachments.
const (
	maxFiles     = 10
	maxFileBytes = 10 << 20
)

// Carried chooses the attachments that people look at, and names those left in the mailbox.
func (a *Arrival) Carried() (files []letter.File, left []string) {
	m := a.Body
	total := 0
	for _, at := range m.Attachments {
		if at.Inline || !viewable(at.Type) || len(files) == maxFiles || total+at.Size > maxFileBytes {
			if !at.Inline {
				left = append(left, cmp.Or(at.Name, at.Type))
			}
			continue
		}
		total += at.Size
		files = append(files, letter.File{Name: at.Name, Type: at.Type, Data: m.Parts[at.Part].Content()})
	}
	return files, left
}

func viewable(mediaType string) bool {
	switch mediaType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv", "text/x-log":
		return true
	}
	return false
}
