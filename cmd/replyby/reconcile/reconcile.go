// Package reconcile compares a mailbox with the database: each message must be a ticket, an entry of one, or set aside. It changes nothing.
package reconcile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"replyby/desk"
	"replyby/desk/intake"
	"replyby/imapwatch"
	"replyby/mailparse"
	"replyby/store"
)

// Tally is how the messages of a desk's folder stand, as reconcile -json prints it.
type Tally struct {
	Desk    string `json:"desk"`
	Folder  string `json:"folder"`
	Tickets int    `json:"tickets"`
	Filed   int    `json:"filed"`
	Older   int    `json:"older"`
	Waiting int    `json:"waiting"` // serve has not come to them yet
	Lost    []Lost `json:"missing"`
	// Known is when the newest message came that is with a ticket or set aside.
	Known time.Time `json:"-"`
}

// Lost is a message that the database does not know.
type Lost struct {
	UID     uint32    `json:"uid"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
}

// Job is what is to be compared: the first folder of Mailbox, from Mailbox.Since on or whole, with what the desk of that name keeps. Show,
// where set, is told how far the reading is.
type Job struct {
	Name    string
	Desk    *desk.Desk
	Store   store.Store
	Mailbox imapwatch.Config
	Show    func(done, total int)
}

// Compare reads the folder over a connection of its own. It returns the errors of package imapwatch, and ctx's when that ends before.
func Compare(ctx context.Context, j Job) (*Tally, error) {
	cfg := j.Mailbox
	if cfg.Since == "now" || cfg.Since == "" {
		cfg.Since = "all" // what was there before is told by its date
	}
	cfg.Mark = imapwatch.Mark{}
	if len(cfg.Folders) > 1 {
		cfg.Folders = cfg.Folders[:1]
	}
	now, err := imapwatch.Probe(ctx, cfg)
	if err != nil {
		return nil, err
	}
	r := &reader{Job: j, last: now.UIDNext - 1, tally: &Tally{Desk: j.Name, Folder: "INBOX", Lost: []Lost{}}}
	if len(cfg.Folders) > 0 {
		r.tally.Folder = cfg.Folders[0]
	}
	if now.Messages == 0 {
		return r.tally, nil
	}
	if r.read, err = j.Store.Cursor(ctx, j.Name, r.tally.Folder); err != nil {
		return nil, err
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	r.stop = stop
	if err := imapwatch.New(cfg, r, slog.New(slog.DiscardHandler)).Run(reading); err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("compare %s: read to uid %d of %d: %w", r.tally.Folder, r.seen, r.last, err)
	}
	return r.tally, r.err
}

// reader is an inbox that compares what it is given, and has had enough when it was given everything there was at the start.
type reader struct {
	Job
	read       store.Cursor // how far serve has come
	validity   uint32       // of the folder being compared
	seen, last uint32       // UID of the last message looked at, and of the last there was
	tally      *Tally
	stop       func()
	err        error
}

// Cursor implements imapwatch.Inbox: what was looked at is not looked at again when the connection breaks.
func (r *reader) Cursor(context.Context, string) (imapwatch.Cursor, error) {
	return imapwatch.Cursor{UIDValidity: r.validity, UID: r.seen}, nil
}

// Prepare implements imapwatch.Inbox.
func (r *reader) Prepare(ctx context.Context, b imapwatch.Batch) (receive func() error, err error) {
	return func() error { return r.receive(ctx, b) }, nil
}

func (r *reader) receive(ctx context.Context, b imapwatch.Batch) error {
	for _, m := range b.Mails {
		if r.err = r.compare(ctx, m); r.err != nil {
			r.stop()
			return r.err
		}
	}
	r.validity, r.seen = b.Cursor.UIDValidity, b.Cursor.UID
	if r.Show != nil {
		r.Show(int(b.Cursor.UID), int(r.last))
	}
	if b.Cursor.UID >= r.last {
		r.stop()
	}
	return nil
}

func (r *reader) compare(ctx context.Context, m imapwatch.Mail) error {
	fate, err := r.Desk.Fate(ctx, desk.Incoming{UID: m.UID, Internal: m.InternalDate, Raw: m.Raw, Cut: m.Cut})
	if known := fate == intake.WithTicket || fate == intake.SetAside; known && m.InternalDate.After(r.tally.Known) {
		r.tally.Known = m.InternalDate
	}
	switch {
	case err != nil:
		return err
	case fate == intake.WithTicket:
		r.tally.Tickets++
	case fate == intake.SetAside:
		r.tally.Filed++
	case fate == intake.TooOld:
		r.tally.Older++
	case m.UIDValidity != r.read.UIDValidity || m.UID > r.read.UID:
		r.tally.Waiting++
	default:
		x := mailparse.Parse(m.Raw)
		l := Lost{UID: m.UID, At: m.InternalDate, Subject: x.Subject}
		if len(x.From) > 0 {
			l.From = x.From[0].Addr
		}
		r.tally.Lost = append(r.tally.Lost, l)
	}
	return nil
}
