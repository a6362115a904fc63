package mailparse

import (
	"cmp"
	"crypto/sha256"
	"strings"

	"replyby/mailparse/charset"
	"replyby/mailparse/header"
	"replyby/mailparse/problem"
	"replyby/mailparse/transfer"
)

// Part is one leaf of the MIME tree. Its bytes stay encoded in the message until asked for.
type Part struct {
	Header      Header
	Type        string            // media type, lower case
	Params      map[string]string // by lower-case name
	Disposition string            // "attachment", "inline", another word, or "" if not given
	Name        string            // file name for display, "" if none
	ContentID   string            // without angle brackets
	Within      string            // media type of the multipart around it, "" at the root
	Size        int               // decoded bytes
	SHA256      [32]byte          // of the decoded bytes

	encoding  transfer.Encoding
	raw       []byte
	unwrapped bool // what it holds stands in the parts behind it
	cut       bool // of what it holds the end is missing
}

// Content returns the decoded bytes. They are shared with the message where nothing had to be decoded: do not write.
func (p *Part) Content() []byte {
	return transfer.Decode(p.encoding, p.raw, nil)
}

// Text returns the content as clean UTF-8, read in the part's charset, cut after MaxText bytes.
func (p *Part) Text() string {
	return p.text(p.Content(), nil)
}

func (p *Part) text(content []byte, report *problem.List) string {
	if len(content) > MaxText {
		report.Add(problem.TextTruncated, p.Type)
		content = content[:MaxText]
	}
	return charset.Decode(p.Params["charset"], content, report)
}

// IsMessage reports whether the content is a mail of its own, to be given to Parse: an attached or forwarded message, or
// the postacert.eml of certified mail.
func (p *Part) IsMessage() bool {
	return p.Type == "message/rfc822" || p.Type == "message/global" ||
		strings.HasSuffix(strings.ToLower(p.Name), ".eml") && !strings.HasPrefix(p.Type, "text/html")
}

// newPart reads what the header says about a leaf.
func newPart(h Header, media mediaType, raw []byte, report *problem.List) Part {
	p := Part{Header: h, Type: media.name, Params: media.params, raw: raw}
	p.readNames(media, report)
	value := h.Get("Content-Transfer-Encoding")
	enc, known := transfer.Name(value)
	if !known {
		report.Add(problem.EncodingUnknown, value)
	}
	p.encoding = enc
	return p
}

// measure notes size and hash of the content.
func (p *Part) measure(report *problem.List) {
	p.Size, p.SHA256 = transfer.Measure(p.encoding, p.raw, report)
}

// open is measure for content that is needed: it is decoded once.
func (p *Part) open(report *problem.List) []byte {
	content := transfer.Decode(p.encoding, p.raw, report)
	p.Size, p.SHA256 = len(content), sha256.Sum256(content)
	return content
}

// mediaType is a Content-Type as read.
type mediaType struct {
	name    string
	params  map[string]string // nil where the header has no Content-Type
	guessed bool              // a parameter broke the grammar
}

// readMediaType returns the Content-Type, repaired: "text" is text/plain, a word without a slash is fallback.
func readMediaType(h *Header, fallback string) mediaType {
	raw := h.Raw("Content-Type")
	if raw == "" {
		return mediaType{name: fallback}
	}
	value, params, guessed := header.Params(raw)
	major, minor, _ := strings.Cut(value, "/")
	switch {
	case major == "" || minor == "" && major != "text":
		value = fallback
	case minor == "":
		value = "text/plain"
	}
	return mediaType{value, params, guessed}
}

func (p *Part) readNames(media mediaType, report *problem.List) {
	guessed := media.guessed
	if raw := p.Header.Raw("Content-Disposition"); raw != "" {
		var params map[string]string
		p.Disposition, params, guessed = header.Params(raw)
		p.Name = cmp.Or(params["filename"], params["name"])
	}
	if p.Name == "" {
		p.Name, guessed = media.params["name"], media.guessed
	}
	if guessed && p.Name != "" {
		report.Add(problem.NameGuessed, p.Name)
	}
	if len(p.Name) > maxName {
		p.Name = cut(p.Name, maxName)
	}
	p.ContentID, _ = header.ID(p.Header.Raw("Content-ID"))
}
