package desk

import (
	"cmp"
	"context"
	"time"

	"replyby/desk/alarm"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// tellTrouble is how long the mailbox may be out of reach before staff are told. With a tick every minute and the time a mail takes, they know
// within five minutes.
const tellTrouble = 3 * time.Minute

// trouble tells team and managers, once, that the mailbox is not read, and records when it is again. While nothing is read no deadline is known,
// so a log line is not enough. Broken SMTP cannot be told by mail: it is in the log and in the next digest.
func (d *Desk) trouble(ctx context.Context, m Moment) error {
	bad, what := m.Health.ReadTrouble != "", cmp.Or(m.Health.ReadWhat, "imap")
	if bad && what == "imap" && m.Now.Sub(m.Health.ReadSince) < tellTrouble { // it may pass; a full disk does not
		return nil
	}
	return d.decide(ctx, "watch over the mailbox", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, m.Now, "tick")
		if err != nil || bad == (f.T.Trouble != "") {
			return nil, err
		}
		if bad {
			err = alarm.Raise(f, what, m.Health.ReadTrouble, "the mailbox is not read", m.Health.ReadSince)
		} else {
			f.Add(kind.Outage, sheet.Program, ticket.Body{Verb: "imap", Reason: "the mailbox is read again"})
		}
		return []store.Change{f.Change}, err
	})
}
