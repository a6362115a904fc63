package mailparse

import "strings"

// listAttachments collects the parts a person would call attachments: what was not read as text, and is neither a
// signature, nor the machine-readable side of a report, nor a winmail.dat or a signed entity whose parts are listed themselves.
func (m *Message) listAttachments(r *reader) {
	shown := r.shownInline()
	for i := range m.Parts {
		p := &m.Parts[i]
		if r.isText[i] || r.opened[i] || p.unwrapped || !isAttachment(p) {
			continue
		}
		m.Attachments = append(m.Attachments, Attachment{Name: p.Name, Type: p.Type, Size: p.Size, SHA256: p.SHA256,
			Inline: p.ContentID != "" && shown[p.ContentID], Part: i})
	}
}

func isAttachment(p *Part) bool {
	switch p.Type {
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		return false
	case "application/applefile": // what a Mac knows of the file beside it
		return p.Within != "multipart/appledouble"
	}
	if p.Within == "multipart/report" && (strings.HasPrefix(p.Type, "message/") || strings.HasPrefix(p.Type, "text/")) {
		return false
	}
	if p.Size == 0 && p.Name == "" {
		return false
	}
	return p.Disposition == "attachment" || p.Name != "" || !strings.HasPrefix(p.Type, "text/")
}

// shownInline returns the Content-IDs the HTML shows (RFC 2392). A picture is inline only if the text refers to it: some
// clients mark every attachment so. Apple Mail parts its HTML around a file, and the signature stands in the last piece.
func (r *reader) shownInline() map[string]bool {
	shown := map[string]bool{}
	for _, html := range append(r.html, r.m.HTML) {
		for {
			_, after, found := strings.Cut(html, "cid:")
			if !found {
				break
			}
			end := strings.IndexAny(after, "\"'<> )\n")
			if end < 0 {
				end = len(after)
			}
			shown[after[:end]] = true
			html = after[end:]
		}
	}
	return shown
}
