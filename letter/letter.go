// Package letter writes every mail the program sends: the letters of people to customers, and what the program itself says
// to staff.
//
// It is pure: no clock, no network, no randomness. Date, ids, boundaries and tokens are arguments, and the same arguments
// give the same bytes. It promises that
//   - a letter to a customer is the text a person approved, byte for byte, to the recipients approved, without a mark of
//     automation and without a token;
//   - a mail to staff is marked as automatic (RFC 3834, 5), says when to answer by (Reply-By, RFC 2156), and carries its
//     token once, unbroken, at the end of the subject; what is kept of it has the token masked;
//   - what strangers wrote is shown, never obeyed: it becomes no header, no link, no markup and no template.
//
// It decides nothing: who is told what, and when, is the desk's business.
package letter

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"replyby/letter/page"
	"replyby/letter/wire"
	"replyby/letter/words"
	"replyby/ticket"
)

// MarkField marks every mail we send: the identity of the installation, a slash, the letter's id.
const MarkField = "X-Replyby-Letter"

// File is an attachment.
type File = wire.File

// Desk is what letters say of the desk.
type Desk struct {
	Name    string // display name of the support address
	Prefix  string // of ticket references; also marks mails about no ticket
	Address string // the support address, bare
	Team    string // signs letters to customers below the person
	Hours   string // service hours as the configuration has them, beside the service time left
	Zone    *time.Location
	// Instance is the identity of this installation, in [MarkField].
	Instance string
}

// Person is a reader or writer on our side. Language is it, es, fr or en; another one reads English.
type Person struct {
	Name, Address, Language string
}

// Stamp is what makes a mail unique, chosen by the caller. MessageID is bare, without angle brackets. Boundary is at most
// 60 letters, digits or dashes.
type Stamp struct {
	ID, MessageID string
	Date          time.Time
	Boundary      string
}

// Rendered is a finished mail: what the log keeps of it, and its bytes. Of the embedded letter ID, MessageID, Purpose,
// Customer, From, To, Bcc, Subject, Hash, BodyHash and Text are set; tokens are masked in Subject and Text.
type Rendered struct {
	ticket.Letter
	Bytes []byte
}

// Writer writes the mails of one desk. It is safe for concurrent use.
type Writer struct {
	desk Desk
	book *words.Book
}

// New returns a writer for a desk. It refuses a desk that could not be written from.
func New(d Desk) (*Writer, error) {
	if err := wire.CheckAddress(d.Address); err != nil {
		return nil, fmt.Errorf("desk address: %w", err)
	}
	if !instanceForm.MatchString(d.Instance) {
		return nil, fmt.Errorf("desk %s: instance %.40q: %w: want letters, digits and dashes", d.Address, d.Instance, wire.ErrRefused)
	}
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	book, err := words.Load()
	if err != nil {
		return nil, fmt.Errorf("load words: %w", err)
	}
	return &Writer{desk: d, book: book}, nil
}

var (
	instanceForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)
	idForm       = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)
	tokenForm    = regexp.MustCompile(`^[a-z2-7]{26}$`)
)

// common are the fields every mail of ours has.
func (w *Writer) common(from string, s Stamp) ([]wire.Field, error) {
	if !idForm.MatchString(s.ID) {
		return nil, fmt.Errorf("%w: letter id %.80q", wire.ErrRefused, s.ID)
	}
	id := wire.IDs("Message-ID", s.MessageID)
	if len(id.Atoms) != 1 {
		return nil, fmt.Errorf("%w: message id %.80q", wire.ErrRefused, s.MessageID)
	}
	return []wire.Field{
		wire.Mailboxes("From", [2]string{page.Short(from, maxName), w.desk.Address}),
		wire.Date("Date", s.Date.In(w.desk.Zone)),
		id,
		wire.Mailboxes("Reply-To", [2]string{page.Short(w.desk.Name, maxName), w.desk.Address}),
		{Name: MarkField, Atoms: []string{w.desk.Instance + "/" + s.ID}},
	}, nil
}

// finish renders a message and fills in what the log keeps. l brings recipients, purpose, subject and text.
func (w *Writer) finish(m wire.Message, l ticket.Letter, s Stamp) (Rendered, error) {
	m.Boundary = s.Boundary
	b, err := m.Bytes()
	if err != nil {
		return Rendered{}, fmt.Errorf("letter %s (%s): %w", s.ID, l.Purpose, err)
	}
	_, body, _ := bytes.Cut(b, []byte("\r\n\r\n"))
	l.ID, l.MessageID, l.From = s.ID, strings.Trim(s.MessageID, "<>"), w.desk.Address
	l.Hash, l.BodyHash = ticket.Sum(b), ticket.Sum(body)
	return Rendered{Letter: l, Bytes: b}, nil
}
