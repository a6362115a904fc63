package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
	"replyby/ticket"
)

// toldOfClosure is a desk that has told Mario of its closure, under a policy with faults.
func toldOfClosure(t *testing.T) *scenario {
	t.Helper()
	s := closing(t)
	s.at("2026-12-10 09:01")
	s.arrives(s.answer(s.review(2), anna, "ok"))
	s.until("09:10")
	return s
}

// Whoever answers a letter that nobody had asked for with thanks alone is a request, as anybody: its clocks run, and the mail about it offers to
// close it first. Whoever says more is offered what any request is.
func TestThanksForALetter(t *testing.T) {
	for said, thanks := range map[string]bool{
		"Grazie, buone feste anche a voi!\nMario Rossi":                      true,
		"Grazie, altrettanto":                                                true,
		"Grazie, buone feste anche a voi! Intanto il modulo non stampa più.": false,
		"E se il negozio si ferma il 28 dicembre?":                           false,
	} {
		s := toldOfClosure(t)
		l := s.last(mario)
		s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "Re: " + l.Subject, reply: []string{l.MessageID}, text: said})
		s.post()
		text := mailparse.Parse(s.last(anna).Bytes).Text
		_, offered, _ := strings.Cut(text, "COME RISPONDERE")
		first := strings.Index(offered, "\n  close ")
		if got := first > 0 && first < strings.Index(offered, "\n  ok "); got != thanks || strings.Contains(text, "sembra soltanto un") != thanks {
			t.Errorf("%q: close offered first: %t:\n%s", said, got, text)
		}
		s.wantText(anna, "ha risposto a una nostra lettera", "Presa in carico", "BOZZA DELLA RISPOSTA", "!non lo chiede più", "!ha scritto di nuovo", "eta domani")
		tk := s.ticket(l.Ticket)
		if ack, _ := tk.Duty("ack"); tk.State != ticket.New || !ack.Running() {
			t.Errorf("%q: %s, %+v", said, tk.State, tk.Duties)
		}
		if thanks {
			s.says(anna, "close")
			s.wantState(l.Ticket, ticket.Closed)
			s.wantText(anna, "Richiesta chiusa")
		}
		s.checkFold()
	}
}

// So does the mail about thanks for what is solved. Thanks for what is not yet solved end nothing.
func TestThanksForASolution(t *testing.T) {
	for _, solved := range []bool{true, false} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, "ok\n\n"+words)
		if solved {
			s.says(anna, "fixed\n\nIl certificato è rinnovato, ora il carrello accetta i pagamenti.")
		}
		s.at("15:20").arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "Re: Carrello", reply: []string{s.ticket(1).Thread[0]}, text: "Grazie mille, gentilissimi!\n\nMario"})
		s.post()
		text := mailparse.Parse(s.last(anna).Bytes).Text
		if strings.Contains(text, "sembra soltanto un") != solved {
			t.Errorf("solved %t:\n%s", solved, text)
		}
		if s.ticket(1).State == ticket.Closed {
			t.Error("closed by itself")
		}
		s.checkFold()
	}
}
