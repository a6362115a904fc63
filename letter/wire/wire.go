// Package wire turns a finished letter into the bytes that go on the wire.
//
// It is pure, and the same message gives the same bytes. It promises one choke point: every value of every header field
// passes [Field.check], which refuses line breaks, NUL and other controls and anything over 998 octets (RFC 5322, 2.1.1);
// addresses and message ids must have a plain form; no field can be written twice. Bodies are UTF-8, lines end in CRLF, the
// transfer encoding is always quoted-printable (base64 for files), so that no relay has a reason to change them and the
// hash of a body still agrees when the mail comes back. It knows nothing of tickets and never adds a field that names a
// program.
package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"
)

// ErrRefused says that a value may not go into a mail. It wraps into errors that name the field and what is wrong with it.
var ErrRefused = errors.New("letter: value refused")

// File is an attachment. Type is its media type ("image/png"); an empty or malformed one becomes application/octet-stream. A mail
// ("message/rfc822") stays one only where it can be written as it is, so that mail programs open it in place.
type File struct {
	Name, Type string
	Data       []byte
}

// Message is a mail before it is bytes. Header is written in its order, then the MIME fields. HTML is an alternative to
// Text and may be empty. Boundary separates the parts of this message and of no other: at most 60 letters, digits or dashes.
type Message struct {
	Header   []Field
	Text     string
	HTML     string
	Files    []File
	Boundary string
}

// Bytes renders the message. Errors wrap [ErrRefused].
func (m Message) Bytes() ([]byte, error) {
	for m.Boundary != "" && m.contains(m.Boundary) {
		m.Boundary += "0" // what separates the parts occurs in none of them (RFC 2046, 5.1.1)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Grow((len(m.Text) + len(m.HTML)) / 8 * 9) // quoted-printable makes most texts about so long
	var err error
	switch {
	case len(m.Files) > 0:
		err = m.mixed(&b)
	case m.HTML != "":
		err = m.alternative(&b)
	default:
		err = m.plain(&b)
	}
	if err != nil {
		return nil, fmt.Errorf("render message: %w", err)
	}
	return b.Bytes(), nil
}

// contains reports whether some part that is written as it is has these characters.
func (m Message) contains(s string) bool {
	return strings.Contains(m.Text, s) || strings.Contains(m.HTML, s) || slices.ContainsFunc(m.Files, func(f File) bool { return f.isMail() && bytes.Contains(f.Data, []byte(s)) })
}

// head builds a part's header. go-message writes the fields in reverse, so they are added from the last to the first.
func head(fields []Field, mime ...Field) message.Header {
	var h textproto.Header
	all := append(append([]Field{}, fields...), mime...)
	for i := len(all) - 1; i >= 0; i-- {
		h.AddRaw(all[i].raw())
	}
	return message.Header{Header: h}
}

func (m Message) plain(b *bytes.Buffer) error {
	w, err := message.CreateWriter(b, head(m.Header, mimeFields("text/plain; charset=utf-8", "quoted-printable")...))
	if err != nil {
		return err
	}
	return fill(w, crlf(m.Text))
}

func (m Message) alternative(b *bytes.Buffer) error {
	w, err := message.CreateWriter(b, head(m.Header, mimeFields("multipart/alternative; boundary="+m.Boundary, "")...))
	if err != nil {
		return err
	}
	if err := m.twins(w); err != nil {
		return err
	}
	return w.Close()
}

func (m Message) mixed(b *bytes.Buffer) error {
	w, err := message.CreateWriter(b, head(m.Header, mimeFields("multipart/mixed; boundary="+m.Boundary, "")...))
	if err != nil {
		return err
	}
	if m.HTML == "" {
		err = part(w, "text/plain; charset=utf-8", m.Text)
	} else {
		var inner *message.Writer // no boundary may begin another (RFC 2046, 5.1.2)
		inner, err = w.CreatePart(head([]Field{{"Content-Type", []string{"multipart/alternative;", "boundary=a-" + m.Boundary}}}))
		if err == nil {
			err = errors.Join(m.twins(inner), inner.Close())
		}
	}
	if err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := f.write(w); err != nil {
			return err
		}
	}
	return w.Close()
}

// twins writes the text and the HTML form of the same content.
func (m Message) twins(w *message.Writer) error {
	if err := part(w, "text/plain; charset=utf-8", m.Text); err != nil {
		return err
	}
	return part(w, "text/html; charset=utf-8", m.HTML)
}

func part(w *message.Writer, mediaType, text string) error {
	p, err := w.CreatePart(head(mimeFields(mediaType, "quoted-printable")[1:]))
	if err != nil {
		return err
	}
	return fill(p, crlf(text))
}

func (f File) write(w *message.Writer) error {
	encoding := "base64"
	if f.isMail() {
		encoding = "7bit"
	}
	p, err := w.CreatePart(head([]Field{
		f.contentType(), f.disposition(), {"Content-Transfer-Encoding", []string{encoding}},
	}))
	if err != nil {
		return err
	}
	return fill(p, f.Data)
}

func fill(w *message.Writer, data []byte) error {
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Close()
}

func mimeFields(mediaType, encoding string) []Field {
	f := []Field{{"MIME-Version", []string{"1.0"}}, {"Content-Type", strings.SplitAfter(mediaType, "; ")}}
	for i, a := range f[1].Atoms {
		f[1].Atoms[i] = strings.TrimSpace(a)
	}
	if encoding != "" {
		f = append(f, Field{"Content-Transfer-Encoding", []string{encoding}})
	}
	return f
}

// crlf ends every line in CRLF, also the last; a lone CR is a line end too (RFC 5322, 2.3 forbids it in a body).
func crlf(text string) []byte {
	b := make([]byte, 0, len(text)+strings.Count(text, "\n")+2)
	for len(text) > 0 {
		end := strings.IndexAny(text, "\r\n")
		if end < 0 {
			end = len(text)
		}
		b = append(append(b, text[:end]...), "\r\n"...)
		if text = text[end:]; strings.HasPrefix(text, "\r\n") {
			text = text[1:]
		}
		text = text[min(1, len(text)):]
	}
	return b
}

// Date is the Date field (RFC 5322, 3.3), also used for Reply-By (RFC 2156, 5.3.4).
func Date(name string, t time.Time) Field {
	return Field{name, []string{t.Format("Mon, 02 Jan 2006 15:04:05 -0700")}}
}
