package desk_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"replyby/contract"
	"replyby/desk"
	"replyby/desk/contracts"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/ticket/kind"
)

// contracts gives the desk a file of contracts, as at a start.
func (s *scenario) contracts(lines ...string) {
	s.Helper()
	b, problems := contract.Parse([]byte("customer,kind,product,from,to,on_call\n" + strings.Join(lines, "\n")))
	if len(problems) > 0 {
		s.Fatal(problems)
	}
	s.cfg.Contracts = b
	s.start()
}

// start stops and starts the program, with what it does once at a start.
func (s *scenario) start() {
	s.Helper()
	s.restart()
	if err := s.desk.NoteContracts(s.Context(), s.now); err != nil {
		s.Fatal(err)
	}
	if err := s.desk.Retime(s.Context(), s.now); err != nil {
		s.Fatal(err)
	}
}

// both is a desk that knows both policies, an agency's being its own.
func both(t *testing.T) desk.Config {
	t.Helper()
	c := agency(t)
	c.Policies = map[string]*sla.Policy{"agency": c.Policy, "business-care": careDesk(t).Policy}
	return c
}

// knows is the line about the contract in the latest mail to a person.
func (s *scenario) knows(who string) string {
	s.Helper()
	m := factContract.FindStringSubmatch(mailparse.Parse(s.last(who).Bytes).Text)
	if m == nil {
		return ""
	}
	return folded(m[1])
}

// factContract goes on in lines that are indented to where it began.
var factContract = regexp.MustCompile(`(?m)^ +Contratto +(.*(?:\n {10,}.*)*)`)

// Whoever gets a review sees how the customer stands; a person who has looked in the portal knows better than any file.
func TestContractShown(t *testing.T) {
	s := play(t, both(t))
	ask := func(from string) string {
		s.arrives(mail{from: from, subject: "Aiuto", text: request})
		s.post()
		return s.knows(anna)
	}
	if said := ask(mario); said != "" {
		t.Errorf("without a file a review says %q", said)
	}
	s.contracts(
		"mario@cliente.example,agency,,2026-01-01,2026-12-31,",
		"@vecchio.example,business-care,,2025-01-01,2025-12-31,",
	)
	for _, c := range []struct{ from, want string }{
		{mario, "attivo: agency dal 01/01/2026 al 31/12/2026"},
		{"luigi@vecchio.example", "scaduto: business-care dal 01/01/2025 al 31/12/2025"},
		{"eva@altro.example", "non trovato"},
	} {
		if said := ask(c.from); said != c.want {
			t.Errorf("of %s a review says %q, want %q", c.from, said, c.want)
		}
	}
	for _, c := range []struct{ say, want string }{ // of eva@altro.example
		{"presale\nstatus", ""}, // before a purchase there is nothing to check
		{"question\nstatus", "non trovato"},
		{"care sì\nstatus", "attivo: " + anna},
		{"care no\nstatus", "non trovato: " + anna},
	} {
		if s.says(anna, c.say); s.knows(anna) != c.want {
			t.Errorf("after %q a review says %q, want %q", c.say, s.knows(anna), c.want)
		}
	}
	if s.count(4, kind.DecisionRefused) != 0 {
		t.Error("something was refused")
	}
	s.wantLetters(0)
	s.checkFold()
}

// sold is a notification of the portal that gives Mario's address and carries a label.
func (s *scenario) sold(label string) {
	s.Helper()
	s.arrives(mail{from: "Marketplace <no-reply@marketplace.example>", subject: "Nuovo messaggio",
		text: label + "Cliente: Mario Rossi\nIndirizzo: " + mario + "\nProdotto: Modulo SEO\n\nMessaggio:\nLa pagina mostra un errore.",
		head: []string{"Authentication-Results: mx.seller.example; dkim=pass header.d=marketplace.example"}})
}

// What a person and a file and the carrier's mail say of Business Care, in every combination that differs.
func TestCareConfirmed(t *testing.T) {
	for _, c := range []struct{ line, say, want string }{
		{"", "", "attivo"}, // the portal's mail says so
		{"noreply@altro.example,agency,,2026-01-01,2026-12-31,", "", "attivo"},
		{"mario@cliente.example,business-care,,2025-01-01,2025-12-31,", "", "scaduto: business-care dal 01/01/2025 al 31/12/2025"}, // the file goes first
		{"mario@cliente.example,business-care,,2025-01-01,2025-12-31,", "care yes", "attivo: business-care dal 01/01/2025 al 31/12/2025, " + anna},
		{"mario@cliente.example,business-care,,2025-01-01,2025-12-31,", "care no", "scaduto: business-care dal 01/01/2025 al 31/12/2025, " + anna},
		{"mario@cliente.example,business-care,,2026-01-01,2026-12-31,", "care no", "non trovato: " + anna},
		{"mario@cliente.example,business-care,,2026-01-01,2026-12-31,", "care yes", "attivo: business-care dal 01/01/2026 al 31/12/2026, " + anna},
	} {
		s := seller(t)
		s.judge.Sources[0].Customer.Order = []string{"label:Indirizzo"}
		s.cfg.Policies = map[string]*sla.Policy{"business-care": s.cfg.Policy, "agency": s.cfg.Policy}
		s.contracts(c.line)
		s.sold("Business Care in corso\n")
		s.post()
		if c.say != "" {
			s.says(anna, c.say+"\nstatus")
		}
		if s.knows(anna) != c.want {
			t.Errorf("%q, then %q: a review says %q, want %q", c.line, c.say, s.knows(anna), c.want)
		}
	}
}

// The promise that holds is the source's, else that of the contract, else the desk's; a contract that has ended promises nothing.
func TestContractPolicy(t *testing.T) {
	s := play(t, both(t))
	s.contracts(
		"mario@cliente.example,business-care,,2026-01-01,2026-11-23,",
		"@ieri.example,business-care,,2026-01-01,2026-11-22,",
		"@domani.example,business-care,,2026-11-24,2027-11-23,",
	)
	s.at(monday + " 23:59")
	for n, c := range []struct{ from, want string }{
		{mario, "business-care"}, {"a@ieri.example", "agency"}, {"a@domani.example", "agency"}, {"a@altro.example", "agency"},
	} {
		s.arrives(mail{from: c.from, subject: "Aiuto", text: request})
		ack, _ := s.ticket(uint64(n + 1)).Duty("ack")
		if _, fix := s.ticket(uint64(n + 1)).Duty("fix"); ack.Reading != c.want || fix != (c.want == "business-care") {
			t.Errorf("%s: %s, a limit of correction: %t; want %s", c.from, ack.Reading, fix, c.want)
		}
	}
	s.at("2026-11-24 00:00")
	s.arrives(mail{from: "a@domani.example", subject: "Aiuto", text: request})
	s.arrives(mail{from: mario, subject: "Altro aiuto", text: request})
	for n, want := range map[uint64]string{5: "business-care", 6: "agency"} {
		if ack, _ := s.ticket(n).Duty("ack"); ack.Reading != want {
			t.Errorf("at midnight ticket %d: %s, want %s", n, ack.Reading, want)
		}
	}

	sold := seller(t) // whose source names business-care
	sold.cfg.Policies = map[string]*sla.Policy{"business-care": sold.cfg.Policy, "agency": both(t).Policy}
	sold.judge.Sources[0].Customer.Order = []string{"label:Indirizzo"}
	sold.contracts("@cliente.example,agency,,2026-01-01,2026-12-31,")
	sold.sold("")
	if ack, _ := sold.ticket(1).Duty("ack"); ack.Reading != "business-care" {
		t.Errorf("a source's ticket is of %s", ack.Reading)
	}
	s.checkFold()
}

// Who agreed on-call service with a calendar has clocks that count in it, and somebody hears of his requests at night.
func TestOnCall(t *testing.T) {
	cfg := both(t)
	always, err := sla.NewCalendar(sla.Spec{Name: "sempre", Timezone: "Europe/Rome", Open: []string{"24x7"}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Calendars, cfg.OnCall = map[string]*sla.Calendar{"sempre": always}, "reperibile@mb.example"
	s := play(t, cfg)
	s.contracts(
		"@notte.example,agency,,2026-01-01,2026-12-31,sempre",
		"@avviso.example,on-call,,2026-01-01,2026-12-31,",
	)
	s.at("2026-11-28 02:00") // a Saturday
	limit := func(n uint64) string {
		ack, _ := s.ticket(n).Duty("ack")
		return ack.Limit.In(cfg.Zone).Format("Mon 15:04")
	}
	for n, c := range []struct{ from, limit string }{
		{"a@notte.example", "Sat 06:00"},  // in the calendar agreed
		{"a@avviso.example", "Tue 16:00"}, // 4 hours of service, as ever
		{"a@altro.example", "Tue 16:00"},
	} {
		before := len(s.letters(cfg.OnCall))
		s.arrives(mail{from: c.from, subject: "Aiuto", text: request})
		s.post()
		told := len(s.letters(cfg.OnCall)) > before
		if got := limit(uint64(n + 1)); got != c.limit || told != (c.from != "a@altro.example") {
			t.Errorf("%s: limit %s, on call told: %t; want %s", c.from, got, told, c.limit)
		}
	}
	s.until("2026-11-28 06:01")
	if s.count(1, kind.Breached) != 1 || s.count(2, kind.Breached) != 0 {
		t.Error("the limit in the agreed calendar was not kept watch over")
	}
	s.checkFold()
}

// Each file is an event of the desk once, whole, with its hash and what it changed; an open ticket follows the file.
func TestContractsLoaded(t *testing.T) {
	s := play(t, both(t))
	s.start()
	if s.count(0, kind.ContractsLoaded) != 0 {
		t.Fatal("no file was loaded")
	}
	s.arrives(mail{from: mario, subject: "Aiuto", text: request})
	s.contracts("luigi@altro.example,agency,,2026-01-01,2026-12-31,")
	first := s.cfg.Contracts
	s.start()
	s.start()
	if n := s.count(0, kind.ContractsLoaded); n != 1 {
		t.Fatalf("the same file is %d events, want 1", n)
	}
	s.contracts("luigi@altro.example,agency,,2026-01-01,2027-12-31,", "@cliente.example,business-care,,2026-01-01,2026-12-31,")
	var said []string
	for r, err := range s.store.Log(t.Context(), s.cfg.Name, 1, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind != kind.ContractsLoaded {
			continue
		}
		e, err := r.Event()
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, e.Body.Reason)
	}
	want := []string{
		"sha256 " + first.Hash() + "; 1 contracts: 1 added, 0 changed, 0 removed",
		"sha256 " + s.cfg.Contracts.Hash() + "; 2 contracts: 1 added, 1 changed, 0 removed",
	}
	if strings.Join(said, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log says\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	if ack, _ := s.ticket(1).Duty("ack"); ack.Reading != "business-care" || s.count(1, kind.Retimed) != 1 {
		t.Errorf("the open ticket is of %s, moved %d times", ack.Reading, s.count(1, kind.Retimed))
	}
	fix, _ := s.ticket(1).Duty("fix")
	if want := time.Date(2027, 1, 5, 0, 0, 0, 0, s.cfg.Zone); !fix.Running() || !fix.Limit.Equal(want) {
		t.Errorf("the limit of correction is %s, want %s", fix.Limit, want)
	}
	last, err := contracts.Last(t.Context(), s.store, s.cfg.Name)
	if err != nil || last.Book.Text() != s.cfg.Contracts.Text() || !last.At.Equal(s.now) {
		t.Errorf("last loaded: %v at %s, %v", last.Book.All(), last.At, err)
	}
	s.cfg.Contracts = nil
	s.start()
	s.start()
	if last, err = contracts.Last(t.Context(), s.store, s.cfg.Name); err != nil || last.Book != nil || s.count(0, kind.ContractsLoaded) != 3 {
		t.Errorf("after the file went: %v, %v", last.Book, err)
	}
	if fix, _ = s.ticket(1).Duty("fix"); !fix.Limit.IsZero() || s.count(1, kind.Retimed) != 2 {
		t.Errorf("without the contract there is a limit of correction still: %+v", fix)
	}
	s.contracts("@cliente.example,business-care,,2026-01-01,2026-12-31,")
	if again, _ := s.ticket(1).Duty("fix"); !again.Running() || again.Limit.IsZero() {
		t.Errorf("with the contract back the limit of correction is not: %+v", again)
	}
	s.checkFold()
}

// The digest names contracts that end within three weeks, with their last day.
func TestContractEnding(t *testing.T) {
	s := play(t, both(t))
	s.contracts(
		"oggi@b.example,agency,,2026-01-01,2026-11-24,",
		"presto@b.example,agency,Sito,2026-01-01,2026-12-15,",
		"dopo@b.example,agency,,2026-01-01,2026-12-16,",
		"ieri@b.example,agency,,2026-01-01,2026-11-23,",
		"avanti@b.example,agency,,2026-01-01,2026-12-01,",
		"avanti@b.example,agency,,2026-12-02,2027-12-01,",
	)
	s.tick()
	s.until("2026-11-24 14:00")
	d := s.digests()
	if len(d) == 0 {
		t.Fatal("no digest")
	}
	for want, shown := range map[string]bool{
		"oggi@b.example, agency: scade il contratto": true, "presto@b.example, agency, Sito": true,
		"dopo@b.example": false, "ieri@b.example": false, "avanti@b.example": false,
	} {
		if strings.Contains(folded(d[len(d)-1]), want) != shown {
			t.Errorf("%q shown: want %t\n%s", want, shown, d[len(d)-1])
		}
	}
	if day := time.Date(2026, 12, 15, 0, 0, 0, 0, s.cfg.Zone); s.now.After(day) {
		t.Error("the scenario ran away")
	}
}

// A customer with a contract in force is heard also where a filter took his mail for junk; anybody else's mail stays there.
func TestContractCustomerInJunk(t *testing.T) {
	s := play(t, both(t))
	s.contracts(mario+",business-care,,2026-01-01,2027-12-31,", "luca@cliente.example,business-care,,2025-01-01,2025-12-31,")
	s.tick()
	s.junk(mail{from: mario, subject: "URGENTE: carrello fermo", text: request})
	if len(s.events(1)) == 0 {
		t.Errorf("no ticket and no clock for a customer under contract; %d mails to staff", len(s.sent))
	}
	s.junk(mail{from: "luca@cliente.example", subject: "Carrello", text: request})
	s.junk(mail{from: "nuovo@altro.example", subject: "Preventivo", text: request})
	if n := s.events(2); len(n) > 0 {
		t.Errorf("junk of somebody without a contract opened a ticket: %v", n)
	}
}
