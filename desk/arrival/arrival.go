// Package arrival holds a mail as the desk has understood it, before it is known where it belongs: bytes, what the parser and the
// classifier made of them, when it came and which clock says so, whether it is proven to come from whom it names.
package arrival

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/desk/banner"
	"replyby/desk/charter"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
)

// Incoming is a mail as the mailbox gave it. Raw is the header alone where Cut is set, because the mail is over the size limit.
type Incoming struct {
	UID      uint32
	Internal time.Time // INTERNALDATE
	Raw      []byte
	Cut      bool
	// Prove says who wrote it; nil where nobody can. It is asked once the bytes are kept, and only where From is one of staff, or is
	// ours in a mail with the mark of a letter that is none of ours.
	Prove func() Auth
}

// Outcome is what the check of a proof came to; "" where nobody asked, or could.
type Outcome string

// Outcomes of a check.
const (
	Pass      Outcome = "pass"      // a trusted party vouches for the address
	Fail      Outcome = "fail"      // there is proof, and it is wrong or not enough: never believed
	None      Outcome = "none"      // no proof of any kind: a second step may stand in for it
	Temporary Outcome = "temporary" // it could not be looked up; asked again later
)

// Auth is the proof that a mail comes from the domain it names, as checked when it arrived.
type Auth struct {
	Outcome  Outcome
	From     string // the address the proof is about
	Evidence string // one line, safe to print
	// Signed names the fields, in lower case with commas between, that a signature covers which proves the mail wherever it is sent on; "*" where it
	// does not say which. Empty where the author himself handed it in.
	Signed string
}

// Role is what a watched folder is for, whatever its name.
type Role string

// Roles of folders.
const (
	Inbox Role = "inbox" // where customers' mail and staff's answers arrive
	Sent  Role = "sent"  // what was sent from this mailbox: who writes there has its password
	Junk  Role = "junk"  // taken for spam: only what we know is picked out of it
)

// Place is where a mail lay.
type Place struct {
	Folder      string
	Role        Role
	UIDValidity uint32
	Now         time.Time
}

// Arrival is a mail as understood.
type Arrival struct {
	Incoming
	Place
	Auth    Auth // of mail that names staff in From
	Kept    store.Raw
	Mail    *mailparse.Message
	Body    *mailparse.Message // what a person wrote: the mail inside an envelope of certified mail, else Mail
	Verdict classifier.Verdict
	Seen    ticket.Hash
	At      time.Time // when our server got it
	By      string    // which clock said so
	Staff   charter.Person
	IsStaff bool
	// Numbered says that a mail of staff names its ticket by the number alone, as a digest says to do.
	Numbered bool
	Called   bool // a call that a telephone exchange tells of, taken up by a person
	Unread   bool // nothing in it counts: it ended the program before, or see Apart
	Apart    bool // it leads nowhere: what says where it belongs cannot be read
	Early    bool // it came after the desk began, and before by our clock, which was ahead then
	content  [sha256.Size]byte
}

// poison is from which attempt alone on a message is not read any more: the two before ended the process, and nothing else can be blamed.
const poison = 3

// Read parses and classifies a mail. One that was begun too often is not parsed any more: it becomes a ticket from its bytes alone.
func Read(c *charter.Charter, judge *classifier.Classifier, p Place, in Incoming, kept store.Raw) *Arrival {
	a := &Arrival{Incoming: in, Place: p, Kept: kept, Unread: kept.Alone >= poison}
	if a.Unread {
		a.unread(fmt.Sprintf("begun %d times without an end; kept as it came", kept.Alone-1), "not read: an earlier attempt did not end")
	} else {
		a.Mail = mailparse.Parse(in.Raw)
		a.Verdict = judge.Classify(a.Mail)
		a.Body, a.content = source.Body(a.Mail), a.Mail.ContentHash()
		a.belowWarning(judge)
	}
	a.Seen = a.SeenAt(c.Name)
	a.At, a.By = receivedAt(a.Mail, in.Internal, a.Verdict.Reply == "portal", c.OwnHosts)
	if a.Staff, a.IsStaff = c.Find(a.Mail.From); a.IsStaff && in.Prove != nil {
		a.Auth = in.Prove()
	}
	if a.IsStaff && a.Verdict.Suspect && a.Verdict.Kind == classifier.Person { // who may decide is not heard on the strength of words alone
		a.Verdict.Kind = classifier.SuspectAuto
	}
	return a
}

// belowWarning reads the language anew where our gateway wrote a warning above the mail, which is in its own and may be longer.
func (a *Arrival) belowWarning(judge *classifier.Classifier) {
	if below := a.Written(); len(below) < len(a.Verdict.Fresh.Text) {
		a.Verdict.Language, a.Verdict.LanguageSure = judge.Language(a.Verdict.Subject, below)
	}
}

// Written is what somebody wrote himself, without the warnings that a gateway put above it.
func (a *Arrival) Written() string {
	below, _ := banner.Below(a.Verdict.Fresh.Text)
	return below
}

// unread leaves of a mail what its bytes alone are.
func (a *Arrival) unread(detail, reason string) {
	a.Unread = true
	a.Mail = &mailparse.Message{Subject: "(unreadable message)", Problems: []mailparse.Problem{{Code: "unread", Detail: detail}}}
	a.Verdict = classifier.Verdict{Kind: classifier.Person, Reasons: []string{reason}}
	a.Body, a.content = a.Mail, sha256.Sum256(a.Incoming.Raw)
}

// Anew reads a message that was set aside once more, as a person's request. It keeps the instant at which it came.
func Anew(c *charter.Charter, judge *classifier.Classifier, m ticket.Message, raw []byte, now time.Time) *Arrival {
	a := Read(c, judge, Place{Folder: m.Folder, Role: Inbox, Now: now}, Incoming{Internal: m.ReceivedAt, Raw: raw, Cut: m.Cut}, store.Raw{Hash: m.Raw, Kept: true})
	a.At, a.By = m.ReceivedAt, m.ReceivedBy
	a.Called = a.Verdict.Kind == classifier.Voicemail
	if a.Verdict.Kind != classifier.Person {
		a.Heard(judge)
	}
	return a
}

// Heard takes a mail for a person's that has the signs of a machine's, for a reason that the mail alone does not show.
func (a *Arrival) Heard(judge *classifier.Classifier) {
	a.Verdict.Kind, a.Verdict.Automatic, a.Verdict.Urgency = classifier.Person, false, judge.Urgent(a.Mail.Subject, "", false)
}

// Saved is a mail that lay in no mailbox of ours when it was handed in. At is when it came, zero where the mail has to say so; By is who
// says that it is a request.
type Saved struct {
	Raw []byte
	At  time.Time
	By  string
}

// FromFile understands a saved mail as the request of a person. At is zero where nobody says when it came.
func FromFile(c *charter.Charter, judge *classifier.Classifier, s Saved, now time.Time) *Arrival {
	m := ticket.Message{Raw: ticket.Sum(s.Raw)}
	if m.ReceivedAt, m.ReceivedBy = s.At.UTC().Truncate(time.Second), "as "+s.By+" says"; s.At.IsZero() {
		m.ReceivedAt, m.ReceivedBy = savedAt(mailparse.Parse(s.Raw), c.OwnHosts)
	}
	return Anew(c, judge, m, s.Raw, now)
}

// SeenAt is the identity of the message's content at a desk: a Message-ID alone is none, since senders choose it.
func (a *Arrival) SeenAt(desk string) ticket.Hash {
	return ticket.Sum(append([]byte(desk+"\x00"), a.content[:]...))
}

// Earlier lists the Message-IDs that the mail, or the one inside it, names as earlier ones of its conversation, latest first.
func (a *Arrival) Earlier() []string {
	ids := slices.Concat(a.Mail.References, a.Mail.InReplyTo)
	if a.Body != a.Mail {
		ids = slices.Concat(ids, a.Body.References, a.Body.InReplyTo)
	}
	slices.Reverse(ids)
	return ids
}

// Cause is how events name this mail.
func (a *Arrival) Cause() string { return "raw:" + a.Kept.Hash.String() }

// Cursor is how far its folder is read once this mail is dealt with.
func (a *Arrival) Cursor() *store.Cursor {
	return &store.Cursor{Folder: a.Folder, UIDValidity: a.UIDValidity, UID: a.UID}
}

// From is the addr-spec it names, "" if none can be read.
func (a *Arrival) From() string { return first(a.Mail.From).Addr }

// Proven reports whether the mail was shown to come from the very address we read in From.
func (a *Arrival) Proven() bool {
	return a.Auth.Outcome == Pass && strings.EqualFold(a.Auth.From, a.From())
}

// maxText is how much of a text the log keeps; the raw mail has all of it.
const maxText = 64 << 10

// Message is the arrival as the log keeps it.
func (a *Arrival) Message() *ticket.Message {
	m := &ticket.Message{
		Raw: a.Kept.Hash, Seen: a.Seen, MessageID: a.Mail.MessageID, From: first(a.Mail.From), To: addresses(a.Mail.To), Cc: addresses(a.Mail.Cc),
		Subject: a.Mail.Subject, Text: Clip(a.Verdict.Text, maxText), Kind: string(a.Verdict.Kind), Folder: a.Folder,
		ReceivedAt: a.At, ReceivedBy: a.By, Cut: a.Cut,
	}
	for _, at := range a.Body.Attachments {
		m.Attachments = append(m.Attachments, ticket.Attachment{Name: at.Name, Type: at.Type, Size: at.Size, Hash: at.SHA256})
	}
	for _, p := range a.Mail.Problems {
		m.Problems = append(m.Problems, string(p.Code)+": "+p.Detail)
	}
	return m
}

// Request is the message as the customer's: from the person a carrier names, under the subject that person wrote.
func (a *Arrival) Request() *ticket.Message {
	m := a.Message()
	m.From = ticket.Address{Name: a.Verdict.Customer.Name, Addr: a.Verdict.Customer.Addr}
	if m.From.Name == "" {
		m.From.Name = a.Verdict.Fields["customer_name"] // a portal may name him and keep the address
	}
	if a.Called && a.Verdict.Source == "" {
		m.From = ticket.Address{} // the exchange is nobody's address
	}
	m.Subject = cmp.Or(a.Verdict.Subject, m.Subject)
	return m
}

func first(list []mailparse.Address) ticket.Address {
	if len(list) == 0 {
		return ticket.Address{}
	}
	return ticket.Address{Name: list[0].Name, Addr: list[0].Addr}
}

func addresses(list []mailparse.Address) []ticket.Address {
	var out []ticket.Address
	for _, a := range list {
		out = append(out, ticket.Address{Name: a.Name, Addr: a.Addr})
	}
	return out
}

// Clip cuts a text at a line end below n bytes where there is one.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := []byte(s[:n])
	if i := bytes.LastIndexByte(cut, '\n'); i > n/2 {
		cut = cut[:i]
	}
	return string(bytes.ToValidUTF8(cut, nil)) + "\n[…]"
}
