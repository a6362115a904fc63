package desk_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/letter/wire"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

const (
	elena = "elena@cliente.example"
	pedro = "pedro@tienda.example"
	luigi = "luigi@altro.example"
	xmas  = "2026-12-24..2027-01-06"
)

// shuts is a careDesk that closes over Christmas and has told nobody. The desk's people and its contract share the closure.
func shuts(t *testing.T) desk.Config {
	t.Helper()
	c := careDesk(t)
	closure := []sla.Closure{{From: "2026-12-24", To: "2027-01-06"}}
	service, err := c.Service.WithClosures(closure)
	if err != nil {
		t.Fatal(err)
	}
	market, err := c.Policy.Calendar.WithClosures(closure)
	if err != nil {
		t.Fatal(err)
	}
	p := sla.BusinessCare(market)
	c.Service, c.Policy, c.Contracts = service, &p, nil
	c.Notices.ClosureDays, c.Notices.PerMinute, c.DigestAt = 14, 20, "09:00"
	return c
}

// closing plays such a desk with three customers under contract, one of whom once wrote in Spanish, up to the day it has to ask.
func closing(t *testing.T) *scenario {
	t.Helper()
	s := play(t, shuts(t))
	s.contracts(mario+",business-care,,2026-01-01,2027-12-31,", pedro+",business-care,,2026-01-01,2027-12-31,",
		"elena@cliente.example,business-care,,2025-01-01,2025-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
	s.arrives(mail{from: pedro, subject: "No funciona", text: "Buenos días, el módulo no funciona desde ayer y no puedo vender nada en la tienda. Gracias, un saludo."})
	s.post()
	s.says(anna, "close")
	for _, early := range []string{"2026-12-09 23:00", "2026-12-10 00:00", "2026-12-10 08:59"} {
		s.at(early).tick()
		if n := s.askedToTell(); n != 0 {
			t.Fatalf("asked %d times at %s, before it is time", n, early)
		}
	}
	s.at("2026-12-10 09:00").tick()
	return s
}

// askedToTell is how often Anna was asked about a notice.
func (s *scenario) askedToTell() (n int) {
	for _, l := range s.letters(anna) {
		if l.Purpose == "review" && strings.Contains(l.Subject, "Da approvare, a") {
			n++
		}
	}
	return n
}

// told lists the customers who got a letter, in order.
func (s *scenario) told() []string {
	var all []string
	for _, l := range s.sent {
		if l.Customer {
			all = append(all, strings.Join(l.To, " "))
		}
	}
	slices.Sort(all)
	return all
}

func (s *scenario) wantTold(want ...string) {
	s.Helper()
	if got := s.told(); !slices.Equal(got, want) {
		s.Fatalf("letters to %v, want %v", got, want)
	}
}

// Staff are shown every recipient and the exact text of each language; one ok sends each his own letter, and no other.
func TestClosureAnnounced(t *testing.T) {
	s := closing(t)
	s.wantTold()
	review := mailparse.Parse(s.last(anna).Bytes).Text
	flat := folded(review)
	for _, want := range []string{
		"gio 24 dic", "mer 6 gen", "[it] 2: luigi@altro.example, mario@cliente.example", "[es] 1: pedro@tienda.example", "Oggetto: Assistenza chiusa da gio 24 dic a mer 6 gen", "Asunto: Asistencia cerrada del jue 24 dic al mié 6 ene", "da giovedì 24 dicembre 2026 a mercoledì 6 gennaio 2027 compresi",
		"L'assistenza riprende giovedì 7 gennaio 2027, ore 15:00", "Le informamos de que", "i suoi termini corrono",
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("the review does not say %q:\n%s", want, review)
		}
	}
	if strings.Contains(flat, elena) || strings.Contains(flat, "[en]") {
		t.Errorf("it names who is no customer:\n%s", review)
	}
	s.says(anna, "ok")
	s.until("09:02")
	s.wantTold(luigi, mario, pedro)
	for who, want := range map[string]string{mario: "La informiamo", pedro: "Le informamos"} {
		l := s.last(who)
		m := mailparse.Parse(l.Bytes)
		if len(m.To) != 1 || len(m.Cc) != 0 || !slices.Equal(l.To, []string{who}) || l.By != anna || m.Header.Has("Auto-Submitted") || !strings.Contains(m.Text, want) {
			t.Errorf("to %v cc %v by %s:\n%s", m.To, m.Cc, l.By, m.Text)
		}
	}
	s.says(marco, "ok") // too late, and told who was first
	s.wantRefused(2, "spent: "+anna)
	s.until("09:10")
	s.wantTold(luigi, mario, pedro)
	if got := s.reasons(2, kind.ClosureAnnounced); !slices.Equal(got, []string{"3 told, 0 not"}) {
		t.Errorf("%q", got)
	}
	if s.ticket(2).IsOpen() || s.ticket(3).IsOpen() {
		t.Error("what is told needs no more work")
	}
	s.checkFold()
}

// reasons lists the reasons of a ticket's events of a kind.
func (s *scenario) reasons(n int64, k kind.Kind) []string {
	s.Helper()
	var all []string
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, n) {
		if err != nil {
			s.Fatal(err)
		}
		if r.Kind == k {
			all = append(all, s.event(r).Body.Reason)
		}
	}
	return all
}

// The closure stops the clocks of whoever was told, and of nobody else.
func TestClosureStopsWhoWasTold(t *testing.T) {
	s := closing(t)
	s.says(anna, "ok")
	s.until("09:05")
	s.at("2026-12-23 17:00")
	s.arrives(mail{from: mario, subject: "Aiuto", text: request})
	s.arrives(mail{from: elena, subject: "Aiuto", text: request})
	told, _ := s.ticketOf(mario).Duty("ack")
	not, _ := s.ticketOf(elena).Duty("ack")
	if want := time.Date(2027, 1, 7, 16, 0, 0, 0, time.UTC); !told.Limit.Equal(want) {
		t.Errorf("who was told is owed an answer by %s, want %s", told.Limit, want)
	}
	if want := time.Date(2026, 12, 24, 16, 0, 0, 0, time.UTC); !not.Limit.Equal(want) {
		t.Errorf("who was not told is owed an answer by %s, want %s", not.Limit, want)
	}
	fixTold, _ := s.ticketOf(mario).Duty("fix")
	fixNot, _ := s.ticketOf(elena).Duty("fix")
	if !fixTold.Limit.Equal(fixNot.Limit) || fixTold.Limit.IsZero() {
		t.Errorf("the 30 days moved: %s and %s", fixTold.Limit, fixNot.Limit)
	}
	before := s.ticketOf(mario)
	s.start() // what is computed anew at a start is the same
	if after := s.ticketOf(mario); after.Version != before.Version {
		t.Errorf("a start moved it: %v", s.events(int64(after.Number)))
	}
	// Told while the request is open: asked about him alone, and his clock moves from then on.
	s.at("2026-12-23 17:05").tick()
	s.until("2026-12-24 17:05")
	for _, l := range s.letters(anna) {
		if strings.Contains(mailparse.Parse(l.Bytes).Text, "[it] 1: "+elena) {
			s.arrives(s.answer(l, anna, "ok"))
			s.post()
		}
	}
	s.until(s.now.Add(3 * time.Minute).In(s.cfg.Zone).Format("2006-01-02 15:04"))
	s.wantTold(elena, luigi, mario, pedro)
	if now, _ := s.ticketOf(elena).Duty("ack"); now.Limit.Before(not.Limit) {
		t.Errorf("his limit went back from %s to %s", not.Limit, now.Limit)
	}
	if _, ok := s.ticketOf(elena).Told[xmas]; !ok {
		t.Error("his open ticket does not know that he was told")
	}
	s.checkFold()
}

// ticketOf is the latest ticket in which a customer wrote.
func (s *scenario) ticketOf(addr string) ticket.Ticket {
	s.Helper()
	list, err := s.store.Find(s.Context(), store.Query{Desk: s.cfg.Name, Customer: addr})
	if err != nil {
		s.Fatal(err)
	}
	for _, t := range slices.Backward(list) {
		if t.Notice.Kind == "" {
			return t
		}
	}
	s.Fatalf("%s has not written", addr)
	return ticket.Ticket{}
}

// What a customer was told while his ticket was closed counts for the ticket once a person takes it up again, by itself or for another that
// goes on in it, and a start changes nothing.
func TestClosureToldWhileClosed(t *testing.T) {
	for _, how := range []string{"reopen", "merge"} {
		s := closing(t)
		s.at("2026-12-10 09:01")
		s.arrives(mail{from: mario, subject: "Aiuto", text: request})
		s.post()
		n := s.ticketOf(mario).Number
		if how == "merge" {
			s.says(anna, "ok\n\n"+words)
			s.post()
			s.says(anna, "fixed\n\nIl modulo ora funziona, lo abbiamo provato con Lei.")
			s.wantLetters(2)
		} else {
			s.says(anna, "spam")
		}
		about := s.last(anna)
		s.arrives(s.answer(s.review(2), anna, "ok"))
		s.until("09:10")
		want := time.Date(2027, 1, 7, 15, 0, 0, 0, time.UTC)
		s.at("2026-12-23 16:00")
		if how == "merge" {
			s.arrives(mail{from: mario, subject: "Ancora", text: request})
			s.post()
			s.says(anna, fmt.Sprintf("merge %d", n))
		} else {
			s.arrives(s.answer(about, anna, "reopen"))
		}
		for range 2 {
			tk := s.ticket(n)
			if _, ok := tk.Told[xmas]; !ok {
				t.Errorf("%s: the ticket does not know that he was told: %v", how, s.events(int64(n)))
			}
			if next, owed := tk.Duty("next_reply"); how == "merge" && (!owed || !next.Limit.Equal(want)) {
				t.Errorf("%s: an answer owed by %s, want %s", how, next.Limit, want)
			}
			s.start()
		}
		s.checkFold()
	}
}

// A letter that came back told nobody anything: the clock runs again, staff hear of it at once.
func TestClosureBounced(t *testing.T) {
	s := closing(t)
	s.arrives(mail{from: mario, subject: "Aiuto", text: request})
	s.post()
	open, _ := s.ticketOf(mario).Duty("ack")
	s.says(anna, "status")
	s.arrives(s.answer(s.review(2), anna, "ok"))
	s.until("09:05")
	if _, ok := s.ticketOf(mario).Told[xmas]; !ok {
		t.Fatal("the open ticket does not know")
	}
	for _, l := range s.letters(mario) {
		s.comesBack(l)
	}
	if _, ok := s.ticketOf(mario).Told[xmas]; ok {
		t.Error("told by a letter that came back")
	}
	if now, _ := s.ticketOf(mario).Duty("ack"); !now.Limit.Equal(open.Limit) {
		t.Errorf("limit %s, want %s", now.Limit, open.Limit)
	}
	if !strings.Contains(s.last(anna).Subject, "tornata indietro") && !strings.Contains(s.text(anna), "tornata indietro") {
		t.Errorf("nobody hears of it:\n%s", s.text(anna))
	}
	s.until("2026-12-11 14:01")
	if d := s.digests(); !strings.Contains(strings.Join(d, "\n"), "1 avviso di chiusura non arrivato") {
		t.Errorf("the digest does not say so:\n%s", d[len(d)-1])
	}
	s.checkFold()
}

// review is the latest mail that asked Anna about a ticket.
func (s *scenario) review(n uint64) store.Letter {
	s.Helper()
	for _, l := range slices.Backward(s.letters(anna)) {
		if l.Ticket == n && l.Purpose == "review" {
			return l
		}
	}
	s.Fatalf("nobody was asked about ticket %d", n)
	return store.Letter{}
}

// Who becomes a customer before the approval gets nothing from it; he is asked about by himself.
func TestClosureNewCustomer(t *testing.T) {
	s := closing(t)
	s.arrives(mail{from: elena, subject: "Aiuto", text: request})
	s.post()
	s.arrives(s.answer(s.review(2), anna, "ok"))
	s.until("09:10")
	s.wantTold(luigi, mario, pedro)
	s.until("2026-12-11 09:15")
	text := s.text(anna)
	if !strings.Contains(text, "[it] 1: "+elena) || strings.Contains(text, mario) {
		t.Fatalf("not asked about the new one alone:\n%s", text)
	}
	s.says(marco, "ok")
	s.until("09:20")
	s.wantTold(elena, luigi, mario, pedro)
	s.checkFold()
}

// I2: nothing else than a good approval makes a letter: no forged one, no words, no silence, no restart.
func TestClosureNothingByItself(t *testing.T) {
	s := closing(t)
	ask := s.review(2)
	forged := s.answer(ask, anna, "ok")
	forged.auth = arrival.Fail
	s.arrives(forged)
	s.wantRefused(2, "unproven")
	s.arrives(s.answer(ask, marco, "ok")) // Anna's token
	s.wantRefused(2, "other_person")
	for _, said := range []string{"ok\n\nBuone feste a tutti!", "Buone feste a tutti, e grazie.", "customer " + mario, "fixed", "eta domani 17:00", "ok all"} {
		s.arrives(s.answer(ask, anna, said))
	}
	none := s.answer(ask, anna, "ok")
	none.auth = arrival.None
	s.arrives(none) // mailed back to be confirmed
	s.restart()
	s.until("2026-12-12 09:00")
	s.wantTold()
	s.at("2027-01-06 12:00").tick()
	s.at("2027-01-07 00:01").tick()
	if tk := s.ticket(2); tk.State != ticket.Closed || !tk.NextDue().IsZero() {
		t.Errorf("after the closure: %s, due %s", tk.State, tk.NextDue())
	}
	s.wantTold()
	s.checkFold()
}

// Where nothing proves the sender an approval goes two steps, and the second shows what the first did.
func TestClosureConfirmed(t *testing.T) {
	s := closing(t)
	first := s.answer(s.review(2), anna, "ok")
	first.auth = arrival.None
	s.arrives(first)
	s.post()
	s.wantTold()
	if !strings.Contains(s.text(anna), "[it] 2: luigi@altro.example, mario@cliente.example") {
		t.Fatalf("not shown again:\n%s", s.text(anna))
	}
	second := s.answer(s.last(anna), anna, "ok")
	second.auth = arrival.None
	s.arrives(second)
	s.until("09:05")
	s.wantTold(luigi, mario, pedro)
	s.checkFold()
}

// Letters go so many a minute, and those that have not left can be taken back; then they are asked about again, they alone.
func TestClosureUndone(t *testing.T) {
	cfg := shuts(t)
	cfg.Notices.PerMinute = 1
	s := play(t, cfg)
	s.contracts(mario+",business-care,,2026-01-01,2027-12-31,", pedro+",business-care,,2026-01-01,2027-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
	s.at("2026-12-20 09:00").tick()
	s.says(anna, "ok")
	s.post()
	s.wantTold(luigi)
	s.restart()
	s.says(anna, "undo")
	s.until("09:30")
	s.wantTold(luigi)
	if !strings.Contains(s.text(anna), "[it] 2: "+mario+", "+pedro) {
		t.Fatalf("not asked about the others again:\n%s", s.text(anna))
	}
	s.says(anna, "ok")
	s.until("10:00")
	s.wantTold(luigi, mario, pedro)
	s.checkFold()
}

// Whoever was told by a second letter, after the first was taken back, was told: his clock stops as that of whoever got the first.
func TestClosureToldAfterUndo(t *testing.T) {
	cfg := shuts(t)
	cfg.Notices.PerMinute = 1
	s := play(t, cfg)
	s.contracts(mario+",business-care,,2026-01-01,2027-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
	s.at("2026-12-20 09:00").tick()
	s.says(anna, "ok")
	s.post()
	s.wantTold(luigi)
	s.says(anna, "undo")
	s.until("09:30")
	s.says(anna, "ok")
	s.until("10:00")
	s.wantTold(luigi, mario)
	s.at("2026-12-23 17:00")
	s.arrives(mail{from: luigi, subject: "Aiuto", text: request})
	s.arrives(mail{from: mario, subject: "Aiuto", text: request})
	first, _ := s.ticketOf(luigi).Duty("ack")
	second, _ := s.ticketOf(mario).Duty("ack")
	if !second.Limit.Equal(first.Limit) || s.ticketOf(mario).Told[xmas].IsZero() {
		t.Errorf("told by a second letter he is owed an answer by %s, told by the first %s", second.Limit, first.Limit)
	}
	s.checkFold()
}

// What a customer answers to a notice is a request: its clocks begin with his message.
func TestClosureAnswered(t *testing.T) {
	s := closing(t)
	s.says(anna, "ok")
	s.until("09:05")
	s.at("2026-12-14 10:00")
	s.arrives(mail{from: mario, subject: "Re: Chiusura", reply: []string{mailparse.Parse(s.last(mario).Bytes).MessageID}, text: request})
	s.post()
	var tk ticket.Ticket
	for n := uint64(3); n <= 5; n++ {
		if x := s.ticket(n); x.Customer.Addr == mario {
			tk = x
		}
	}
	ack, _ := tk.Duty("ack")
	if _, fix := tk.Duty("fix"); !ack.Running() || !fix || !ack.From.Equal(s.now.UTC()) || !tk.IsOpen() || !tk.ReceivedAt.Equal(s.now.UTC()) {
		t.Fatalf("%s since %s, owed %+v", tk.State, tk.ReceivedAt, tk.Duties)
	}
	s.says(anna, "ok\n\n"+words)
	s.until("10:05")
	if ack, _ := s.ticket(tk.Number).Duty("ack"); ack.Running() {
		t.Error("the answer did not meet it")
	}
	if _, ok := s.ticket(tk.Number).Told[xmas]; !ok {
		t.Error("the answer made him one who was not told")
	}
	s.checkFold()
}

// A closure that all were told of elsewhere is asked about by nobody; one of other days is another closure.
func TestClosureToldElsewhere(t *testing.T) {
	cfg := shuts(t)
	service, err := cfg.Service.WithClosures([]sla.Closure{{From: "2026-12-24", To: "2027-01-06", NotifiedAt: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)}})
	if err != nil {
		t.Fatal(err)
	}
	p := sla.BusinessCare(service)
	cfg.Service, cfg.Policy = service, &p
	s := play(t, cfg)
	s.contracts(mario + ",business-care,,2026-01-01,2027-12-31,")
	s.at("2026-12-20 09:00").tick()
	if s.askedToTell() != 0 {
		t.Error("asked")
	}
}

// A closure that was given other days, or taken out, is not told any more and not asked about: an old mail that asked sends nothing. Put back,
// it is asked about again.
func TestClosureWithdrawn(t *testing.T) {
	s := closing(t)
	old, planned := s.review(2), s.cfg
	open := careDesk(t)
	s.cfg.Service, s.cfg.Policy = open.Service, open.Policy
	s.restart()
	s.arrives(s.answer(old, anna, "ok"))
	s.wantRefused(2, "not_planned")
	s.post()
	s.wantText(anna, "non c'è più nella configurazione")
	for _, day := range []string{"2026-12-11", "2026-12-22", "2026-12-23"} { // from three days before on it asks every day
		s.at(day + " 09:10").tick()
	}
	s.wantTold()
	if n := s.askedToTell(); n != 1 || s.ticket(2).IsOpen() {
		t.Errorf("asked %d times, %s: %q", n, s.ticket(2).State, s.reasons(2, kind.Resolved))
	}
	s.cfg = planned
	s.restart()
	s.at("2026-12-24 09:15").tick()
	if n := s.askedToTell(); n != 2 {
		t.Fatalf("put back, asked %d times", n)
	}
	s.arrives(s.answer(s.review(2), anna, "ok"))
	s.until("2026-12-24 09:20")
	s.wantTold(luigi, mario, pedro)
	s.checkFold()
}

// A contract that ends is asked about once; `close` drops the reminder, `ok` sends it, and no clock runs either way.
func TestRenewal(t *testing.T) {
	cfg := both(t)
	cfg.Notices.RenewalDays, cfg.Notices.RenewHow = 30, "Per rinnovare basta rispondere."
	s := play(t, cfg)
	s.contracts(mario+",agency,,2026-01-01,2026-12-31,", luigi+",agency,,2026-01-01,2026-12-31,", "@ditta.example,agency,,2026-01-01,2026-12-31,",
		pedro+",business-care,,2026-01-01,2026-12-31,", elena+",agency,,2026-01-01,2026-12-31,", elena+",agency,,2027-01-01,2027-12-31,")
	s.at("2026-11-30 12:00").tick()
	s.wantLetters(0)
	if h, _ := s.store.Head(t.Context(), s.cfg.Name); h.Next != 1 {
		t.Fatalf("%d tickets too early", h.Next-1)
	}
	s.at("2026-12-01 12:00").tick()
	s.tick()
	s.restart()
	s.at("2026-12-02 12:00").tick()
	if h, _ := s.store.Head(t.Context(), s.cfg.Name); h.Next != 4 {
		t.Fatalf("%d tickets, want 3", h.Next-1)
	}
	s.arrives(s.answer(s.review(1), anna, "ok"))
	s.arrives(s.answer(s.review(2), anna, "close"))
	s.arrives(s.answer(s.review(3), anna, "ok")) // to whom?
	s.wantRefused(3, "no_customer")
	s.until("12:05")
	s.wantTold(mario)
	m := mailparse.Parse(s.last(mario).Bytes)
	if !strings.Contains(m.Subject, "scade giovedì 31 dicembre 2026") || !strings.Contains(folded(m.Text), "Per rinnovare basta rispondere.") || !strings.Contains(m.Text, "Anna Verdi") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
	if tk := s.ticket(1); tk.IsOpen() || len(tk.Duties) != 0 {
		t.Errorf("%s, owed %v", tk.State, tk.Duties)
	}
	s.arrives(s.answer(s.review(3), anna, "customer eva@ditta.example"))
	s.post()
	s.says(anna, "ok")
	s.until("12:10")
	s.wantTold("eva@ditta.example", mario)
	s.at("2026-12-30 12:00").tick()
	s.wantTold("eva@ditta.example", mario)
	s.checkFold()
}

// The end of a contract that was renewed since staff were asked, or that has passed, is told to nobody; that of another customer's contract with the
// same days is.
func TestRenewalOvertaken(t *testing.T) {
	cfg := both(t)
	cfg.Notices.RenewalDays, cfg.Notices.RenewHow = 30, "Per rinnovare basta rispondere."
	s := play(t, cfg)
	year := ",agency,,2026-01-01,2026-12-31,"
	s.contracts(mario+year, luigi+year, pedro+year)
	s.at("2026-12-14 12:00").tick()
	s.contracts(mario+year, mario+",agency,,2027-01-01,2027-12-31,", luigi+year, pedro+year)
	s.arrives(s.answer(s.review(1), anna, "ok"))
	s.wantRefused(1, "not_ending")
	s.arrives(s.answer(s.review(2), anna, "ok"))
	s.until("12:05")
	s.wantTold(luigi)
	s.wantText(anna, "MB-2")
	s.at("2027-01-04 15:00")
	s.arrives(s.answer(s.review(3), anna, "ok"))
	s.wantRefused(3, "not_ending")
	s.until("15:05")
	s.wantTold(luigi)
	s.wantText(anna, "non c'è più: è stato rinnovato o modificato")
	s.says(anna, "close")
	s.wantState(3, ticket.Closed)
	s.checkFold()
}

// What another desk tells is not told twice.
func TestNoticesElsewhere(t *testing.T) {
	cfg := shuts(t)
	cfg.Notices.RenewalDays, cfg.Notices.Elsewhere = 30, []string{"agency"}
	s := play(t, cfg)
	s.contracts(mario+",agency,,2026-01-01,2026-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
	s.at("2026-12-10 09:00").tick()
	if n, to := s.askedToTell(), s.ticket(1).Draft.To; n != 1 || len(to) != 1 || to[0].Addr != luigi {
		t.Errorf("asked %d times, to tell %v", n, to)
	}
	if h, _ := s.store.Head(t.Context(), s.cfg.Name); h.Next != 2 {
		t.Errorf("%d tickets, want 1: the end of a contract is another desk's", h.Next-1)
	}
}

// Calls are answered in writing, once somebody has said to whom, and no clock of a contract runs for them.
func TestPhone(t *testing.T) {
	s := play(t, agency(t))
	s.judge.Own = []string{"assistenza@agency.example"}
	s.restart()
	s.at("16:10").delivers(sample(t, "06_voicemail.eml"), "")
	if _, err := s.desk.Adopt(t.Context(), s.aside(0), anna, s.now); err != nil {
		t.Fatal(err)
	}
	s.post()
	s.says(anna, "customer "+mario)
	s.wantLetters(0)
	if !strings.Contains(s.text(anna), "abbiamo visto la Sua chiamata di lunedì 23 novembre 2026") {
		t.Errorf("the draft is another:\n%s", s.text(anna))
	}
	s.says(anna, "ok")
	s.tick()
	s.wantTold(mario)
	if tk := s.ticket(1); len(tk.Duties) != 0 || tk.IsOpen() {
		t.Errorf("%s, owed %v", tk.State, tk.Duties)
	}
	s.at("2026-11-24 15:30")
	s.arrives(mail{from: mario, subject: "Re: La Sua chiamata", reply: []string{mailparse.Parse(s.last(mario).Bytes).MessageID}, text: request})
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() || !ack.From.Equal(s.now.UTC()) || ack.Limit.IsZero() {
		t.Errorf("what he wrote is owed %+v", s.ticket(1).Duties)
	}
	s.checkFold()
}

// A thousand customers cost a thousand letters, not their square, and none shares a recipient with another. REPLYBY_NOTICES says of how
// many.
func TestClosureOfMany(t *testing.T) {
	many := 200
	if text := os.Getenv("REPLYBY_NOTICES"); text != "" {
		var err error
		if many, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	cfg := shuts(t)
	cfg.Notices.PerMinute = 600
	s := play(t, cfg)
	var lines []string
	for i := range many {
		lines = append(lines, fmt.Sprintf("c%04d@cliente.example,business-care,,2026-01-01,2027-12-31,", i))
	}
	s.contracts(lines...)
	s.at("2026-12-20 09:00")
	began := time.Now()
	s.tick()
	opened := time.Since(began)
	began = time.Now()
	s.says(anna, "ok")
	decided := time.Since(began)
	began = time.Now()
	s.until("10:30")
	s.wantLetters(many)
	t.Logf("opened in %s, decided in %s, sent in %s", opened, decided, time.Since(began))
	seen := map[string]bool{}
	for _, l := range s.sent {
		if l.Customer {
			if len(l.To) != 1 || seen[l.To[0]] || wire.CheckAddress(l.To[0]) != nil {
				t.Fatalf("to %v", l.To)
			}
			seen[l.To[0]] = true
		}
	}
	if got := s.reasons(1, kind.ClosureAnnounced); !slices.Equal(got, []string{fmt.Sprintf("%d told, 0 not", many)}) {
		t.Errorf("%q", got)
	}
}

// What customers are told to write into the subject is what counts there: the desk's own word, in every language.
func TestClosureNamesTheUrgentTerm(t *testing.T) {
	for _, x := range []struct {
		terms    []string
		it, es   string
		unwanted string
	}{
		{[]string{"URGENT", "URGENTE"}, "indicando URGENTE nell'oggetto", "indicando URGENTE en el asunto", "indicando URGENT "},
		{[]string{"FERMO"}, "indicando FERMO nell'oggetto", "indicando FERMO en el asunto", "URGENT"},
		{nil, "dalla riapertura. Cordiali saluti", "de la reapertura. Un saludo cordial", "URGENT"},
	} {
		cfg := shuts(t)
		cfg.UrgentTerms = x.terms
		s := play(t, cfg)
		s.contracts(mario+",business-care,,2026-01-01,2027-12-31,", pedro+",business-care,,2026-01-01,2027-12-31,")
		s.arrives(mail{from: pedro, subject: "No funciona", text: "Buenos días, el módulo no funciona desde ayer y no puedo vender nada en la tienda. Gracias, un saludo."})
		s.post()
		s.at("2026-12-10 09:00").tick()
		text := s.text(anna)
		if !strings.Contains(text, x.it) || !strings.Contains(text, x.es) || strings.Contains(text, x.unwanted) {
			t.Errorf("%q:\n%s", x.terms, text)
		}
	}
}

// A question that is due on a day does not wake anybody at its midnight: it comes with the digest, or where there is none when somebody is in. One
// that would come too late so comes at once.
func TestNoticesAskByDay(t *testing.T) {
	for digest, hour := range map[string]string{"14:00": "14:00", "": "15:00"} {
		cfg := agency(t)
		cfg.DigestAt, cfg.Notices.RenewalDays = digest, 10
		s := play(t, cfg)
		s.contracts("mario@cliente.example,agency,,2026-01-01,2026-12-05,") // ten days before is a Wednesday
		s.at("2026-11-24 23:59").tick()
		s.at("2026-11-25 00:00").tick()
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-25 "+hour, s.cfg.Zone)
		if err != nil {
			t.Fatal(err)
		}
		s.at(at.Add(-time.Minute).Format("2006-01-02 15:04")).tick()
		if n := len(s.letters(anna)); n != 0 {
			t.Errorf("digest %q: asked %d times before %s", digest, n, hour)
		}
		s.at("2026-11-25 " + hour).tick()
		if n := len(s.letters(anna)); n != 1 {
			t.Errorf("digest %q: asked %d times at %s, want 1", digest, n, hour)
		}
		s.checkFold()
	}
	cfg := agency(t)
	cfg.Notices.RenewalDays = 2
	s := play(t, cfg)
	s.contracts("mario@cliente.example,agency,,2026-01-01,2026-11-29,") // a Sunday
	s.at("2026-11-27 00:00").tick()
	if n := len(s.letters(anna)); n != 1 {
		t.Errorf("asked %d times of a contract with two days left, want 1", n)
	}
	s.checkFold()
}

// A notice to many asks for nobody's own words: its text has no place for them, and with them it would be refused, also where the contract wants
// a person's words in each answer.
func TestNoticeDemandsNoWords(t *testing.T) {
	s := closing(t)
	s.wantText(anna, "ok Manda a ogni cliente", "!Servono parole tue", "!almeno 40")
	s.says(anna, "ok")
	s.until("2026-12-10 09:10")
	s.wantTold(luigi, mario, pedro)
}

// The sentence on how to renew is in one language: that of the desk. A customer who reads another gets the words of his own text.
func TestRenewalInAnotherLanguage(t *testing.T) {
	cfg := both(t)
	cfg.Notices.RenewalDays, cfg.Notices.RenewHow = 30, "Per rinnovare basta pagare la fattura allegata."
	s := play(t, cfg)
	s.contracts(pedro + ",agency,,2026-01-01,2026-12-31,")
	s.arrives(mail{from: pedro, subject: "No funciona", text: "Buenos días, el módulo no funciona desde ayer y no puedo vender nada en la tienda. Gracias, un saludo."})
	s.post()
	s.says(anna, "close")
	s.at("2026-12-01 14:00").tick()
	shown := folded(mailparse.Parse(s.review(2).Bytes).Text)
	if strings.Contains(shown, "Per rinnovare") || !strings.Contains(shown, "Para renovarlo basta con responder a este mensaje.") {
		t.Errorf("%s", shown)
	}
}
