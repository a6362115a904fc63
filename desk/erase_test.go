package desk_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
	"replyby/ticket/posted"
)

// I11: after an erasure nothing of the customer is left with the ticket, the log verifies, and the same mail read again is nothing
// new and leaves no bytes behind.
func TestErase(t *testing.T) {
	b := asksToErase(t)
	if n, err := b.desk.Erase(t.Context(), 1, anna, b.now); err != nil || n < 3 {
		t.Fatalf("erased %d messages, %v", n, err)
	}
	wrong, err := b.store.Check(t.Context(), nil)
	if err != nil || len(wrong) > 0 {
		t.Errorf("verify: %v, %v", wrong, err)
	}
	all := b.onRecord(1)
	for _, secret := range []string{"Mario", mario, "carrello", "Carrello", "certificato"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q is still there", secret)
		}
	}
	for _, in := range b.mails[:1] {
		if _, err := b.store.Raw(t.Context(), ticket.Sum(in.Raw)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the bytes of the request: %v", err)
		}
		b.uid++
		in.UID = b.uid
		b.reads(in)
		if _, err := b.store.Raw(t.Context(), ticket.Sum(in.Raw)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("read again, the bytes are back: %v", err)
		}
	}
	if h, err := b.store.Head(t.Context(), b.cfg.Name); err != nil || h.Next != 3 {
		t.Errorf("next ticket %d, %v, want 3", h.Next, err)
	}
	if ack, _ := b.ticket(1).Duty("ack"); ack.Limit.IsZero() || b.ticket(1).Ref != "MB-1" {
		t.Errorf("what is to stay is gone: %+v", b.ticket(1))
	}
	if b.ticket(2).Customer.Addr != "luigi@altro.example" {
		t.Error("another ticket lost its customer")
	}
	b.arrives(mail{from: mario, subject: "Re: Carrello rotto", reply: []string{"m1@client.example"}, text: "Ancora io."})
	if b.ticket(3).Customer.Addr != mario {
		t.Error("a new message of the customer is no ticket of its own")
	}
}

// I11: what comes for an erased ticket leaves nothing of the customer there again: no words, no bytes, no clock.
func TestErasedStaysErased(t *testing.T) {
	b := asksToErase(t)
	review, letter := b.about(anna, "MB-1"), b.last(mario)
	if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); err != nil {
		t.Fatal(err)
	}
	report := []byte(strings.ReplaceAll(bounce, "MESSAGE-ID", letter.MessageID))
	b.at("15:20").delivers(report, "")
	b.arrives(b.answer(review, anna, "note Mario ha chiamato per il carrello"))
	b.post()
	b.until("2026-11-25 16:00")
	all := b.onRecord(1)
	for _, secret := range []string{"Mario", mario, "cliente.example", "carrello", "Carrello"} {
		if i := strings.Index(all, secret); i >= 0 {
			t.Errorf("%q is there again: …%s", secret, all[max(0, i-200):i+50])
		}
	}
	if now := b.ticket(1); now.IsOpen() || !b.posted(1, posted.Bounced) || b.count(1, kind.Breached) > 0 {
		t.Errorf("the ticket is %s: %v", now.State, b.events(1))
	}
	if _, err := b.store.Raw(t.Context(), ticket.Sum(report)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the bytes of the report: %v", err)
	}
	if wrong, err := b.store.Check(t.Context(), nil); err != nil || len(wrong) > 0 {
		t.Errorf("verify: %v, %v", wrong, err)
	}
	b.checkFold()
	n := b.count(1, kind.Erased)
	b.delivers(report, "")
	if b.count(1, kind.Erased) != n {
		t.Error("the same report is something new")
	}
}

// I10, I11: whoever answers an old mail about a ticket that was erased is told so. He gets no code and no draft: nothing can act on the ticket, and
// what he writes about its customer is not to stand there again.
func TestErasedDecidesNothing(t *testing.T) {
	b := asksToErase(t)
	review := b.about(anna, "MB-1")
	if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); err != nil {
		t.Fatal(err)
	}
	note := b.at("15:20").raw(b.answer(review, anna, "note Mario ha chiamato per il carrello"))
	b.delivers(note, "")
	b.post()
	b.wantRefused(1, "erased")
	if b.is(ticket.Sum(note)) {
		t.Error("the bytes of the note are kept")
	}
	b.wantText(anna, "cancellati")
	if told := b.last(anna); tokenForm.Match(told.Bytes) || strings.Contains(told.Text, "ok ") {
		t.Errorf("told with a code, or asked for an answer:\n%s", told.Text)
	}
	b.at("17:00")
	for _, word := range []string{"reopen", "customer " + mario, "Scriverò a Mario domani."} {
		b.says(anna, word)
	}
	if all := b.onRecord(1); strings.Contains(all, "Mario") || strings.Contains(all, mario) || b.ticket(1).State != ticket.Closed || b.count(1, kind.DecisionRefused) != 4 {
		t.Errorf("%v: %s", b.events(1), all)
	}
	b.checkFold()
}

// I10, I11: a mail of staff that waits for its proof is heard before its ticket is erased, or its writer would never hear that it did nothing.
func TestEraseWaitsForProof(t *testing.T) {
	b := asksToErase(t)
	m := b.answer(b.about(anna, "MB-1"), anna, "reopen")
	m.auth = arrival.Temporary
	b.at("15:10").arrives(m)
	var why desk.Refusal
	if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); !errors.As(err, &why) || why.Code != "awaited" {
		t.Errorf("erased, or refused for another reason: %v", err)
	}
	b.until("15:25")
	b.wantRefused(1, "unproven")
	if len(b.letters(anna)) == 0 || !strings.Contains(b.last(anna).Subject, "MB-1") {
		t.Error("nobody was told")
	}
	if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); err != nil {
		t.Error(err)
	}
}

// I11: what a machine answers about an erased ticket goes where the ticket went, also where it names it in the subject alone: its customer's
// address and words are not kept by the desk. What merely looks like a machine's is kept, since somebody may have to read it.
func TestMachinesAnswerErased(t *testing.T) {
	b := asksToErase(t)
	letter := b.last(mario)
	if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); err != nil {
		t.Fatal(err)
	}
	away := mail{from: "Mario Rossi <" + mario + ">", subject: "Risposta automatica", text: "Sono in ferie, per il carrello scrivete a Luisa.",
		reply: []string{letter.MessageID}, head: []string{"Auto-Submitted: auto-replied"}}
	named := away
	named.subject, named.reply = "Risposta automatica: [MB-1] Carrello", nil
	report := string(b.raw(mail{from: "MAILER-DAEMON@cliente.example", subject: "Undelivered: [MB-1] Carrello", kind: "multipart/report; report-type=delivery-status",
		parts: []string{"\r\nMario non c'è.", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.cliente.example\r\n\r\nFinal-Recipient: rfc822; " + mario + "\r\nAction: failed\r\nStatus: 5.1.1\r\n"}}))
	b.at("15:20")
	var raws [][]byte
	for _, m := range []mail{away, named} {
		raws = append(raws, b.raw(m))
		b.delivers(raws[len(raws)-1], "")
	}
	raws = append(raws, []byte(report))
	b.delivers(raws[2], "")
	all := b.onRecord(0) + b.onRecord(1)
	for _, secret := range []string{"Mario", mario, "cliente.example", "carrello", "Carrello", "Luisa"} {
		if i := strings.Index(all, secret); i >= 0 {
			t.Errorf("%q is there again: …%s", secret, all[max(0, i-200):i+50])
		}
	}
	for i, raw := range raws {
		if b.is(ticket.Sum(raw)) {
			t.Errorf("the bytes of mail %d are kept", i)
		}
	}
	odd := mail{from: mario, subject: "Automatic reply: [MB-1]", text: "Funziona tutto, grazie."}
	b.arrives(odd)
	if b.ticket(1).Number == 0 || b.count(0, kind.AutoFiled) != 1 {
		t.Errorf("what only looks like a machine's: %v", b.events(0))
	}
	b.checkFold()
}

// onRecord is all that the store says of a ticket: its snapshot and its records.
func (s *scenario) onRecord(n uint64) string {
	s.Helper()
	var log []logbook.Record
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, int64(n)) {
		if err != nil {
			s.Fatal(err)
		}
		log = append(log, r)
	}
	all, err := json.Marshal([]any{s.ticket(n), log})
	if err != nil {
		s.Fatal(err)
	}
	return string(all)
}

// asksToErase is a conversation of one customer that has ended, beside that of another, and the refusals on the way there.
func asksToErase(t *testing.T) *box {
	t.Helper()
	b := boxed(t)
	b.comes(b.raw(mail{from: "Mario Rossi <" + mario + ">", subject: "Carrello rotto", text: request}))
	b.post()
	review := b.last(anna)
	b.says(marco, "note il cliente Mario chiama spesso")
	b.comes(b.raw(mail{from: "luigi@altro.example", subject: "Fattura", text: "Manca la fattura di ottobre."}))
	b.post()
	refused := func(code string) {
		t.Helper()
		var why desk.Refusal
		if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); !errors.As(err, &why) || why.Code != code {
			t.Errorf("erased, or refused for another reason than %q: %v", code, err)
		}
	}
	refused("open")
	b.at("15:05").comes(b.raw(b.answer(review, anna, "ok\n\n"+words)))
	b.comes(b.raw(b.answer(review, anna, "close")))
	if b.count(1, kind.Decided) != 1 || b.ticket(1).State != ticket.Closed {
		t.Fatalf("ticket is %s: %v", b.ticket(1).State, b.events(1))
	}
	refused("on_its_way")
	b.post()
	return b
}

// I8: the id of a message whose ticket was erased stays in old digests. Whoever adopts it again is told that it is a ticket already, and the
// mail stops nobody's; so is one whose bytes were erased with another ticket that has the same mail.
func TestAdoptErased(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.arrives(mail{from: "uno@rivista.example", subject: "Uno", text: "Primo", head: []string{"Precedence: bulk"}})
	id := s.aside(0)
	s.post()
	s.says(marco, "adopt "+id)
	s.saysOf(anna, "MB-2", "close")
	if _, err := s.desk.Erase(t.Context(), 2, anna, s.now); err != nil {
		t.Fatal(err)
	}
	s.at("15:10").arrives(s.answer(s.about(marco, "MB-1"), marco, "adopt "+id))
	s.wantRefused(1, "adopted: MB-2")
	s.wantRefusal(id, "adopted")

	s.arrives(mail{from: "due@rivista.example", subject: "Due", text: "Secondo", head: []string{"Precedence: bulk"}})
	gone := s.ticket(0).Filed[1].Raw
	if err := s.store.Commit(t.Context(), store.Change{Desk: s.cfg.Name, Ticket: 2, Expect: s.ticket(2).Version, Erase: []ticket.Hash{gone},
		Events: []ticket.Event{{Kind: kind.Erased, Ticket: 2, Actor: anna, At: s.now, Body: ticket.Body{Left: new(s.ticket(2))}}}}); err != nil {
		t.Fatal(err)
	}
	s.at("17:00").arrives(s.answer(s.about(marco, "MB-1"), marco, "adopt "+gone.String()[:12]))
	s.wantRefused(1, "not_filed")
	s.checkFold()
}

// I10, I11: a letter that comes back, of a ticket that went on in one since erased, brings nothing back there, and those who can still answer
// its customer hear of it.
func TestErasedWhereItWentOn(t *testing.T) {
	s := twoOf(play(t, careDesk(t)))
	s.says(anna, "eta 2026-11-24 16:00\n\n"+words)
	l := s.last(mario)
	s.says(anna, "merge 1")
	s.saysOf(marco, "MP-1", "close")
	if _, err := s.desk.Erase(t.Context(), 1, anna, s.now); err != nil {
		t.Fatal(err)
	}
	asked := s.count(1, kind.ReviewAsked)
	s.at("15:30").comesBack(l)
	all := s.onRecord(1)
	for _, secret := range []string{"il registro", mario, "user unknown", "no such user"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q is there again", secret)
		}
	}
	if s.count(1, kind.ReviewAsked) != asked || !s.posted(2, posted.Bounced) {
		t.Errorf("the events are %v, %v", s.events(1), s.events(2))
	}
	s.wantText(anna, "MP-2", mario, "il registro")
	for _, said := range []string{"reopen", "ok", "ok"} { // the first ok answers a mail without a draft
		s.says(anna, said)
	}
	s.wantLetters(2)
	s.checkFold()
}

// I1: who writes again in the conversation of a portal, after its ticket was erased, has a ticket of his own: nothing that he writes is
// taken for what was forgotten.
func TestPortalGoesOnAfterErasure(t *testing.T) {
	s := seller(t)
	s.notice("8841", "pass", "Buongiorno, la pagina del modulo mostra un errore dopo l'aggiornamento.")
	s.post()
	s.says(anna, "close")
	s.post()
	if _, err := s.desk.Erase(t.Context(), 1, anna, s.now); err != nil {
		t.Fatal(err)
	}
	s.at("16:00").notice("8841", "pass", "Buongiorno, adesso non si apre nemmeno il carrello.")
	s.post()
	if tk := s.ticket(2); !tk.IsOpen() || !strings.Contains(tk.Excerpt, "il carrello") || len(tk.Duties) == 0 {
		t.Errorf("the new message is in ticket 1: %v, or half a ticket: %+v", s.events(1), tk)
	}
	if s.count(1, kind.Received) != 1 || s.ticket(1).IsOpen() {
		t.Errorf("the erased ticket is %s: %v", s.ticket(1).State, s.events(1))
	}
	s.at("16:10").notice("8841", "pass", "Ancora niente?")
	if s.count(2, kind.Received) != 2 {
		t.Errorf("what follows does not go on in the new ticket: %v", s.events(2))
	}
	s.checkFold()
}

// I7: a report on a letter of an erased ticket that came to two desks in the same bytes goes with the ticket of the one. The other has it on
// record all the same, whichever was first and also where both had begun to read; nothing is taken for damaged, and nobody waits for the bytes.
func TestErasedAtTheOtherDesk(t *testing.T) {
	for _, order := range []string{"one by one", "the other first", "both begun"} {
		b := asksToErase(t)
		report := []byte(strings.ReplaceAll(bounce, "MESSAGE-ID", b.last(mario).MessageID))
		cfg := careDesk(t)
		cfg.Name, cfg.Address, cfg.Prefix = "moduli", "moduli@mb.example", "MP"
		other := &scenario{TB: t, cfg: cfg, now: b.now, store: b.store, desk: b.hire(cfg)}
		other.requested("Modulo", request)
		if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); err != nil {
			t.Fatal(err)
		}
		mails := []desk.Incoming{{UID: 60, Internal: b.now, Raw: report}, {UID: 61, Internal: b.now, Raw: b.raw(mail{from: "luigi@altro.example", subject: order, text: request})}}
		batch := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 61, Mails: mails, Now: b.now}
		desks := []*desk.Desk{b.desk, other.desk}
		if order != "one by one" {
			slices.Reverse(desks)
		}
		last, err := desks[1].Prepare(t.Context(), batch)
		err = errors.Join(err, desks[0].Receive(t.Context(), batch))
		if order != "both begun" {
			last, _ = desks[1].Prepare(t.Context(), batch)
		}
		if err := errors.Join(err, desks[1].Admit(t.Context(), last)); err != nil {
			t.Fatal(err)
		}
		if n := other.count(0, kind.AutoFiled); n != 1 {
			t.Errorf("%s: the other desk has filed %d reports", order, n)
		}
		if wrong, err := b.store.Check(t.Context(), nil); err != nil || len(wrong) > 0 {
			t.Errorf("%s: verify: %v, %v", order, wrong, err)
		}
		if _, err := b.store.Raw(t.Context(), ticket.Sum(report)); errors.Is(err, store.ErrNotFound) {
			other.says(anna, "adopt "+ticket.Sum(report).String()[:12])
			other.wantRefused(1, "not_filed")
		}
		other.tick()
		b.checkFold()
		other.checkFold()
	}
}
