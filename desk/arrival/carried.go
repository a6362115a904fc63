package arrival

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"replyby/desk/token"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/ticket"
)

// Bounds of what review mails carry of a request's attachments.
const (
	maxFiles     = 10
	maxFileBytes = 10 << 20
	minInline    = 2 << 10 // a picture within the text below that is an icon
)

// Carried chooses the attachments that people look at, also those of mails attached, and names what is left in the mailbox. Pictures within
// the text, among which are logos, come behind the files, so that they take no file's place.
func (a *Arrival) Carried() (files []letter.File, left []string) {
	total := 0
	for _, f := range a.attached() {
		kind := viewable(f.Attachment)
		if kind == "" || len(files) == maxFiles || total+f.Size > maxFileBytes {
			left = append(left, cmp.Or(f.Name, f.Type))
			continue
		}
		total += f.Size
		files = append(files, letter.File{Name: f.Name, Type: kind, Data: f.in.Parts[f.Part].Content()})
	}
	return files, left
}

// attachment is one of the mail or of one that is attached to it.
type attachment struct {
	mailparse.Attachment
	in *mailparse.Message
}

// attached lists the files in the order of how much they matter, without icons and the mails whose text is shown.
func (a *Arrival) attached() []attachment {
	var all []attachment
	shown := a.Body.Enclosed()
	for i, m := range append([]*mailparse.Message{a.Body}, shown...) {
		for _, at := range m.Attachments {
			switch {
			case at.Inline && at.Size < minInline:
			case i == 0 && len(shown) > 0 && m.Parts[at.Part].IsMessage():
				shown = shown[1:]
			default:
				all = append(all, attachment{at, m})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y attachment) int { return rank(x.Attachment) - rank(y.Attachment) })
	return all
}

func rank(at mailparse.Attachment) int {
	if at.Inline {
		return 1
	}
	return 0
}

// viewable is the media type of what people look at or listen to and no program runs, "" of anything else. Many programs name no type but
// that of any bytes: there the name counts.
func viewable(at mailparse.Attachment) string {
	kind := at.Type
	if kind == "application/octet-stream" || kind == "application/binary" {
		kind = byName(at.Name)
	}
	switch kind {
	case "image/png", "image/jpeg", "image/jpg", "image/pjpeg", "image/gif", "image/webp", "image/heic", "image/heif", "image/bmp", "image/tiff",
		"video/mp4", "video/quicktime", "video/webm", "application/pdf", "text/plain", "text/csv", "text/x-log":
		return kind
	}
	if strings.HasPrefix(kind, "audio/") {
		return kind
	}
	return ""
}

// byName is the media type that the end of a file's name stands for.
func byName(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".heic":
		return "image/heic"
	case ".pdf":
		return "application/pdf"
	case ".txt", ".log":
		return "text/plain"
	case ".csv":
		return "text/csv"
	}
	return ""
}

// marks are what programs and gateways write before a subject: "Re:", "[EXTERNAL]".
var marks = regexp.MustCompile(`^(?:\s*(?:\pL{1,4}\s*(?:[\[(]\d+[\])]\s*)?[:：]|\[[^\[\]]*\]))*\s*$`)

// Renames is how a further message of a ticket is told where its writer gave it a subject of his own; an answer repeats that of the ticket, behind
// what we and his program wrote before it. We begin with the number of the ticket.
func (a *Arrival) Renames(t ticket.Ticket) letter.Origin {
	own := token.Without(strings.TrimSpace(a.Verdict.Subject))
	before, repeats := strings.CutSuffix(own, strings.TrimSpace(t.Subject))
	before, _, _ = strings.Cut(before, "["+t.Ref+"]")
	if own == "" || repeats && marks.MatchString(before) {
		return letter.Origin{}
	}
	return letter.Origin{Subject: own, At: a.At}
}
