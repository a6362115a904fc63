package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"text/tabwriter"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk"
	"replyby/desk/intake"
	"replyby/imapwatch"
	"replyby/mailparse"
	"replyby/store"
)

const reconcileUsage = `replyby reconcile [-config FILE] [-desk NAME] [-json]

Reads every message of the watched folder again and compares it with the
database: each must be a ticket, an entry of one, or filed. It changes nothing.
What is missing is listed, and the exit status is 1. Messages that serve has not
come to yet, and those from before the desk began, are counted only.

  -desk NAME   this desk only
  -json        one object per desk

example:
  replyby reconcile
`

// Reconcile is the command that compares the mailbox with the database.
func Reconcile() command.Command {
	return command.Command{Name: "reconcile", Help: "compare the mailbox with the database", Usage: reconcileUsage, Run: runReconcile}
}

func runReconcile(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	asJSON := fs.Bool("json", false, "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		if _, code, ok := e.Desk(f, *name); !ok {
			return code
		}
		missing := 0
		for i := range f.Desks {
			d := &f.Desks[i]
			if *name != "" && d.Name != *name {
				continue
			}
			t, err := compare(ctx, e, o, d)
			if err != nil {
				return e.Fail(command.Found, fmt.Errorf("desk %s: %w", d.Name, err))
			}
			if *asJSON {
				err = e.Object(t)
			} else {
				err = t.print(e, d.Conductor().Zone)
			}
			if err != nil {
				return e.Fail(command.Found, err)
			}
			missing += len(t.Lost)
		}
		if missing > 0 {
			return e.Fail(command.Found, command.Hinted(fmt.Errorf("%d messages are in the mailbox and not in the database", missing),
				"move them to another folder and back: they get new numbers and are read again"))
		}
		return command.Good
	})
}

// tally is how the messages of a desk's folder stand, as reconcile -json prints it.
type tally struct {
	Desk    string `json:"desk"`
	Folder  string `json:"folder"`
	Tickets int    `json:"tickets"`
	Filed   int    `json:"filed"`
	Older   int    `json:"older"`
	Waiting int    `json:"waiting"` // serve has not come to them yet
	Lost    []lost `json:"missing"`
}

// lost is a message that the database does not know.
type lost struct {
	UID     uint32    `json:"uid"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
}

func (t *tally) print(e *command.Env, z *time.Location) error {
	fmt.Fprintf(e.Stdout, "%s, %s: %d with a ticket, %d filed, %d from before the desk, %d not read yet, %d missing\n",
		t.Desk, t.Folder, t.Tickets, t.Filed, t.Older, t.Waiting, len(t.Lost))
	w := tabwriter.NewWriter(e.Stdout, 0, 4, 2, ' ', 0)
	for _, l := range t.Lost {
		fmt.Fprintf(w, "  uid %d\t%s\t%s\t%s\n", l.UID, l.At.In(z).Format("Mon 2006-01-02 15:04"), command.Line(l.From, 40), command.Line(l.Subject, 60))
	}
	return w.Flush()
}

// compare reads the first folder of a desk's mailbox from its beginning, over a connection of its own.
func compare(ctx context.Context, e *command.Env, o command.House, d *config.Desk) (*tally, error) {
	cfg := d.Mailbox()
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
	r := &reader{store: o.Store(), desk: o.Desk(d.Name), name: d.Name, last: now.UIDNext - 1, tally: &tally{Desk: d.Name, Folder: "INBOX", Lost: []lost{}}}
	if len(cfg.Folders) > 0 {
		r.tally.Folder = cfg.Folders[0]
	}
	if now.Messages == 0 {
		return r.tally, nil
	}
	if r.read, err = r.store.Cursor(ctx, d.Name, r.tally.Folder); err != nil {
		return nil, err
	}
	var end func()
	r.show, end = e.Progress("comparing")
	defer end()
	ctx, r.stop = context.WithCancel(ctx)
	defer r.stop()
	if err := imapwatch.New(cfg, r, slog.New(slog.DiscardHandler)).Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	return r.tally, r.err
}

// reader is an inbox that compares what it is given, and has had enough when it was given everything there was at the start.
type reader struct {
	store store.Store
	desk  *desk.Desk
	name  string
	read  store.Cursor // how far serve has come
	last  uint32       // UID of the last message there was
	tally *tally
	show  func(done, total int)
	stop  func()
	err   error
}

// Cursor implements imapwatch.Inbox: nothing was read.
func (r *reader) Cursor(context.Context, string) (imapwatch.Cursor, error) {
	return imapwatch.Cursor{}, nil
}

// Receive implements imapwatch.Inbox.
func (r *reader) Receive(ctx context.Context, b imapwatch.Batch) error {
	for _, m := range b.Mails {
		if r.err = r.compare(ctx, m); r.err != nil {
			r.stop()
			return r.err
		}
	}
	if r.show != nil {
		r.show(int(b.Cursor.UID), int(r.last))
	}
	if b.Cursor.UID >= r.last {
		r.stop()
	}
	return nil
}

func (r *reader) compare(ctx context.Context, m imapwatch.Mail) error {
	fate, err := r.desk.Fate(ctx, desk.Incoming{UID: m.UID, Internal: m.InternalDate, Raw: m.Raw, Cut: m.Cut})
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
		l := lost{UID: m.UID, At: m.InternalDate, Subject: x.Subject}
		if len(x.From) > 0 {
			l.From = x.From[0].Addr
		}
		r.tally.Lost = append(r.tally.Lost, l)
	}
	return nil
}
