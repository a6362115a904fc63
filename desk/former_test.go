package desk_test

import (
	"strings"
	"testing"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/ticket"
)

// leaves takes a person out of the configuration.
func (s *scenario) leaves(who string) {
	s.Helper()
	var stay []desk.Person
	for _, p := range s.cfg.Staff {
		if p.Address() != who {
			stay = append(stay, p)
		}
	}
	s.cfg.Staff = stay
	s.restart()
}

// Who has left and answers an old mail of the program decides nothing and is no customer: the team reads what he wrote, and no clock runs for him.
func TestWhoHasLeft(t *testing.T) {
	for _, closed := range []bool{false, true} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		old := s.about(anna, "MB-1")
		if closed {
			s.says(marco, "close")
		}
		s.leaves(anna)
		before := len(s.letters(marco))
		s.at("15:10").arrives(s.answer(old, "Anna Verdi <"+anna+">", "ok\n\n"+words))
		s.post()
		s.wantLetters(0)
		if n := s.tickets(); n != 1 {
			t.Errorf("closed %t: %d tickets", closed, n)
		}
		if n := len(s.letters(marco)) - before; n != 1 || len(s.letters(anna)) > 2 {
			t.Errorf("closed %t: marco got %d mails, anna %d", closed, n, len(s.letters(anna)))
		}
		s.wantText(marco, "Anna Verdi <anna@mb.example>", "decides nothing", "il registro dei pagamenti", "adopt ")
		if d := s.ticket(1).Draft; d.By != "" || len(s.ticket(1).Refusals) != 0 {
			t.Errorf("draft %+v", d)
		}
		s.checkFold()
	}
}

// What he writes otherwise waits for the next digest, whose readers may take it for a request; once he is a customer he is one.
func TestWhoHasLeftWritesOtherwise(t *testing.T) {
	s := play(t, agency(t))
	if err := s.desk.Greet(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.leaves(anna)
	s.requested("Carrello", request)
	s.at("15:10").arrives(mail{from: "Anna Verdi <" + anna + ">", subject: "Domanda", text: "Ciao, mi servirebbe il certificato di servizio di quest'anno."})
	s.post()
	if n := s.tickets(); n != 1 {
		t.Fatalf("%d tickets", n)
	}
	s.at("15:20").says(marco, "customer "+anna)
	s.at("15:30").arrives(mail{from: "Anna Verdi <" + anna + ">", subject: "Altra domanda", text: "Ora scrivo da cliente: il carrello non va."})
	s.post()
	if n := s.tickets(); n != 2 || s.ticket(2).State != ticket.New {
		t.Errorf("a customer wrote, and there are %d tickets", n)
	}
	s.until("2026-11-24 14:00")
	if got := mailparse.Parse(s.last(boss).Bytes).Text; !strings.Contains(got, "Domanda") || !strings.Contains(got, "adopt ") {
		t.Errorf("the digest:\n%s", got)
	}
	s.checkFold()
}

// A manager who is not of the staff and answers a warning is no customer either.
func TestManagerAnswersAWarning(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.until("2026-11-24 16:05")
	warning := s.about(boss, "MB-1")
	s.arrives(s.answer(warning, boss, "Ma perché nessuno ha ancora risposto a questo cliente?"))
	s.post()
	if n := s.tickets(); n != 1 {
		t.Errorf("%d tickets", n)
	}
	s.wantText(marco, boss, "perché nessuno ha ancora risposto")
	s.checkFold()
}
