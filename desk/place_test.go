package desk_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// text is what the latest mail to a person says, line breaks aside.
func (s *scenario) text(who string) string {
	s.Helper()
	return read(s.last(who))
}

// read is what a mail says, line breaks aside.
func read(l store.Letter) string { return folded(mailparse.Parse(l.Bytes).Text) }

// I2: what was approved for one customer does not go to another: the new recipient is approved anew, by the tokens of the new draft alone.
func TestCustomerNeedsApprovalAnew(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	before := s.last(marco)
	s.says(anna, "customer luigi@altro.example\nok\n\n"+words)
	s.wantLetters(0)
	tk := s.ticket(1)
	if tk.Customer.Addr != "luigi@altro.example" || tk.Customer.Name != "" || len(tk.Draft.To) != 1 || tk.Draft.To[0].Addr != "luigi@altro.example" || tk.Draft.Personal != words {
		t.Fatalf("customer %+v, draft %+v", tk.Customer, tk.Draft)
	}
	if got := s.text(anna); !strings.Contains(got, "luigi@altro.example") || !strings.Contains(got, "certificato scaduto") {
		t.Fatalf("the new recipient is not shown:\n%s", got)
	}
	s.arrives(s.answer(before, marco, "ok")) // what he saw went to mario
	s.post()
	s.wantLetters(0)
	s.wantRefused(1, "superseded")
	s.says(anna, "ok")
	s.wantLetters(1)
	if l := s.last("luigi@altro.example"); !l.Customer || len(s.letters(mario)) != 0 {
		t.Errorf("letter to %v, %d to mario", l.To, len(s.letters(mario)))
	}
	if s.count(1, kind.Attributed) != 1 {
		t.Error("the log does not say who named the customer")
	}
	s.says(anna, "customer "+support)
	s.wantRefused(1, "own_address")
	s.checkFold()
}

// A request out of a portal can be answered by mail once a person says whose it is.
func TestCustomerOfPortal(t *testing.T) {
	s := seller(t)
	s.notice("8841", "pass", "Buongiorno, la pagina del modulo mostra un errore dopo l'aggiornamento.")
	s.post()
	s.says(anna, "ok\n\n"+words)
	s.wantRefused(1, "no_reply_address")
	s.says(anna, "customer "+mario)
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	if got := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(got, "Bottega Rossi") {
		t.Errorf("the name that the portal gave is lost:\n%s", got)
	}
}

// two tickets of mario, the second with a question of its own.
func two(t *testing.T) *scenario { return twoOf(play(t, agency(t))) }

func twoOf(s *scenario) *scenario {
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.at("15:05").arrives(mail{from: mario, subject: "Ancora il carrello", text: "Buongiorno, dimenticavo: l'errore compare anche nella pagina del cliente.\nMario"})
	s.post()
	return s
}

func TestMergeRefusals(t *testing.T) {
	s := two(t)
	s.arrives(mail{from: "luigi@altro.example", subject: "Stampa", text: request})
	s.post()
	third := s.last(anna)
	for _, c := range []struct{ says, code string }{
		{"merge MB-1", "other_customer"}, {"merge MB-3", "merge_self"}, {"merge MB-9", "no_such_ticket"}, {"merge XX-1", "no_such_ticket"}, {"merge 0", "no_such_ticket"},
	} {
		s.arrives(s.answer(third, anna, c.says))
		s.wantRefused(3, c.code)
	}
	if s.ticket(3).State != ticket.New || s.count(3, kind.Merged) != 0 || s.count(1, kind.Linked) != 0 {
		t.Errorf("a refused mail had an effect: %v, %v", s.events(3), s.events(1))
	}
	s.checkFold()
}

// A letter that was written before must not stop a clock that it does not answer.
func TestMergeWaitsForLetters(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.arrives(mail{from: mario, subject: "Stampa", text: "Buongiorno, la stampante non stampa più le fatture.\nMario"})
	s.post()
	reviews := s.letters(anna)
	s.arrives(s.answer(reviews[0], anna, "ok\n\n"+words))
	s.arrives(s.answer(reviews[1], anna, "merge 1"))
	s.wantRefused(2, "letter_waiting")
	s.post()
	s.wantText(anna, "Una lettera al cliente di MB-1 sta per partire", `"undo" alla sua conferma`)
	s.until("15:03")
	s.wantLetters(1)
	s.arrives(s.answer(reviews[1], anna, "merge 1"))
	if s.ticket(2).State != ticket.Closed {
		t.Errorf("not merged: %v", s.ticket(2).Refusals)
	}
}

// I5: no clock is lost when a ticket goes on in another, and what the customer writes later goes there.
func TestMerge(t *testing.T) {
	s := two(t)
	late := s.last(anna)
	s.arrives(s.answer(s.letters(anna)[0], anna, "ok\n\n"+words)) // the first has its acknowledgement
	s.post()
	ack, _ := s.ticket(2).Duty("ack")
	s.arrives(s.answer(late, anna, "merge #1"))
	s.post()
	one, other := s.ticket(1), s.ticket(2)
	if other.State != ticket.Closed || other.MergedInto != 1 || len(other.Duties) == 0 || other.IsOpen() {
		t.Fatalf("merged ticket %+v", other)
	}
	first, _ := one.Duty("ack")
	next, ok := one.Duty("next_reply")
	if first.MetAt.IsZero() || !ok || !next.Running() || !next.Limit.Equal(ack.Limit) || !next.From.Equal(ack.From) {
		t.Fatalf("acknowledgement %+v, owed %+v, want the clock %+v", first, next, ack)
	}
	if got := s.text(marco); !strings.Contains(got, "pagina del") {
		t.Errorf("marco is not shown what came to the ticket:\n%s", got)
	}
	if got := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(got, "MB-1") {
		t.Errorf("receipt:\n%s", got)
	}
	s.arrives(s.answer(late, marco, "ok")) // not his token
	s.arrives(s.answer(late, anna, "ok"))
	s.wantRefused(2, "closed: MB-1")
	s.at("15:20").arrives(mail{from: mario, subject: "Re: Ancora il carrello", reply: []string{s.ticket(2).Thread[0]}, text: "Avete novità?"})
	if s.count(1, kind.Received) != 2 || s.count(2, kind.Received) != 1 {
		t.Fatalf("the later mail went to %v and %v", s.events(1), s.events(2))
	}
	s.until("18:05")
	if w := s.stamps(anna); len(w) == 0 {
		t.Error("nobody was warned of the clock that was taken over")
	}
	s.checkFold()
}

// The same clock on both: the older request counts.
func TestMergeKeepsTheOlderClock(t *testing.T) {
	for into, from := range map[uint64]string{1: "2", 2: "1"} {
		s := two(t)
		old, _ := s.ticket(1).Duty("ack")
		reviews := s.letters(anna)
		s.arrives(s.answer(reviews[2-into], anna, "merge "+map[string]string{"2": "1", "1": "2"}[from]))
		got, _ := s.ticket(into).Duty("ack")
		if !got.Running() || !got.From.Equal(old.From) || !got.Limit.Equal(old.Limit) {
			t.Errorf("into %d: %+v, want %+v; refused %v", into, got, old, s.ticket(3-into).Refusals)
		}
		s.checkFold()
	}
}

// An acknowledgement that goes on in another ticket keeps its limit over a restart, though the next reply it is there has none.
func TestMergedClockAfterRestart(t *testing.T) {
	s := two(t)
	late := s.last(anna)
	s.arrives(s.answer(s.letters(anna)[0], anna, "ok\n\n"+words))
	s.post()
	ack, _ := s.ticket(2).Duty("ack")
	s.arrives(s.answer(late, anna, "merge #1"))
	s.post()
	s.started() // with the same configuration
	if next, _ := s.ticket(1).Duty("next_reply"); !next.Limit.Equal(ack.Limit) || s.count(1, kind.Retimed) != 0 {
		t.Errorf("nothing was changed: limit %s, was %s; retimed %d times", next.Limit, ack.Limit, s.count(1, kind.Retimed))
	}
	s.until("2026-11-25 13:00")
	if s.count(1, kind.Breached) != 1 {
		t.Errorf("the limit %s passed and nobody was told", ack.Limit.In(s.cfg.Zone))
	}
	s.checkFold()
}

// Spam is put away without an answer; reopen brings back the clock as it ran, not a new one.
func TestSpam(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Offerta", text: "Gentile cliente, le offriamo il primo posto nei motori di ricerca a soli 99 euro al mese."})
	s.post()
	ack, _ := s.ticket(1).Duty("ack")
	s.says(anna, "spam")
	tk := s.ticket(1)
	if tk.State != ticket.Closed || tk.IsOpen() || !tk.NextDue().IsZero() || len(s.letters(mario)) != 0 {
		t.Fatalf("%+v", tk)
	}
	days, err := s.store.Tallies(t.Context(), s.cfg.Name, monday, monday)
	if err != nil || days[0].Count["spam"] != 1 {
		t.Errorf("counted %+v %v", days, err)
	}
	s.until("18:30")
	if len(s.stamps(anna)) != 0 {
		t.Errorf("warned of spam: %v", s.stamps(anna))
	}
	s.says(anna, "reopen")
	again, _ := s.ticket(1).Duty("ack")
	if s.ticket(1).State != ticket.New || !again.Running() || !again.Limit.Equal(ack.Limit) || !again.From.Equal(ack.From) {
		t.Errorf("reopened with %+v, want %+v", again, ack)
	}
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	s.checkFold()
}

// What a person calls a question has no clock of the correction after a reopening either.
func TestReopenKeepsJudgement(t *testing.T) {
	s := play(t, careDesk(t))
	s.arrives(mail{from: mario, subject: "Modulo", text: request})
	s.post()
	s.says(anna, "question")
	s.says(anna, "close")
	s.says(anna, "reopen")
	fix, _ := s.ticket(1).Duty("fix")
	ack, _ := s.ticket(1).Duty("ack")
	if fix.Running() || !ack.Running() {
		t.Errorf("fix %+v, ack %+v", fix, ack)
	}
}

// The customer's own mail comes as he wrote it, as a mail where that can be carried, to the person alone.
func TestOriginal(t *testing.T) {
	s := play(t, agency(t))
	raw := s.raw(mail{from: mario, subject: "Cart", text: "Good morning,\nthe cart of our shop is broken, could you please have a look?\nMario"})
	s.delivers(raw, "")
	s.post()
	s.says(anna, "original")
	s.wantLetters(0)
	l := s.last(anna)
	m := mailparse.Parse(l.Bytes)
	if len(m.Attachments) != 1 || m.Attachments[0].Name != "MB-1.eml" || !bytes.Contains(l.Bytes, raw) || !bytes.Contains(l.Bytes, []byte("Content-Type: message/rfc822")) {
		t.Fatalf("attachments %+v of\n%s", m.Attachments, l.Bytes)
	}
	eight := s.raw(mail{from: mario, subject: "Re: Cart", reply: []string{s.ticket(1).Thread[0]}, text: "Perché nessuno risponde? È urgente."})
	s.delivers(eight, "")
	s.post()
	s.says(anna, "original\nnote visto")
	m = mailparse.Parse(s.last(anna).Bytes)
	if len(m.Attachments) != 2 || !bytes.Equal(m.Parts[m.Attachments[1].Part].Content(), eight) {
		t.Errorf("attachments %+v: the first and the latest mail, each byte for byte", m.Attachments)
	}
	s.checkFold()
}

// vocabulary is every verb that the reply language has, read from its source so that none can be forgotten here.
func vocabulary(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "reply/verb/verb.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if word, ok := v.Values[0].(*ast.BasicLit); ok {
				all = append(all, strings.Trim(word.Value, `"`))
			}
		}
		return true
	})
	return all
}

// Help lists the whole language, and nothing in it is without an effect: each verb is answered with what it did, or with why not.
func TestEveryVerb(t *testing.T) {
	args := map[string]string{
		"eta": "2026-11-24 17:00", "noeta": "non dipende da noi", "next": "2026-11-24 10:00", "note": "visto", "patch": "1.2.3", "refuse": "3", "care": "yes", "assign": "Marco",
		"absent": "until 2026-11-30", "customer": "luigi@altro.example", "merge": "2", "adopt": "0123456789abcdef", "bill": "30", "field": "product: Modulo SEO",
	}
	all := vocabulary(t)
	if len(all) < 30 {
		t.Fatalf("verbs %q", all)
	}
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "help")
	help := mailparse.Parse(s.last(anna).Bytes).Text
	for _, v := range all {
		if !regexp.MustCompile(`(?m)^  .*\b` + v + `\b`).MatchString(help) {
			t.Errorf("help does not say %s", v)
		}
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "Carrello", text: request})
		s.post()
		before := len(s.letters(anna))
		s.says(anna, strings.TrimSpace(v+" "+args[v]))
		if got := len(s.letters(anna)) - before; got != 1 {
			t.Errorf("%s: answered with %d mails", v, got)
		}
		if l := s.last(anna); strings.Contains(l.Subject, "Non ho capito") {
			t.Errorf("%s is not understood", v)
		}
	}
}

// I5: what the customer wrote beside a ticket that waits for him is what it waited for, once it goes on there.
func TestMergeIntoWhatWaits(t *testing.T) {
	s := two(t)
	late := s.last(anna)
	s.arrives(s.answer(s.letters(anna)[0], anna, "wait"))
	s.arrives(s.answer(late, anna, "merge 1"))
	s.post()
	s.wantState(2, ticket.Closed)
	s.wantState(1, ticket.New)
	s.checkFold()
}

// I10: an estimate that comes back after its ticket went on in another one is no promise there either, and the one before it holds again.
func TestEstimateComesBackWhereItWentOn(t *testing.T) {
	s := two(t)
	second := s.last(anna)
	s.arrives(s.answer(second, anna, "eta 2026-11-25 16:00\n"+words))
	s.post()
	earlier := s.last(mario)
	s.at("15:10").says(anna, "eta 2026-11-26 17:00 perché il fornitore risponde domani.\nServe un giorno in più.")
	moved := s.last(mario)
	s.saysOf(anna, "MB-2", "merge 1")
	for i, l := range []store.Letter{moved, earlier} {
		s.comesBack(l)
		eta, _ := s.ticket(1).Duty("eta")
		if want := i == 0; eta.Running() != want || want && eta.From.In(s.cfg.Zone).Day() != 25 {
			t.Errorf("letter %d has come back: %+v; %v", i, eta, s.ticket(2).Refusals)
		}
	}
	s.checkFold()
}

// commands are those that the latest mail to Anna quotes, of those that join tickets.
func (s *scenario) commands() (said []string) {
	for _, m := range regexp.MustCompile(`"((?:customer|merge|reopen)[^"]*)"`).FindAllStringSubmatch(s.text(anna), -1) {
		said = append(said, m[1])
	}
	return said
}

// What a review mail says joins two tickets does join them, also for a customer who writes from another address, and where the ticket that he
// names goes on in another one.
func TestJoinsAsTheMailSays(t *testing.T) {
	for subject, says := range map[string]string{"Re: [MB-1] Carrello": "note vista", "Re: [MB-2] Ancora il carrello": "merge MB-1"} {
		s := two(t)
		s.says(anna, says)
		s.arrives(mail{from: "mario@casa.example", subject: subject, text: "Ora non si apre nemmeno la cassa."})
		s.post()
		said := s.commands()
		s.says(anna, strings.Join(said, "\n"))
		if got := s.ticket(3); got.MergedInto != 1 {
			t.Errorf("%s: %q joined nothing: %v", subject, said, got.Refusals)
		}
	}
}

// A closed ticket takes nothing up: whoever wants to join something to it reads that he must reopen it first.
func TestJoinsNothingClosed(t *testing.T) {
	s := two(t)
	s.says(anna, "close")
	s.arrives(mail{from: mario, subject: "R: [MB-2] Ancora il carrello", text: "Non va ancora."})
	s.post()
	if said := s.commands(); !slices.Equal(said, []string{"reopen", "merge MB-2", "merge MB-1"}) { // the other one is open
		t.Errorf("of a closed ticket the mail says %q", said)
	}
}
