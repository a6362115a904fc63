package e2e_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// mail is a mail as a mail client shows it, read with nothing of ours.
type mail struct {
	raw        []byte
	head       netmail.Header
	subject    string
	text, html string
	reply      string // what the hop answered
}

func readMail(t testing.TB, raw []byte) mail {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("a mail that no client can read: %v\n%s", err, raw)
	}
	x := mail{raw: raw, head: m.Header}
	if x.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatalf("subject: %v\n%s", err, raw)
	}
	x.read(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return x
}

// read takes the text out of a part and the parts below it.
func (x *mail) read(t testing.TB, kind, encoding string, body io.Reader) {
	t.Helper()
	mediaType, params, err := mime.ParseMediaType(kind)
	if err != nil && kind != "" {
		t.Fatalf("content type %q: %v", kind, err)
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatalf("a part that no client can read: %v\n%s", err, x.raw)
			}
			x.read(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	b, err := io.ReadAll(decoded(encoding, body))
	if err != nil {
		t.Fatalf("decode %s: %v\n%s", encoding, err, x.raw)
	}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	switch mediaType {
	case "", "text/plain":
		x.text += text
	case "text/html":
		x.html += text
	}
}

func decoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}

// id is the Message-ID with its brackets.
func (m mail) id() string { return m.head.Get("Message-Id") }

var tokenForm = regexp.MustCompile(`\(rb:([a-z2-7]{26})\)$`)

// token is the one-time token at the end of the subject.
func (m mail) token(t testing.TB) string {
	t.Helper()
	found := tokenForm.FindStringSubmatch(m.subject)
	if found == nil {
		t.Fatalf("no token at the end of the subject %q", m.subject)
	}
	return found[1]
}

// fold makes one line of a text, so that words can be looked for across line ends and quote marks.
func fold(text string) string {
	var words []string
	for _, w := range strings.Fields(text) {
		if w != "|" && w != ">" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// message is what a person writes.
type message struct {
	from, to, subject, text string
	name                    string
	id                      string // without brackets; made up if empty
	answers                 string // Message-ID with brackets of the mail answered
	fields                  string // further header lines, each with CRLF
}

// compose writes a mail as an ordinary client does: encoded words, quoted-printable.
func (h *house) compose(m message) []byte {
	h.t.Helper()
	h.mails++
	if m.id == "" {
		m.id = fmt.Sprintf("written.%d@client.test", h.mails)
	}
	var b bytes.Buffer
	field := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	field("From", (&netmail.Address{Name: m.name, Address: m.from}).String())
	field("To", m.to)
	field("Subject", strings.ReplaceAll(mime.QEncoding.Encode("utf-8", m.subject), "?= =?", "?=\r\n =?"))
	field("Date", time.Now().Format(time.RFC1123Z))
	field("Message-ID", "<"+m.id+">")
	if m.answers != "" {
		field("In-Reply-To", m.answers)
		field("References", m.answers)
	}
	b.WriteString(m.fields)
	field("MIME-Version", "1.0")
	field("Content-Type", "text/plain; charset=utf-8")
	field("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	_, err := io.WriteString(w, strings.ReplaceAll(m.text, "\n", "\r\n")+"\r\n")
	if cerr := w.Close(); err != nil || cerr != nil {
		h.t.Fatal(err, cerr)
	}
	return b.Bytes()
}

// quoting is the text with the answered mail below it, as clients put it there.
func quoting(text string, m mail) string {
	return text + "\n\nIl giorno lun 23 nov 2026 alle ore 15:00 Bottega Web ha scritto:\n> " + strings.ReplaceAll(strings.TrimSpace(m.text), "\n", "\n> ")
}

// answer is a staff member's reply to a mail of ours: the subject kept, the mail quoted.
func (h *house) answer(from string, to mail, text string) message {
	address, err := netmail.ParseAddress(to.head.Get("From"))
	if err != nil {
		h.t.Fatal(err)
	}
	return message{from: from, to: address.Address, subject: "Re: " + to.subject, answers: to.id(), text: quoting(text, to)}
}

// reply sends it from the person's own client.
func (h *house) reply(from string, to mail, text string) {
	h.t.Helper()
	m := h.answer(from, to, text)
	h.submit(from, m.to, h.compose(m))
}

// kept is a mail as it lies in a folder.
type kept struct {
	mail
	flags []imap.Flag
}

// folder reads a folder of an account through IMAP.
func (h *house) folder(account, name string) []kept {
	h.t.Helper()
	c, err := imapclient.DialInsecure(h.imap, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(account, password).Wait(); err != nil {
		h.t.Fatalf("log in as %s: %v", account, err)
	}
	selected, err := c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || selected.NumMessages == 0 {
		return nil // it may be made later
	}
	section := &imap.FetchItemBodySection{Peek: true}
	got, err := c.Fetch(imap.SeqSet{imap.SeqRange{Start: 1}}, &imap.FetchOptions{Flags: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		h.t.Fatal(err)
	}
	var all []kept
	for _, m := range got {
		x := kept{flags: m.Flags}
		x.raw = m.FindBodySection(section)
		if head, err := netmail.ReadMessage(bytes.NewReader(x.raw)); err == nil {
			x.head = head.Header
			x.subject, _ = new(mime.WordDecoder).DecodeHeader(head.Header.Get("Subject"))
		}
		all = append(all, x)
	}
	return all
}
