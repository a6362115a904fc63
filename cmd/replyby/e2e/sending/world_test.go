package sending_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"replyby/classifier"
	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/ending"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/mailhost"
	"replyby/mailparse"
	"replyby/outbound"
	"replyby/sla"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
)

// Who is who.
const (
	support  = "assistenza@mail.test"
	anna     = "anna@mail.test"
	mario    = "mario@cliente.test"
	lucia    = "lucia@tienda.test"
	hostName = "mail.test"
	password = "s3cret"
	deskName = "agency"
	approved = "Lo guardo subito e richiamo entro sera.\nIntanto non toccate nulla."
)

// epoch is when every bubble of time begins.
var epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// world is the desk with its store, in one cell.
type world struct {
	t    testing.TB
	dir  string
	uid  uint32
	desk *desk.Desk
	kept *bolt.Store
	kit  *kit
}

// kit is what the desks of all cells think and write with; they never change it.
type kit struct {
	once  sync.Once
	cfg   desk.Config
	tools desk.Tools
}

// open starts a life of the program.
func (w *world) open(f *fate) {
	w.t.Helper()
	var err error
	if w.kept, err = bolt.Open(w.dir, bolt.Options{NoSync: true}); err != nil { // no power is cut here
		w.t.Fatal(err)
	}
	w.kit.once.Do(func() { w.furnish() })
	w.desk = desk.New(w.kit.cfg, mortal{w.kept, f}, w.kit.tools)
}

// furnish makes the kit.
func (w *world) furnish() {
	w.t.Helper()
	cal, err := sla.NewCalendar(sla.Spec{Name: "always", Timezone: "Europe/Rome", Open: []string{"24x7"}})
	if err != nil {
		w.t.Fatal(err)
	}
	policy := sla.Agency(cal)
	judge, err := classifier.New(classifier.Config{Own: []string{support}, Languages: []string{"it"}})
	if err != nil {
		w.t.Fatal(err)
	}
	pen, err := letter.New(letter.Desk{Name: deskName, Prefix: "MB", Address: support, Team: "Bottega", Hours: "0-24", Zone: cal.Zone(), Instance: w.kept.ID()})
	if err != nil {
		w.t.Fatal(err)
	}
	texts, err := text.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.kit.tools = desk.Tools{Judge: judge, Letter: pen, Texts: texts}
	w.kit.cfg = desk.Config{
		Name: deskName, Prefix: "MB", Address: support, Team: "Bottega", Hours: "0-24", Zone: cal.Zone(), Languages: []string{"it"},
		Policy: &policy, Service: cal, FromStart: true, OwnHosts: []string{hostName}, ProveByCopy: true,
		Staff: []desk.Person{{Name: "Anna Bianchi", Addresses: []string{anna}, Language: "it"}},
	}
}

// receive takes in a mail; what it returns matters only to the living.
func (w *world) receive(raw []byte) error {
	w.uid++
	in := desk.Incoming{UID: w.uid, Internal: now(), Raw: raw, Prove: func() desk.Auth {
		return desk.Auth{Outcome: arrival.Pass, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test"}
	}}
	return w.desk.Receive(context.Background(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: w.uid, Mails: []desk.Incoming{in}, Now: now()})
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func compose(from, subject, answers, text string) []byte {
	head := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <m%d@client.test>\r\n", from, support, subject, now().Format(time.RFC1123Z), now().UnixNano())
	if answers != "" {
		head += fmt.Sprintf("In-Reply-To: <%s>\r\nReferences: <%s>\r\n", answers, answers)
	}
	return []byte(head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n")
}

// prepare leaves a folder in which two letters are approved and wait, and returns their bytes. It runs in a bubble.
func prepare(t testing.TB, dir string, k *kit) (letters map[string][]byte) {
	w := &world{t: t, dir: dir, kit: k}
	w.open(newFate("none"))
	defer w.kept.Close()
	letters = map[string][]byte{}
	for _, customer := range []string{mario, lucia} {
		<-time.After(time.Minute)
		if err := w.receive(compose("Un cliente <"+customer+">", "URGENTE: carrello", "", "Il carrello non accetta pagamenti.")); err != nil {
			t.Fatal(err)
		}
		rows := w.outbox()
		review := rows[slices.IndexFunc(rows, func(l store.Letter) bool { return l.Purpose == "review" })]
		if err := w.desk.End(context.Background(), review, desk.Ended{Outcome: "sent", Code: 250, At: now()}); err != nil {
			t.Fatal(err)
		}
		m := mailparse.Parse(review.Bytes)
		if err := w.receive(compose("Anna Bianchi <"+anna+">", "Re: "+m.Subject, m.MessageID, "ok\n\n"+approved+"\nPer "+customer)); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range w.outbox() {
		if l.Customer {
			letters[l.To[0]] = l.Bytes
		}
	}
	if len(letters) != 2 {
		t.Fatalf("%d letters wait, want two", len(letters))
	}
	return letters
}

func (w *world) outbox() []store.Letter {
	w.t.Helper()
	rows, err := w.desk.Outbox(context.Background(), now(), 10)
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// copyTo copies the prepared folder.
func copyTo(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(to, "lock"))
}

func (w *world) ticket(n uint64) ticket.Ticket {
	w.t.Helper()
	t, err := w.kept.Load(context.Background(), deskName, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

// server is the mail host of a cell, and what it has of the letter.
type server struct {
	hop  *mailhost.Hop
	pipe *mailhost.PipeListener
	mu   sync.Mutex
	mail [][]byte // for the desk, not yet read
}

func newServer(t testing.TB, fault func(mailhost.Stage, mailhost.Transaction) error) *server {
	t.Helper()
	s := &server{pipe: mailhost.NewPipeListener()}
	var err error
	s.hop, err = mailhost.NewHop(mailhost.HopConfig{
		Name: hostName, Accounts: []mailhost.Account{{Address: support, Password: password}, {Address: anna}}, Listener: s.pipe, Fault: fault,
		Deliver: func(_, to string, mail []byte) error {
			if to == support {
				s.mu.Lock()
				s.mail = append(s.mail, mail)
				s.mu.Unlock()
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// take returns the mail that came for the desk.
func (s *server) take() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	mail := s.mail
	s.mail = nil
	return mail
}

// accepted are the mails that went to somebody.
func (s *server) accepted(to string) (all [][]byte) {
	for _, x := range s.hop.Accepted() {
		if slices.Contains(x.To, to) {
			all = append(all, x.Data)
		}
	}
	return all
}

// outbox hands the letters of the desk to the sender, as the office does.
type outbox struct {
	*desk.Desk
	alive func() error
}

// Next implements outbound.Outbox.
func (o outbox) Next(ctx context.Context, at time.Time, limit int) ([]store.Letter, error) {
	if err := o.alive(); err != nil {
		return nil, err
	}
	return o.Outbox(ctx, at, limit)
}

// Begin implements outbound.Outbox.
func (o outbox) Begin(ctx context.Context, l store.Letter, at time.Time) error {
	return skipped(o.Desk.Begin(ctx, l, at))
}

// End implements outbound.Outbox.
func (o outbox) End(ctx context.Context, l store.Letter, r outbound.Result) error {
	return o.Desk.End(ctx, l, ended(r))
}

// Turn implements outbound.Outbox.
func (o outbox) Turn(ctx context.Context, e outbound.Ended, next store.Letter, at time.Time) error {
	return skipped(o.Desk.Turn(ctx, e.Letter, ended(e.Result), next, at))
}

func skipped(err error) error {
	if errors.Is(err, desk.ErrWithdrawn) {
		return outbound.ErrWithdrawn
	}
	return err
}

func ended(r outbound.Result) desk.Ended {
	return desk.Ended{Outcome: ending.Outcome(r.Outcome), Code: r.Code, Reply: r.Reply, Server: r.Server, Stage: r.Stage, At: r.At, Next: r.NotBefore}
}

// sender is the real one over the wire of the cell.
func (c *cell) sender(f *fate) *outbound.Sender {
	c.t.Helper()
	cfg := outbound.Config{
		Host: hostName, TLS: "implicit", Port: 465, User: support, Hello: hostName, Poll: time.Minute,
		Secret: func(context.Context) (string, error) { return password, nil },
		Dial:   func(ctx context.Context, _, _ string) (net.Conn, error) { return c.dial(ctx, f) },
	}
	if !c.trouble.secure() {
		cfg.Host, cfg.TLS = "localhost", "none"
	}
	cfg.TLSConfig = &tls.Config{RootCAs: c.made.pool}
	s, err := outbound.New(cfg, outbox{c.desk, func() error { return f.at("alive") }}, slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

// dial opens a connection to the server, or to the trouble in its place.
func (c *cell) dial(ctx context.Context, f *fate) (net.Conn, error) {
	if err := f.at("dial"); err != nil {
		return nil, err
	}
	first := !c.dialled
	c.dialled = true
	if first && c.trouble.at == "greeting" {
		client, other := net.Pipe()
		go func() {
			defer other.Close()
			_, _ = other.Write([]byte(c.trouble.how + "\r\n")) // the reader may be gone
		}()
		return client, nil
	}
	conn, err := c.pipeConn(ctx, first)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.conns = append(f.conns, conn)
	f.mu.Unlock()
	return &wire{Conn: conn, fate: f, damage: c.damage}, nil
}

// pipeConn is a connection to the server, behind a certificate where the cell has one.
func (c *cell) pipeConn(ctx context.Context, first bool) (net.Conn, error) {
	plain, err := c.server.pipe.DialContext(ctx, "", "")
	if err != nil || !c.trouble.secure() {
		return plain, err
	}
	which := "right"
	if first {
		which = c.trouble.how
	}
	client, other := net.Pipe()
	c.tunnels.Go(func() { tunnel(other, plain, c.made.certificates[which]) })
	return client, nil
}

// tunnel is the server's end of TLS in front of a plain connection. Without a certificate it hangs up.
func tunnel(secret, plain net.Conn, cert tls.Certificate) {
	defer plain.Close()
	defer secret.Close()
	if cert.Certificate == nil {
		return
	}
	conn := tls.Server(secret, &tls.Config{Certificates: []tls.Certificate{cert}})
	if conn.Handshake() != nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { pump(plain, conn) })
	both.Go(func() { pump(conn, plain) })
	both.Wait()
}

// pump carries bytes one way until either end closes.
func pump(to, from net.Conn) {
	defer to.Close()
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		if _, werr := to.Write(b[:n]); err != nil || werr != nil {
			return
		}
	}
}
