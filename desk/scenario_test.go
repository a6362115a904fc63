package desk_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"replyby/classifier"
	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// scenario plays mail and time against a desk on a real store. Time is what the scenario says it is.
type scenario struct {
	testing.TB
	dir   string
	cfg   desk.Config
	judge classifier.Config // the rules for carriers
	texts map[string][]byte // letters in other words than the built-in ones
	store *bolt.Store
	desk  *desk.Desk
	now   time.Time
	alive time.Time
	uid   uint32
	sent  []store.Letter // accepted by the server, in order
	// server decides what becomes of a letter; nil accepts.
	server func(store.Letter) desk.Ended
	// prove answers when a proof is asked for again.
	prove func(ctx context.Context, raw []byte) desk.Auth
}

const (
	support = "assistenza@mb.example"
	anna    = "anna@mb.example"
	marco   = "marco@mb.example"
	boss    = "capo@mb.example"
	mario   = "mario@cliente.example"
)

// monday is 23 November 2026, a plain working day.
const monday = "2026-11-23"

func rome(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// agency is a desk of an agency: Monday to Friday 15 to 18, two people, one manager.
func agency(t testing.TB) desk.Config {
	t.Helper()
	cal, err := sla.NewCalendar(sla.Spec{Name: "service", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-18:00"}, Holidays: []string{"IT"}})
	if err != nil {
		t.Fatal(err)
	}
	p := sla.Agency(cal)
	return desk.Config{
		Name: "assistenza", Prefix: "MB", Address: support, Team: "Assistenza MB", Hours: "mon-fri 15:00-18:00", UrgentTerms: []string{"URGENTE"}, Zone: rome(t),
		Languages: []string{"it", "es", "fr", "en"}, Policy: &p, Service: cal,
		Staff:    []desk.Person{{Name: "Anna Verdi", Addresses: []string{anna}, Language: "it"}, {Name: "Marco Neri", Addresses: []string{marco}, Language: "en"}},
		Managers: []string{boss}, DigestAt: "14:00", IdleDays: 3, ProveByCopy: true,
	}
}

// careDesk sells modules: answers in one working day in a person's own words, faults in 30 days.
func careDesk(t testing.TB) desk.Config {
	t.Helper()
	c := agency(t)
	cal, err := sla.NewCalendar(sla.MarketplaceSpec("Europe/Rome", nil))
	if err != nil {
		t.Fatal(err)
	}
	p := sla.BusinessCare(cal)
	c.Policy, c.Prefix = &p, "MP"
	return c
}

func play(t testing.TB, cfg desk.Config) *scenario {
	t.Helper()
	s := &scenario{TB: t, dir: t.TempDir(), cfg: cfg}
	s.open()
	t.Cleanup(func() { s.store.Close() })
	s.at(monday + " 15:00")
	return s
}

// open starts the desk, also again after a stop.
func (s *scenario) open() {
	s.Helper()
	st, err := bolt.Open(s.dir, bolt.Options{NoSync: true}) // no test here cuts the power
	if err != nil {
		s.Fatal(err)
	}
	s.store = st
	s.desk = s.hire(s.cfg)
}

// hire puts a desk together on the open store.
func (s *scenario) hire(cfg desk.Config) *desk.Desk { return s.hireAt(cfg, s.store) }

// hireAt puts a desk together on another store.
func (s *scenario) hireAt(cfg desk.Config, at store.Store) *desk.Desk {
	s.Helper()
	w, err := letter.New(letter.Desk{Name: cfg.Name, Prefix: cfg.Prefix, Address: cfg.Address, Team: cfg.Team, Hours: cfg.Hours, Zone: cfg.Zone, Instance: s.store.ID()})
	if err != nil {
		s.Fatal(err)
	}
	rules := s.judge
	rules.Own, rules.Languages = append([]string{cfg.Address}, rules.Own...), cfg.Languages
	c, err := classifier.New(rules)
	if err != nil {
		s.Fatal(err)
	}
	x, err := text.New(s.texts)
	if err != nil {
		s.Fatal(err)
	}
	return desk.New(cfg, at, desk.Tools{Judge: c, Letter: w, Texts: x, Prove: s.prove})
}

// restart stops and starts the program.
func (s *scenario) restart() {
	s.Helper()
	s.store.Close()
	s.open()
}

// at moves to a local time, "2006-01-02 15:04" or, on the same day, "15:04".
func (s *scenario) at(when string) *scenario {
	s.Helper()
	if len(when) == 5 {
		when = s.now.In(s.cfg.Zone).Format(time.DateOnly) + " " + when
	}
	to, err := time.ParseInLocation("2006-01-02 15:04", when, s.cfg.Zone)
	if err != nil {
		s.Fatal(err)
	}
	if to.Before(s.now) {
		s.Fatalf("%s is before %s", to, s.now)
	}
	s.now = to
	return s
}

// mail is a message to write. Head is further header lines. With a kind it is a multipart of those parts, each with a header of its own.
type mail struct {
	from, to, subject, text string
	kind                    string
	parts                   []string
	reply                   []string // Message-IDs it answers
	head                    []string
	auth                    arrival.Outcome // pass unless given
}

func (s *scenario) raw(m mail) []byte {
	if m.to == "" {
		m.to = s.cfg.Address
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Received: from client by mx.mb.example with ESMTP; %s\r\n", s.now.Format(time.RFC1123Z))
	for _, h := range m.head {
		b.WriteString(h + "\r\n")
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <m%d@%s>\r\n", m.from, m.to, m.subject, s.now.Format(time.RFC1123Z), s.uid+1, "client.example")
	if len(m.reply) > 0 {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", m.reply[len(m.reply)-1], strings.Join(m.reply, "> <"))
	}
	if m.kind != "" {
		fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: %s; boundary=\"=b\"\r\n\r\n--=b\r\n%s\r\n--=b--\r\n", m.kind, strings.Join(m.parts, "\r\n--=b\r\n"))
		return []byte(b.String())
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", strings.ReplaceAll(m.text, "\n", "\r\n"))
	return []byte(b.String())
}

// arrives delivers a mail to the inbox.
func (s *scenario) arrives(m mail) {
	s.Helper()
	s.delivers(s.raw(m), m.auth)
}

func (s *scenario) delivers(raw []byte, auth arrival.Outcome) {
	s.Helper()
	s.uid++
	in := desk.Incoming{UID: s.uid, Internal: s.now, Raw: raw}
	in.Prove = func() desk.Auth {
		if auth == "" {
			auth = arrival.Pass
		}
		return desk.Auth{Outcome: auth, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test: " + string(auth)}
	}
	err := s.desk.Receive(context.Background(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: s.uid, Mails: []desk.Incoming{in}, Now: s.now})
	if err != nil {
		s.Fatal(err)
	}
}

// tick beats the metronome now and lets the mail out.
func (s *scenario) tick() {
	s.Helper()
	if err := s.beat(); err != nil {
		s.Fatal(err)
	}
	s.post()
}

// beat is one of the metronome.
func (s *scenario) beat() error {
	err := s.desk.Tick(context.Background(), desk.Moment{Now: s.now, Alive: s.alive})
	s.alive = s.now
	return err
}

// until lets time pass, a beat each minute.
func (s *scenario) until(when string) {
	s.Helper()
	from := s.now
	s.at(when)
	to := s.now
	for s.now = from; s.now.Before(to); s.now = s.now.Add(time.Minute) {
		s.tick()
	}
	s.now = to
	s.tick()
}

// post carries letters to the server.
func (s *scenario) post() {
	s.Helper()
	ctx := context.Background()
	rows, err := s.desk.Outbox(ctx, s.now, 100)
	if err != nil {
		s.Fatal(err)
	}
	for _, l := range rows {
		switch err := s.desk.Begin(ctx, l, s.now); err {
		case nil:
		case desk.ErrWithdrawn:
			continue
		default:
			s.Fatal(err)
		}
		end := desk.Ended{Outcome: "sent", Code: 250, Reply: "250 2.0.0 queued as 4711", Server: "smtp.test:465", At: s.now}
		if s.server != nil {
			end = s.server(l)
		}
		if end.Outcome == "sent" {
			s.sent = append(s.sent, l)
		}
		if err := s.desk.End(ctx, l, end); err != nil {
			s.Fatal(err)
		}
	}
}

// letters lists what was accepted for an address.
func (s *scenario) letters(to string) []store.Letter {
	var mine []store.Letter
	for _, l := range s.sent {
		if slices.Contains(l.To, to) {
			mine = append(mine, l)
		}
	}
	return mine
}

// last is the latest letter accepted for an address.
func (s *scenario) last(to string) store.Letter {
	s.Helper()
	all := s.letters(to)
	if len(all) == 0 {
		s.Fatalf("nothing was sent to %s", to)
	}
	return all[len(all)-1]
}

var tokenForm = regexp.MustCompile(`\(rb:[a-z2-7]{26}\)`)

// answer is a reply to a letter as a mail client writes it: Re: with the subject's token, and the letter quoted below.
func (s *scenario) answer(l store.Letter, from, text string) mail {
	m := mailparse.Parse(l.Bytes)
	quoted := "> " + strings.ReplaceAll(strings.TrimSpace(m.Text), "\n", "\n> ")
	return mail{from: from, subject: "Re: " + m.Subject, reply: []string{m.MessageID},
		text: text + "\n\nIl giorno lun 23 nov 2026 alle 15:00 assistenza <" + s.cfg.Address + "> ha scritto:\n" + quoted}
}

// says lets a person answer the latest mail he got.
func (s *scenario) says(who, text string) {
	s.Helper()
	s.arrives(s.answer(s.last(who), who, text))
	s.post()
}

func (s *scenario) ticket(n uint64) ticket.Ticket {
	s.Helper()
	t, err := s.store.Load(context.Background(), s.cfg.Name, n)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

// events lists the kinds of a ticket's events.
func (s *scenario) events(n int64) []kind.Kind {
	s.Helper()
	var kinds []kind.Kind
	for r, err := range s.store.Log(context.Background(), s.cfg.Name, 1, n) {
		if err != nil {
			s.Fatal(err)
		}
		kinds = append(kinds, r.Kind)
	}
	return kinds
}

func (s *scenario) count(n int64, k kind.Kind) int {
	s.Helper()
	c := 0
	for _, x := range s.events(n) {
		if x == k {
			c++
		}
	}
	return c
}

// wantLetters says how many letters customers have got in all.
func (s *scenario) wantLetters(n int) {
	s.Helper()
	got := 0
	for _, l := range s.sent {
		if l.Customer {
			got++
		}
	}
	if got != n {
		s.Fatalf("customers got %d letters, want %d", got, n)
	}
}

// wantRefused says that the last refusal of a ticket has that code.
func (s *scenario) wantRefused(n uint64, code string) {
	s.Helper()
	r := s.ticket(n).Refusals
	if len(r) == 0 || !strings.HasPrefix(r[len(r)-1].Reason, code) {
		s.Fatalf("refusals %+v, want the last to be %q", r, code)
	}
}
