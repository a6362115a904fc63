package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
	"replyby/ticket/posted"
)

const (
	request = "Buongiorno,\nil carrello del nostro negozio non accetta più pagamenti da stamattina, i clienti vedono un errore.\nGrazie, Mario"
	words   = "Sto guardando il registro dei pagamenti: l'errore viene dal certificato scaduto.\nLo rinnovo subito."
)

// I1, I2: a request becomes a ticket with its clock, and only a person's words answer it.
func TestAcknowledgement(t *testing.T) {
	s := play(t, agency(t))
	s.at("15:10").arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "URGENTE: carrello fermo", text: request})

	tk := s.ticket(1)
	ack, ok := tk.Duty("ack")
	if tk.Ref != "MB-1" || tk.State != ticket.New || tk.Verdict.Urgency != "urgent" || !tk.Verdict.Contract || tk.Verdict.Language != "it" || !ok {
		t.Fatalf("ticket %+v", tk)
	}
	if want := s.now.Add(2*time.Hour + 50*time.Minute); !ack.Target.Equal(want) {
		t.Errorf("target %s, want %s", ack.Target, want) // the end of this afternoon
	}
	if !ack.Limit.After(ack.Target) || !tk.ReceivedAt.Equal(s.now) || tk.ReceivedBy == "" {
		t.Errorf("limit %s, received %s by %q", ack.Limit, tk.ReceivedAt, tk.ReceivedBy)
	}
	s.post()
	s.wantLetters(0)
	if len(s.letters(anna)) != 1 || len(s.letters(marco)) != 1 {
		t.Fatalf("a small team is asked whole: anna %d, marco %d", len(s.letters(anna)), len(s.letters(marco)))
	}

	s.at("15:20").says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	l := s.last(mario)
	m := mailparse.Parse(l.Bytes)
	if !strings.Contains(m.Text, "certificato scaduto") || !strings.Contains(m.Text, "Anna Verdi") {
		t.Errorf("letter:\n%s", m.Text)
	}
	if m.Header.Has("Auto-Submitted") || tokenForm.Match(l.Bytes) || len(m.InReplyTo) != 1 {
		t.Errorf("letter has a mark of automation, a token, or no thread:\n%s", l.Bytes)
	}
	tk = s.ticket(1)
	if ack, _ = tk.Duty("ack"); !ack.MetAt.Equal(s.now) || ack.MetBy != l.ID || tk.State != ticket.Open {
		t.Errorf("acknowledgement %+v, state %s", ack, tk.State)
	}
	p, _ := tk.Letter(l.ID)
	if p.Reply != "250 2.0.0 queued as 4711" || p.By != anna {
		t.Errorf("the server's answer and the person stay with the letter: %+v", p)
	}
	if got := s.last(anna); got.Purpose != "receipt" {
		t.Errorf("anna's last mail is a %s, want a receipt", got.Purpose)
	}
	s.checkFold()
}

func TestEstimate(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Stampa fatture", text: request})
	s.post()
	s.at("15:30").says(marco, "eta 2026-11-24 17:00\n"+words)
	s.wantLetters(1)
	if text := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(text, "martedì 24 novembre 2026") || !strings.Contains(text, "17:00") {
		t.Errorf("the estimate is not in the letter:\n%s", text)
	}
	eta, ok := s.ticket(1).Duty("eta")
	if !ok || !eta.Running() || !eta.Target.Equal(time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("promised %+v", eta)
	}
}

// A contract that wants an estimate with the first answer says so beside the command that gives one, as long as the draft has none.
func TestEstimateIsOwed(t *testing.T) {
	const owed = "Il contratto le vuole già con questa risposta, se si possono prevedere."
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Stampa fatture", text: request})
	s.post()
	said := func() bool {
		return strings.Contains(s.text(anna), owed)
	}
	if !said() {
		t.Error("the review does not say that the contract wants an estimate")
	}
	s.at("15:30").says(anna, words)
	if !said() {
		t.Error("nor does the draft that comes back, which has none")
	}
	s.says(anna, "ok\nstima 2026-11-24 17:00\n"+words+" E ancora.")
	if said() {
		t.Error("an estimate is asked for where the draft has one")
	}
	s.says(anna, "ok")
	s.wantLetters(1)
	s.at("16:00").arrives(s.answer(s.last(mario), mario, "Ne avete novità?"))
	s.post()
	if said() {
		t.Error("an estimate is owed with the first answer alone")
	}
	optional := agency(t)
	optional.Policy.Estimate = false
	s = play(t, optional)
	s.arrives(mail{from: mario, subject: "Stampa fatture", text: request})
	s.post()
	if said() {
		t.Error("this contract does not want one")
	}
}

// The promise of a next update alone writes nothing: it comes back in the draft.
func TestNextUpdate(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "URGENTE: carrello", text: request})
	s.post()
	s.says(anna, "next 2026-11-24 10:00")
	s.wantLetters(0)
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "24 novembre 2026") {
		t.Fatalf("the draft does not say when:\n%s", text)
	}
	s.says(anna, "ok")
	s.wantLetters(1)
	if text := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(text, "24 novembre 2026") {
		t.Errorf("letter:\n%s", text)
	}
}

// Without a verb nothing is sent: the text comes back as what would go, and `ok` to that sends exactly it.
func TestWordsWithoutVerb(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	first := s.last(marco)
	s.says(anna, words)
	s.wantLetters(0)
	if tk := s.ticket(1); tk.Draft.Version != 2 || tk.Draft.Personal != words {
		t.Fatalf("draft %+v", tk.Draft)
	}
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "certificato scaduto") {
		t.Fatalf("the new draft is not shown:\n%s", text)
	}
	s.arrives(s.answer(first, marco, "ok")) // the draft he saw is no longer the current one
	s.post()
	s.wantLetters(0)
	s.wantRefused(1, "s")
	s.says(anna, "ok")
	s.wantLetters(1)
	if text := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(text, "certificato scaduto") {
		t.Errorf("letter:\n%s", text)
	}
}

// I3: nothing but an authentic, whole, personal mail with an unspent token decides.
func TestRefusals(t *testing.T) {
	vacation := []string{"Auto-Submitted: auto-replied"}
	for _, c := range []struct {
		name, code string
		change     func(s *scenario, m *mail)
	}{
		{"no token", "no_token", func(s *scenario, m *mail) { m.subject = "Re: [MB-1] Carrello" }},
		{"token cut", "no_token", func(s *scenario, m *mail) { m.subject = m.subject[:len(m.subject)-2] + ")" }},
		{"token with another last letter", "", func(s *scenario, m *mail) {
			m.subject = m.subject[:len(m.subject)-2] + map[bool]string{true: "b)", false: "a)"}[m.subject[len(m.subject)-2] == 'a']
		}},
		{"no proof", "", func(s *scenario, m *mail) { m.auth = arrival.None }},
		{"no proof, no letter", "unproven", func(s *scenario, m *mail) { m.auth, m.text = arrival.None, "close" }},
		{"proof failed", "unproven", func(s *scenario, m *mail) { m.auth = arrival.Fail }},
		{"somebody else's token", "other_person", func(s *scenario, m *mail) { m.from = marco }},
		{"second subject", "repeated_field", func(s *scenario, m *mail) { m.head = []string{"Subject: something signed"} }},
		{"second from", "", func(s *scenario, m *mail) { m.head = []string{"From: eve@evil.example"} }},
		{"empty", "empty", func(s *scenario, m *mail) { m.text = m.text[strings.Index(m.text, "\n\nIl giorno"):] }},
		{"typing error in the verb", "", func(s *scenario, m *mail) { m.text = "okk\n" + m.text }},
		{"nearly a date", "", func(s *scenario, m *mail) { m.text = "eta quando posso\n" + m.text }},
		{"away, saying ok", "", func(s *scenario, m *mail) { m.head = vacation }},
		{"a list says ok", "", func(s *scenario, m *mail) { m.head = []string{"List-Id: <staff.lists.example>", "Precedence: list"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			m := s.answer(s.last(anna), anna, "ok\n\n"+words)
			c.change(s, &m)
			s.at("15:05").arrives(m)
			s.tick()
			s.wantLetters(0)
			if c.code != "" {
				s.wantRefused(1, c.code)
			}
			if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() {
				t.Error("the clock stopped")
			}
			s.checkFold()
		})
	}
}

// I2: a mail that showed no draft gives no right to approve one that its reader has not seen.
func TestUnseenDraft(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, words) // her draft, shown to her alone
	s.says(marco, "help")
	if l := s.last(marco); l.Purpose != "help" {
		t.Fatalf("marco's last mail is a %s", l.Purpose)
	}
	s.says(marco, "ok")
	s.wantLetters(0)
	if text := mailparse.Parse(s.last(marco).Bytes).Text; !strings.Contains(text, "certificato scaduto") {
		t.Fatalf("marco is not shown what he would send:\n%s", text)
	}
	s.says(marco, "ok")
	s.wantLetters(1)
	s.says(marco, "ok") // the receipt: the next draft says nothing
	s.says(marco, "ok")
	s.wantLetters(1)
	s.wantRefused(1, "too_short")
	s.says(marco, "ok\n\nAnche il secondo problema è risolto.")
	s.wantLetters(2)
}

// Where a provider proves nothing an approval takes two steps: what was mailed to the enrolled address has to come back.
func TestTwoSteps(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	weak := func(text string) {
		m := s.answer(s.last(anna), anna, text)
		m.auth = arrival.None
		s.arrives(m)
		s.post()
	}
	first := s.last(anna)
	weak("eta 2026-11-24 17:00\n" + words)
	s.wantLetters(0)
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "certificato scaduto") || !strings.Contains(text, "24 novembre") {
		t.Fatalf("the text to confirm is not shown:\n%s", text)
	}
	m := s.answer(first, anna, "ok") // the first token proves nothing, however often it comes
	m.auth = arrival.None
	s.arrives(m)
	s.post()
	s.wantLetters(0)
	weak("ok\n\nE poi altre parole ancora.") // the code is good for the text shown, for no other
	s.wantLetters(0)
	weak("ok")
	s.wantLetters(1)
	s.wantText(anna, "Lettera approvata.")
	if text := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(text, "altre parole") || !strings.Contains(text, "24 novembre") {
		t.Errorf("letter:\n%s", text)
	}
}

// Mail from before the desk began makes no tickets, also when the server numbers a folder anew.
func TestBeforeOurTime(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	old := s.raw(mail{from: mario, subject: "Vecchia", text: request})
	err := s.desk.Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 2, UID: 7, Now: s.now.AddDate(0, 0, 3),
		Mails: []desk.Incoming{{UID: 7, Internal: s.now.AddDate(0, 0, -30), Raw: old}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.Load(t.Context(), s.cfg.Name, 1); err == nil {
		t.Error("old mail became a ticket")
	}
	if c, err := s.store.Cursor(t.Context(), s.cfg.Name, "INBOX"); err != nil || c.UID != 7 || c.UIDValidity != 2 {
		t.Errorf("cursor %+v %v", c, err)
	}
}

// I1, I10: a desk that began with the machine's clock 26 hours ahead takes in what the mailbox got since, and says once a day that the clock is wrong.
func TestBeganWithTheClockAhead(t *testing.T) {
	s := play(t, agency(t))
	right := s.now
	s.now = right.Add(26 * time.Hour)
	s.tick()
	receive := func(ago time.Duration, mails ...string) {
		t.Helper()
		b := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, Now: s.now}
		for _, subject := range mails {
			s.uid++
			b.Mails = append(b.Mails, desk.Incoming{UID: s.uid, Internal: right.Add(-ago), Raw: s.raw(mail{from: mario, subject: subject, text: request})})
		}
		if b.UID = s.uid; len(mails) == 0 {
			b.Before = right.Add(-ago)
		}
		if err := s.desk.Receive(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	receive(time.Hour) // the first contact
	receive(-time.Minute, "Carrello", "Pagamenti")
	s.post()
	if n := s.notices(anna); n != 1 {
		t.Errorf("%d notices to anna, want 1", n)
	}
	s.now = right.Add(10 * time.Minute) // set right
	s.tick()
	receive(-5*time.Minute, "Consegna")
	s.now = right.AddDate(0, 0, 5)
	receive(time.Hour, "Vecchia") // the folder is read again
	if head, err := s.store.Head(t.Context(), s.cfg.Name); err != nil || head.Next-1 != 3 {
		t.Errorf("%d tickets, %v, want 3", head.Next-1, err)
	}
	s.checkFold()
}

// A token is good for one decision; the second answer is told who decided.
func TestSpentToken(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	toAnna, toMarco := s.last(anna), s.last(marco)
	s.arrives(s.answer(toAnna, anna, "ok\n\n"+words))
	s.post()
	for _, again := range []struct {
		l   store.Letter
		who string
	}{{toAnna, anna}, {toMarco, marco}} {
		s.at(map[string]string{anna: "15:10", marco: "15:11"}[again.who])
		s.arrives(s.answer(again.l, again.who, "ok\n\nUn altro testo, del tutto diverso dal primo."))
		s.post()
		s.wantLetters(1)
		s.wantRefused(1, "spent")
	}
	if text := mailparse.Parse(s.last(marco).Bytes).Text; !strings.Contains(text, "decided by Anna Verdi") {
		t.Errorf("marco is not told who decided:\n%s", text)
	}
}

// A customer who writes or quotes "ok" decides nothing.
func TestCustomerSaysOK(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	m := s.answer(s.last(anna), mario, "ok\n\nprocedete pure") // even with a leaked token
	s.arrives(m)
	s.post()
	s.wantLetters(0)
}

// A vacation note of staff is filed with the ticket, and nobody answers it.
func TestVacationOfStaff(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	before := len(s.letters(anna))
	m := s.answer(s.last(anna), anna, "ok, sono in ferie fino al 30")
	m.head = []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"}
	s.arrives(m)
	s.post()
	s.wantLetters(0)
	if len(s.letters(anna)) != before || s.count(1, kind.AutoFiled) != 1 || len(s.ticket(1).Filed) != 1 {
		t.Errorf("mails to anna %d, filed %+v", len(s.letters(anna)), s.ticket(1).Filed)
	}
}

// A forger is never answered, and the person he plays is told once in an hour, not once for each try.
func TestForgeryIsToldOnce(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	before := len(s.letters(anna))
	for range 5 {
		s.arrives(mail{from: anna, subject: "Re: [MB-1] Carrello", text: "ok\n\nPagate qui", auth: arrival.None})
		s.post()
	}
	if got := len(s.letters(anna)) - before; got != 1 {
		t.Errorf("anna was told %d times", got)
	}
	if got := s.count(1, kind.DecisionRefused); got != 5 {
		t.Errorf("%d refusals on the ticket, want 5", got)
	}
}

// The customer's next mail joins by our Message-ID; a stranger with the number opens a linked ticket.
func TestThreads(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	ours := mailparse.Parse(s.last(mario).Bytes).MessageID

	s.at("16:00").arrives(mail{from: mario, subject: "tutt'altro oggetto", reply: []string{ours}, text: "Ora funziona, ma manca la fattura."})
	if tk := s.ticket(1); s.count(1, kind.Received) != 2 || tk.CustomerAt.Before(tk.AnsweredAt) {
		t.Fatalf("the customer's answer did not join: %v", s.events(1))
	}
	if next, ok := s.ticket(1).Duty("next_reply"); !ok || !next.Running() {
		t.Error("no clock for the next reply")
	}

	s.arrives(mail{from: "altro@estraneo.example", subject: "Re: [MB-1] Carrello", text: "Mi mandate la conversazione?"})
	s.arrives(mail{from: "altro@estraneo.example", subject: "Re: Carrello", reply: []string{ours}, text: "E questa?"})
	s.arrives(mail{from: mario, subject: "[MB-1] di nuovo", text: "Questa è un'altra cosa."})
	for n := uint64(2); n <= 4; n++ {
		if tk := s.ticket(n); tk.Number != n || !slices.Equal(tk.Links, []uint64{1}) {
			t.Errorf("ticket %d: %+v", n, tk.Links)
		}
	}
	if s.count(1, kind.Received) != 2 {
		t.Error("a stranger joined the ticket")
	}
}

// I1: the same mail again, after a restart or with other trace lines, makes nothing new.
func TestSeenOnce(t *testing.T) {
	s := play(t, agency(t))
	raw := s.raw(mail{from: mario, subject: "Carrello", text: request})
	s.delivers(raw, "")
	s.delivers(raw, "")
	s.restart()
	s.delivers(raw, "")
	s.delivers(append([]byte("Received: from elsewhere by mx2.mb.example; Mon, 23 Nov 2026 15:00:01 +0100\r\n"), raw...), "")
	if _, err := s.store.Load(t.Context(), s.cfg.Name, 2); err == nil {
		t.Fatal("a second ticket")
	}
	if got := s.count(1, kind.Received); got != 1 {
		t.Errorf("received %d times", got)
	}
}

// The words of a person are demanded where the contract demands them.
func TestPersonalWords(t *testing.T) {
	s := play(t, careDesk(t))
	s.arrives(mail{from: mario, subject: "Modulo", text: request})
	s.arrives(mail{from: "luigi@altro.example", subject: "Modulo", text: "Il modulo non si installa su questa versione del negozio."})
	s.post()
	reviews := s.letters(anna)
	s.arrives(s.answer(reviews[0], anna, "ok"))
	s.wantRefused(1, "too_short")
	s.arrives(s.answer(reviews[0], anna, "ok\n\nCi penso io."))
	s.wantRefused(1, "too_short")
	s.post()
	s.wantLetters(0)
	s.arrives(s.answer(reviews[0], anna, "ok\n\n"+words))
	s.post()
	s.wantLetters(1)
	s.arrives(s.answer(reviews[1], anna, "ok\n\n"+words))
	s.wantRefused(2, "same_words")
	s.post()
	s.wantLetters(1)
}

// A mail that offers ok says where that is refused without words, and how many it takes.
func TestOfferSaysWhatWordsItTakes(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Modulo", request)
	const care, any = "Servono parole tue: almeno 40 caratteri.", "Servono parole tue."
	wants := func(words string, n int) {
		t.Helper()
		m := mailparse.Parse(s.last(anna).Bytes)
		if text := folded(m.Text); strings.Count(text, words) != n || n == 0 && strings.Contains(text, any) {
			t.Errorf("want %q %d times in %q:\n%s", words, n, m.Subject, m.Text)
		}
	}
	wants(care, 2) // beside ok and eta
	s.says(anna, "Ci penso io.")
	wants(care, 2) // what it shows is too short
	s.says(anna, words)
	wants(care, 0)
	s.says(anna, "ok")
	s.wantLetters(1)
	s.says(anna, "status") // an ordinary reply
	wants(any, 1)
	other := play(t, agency(t))
	other.requested("Carrello", request)
	if text := mailparse.Parse(other.last(anna).Bytes).Text; strings.Contains(text, any) {
		t.Errorf("the agency demands no words:\n%s", text)
	}
}

// The resolution is said by mail, and its clock runs until that mail is accepted and stays so.
func TestResolution(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	s.at("15:30").says(anna, "fixed\n\nHo rinnovato il certificato, i pagamenti funzionano.")
	s.wantLetters(2)
	tk := s.ticket(1)
	if notice, ok := tk.Duty("resolution_notice"); !ok || notice.Running() || tk.State != ticket.Resolved || tk.IsOpen() {
		t.Fatalf("notice %+v, state %s", notice, tk.State)
	}
	id := mailparse.Parse(s.last(mario).Bytes).MessageID
	s.delivers([]byte(strings.ReplaceAll(bounce, "MESSAGE-ID", id)), "")
	if notice, _ := s.ticket(1).Duty("resolution_notice"); !notice.Running() || !s.ticket(1).IsOpen() {
		t.Error("the notice came back and nothing is owed")
	}
	s.arrives(mail{from: mario, subject: "Re: Carrello", reply: []string{id}, text: "Di nuovo fermo!"})
	if tk := s.ticket(1); tk.State != ticket.Open {
		t.Errorf("the customer wrote again: state %s", tk.State)
	}
}

// I10: a letter that comes back opens again what it had met, and staff hear of it at once.
func TestBounce(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	id := mailparse.Parse(s.last(mario).Bytes).MessageID
	before := len(s.letters(anna))
	s.at("15:30").delivers([]byte(strings.ReplaceAll(bounce, "MESSAGE-ID", id)), "")
	s.post()
	tk := s.ticket(1)
	if ack, _ := tk.Duty("ack"); !ack.Running() || tk.State != ticket.New {
		t.Errorf("ack %+v state %s after a bounce", ack, tk.State)
	}
	if len(s.letters(anna)) == before {
		t.Error("nobody was told")
	}
	s.delivers([]byte(strings.ReplaceAll(strings.ReplaceAll(bounce, "MESSAGE-ID", "guessed@mb.example"), "mx.test", "my.test")), "")
	if s.count(1, kind.Bounced) != 1 {
		t.Error("a report without our Message-ID counted")
	}
}

const bounce = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: assistenza@mb.example\r\nSubject: Undelivered Mail Returned to Sender\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n" +
	"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; mario@cliente.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n" +
	"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <MESSAGE-ID>\r\nSubject: x\r\n\r\n--b--\r\n"

// I4: what nobody can say is never sent again by itself; the copy settles it, or a person.
func TestUnknownSettledByCopy(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	lost := s.loses()
	s.says(anna, "ok\n\n"+words)
	s.until("15:10")
	if p, _ := s.ticket(1).Letter(lost.ID); p.State != posted.Unknown {
		t.Fatalf("letter is %q", p.State)
	}
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() {
		t.Fatal("an unknown letter stopped the clock")
	}
	s.delivers(append([]byte("Received: from smtp.test by mx.mb.example with ESMTP; "+s.now.Format(time.RFC1123Z)+"\r\n"), lost.Bytes...), "")
	tk := s.ticket(1)
	if p, _ := tk.Letter(lost.ID); p.State != posted.Sent || p.Proof == "" {
		t.Errorf("letter %+v", p)
	}
	if ack, _ := tk.Duty("ack"); ack.Running() {
		t.Error("the proven letter did not stop the clock")
	}
	before := len(s.letters(anna))
	s.until("16:00")
	if len(s.letters(anna)) != before {
		t.Error("a person was asked about a settled letter")
	}
	if days, err := s.store.Tallies(t.Context(), s.cfg.Name, monday, monday); err != nil || len(days) != 1 || days[0].Count["kept"] != 1 {
		t.Errorf("figures %+v %v, want one limit kept", days, err)
	}
}

func TestUnknownAsksAPerson(t *testing.T) {
	for _, verb := range []string{"resend", "leave"} {
		t.Run(verb, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			first := true
			s.server = func(l store.Letter) desk.Ended {
				if l.Customer && first {
					first = false
					return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
				}
				return desk.Ended{Outcome: "sent", Code: 250, At: s.now}
			}
			s.says(anna, "ok\n\n"+words)
			s.wantLetters(0)
			s.until("15:20")
			s.wantLetters(0)
			if l := s.last(anna); l.Purpose != "question" {
				t.Fatalf("anna's last mail is a %s", l.Purpose)
			}
			s.says(anna, verb)
			s.wantLetters(map[string]int{"resend": 1, "leave": 0}[verb])
			s.until("16:30")
			s.wantLetters(map[string]int{"resend": 1, "leave": 0}[verb])
		})
	}
}

// A crash between the mark and the answer leaves an unknown, never a second copy.
func TestCrashWhileSending(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.arrives(s.answer(s.last(anna), anna, "ok\n\n"+words))
	rows, err := s.desk.Outbox(t.Context(), s.now, 10)
	if err != nil || !rows[0].Customer {
		t.Fatalf("%+v %v", rows, err)
	}
	if err := s.desk.Begin(t.Context(), rows[0], s.now); err != nil {
		t.Fatal(err)
	}
	s.restart()
	if rows, _ = s.desk.Outbox(t.Context(), s.now, 10); !rows[0].Sending {
		t.Fatal("the mark is gone after the restart")
	}
	if err := s.desk.Begin(t.Context(), rows[0], s.now); err != desk.ErrWithdrawn {
		t.Fatalf("a letter being sent may begin again: %v", err)
	}
}

func TestRecall(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(0)
	s.at("15:01").says(anna, "undo")
	s.until("15:10")
	s.wantLetters(0)
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() {
		t.Error("a recalled letter stopped the clock")
	}
	s.says(anna, "ok\n\n"+words+" Eccomi di nuovo.")
	s.until("15:15")
	s.wantLetters(1)
}

// checkFold says that the snapshot is what the log makes.
func (s *scenario) checkFold() {
	s.Helper()
	folded := map[uint64]ticket.Ticket{}
	var head logbook.Head
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, -1) {
		if err != nil {
			s.Fatal(err)
		}
		if head, err = logbook.Verify(head, r); err != nil {
			s.Fatal(err)
		}
		if folded[r.Ticket], err = logbook.Apply(folded[r.Ticket], r); err != nil {
			s.Fatal(err)
		}
	}
	for n, want := range folded {
		if got := s.ticket(n); got.Version != want.Version || got.State != want.State {
			s.Errorf("ticket %d: stored version %d %s, folded %d %s", n, got.Version, got.State, want.Version, want.State)
		}
	}
}
