package mailparse

import (
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

	encoding transfer.Encoding
	raw      []byte
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

// newPart reads what the header says about a leaf and measures its content. A part without Content-Type is fallback.
func newPart(h Header, raw []byte, fallback string, report *problem.List) Part {
	p := Part{Header: h, raw: raw}
	p.Type, p.Params = mediaType(&h, fallback)
	p.readNames(report)
	value := h.Get("Content-Transfer-Encoding")
	enc, known := transfer.Name(value)
	if !known {
		report.Add(problem.EncodingUnknown, value)
	}
	p.encoding = enc
	return p
}

// measure decodes the content once; the caller may use it before it is garbage.
func (p *Part) measure(report *problem.List) []byte {
	content := transfer.Decode(p.encoding, p.raw, report)
	p.Size, p.SHA256 = len(content), sha256.Sum256(content)
	return content
}

// mediaType returns the Content-Type, repaired: "text" is text/plain, a word without a slash is fallback.
func mediaType(h *Header, fallback string) (string, map[string]string) {
	raw := h.Raw("Content-Type")
	if raw == "" {
		return fallback, nil
	}
	value, params, _ := header.Params(raw)
	major, minor, _ := strings.Cut(value, "/")
	switch {
	case major == "" || minor == "" && major != "text":
		return fallback, params
	case minor == "":
		return "text/plain", params
	}
	return value, params
}

func (p *Part) readNames(report *problem.List) {
	disposition, params, guessed := header.Params(p.Header.Raw("Content-Disposition"))
	p.Disposition = disposition
	if p.Name = params["filename"]; p.Name == "" {
		p.Name = params["name"]
	}
	if p.Name == "" {
		p.Name = p.Params["name"]
		_, _, guessed = header.Params(p.Header.Raw("Content-Type"))
	}
	if guessed && p.Name != "" {
		report.Add(problem.NameGuessed, p.Name)
	}
	if len(p.Name) > maxName {
		p.Name = cut(p.Name, maxName)
	}
	p.ContentID, _ = header.ID(p.Header.Raw("Content-ID"))
}
