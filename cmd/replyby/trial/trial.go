// Package trial tries a mailbox out: it logs in on both sides, sends one mail to the desk itself, and says what the provider did with
// it. It promises to write to nobody but the desk's own address and to change nothing in the mailbox but for that mail.
package trial

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"replyby/desk/arrival"
	"replyby/imapwatch"
	"replyby/mailparse"
	"replyby/outbound"
	"replyby/store"
	"replyby/ticket"
)

// Config is the mailbox to try. Sent names its folder of sent mail, "" = none configured.
type Config struct {
	Address string
	Mailbox imapwatch.Config
	Sender  outbound.Config
	Sent    string
	Wait    time.Duration // for the mail to come back; 0 = a minute
}

// Findings are what the trial saw. Mail is nil when none came back.
type Findings struct {
	Desk    string           `json:"desk"`
	At      time.Time        `json:"at"`
	IMAP    imapwatch.Report `json:"imap"`
	SMTP    outbound.Report  `json:"smtp"`
	Reply   string           `json:"reply"` // the server's words to the mail
	Mail    *Mail            `json:"mail,omitempty"`
	Plus    bool             `json:"plus_addressing"`
	InSent  bool             `json:"sent_copy"`
	Trouble []string         `json:"trouble,omitempty"`
}

// Mail is what the provider made of the mail to the desk itself.
type Mail struct {
	After         time.Duration `json:"after"`
	MessageIDKept bool          `json:"message_id_kept"`
	FromKept      bool          `json:"from_kept"`
	AuthservID    string        `json:"authserv_id,omitempty"` // of the topmost Authentication-Results (RFC 8601, 2.5)
	By            []string      `json:"by,omitempty"`          // hosts of the Received lines, latest first
	Clock         time.Duration `json:"clock"`                 // how far the server's clock is before ours
}

// Run tries a mailbox. The error names the first thing that stops it: host, TLS, password.
func Run(ctx context.Context, desk string, c Config) (Findings, error) {
	f := Findings{Desk: desk, At: time.Now().UTC().Truncate(time.Second)}
	var err error
	if f.IMAP, err = imapwatch.Probe(ctx, c.Mailbox); err != nil {
		return f, err
	}
	if f.SMTP, err = outbound.Probe(ctx, c.Sender); err != nil {
		return f, err
	}
	if c.Wait == 0 {
		c.Wait = time.Minute
	}
	if c.Sent == "" || slices.Contains(f.IMAP.Missing, c.Sent) {
		c.Sent = f.IMAP.Sent
	}
	err = c.roundTrip(ctx, &f)
	for _, name := range f.IMAP.Missing {
		f.Trouble = append(f.Trouble, fmt.Sprintf("the folder %q cannot be opened; the mailbox has %s", name, folders(f.IMAP)))
	}
	return f, err
}

// folders are the names of all folders.
func folders(r imapwatch.Report) string {
	var names []string
	for _, f := range r.Folders {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// roundTrip sends the mails and waits for them to come back.
func (c Config) roundTrip(ctx context.Context, f *Findings) error {
	ctx, stop := context.WithTimeout(ctx, c.Wait)
	defer stop()
	box := c.Mailbox
	box.Since, box.Mark, box.Poll = "now", imapwatch.Mark{}, time.Second
	box.Folders = box.Folders[:1]
	if c.Sent != "" {
		box.Folders = append(box.Folders, c.Sent)
	}
	p := newProbe(c, len(box.Folders))
	sender, err := outbound.New(c.Sender, p, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	watcher := imapwatch.New(box, p, slog.New(slog.DiscardHandler))
	var running sync.WaitGroup
	running.Go(func() { watcher.Run(ctx) })
	running.Go(func() {
		select {
		case <-p.watching:
			sender.Run(ctx)
		case <-ctx.Done():
		}
	})
	select {
	case <-p.back:
		// what the provider adds by itself, such as a copy in sent mail, comes soon or not at all
		select {
		case <-p.complete:
		case <-time.After(lastCall):
		}
	case <-ctx.Done():
	}
	stop()
	running.Wait()
	p.report(f)
	return nil
}

// probe is both ends of the round trip: the outbox that holds the mails, and the inbox they come back to.
type probe struct {
	c        Config
	mark     string
	watching chan struct{} // every folder has been met: what comes now is new
	back     chan struct{} // the mail to ourselves came back
	complete chan struct{} // nothing more is expected

	mu      sync.Mutex
	met     int
	folders int
	letters []store.Letter
	sentAt  time.Time
	reply   string
	trouble []string
	mail    *Mail
	plus    bool
	inSent  bool
}

// lastCall is how long a copy in sent mail is waited for once the mail is back.
const lastCall = 5 * time.Second

const (
	plainID = "plain"
	plusID  = "plus"
)

func newProbe(c Config, folders int) *probe {
	var b [10]byte
	rand.Read(b[:])
	p := &probe{c: c, mark: hex.EncodeToString(b[:]), folders: folders, watching: make(chan struct{}), back: make(chan struct{}), complete: make(chan struct{})}
	local, domain, _ := strings.Cut(c.Address, "@")
	p.letters = []store.Letter{p.letter(plainID, c.Address), p.letter(plusID, local+"+"+p.mark+"@"+domain)}
	return p
}

// letter is a mail that any desk files as automatic; a desk of ours knows it by its field and its words.
func (p *probe) letter(id, to string) store.Letter {
	raw := fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nSubject: replyby check %s\r\nDate: %s\r\nMessage-ID: <%s>\r\nAuto-Submitted: auto-generated\r\n"+
		"%s: %s-%s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n%s\r\n",
		p.c.Address, to, id, time.Now().Format(time.RFC1123Z), p.messageID(id), arrival.TrialField, p.mark, id, arrival.TrialText)
	return store.Letter{Letter: ticket.Letter{
		ID: id, Purpose: "check", From: p.c.Address, To: []string{to}, Hash: sha256.Sum256(raw),
	}, Bytes: raw}
}

func (p *probe) messageID(id string) string {
	_, domain, _ := strings.Cut(p.c.Address, "@")
	return "rb.check." + p.mark + "." + id + "@" + domain
}

// Next implements outbound.Outbox.
func (p *probe) Next(context.Context, time.Time, int) ([]store.Letter, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]store.Letter(nil), p.letters...), nil
}

// Begin implements outbound.Outbox; it is for letters to customers, and there are none.
func (p *probe) Begin(context.Context, store.Letter, time.Time) error { return nil }

// Turn implements outbound.Outbox; no mail begins here.
func (p *probe) Turn(ctx context.Context, e outbound.Ended, _ store.Letter, _ time.Time) error {
	return p.End(ctx, e.Letter, e.Result)
}

// End implements outbound.Outbox. A mail is tried once.
func (p *probe) End(_ context.Context, l store.Letter, r outbound.Result) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters = p.letters[1:]
	if l.ID == plainID {
		p.sentAt, p.reply = r.At, r.Reply
		if r.Outcome != outbound.Sent {
			p.trouble = append(p.trouble, "the mail to ourselves was not accepted: "+r.Reply)
		}
	}
	return nil
}

// Cursor implements imapwatch.Inbox.
func (p *probe) Cursor(context.Context, string) (imapwatch.Cursor, error) {
	return imapwatch.Cursor{}, nil
}

// Prepare implements imapwatch.Inbox.
func (p *probe) Prepare(_ context.Context, b imapwatch.Batch) (receive func() error, err error) {
	return func() error { return p.receive(b) }, nil
}

func (p *probe) receive(b imapwatch.Batch) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b.Reason == imapwatch.FirstContact {
		if p.met++; p.met == p.folders {
			close(p.watching)
		}
	}
	for _, m := range b.Mails {
		p.see(b.Folder, m)
	}
	if p.mail != nil {
		closeOnce(p.back)
	}
	if p.mail != nil && p.plus && (p.inSent || p.folders == 1) {
		closeOnce(p.complete)
	}
	return nil
}

// closeOnce closes a channel that nobody else closes at the same time.
func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

func (p *probe) see(folder string, m imapwatch.Mail) {
	x := mailparse.Parse(m.Raw)
	_, id, ours := strings.Cut(x.Header.Get(arrival.TrialField), p.mark+"-")
	switch {
	case !ours:
	case folder == p.c.Sent:
		p.inSent = true
	case id == plusID:
		p.plus = true
	case id == plainID:
		p.mail = p.describe(m, x)
	}
}

func (p *probe) describe(m imapwatch.Mail, x *mailparse.Message) *Mail {
	now := time.Now()
	out := &Mail{
		After: now.Sub(p.sentAt).Round(time.Millisecond), MessageIDKept: x.MessageID == p.messageID(plainID),
		FromKept: len(x.From) == 1 && strings.EqualFold(x.From[0].Addr, p.c.Address), Clock: m.InternalDate.Sub(now).Round(time.Second),
	}
	out.AuthservID, _, _ = strings.Cut(strings.TrimSpace(x.Header.Get("Authentication-Results")), ";")
	for _, h := range x.Hops {
		if h.By != "" {
			out.By = append(out.By, h.By)
		}
	}
	return out
}

func (p *probe) report(f *Findings) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.Reply, f.Mail, f.Plus, f.InSent = p.reply, p.mail, p.plus, p.inSent
	f.Trouble = p.trouble
	if p.mail == nil && len(p.trouble) == 0 {
		f.Trouble = append(f.Trouble, "the mail to ourselves did not come back in time: look for it in the folder of spam")
	}
}
