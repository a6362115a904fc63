package mailparse

import (
	"bytes"
	"crypto/sha256"
	"strings"

	"replyby/mailparse/header"
	"replyby/mailparse/problem"
)

// Parse reads a mail. The Message refers to raw, which must not change afterwards. Time is linear in len(raw).
func Parse(raw []byte) *Message {
	report := &problem.List{}
	m := &Message{}
	raw = normalise(raw, report)
	m.Header, m.body = header.Parse(raw, report)
	switch {
	case len(raw) == 0:
		report.Add(problem.Empty, "")
	case len(m.Header.Fields) == 0:
		report.Add(problem.NoHeader, "")
	}
	media := readMediaType(&m.Header, "text/plain")
	m.ContentType, m.Params = media.name, media.params
	m.readHeader(report)
	m.readBody(media, report)
	m.readReports()
	m.Problems = report.All()
	return m
}

// readBody cuts the body into parts, chooses what is text, and lists the rest.
func (m *Message) readBody(media mediaType, report *problem.List) {
	s := splitter{report: report}
	root := s.entity(m.Header, media, m.body, nil)
	m.Parts = s.parts
	r := reader{m: m, root: root, isText: map[int]bool{}, opened: map[int]bool{}, report: report}
	r.read(root)
	m.listAttachments(&r)
}

// maxSubject and maxName bound, in bytes, what is shown in one line; the raw header keeps the rest.
const (
	maxSubject = 1000
	maxName    = 255
)

// cut shortens text to n bytes, without cutting a character in two, and marks it.
func cut(text string, n int) string {
	const mark = "…"
	return strings.ToValidUTF8(text[:n-len(mark)], "") + mark
}

// normalise strips what may stand before a header (byte order mark, blanks, the "From " line of an mbox) and repairs line
// ends. It copies only where lone carriage returns have to go.
func normalise(raw []byte, report *problem.List) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	raw = bytes.TrimLeft(raw, " \t\r\n\x00")
	raw = repairLineEnds(raw, report)
	if bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	return raw
}

// repairLineEnds turns CR CR LF into CRLF and a lone CR into LF, unless a part is sent as binary.
func repairLineEnds(raw []byte, report *problem.List) []byte {
	lone := bytes.Count(raw, []byte("\r")) - bytes.Count(raw, []byte("\r\n"))
	if lone == 0 || bytes.IndexByte(raw, '\n') >= 0 && bytes.Contains(bytes.ToLower(raw), []byte("transfer-encoding: binary")) {
		return raw
	}
	report.Add(problem.LineEnds, "")
	out := make([]byte, 0, len(raw))
	for i, b := range raw {
		if b != '\r' || i+1 < len(raw) && raw[i+1] == '\n' {
			out = append(out, b)
		} else if i+2 >= len(raw) || raw[i+1] != '\r' || raw[i+2] != '\n' {
			out = append(out, '\n')
		}
	}
	return out
}

func (m *Message) readHeader(report *problem.List) {
	h := &m.Header
	h.Charset = m.Params["charset"]
	m.MessageID = h.ID("Message-ID", report)
	m.InReplyTo, m.References = h.IDs("In-Reply-To", report), h.IDs("References", report)
	m.From, m.Sender = h.Addresses("From", report), h.Addresses("Sender", report)
	m.ReplyTo = h.Addresses("Reply-To", report)
	m.To, m.Cc = h.Addresses("To", report), h.Addresses("Cc", report)
	m.Hops = h.Hops()
	m.ReturnPath = returnPath(h)
	m.readSubject(report)
	m.readDate(report)
	for _, name := range singletons() {
		if h.Count(name) > 1 {
			report.Add(problem.HeaderRepeated, name)
		}
	}
}

func (m *Message) readSubject(report *problem.List) {
	if m.Subject = m.Header.Get("Subject"); len(m.Subject) > maxSubject {
		m.Subject = cut(m.Subject, maxSubject)
		report.Add(problem.TextTruncated, "Subject")
	}
}

func (m *Message) readDate(report *problem.List) {
	raw := m.Header.Raw("Date")
	date, ok := header.Date(raw)
	if m.Date = date; !ok && raw != "" {
		report.Add(problem.DateSyntax, raw)
	}
}

// singletons are the fields that may occur once (RFC 5322, 3.6) and that rules depend on.
func singletons() []string {
	return []string{"From", "Sender", "Reply-To", "To", "Cc", "Date", "Message-ID", "In-Reply-To", "References", "Subject",
		"Content-Type", "MIME-Version"}
}

func returnPath(h *Header) *string {
	if !h.Has("Return-Path") {
		return nil
	}
	path := ""
	if found := header.ParseAddresses(h.Raw("Return-Path")); len(found) > 0 {
		path = found[0].Addr
	}
	return &path
}

// ContentHash identifies a mail by what its sender wrote: Message-ID, Date, From, To, Cc and Subject as they stand, and the
// body, with line ends made CRLF. Trace fields, which differ from delivery to delivery, do not count.
func (m *Message) ContentHash() [32]byte {
	sum := sha256.New()
	for _, name := range []string{"Message-ID", "Date", "From", "To", "Cc", "Subject"} {
		for raw := range m.Header.Values(name) {
			sum.Write([]byte(name + ":" + raw + "\r\n"))
		}
	}
	start := 0
	for i, b := range m.body {
		if b == '\n' && (i == 0 || m.body[i-1] != '\r') {
			sum.Write(m.body[start:i])
			sum.Write([]byte("\r\n"))
			start = i + 1
		}
	}
	sum.Write(bytes.TrimSuffix(m.body[start:], []byte("\r"))) // of a last line without end
	return [32]byte(sum.Sum(nil))
}
