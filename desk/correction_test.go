package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

const fault = "Buongiorno, dopo l'aggiornamento il modulo mostra un errore nella pagina del carrello e nessuno può pagare."

// form is a rule for the contact form of a site, which names the product.
func form() classifier.Source {
	return classifier.Source{
		Name: "contatti", Reply: "email", Match: source.Match{Subject: "^Modulo contatti"},
		Customer: source.CustomerOrder{Order: []string{"reply_to"}}, Message: source.Bounds{After: []string{"Messaggio"}},
		Fields: map[string]source.Field{"product": {Labels: []string{"Prodotto"}}},
	}
}

// shop is a desk whose requests name a product, as those of a contact form do.
func shop(t *testing.T, hold time.Duration) *scenario {
	cfg := agency(t)
	cfg.Hold = hold
	s := play(t, cfg)
	s.judge.Sources = append(s.judge.Sources, form())
	s.restart()
	return s
}

// report is a request through the form.
func (s *scenario) report(from, product, text string) {
	s.Helper()
	s.now = s.now.Add(time.Second)
	s.arrives(mail{from: "Sito <sito@mb.example>", subject: "Modulo contatti", text: "Cliente: " + from + "\nProdotto: " + product + "\n\nMessaggio:\n" + text, head: []string{"Reply-To: " + from}})
}

// waiting is one ticket of anna's about the module, and others: 2 and 3 about the same, 4 about another, 5 a question, 6 in Spanish.
func waiting(t *testing.T, hold time.Duration) *scenario {
	s := shop(t, hold)
	for i, product := range []string{"Modulo SEO", "modulo  seo", "Modulo SEO", "Modulo Cassa", "Modulo SEO"} {
		s.report(fmt.Sprintf("c%d@cliente.example", i+1), product, fault)
	}
	s.report("c6@cliente.example", "Modulo SEO", "Buenos días, después de la actualización el módulo muestra un error en la página del carrito y nadie puede pagar.")
	s.post()
	for _, l := range s.letters(anna) {
		if strings.Contains(l.Subject, "[MB-5]") {
			s.arrives(s.answer(l, anna, "question"))
		}
	}
	s.post()
	return s
}

// saysOf lets a person answer the latest mail he got about a ticket.
func (s *scenario) saysOf(who, ref, text string) {
	s.Helper()
	s.arrives(s.answer(s.about(who, ref), who, text))
	s.post()
}

// about is the latest mail to a person about a ticket.
func (s *scenario) about(who, ref string) store.Letter {
	s.Helper()
	var last store.Letter
	for _, l := range s.letters(who) {
		if strings.Contains(l.Subject, "["+ref+"]") {
			last = l
		}
	}
	if last.ID == "" {
		s.Fatalf("%s got no mail about %s", who, ref)
	}
	return last
}

const solved = "Abbiamo corretto il calcolo del carrello, che dopo l'aggiornamento leggeva un campo che non c'è più.\nhttps://shop.example/seo-1.2.3.zip"

// I2: nothing goes out before the person has seen every ticket and every text; one ok sends one letter to each, in one commit.
func TestPatch(t *testing.T) {
	s := waiting(t, 0)
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	s.wantLetters(0)
	review := s.last(anna)
	text := mailparse.Parse(review.Bytes).Text
	for _, want := range []string{"MB-2", "MB-3", "MB-6", "c6@cliente.example", "spagnolo", "La anomalía comunicada", "già disponibile. Si scarica qui: https://shop.example/seo-1.2.3.zip", "Abbiamo corretto"} {
		if !strings.Contains(folded(text), want) {
			t.Errorf("the review does not show %q", want)
		}
	}
	for _, not := range []string{"MB-4", "MB-5"} {
		if strings.Contains(text, not) {
			t.Errorf("the review shows %s", not)
		}
	}
	if t.Failed() {
		t.Fatalf("review:\n%s", text)
	}
	head := s.ticket(1).Version
	s.says(anna, "ok")
	s.wantLetters(4)
	for n, personal := range map[int]bool{1: true, 2: true, 3: true, 6: false} {
		l := s.last(fmt.Sprintf("c%d@cliente.example", n))
		body := mailparse.Parse(l.Bytes).Text
		tk := s.ticket(uint64(n))
		if strings.Contains(body, "Abbiamo corretto") != personal || !strings.Contains(body, "1.2.3") || !strings.Contains(body, "https://shop.example/seo-1.2.3.zip") || l.By != anna || len(l.To) != 1 {
			t.Errorf("letter of %d to %v by %s:\n%s", n, l.To, l.By, body)
		}
		if tk.State != ticket.Resolved || tk.IsOpen() || s.count(int64(n), kind.Resolved) != 1 {
			t.Errorf("ticket %d: %s, %v", n, tk.State, tk.Duties)
		}
	}
	if got := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(got, "MB-6") || !strings.Contains(got, "1.2.3") {
		t.Errorf("receipt:\n%s", got)
	}
	if s.ticket(4).State != ticket.New || s.ticket(5).State != ticket.New || head == s.ticket(1).Version {
		t.Error("another ticket was answered")
	}
	s.arrives(s.answer(review, anna, "ok"))
	s.post()
	s.wantLetters(4)
	s.wantRefused(1, "spent")
	s.checkFold()
}

// Each letter is bound to what was shown: a ticket closed, or heard from its customer, since then gets none, and the receipt says so.
func TestPatchLeavesOutWhatChanged(t *testing.T) {
	s := waiting(t, 0)
	second := s.about(anna, "MB-2")
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	review := s.last(anna)
	s.arrives(s.answer(second, anna, "close"))
	s.arrives(mail{from: "c3@cliente.example", subject: "Re: Modulo", reply: []string{s.ticket(3).Thread[0]}, text: "Aggiungo: succede anche senza il modulo!"})
	s.arrives(s.answer(review, anna, "ok"))
	s.post()
	s.wantLetters(2)
	if len(s.letters("c2@cliente.example"))+len(s.letters("c3@cliente.example")) != 0 {
		t.Error("a letter that nobody approved as it stands")
	}
	got := s.text(anna)
	if !strings.Contains(got, "cambiata nel frattempo") || !strings.Contains(got, "già chiusa") {
		t.Errorf("the receipt does not say who was left out:\n%s", got)
	}
	s.checkFold()
}

// Only the person to whom the list was shown approves it, only with the mail that showed it, and only as shown.
func TestPatchNeedsTheList(t *testing.T) {
	s := waiting(t, 0)
	marcos := s.about(marco, "MB-1")
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	list := s.last(anna)
	s.arrives(s.answer(marcos, marco, "ok"))
	s.post()
	s.wantLetters(0)
	s.wantRefused(1, "superseded")
	s.arrives(s.answer(s.last(marco), marco, "ok")) // a token for the draft as it stands, and no list seen
	s.post()
	s.wantLetters(0)
	if got := mailparse.Parse(s.last(marco).Bytes).Text; !strings.Contains(got, "MB-6") {
		t.Fatalf("marco is not shown the list:\n%s", got)
	}
	s.arrives(s.answer(list, anna, "ok")) // marco's is another version
	s.post()
	s.wantLetters(0)
	s.says(anna, "ok\n\nE ora con altre parole, che nessuno ha ancora visto stampate.")
	s.wantLetters(0)
	s.says(anna, "ok")
	s.wantLetters(4)
	if got := mailparse.Parse(s.last("c2@cliente.example").Bytes).Text; !strings.Contains(got, "altre parole") {
		t.Errorf("letter:\n%s", got)
	}
}

// A list of one's own takes the place of the search; what cannot be answered by mail, or is owed words of its own, is named and left out.
func TestPatchOfNamedTickets(t *testing.T) {
	s := waiting(t, 0)
	s.saysOf(anna, "MB-1", "patch 1.2.3: MB-4 e #2\n\n"+solved)
	text := mailparse.Parse(s.last(anna).Bytes).Text
	if !strings.Contains(text, "MB-4") || !strings.Contains(text, "MB-2") || strings.Contains(text, "MB-3") {
		t.Fatalf("review:\n%s", text)
	}
	s.says(anna, "ok")
	s.wantLetters(3)
	s.arrives(s.answer(s.about(anna, "MB-3"), anna, "patch 1.2.3: MB-99"))
	s.wantRefused(3, "no_such_ticket")
}

// Where a contract wants an answer written for its customer, the same words to several are none.
func TestPatchAndPersonalAnswers(t *testing.T) {
	cfg := careDesk(t)
	s := play(t, cfg)
	s.judge.Sources = append(s.judge.Sources, form())
	s.restart()
	for i := range 3 {
		s.report(fmt.Sprintf("c%d@cliente.example", i+1), "Modulo SEO", fault)
	}
	s.post()
	s.saysOf(anna, "MP-2", "ok\n\n"+words)
	s.wantLetters(1)
	s.saysOf(anna, "MP-1", "patch 1.2.3\n\n"+solved)
	if got := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(got, "MP-3") || !strings.Contains(folded(got), "prima gli spetta una risposta scritta per lui") {
		t.Fatalf("review:\n%s", got)
	}
	s.says(anna, "ok")
	s.wantLetters(3)
	if s.ticket(3).State != ticket.New {
		t.Error("MP-3 was answered with somebody else's words")
	}
}

// Without proof of the sender the mail with the list is the second step.
func TestPatchTwoSteps(t *testing.T) {
	s := waiting(t, 0)
	weak := func(l store.Letter, text string) {
		m := s.answer(l, anna, text)
		m.auth = arrival.None
		s.arrives(m)
		s.post()
	}
	first := s.about(anna, "MB-1")
	weak(first, "patch 1.2.3\n\n"+solved)
	s.wantLetters(0)
	list := s.last(anna)
	weak(first, "ok")
	s.wantLetters(0)
	weak(list, "ok")
	s.wantLetters(4)
}

// One undo takes back every letter of the decision that still waits, and the tickets are open again.
func TestPatchUndone(t *testing.T) {
	s := waiting(t, 2*time.Minute)
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	s.says(anna, "ok")
	s.wantLetters(0)
	s.says(anna, "undo")
	s.until("15:20")
	s.wantLetters(0)
	for _, n := range []uint64{1, 2, 3, 6} {
		tk := s.ticket(n)
		notice, _ := tk.Duty("resolution_notice")
		ack, _ := tk.Duty("ack")
		if tk.State == ticket.Resolved || notice.Running() || !ack.Running() {
			t.Errorf("ticket %d: %s, notice %+v, ack %+v", n, tk.State, notice, ack)
		}
	}
	if got := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(got, "MB-6") {
		t.Errorf("receipt:\n%s", got)
	}
	s.checkFold()
}
