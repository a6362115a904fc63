package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"replyby/classifier"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Incoming is a mail as the mailbox gave it. Raw is the header alone where Cut is set, because the mail is over the size limit.
type Incoming struct {
	UID      uint32
	Internal time.Time // INTERNALDATE
	Raw      []byte
	Cut      bool
	Auth     Auth // asked only where FromStaff says so
}

// Auth is the proof that a mail comes from the domain it names, as checked when it arrived.
type Auth struct {
	Outcome  string // pass, fail, none, temporary; "" where it was not asked
	From     string // the address the proof is about
	Evidence string // one line, safe to print
}

// Batch is consecutive mails of one folder. Folder roles: "inbox", "sent", "junk".
type Batch struct {
	Folder      string
	Role        string
	UIDValidity uint32
	UID         uint32 // everything up to here is dealt with once the batch is
	Mails       []Incoming
	Now         time.Time
}

// poison is how often a message may be begun before it is kept unread: twice it took the process with it.
const poison = 3

// Receive makes every mail of the batch a ticket, an entry of one, or a filed message, and moves the cursor with it. When it
// returns nil all of that is durable. An error means that the batch, or its rest, should be given again later.
func (d *Desk) Receive(ctx context.Context, b Batch) error {
	raws := make([][]byte, len(b.Mails))
	for i, m := range b.Mails {
		raws[i] = m.Raw
	}
	kept, err := d.store.PutRaw(ctx, raws...)
	if err != nil {
		return fmt.Errorf("desk %s: keep %d messages of %s: %w", d.cfg.Name, len(raws), b.Folder, err)
	}
	for i, in := range b.Mails {
		a := d.read(b, in, kept[i])
		err := d.decide(ctx, fmt.Sprintf("receive %s uid %d", b.Folder, in.UID), func() ([]store.Change, error) { return d.admit(ctx, a) })
		if err != nil {
			return err
		}
	}
	return d.moveCursor(ctx, b)
}

func (d *Desk) moveCursor(ctx context.Context, b Batch) error {
	c := store.Change{Desk: d.cfg.Name, Cursor: &store.Cursor{Folder: b.Folder, UIDValidity: b.UIDValidity, UID: b.UID}}
	if err := d.store.Commit(ctx, c); err != nil {
		return fmt.Errorf("desk %s: move the cursor of %s to %d: %w", d.cfg.Name, b.Folder, b.UID, err)
	}
	return nil
}

// arrival is a mail as understood, before it is known where it belongs.
type arrival struct {
	Incoming
	role    string
	now     time.Time
	raw     store.Raw
	m       *mailparse.Message
	v       classifier.Verdict
	seen    ticket.Hash
	at      time.Time
	by      string
	cursor  store.Cursor
	folder  string
	staff   Person
	isStaff bool
}

// read understands a mail. What has been begun too often is not read any more: it becomes a ticket from its bytes alone.
func (d *Desk) read(b Batch, in Incoming, raw store.Raw) *arrival {
	a := &arrival{Incoming: in, role: b.Role, now: b.Now, raw: raw, folder: b.Folder,
		cursor: store.Cursor{Folder: b.Folder, UIDValidity: b.UIDValidity, UID: in.UID}}
	if raw.Attempts >= poison {
		a.m = &mailparse.Message{Subject: "(unreadable message)", Problems: []mailparse.Problem{{Code: "unread", Detail: fmt.Sprintf("begun %d times without an end; kept as it came", raw.Attempts-1)}}}
		a.v = classifier.Verdict{Kind: classifier.Person, Reasons: []string{"not read: an earlier attempt did not end"}}
		a.seen = d.seenKey(sha256.Sum256(in.Raw))
	} else {
		a.m = mailparse.Parse(in.Raw)
		a.v = d.judge.Classify(a.m)
		a.seen = d.seenKey(a.m.ContentHash())
	}
	a.at, a.by = d.receivedAt(a.m, in.Internal, a.v.Reply == "portal")
	a.staff, a.isStaff = d.staff(a.m.From)
	return a
}

// seenKey is the identity of a message's content at this desk: a Message-ID alone is none, since senders choose it.
func (d *Desk) seenKey(content [sha256.Size]byte) ticket.Hash {
	return ticket.Sum(append([]byte(d.cfg.Name+"\x00"), content[:]...))
}

func (a *arrival) cause() string { return "raw:" + a.raw.Hash.String() }

// message is the arrival as the log keeps it.
func (a *arrival) message() *ticket.Message {
	m := &ticket.Message{
		Raw: a.raw.Hash, Seen: a.seen, MessageID: a.m.MessageID, From: firstAddress(a.m.From), To: addresses(a.m.To), Cc: addresses(a.m.Cc),
		Subject: a.m.Subject, Text: clip(a.v.Text, maxText), Kind: string(a.v.Kind), Folder: a.folder,
		ReceivedAt: a.at, ReceivedBy: a.by, Cut: a.Cut,
	}
	for _, at := range a.m.Attachments {
		m.Attachments = append(m.Attachments, ticket.Attachment{Name: at.Name, Type: at.Type, Size: at.Size, Hash: at.SHA256})
	}
	for _, p := range a.m.Problems {
		m.Problems = append(m.Problems, string(p.Code)+": "+p.Detail)
	}
	return m
}

// admit decides where an arrival belongs.
func (d *Desk) admit(ctx context.Context, a *arrival) ([]store.Change, error) {
	known, err := d.byKey(ctx, store.Seen, a.seen.String())
	if err != nil {
		return nil, err
	}
	if known != nil {
		return d.again(*known, a)
	}
	if old, err := d.beforeOurTime(ctx, a); old || err != nil {
		return d.dossier(ticket.Ticket{}, a.now, a.cause()).with(a), err
	}
	f, err := d.place(ctx, a)
	if err != nil {
		return nil, err
	}
	if a.role == "inbox" || f.t.Number != 0 { // what a person moves out of the junk folder must be new again
		f.key(store.Seen, a.seen.String())
	}
	return f.with(a), nil
}

// beforeOurTime says that a mail was in the mailbox before the desk began, when it was to begin with later mail only. Such mail comes
// up when the server gives a folder new numbers and everything is read again.
func (d *Desk) beforeOurTime(ctx context.Context, a *arrival) (bool, error) {
	const recent = 24 * time.Hour // ordinary mail; only what is older is worth asking
	if d.cfg.FromStart || a.now.Sub(a.Internal) < recent {
		return false, nil
	}
	own, err := d.store.Load(ctx, d.cfg.Name, 0)
	if err != nil {
		return false, fmt.Errorf("load the desk's own file: %w", err)
	}
	return own.Version > 0 && a.Internal.Before(own.CreatedAt.Add(-time.Hour)), nil // an hour for the server's clock
}

// with ties the arrival's bytes and cursor to the change.
func (f *dossier) with(a *arrival) []store.Change {
	f.change.Raw = append(f.change.Raw, a.raw.Hash)
	f.change.Cursor = &a.cursor
	return []store.Change{f.change}
}

// again handles a message whose content was seen before. The same bytes are nothing new; other bytes with the same content
// (another way through the net) are kept with the ticket.
func (d *Desk) again(t ticket.Ticket, a *arrival) ([]store.Change, error) {
	f := d.dossier(t, a.now, a.cause())
	if !a.raw.Kept {
		m := a.message()
		m.Kind = "copy"
		f.add(kind.AutoFiled, a.from(), ticket.Body{Message: m, Reason: "the same message in other bytes"})
	}
	return f.with(a), nil
}

// place is the order in which an arrival is looked at: our own letters, automatic mail, staff, everybody else.
func (d *Desk) place(ctx context.Context, a *arrival) (*dossier, error) {
	if own, err := d.ownLetter(ctx, a); own != nil || err != nil {
		return own, err
	}
	if a.role == "sent" {
		return d.sentOutside(ctx, a)
	}
	if a.v.Kind == classifier.Own {
		a.v.Kind = a.v.Else // the mark alone proves nothing
	}
	switch {
	case a.v.Kind == classifier.Bounce || a.v.Kind == classifier.Delay:
		return d.bounced(ctx, a)
	case a.v.Kind != classifier.Person:
		return d.file(ctx, a)
	case a.isStaff:
		return d.staffMail(ctx, a)
	case a.role == "junk":
		return d.fromJunk(ctx, a)
	}
	return d.customerMail(ctx, a)
}

func (a *arrival) from() string { return firstAddress(a.m.From).Addr }

// byKey finds the one ticket a word leads to, or nil. An empty word leads nowhere.
func (d *Desk) byKey(ctx context.Context, k store.KeyKind, value string) (*ticket.Ticket, error) {
	if value == "" {
		return nil, nil
	}
	found, err := d.store.Find(ctx, store.Query{Desk: d.cfg.Name, Key: store.Key{Kind: k, Value: value}, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("find by %s: %w", k, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// tokenHash is what a token is known by.
func tokenHash(token string) ticket.Hash { return ticket.Sum([]byte(token)) }

func firstAddress(list []mailparse.Address) ticket.Address {
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

// maxText is how much of a text the log keeps; the raw mail has all of it.
const maxText = 64 << 10

// clip cuts a text at a line end below n bytes where there is one.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := []byte(s[:n])
	if i := bytes.LastIndexByte(cut, '\n'); i > n/2 {
		cut = cut[:i]
	}
	return string(bytes.ToValidUTF8(cut, nil)) + "\n[…]"
}

// shortID is how people call a filed message.
func shortID(h ticket.Hash) string { return hex.EncodeToString(h[:6]) }
