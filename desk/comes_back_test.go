package desk_test

import (
	"testing"

	"replyby/desk"
	"replyby/store"
	"replyby/ticket"
)

// I10: an estimate that comes back was given to nobody. The one that the customer has holds again, and the next text moves that.
func TestEstimateComesBack(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:10").says(anna, "eta 2026-11-25 16:00\nVi tengo al corrente.")
	first := s.last(mario)
	s.at("15:20").says(anna, "eta 2026-11-26 17:00 perché il fornitore risponde domani.\nServe un giorno in più.")
	s.at("15:25").comesBack(s.last(mario))
	if eta, _ := s.ticket(1).Duty("eta"); !eta.Running() || eta.From.In(s.cfg.Zone).Day() != 25 {
		t.Errorf("the customer has the promise of the 25th: %+v", eta)
	}
	s.at("15:30").comesBack(first)
	if eta, _ := s.ticket(1).Duty("eta"); eta.Running() {
		t.Errorf("nobody was promised anything: %+v", eta)
	}
	s.at("15:35").says(anna, "eta 2026-11-27 17:00\nVi scrivo di nuovo.")
	s.wantText(mario, "!avevo previsto", "venerdì 27 novembre 2026")
	s.checkFold()
}

// I10: what was called solved in a letter that reaches nobody does not drop out of sight, also where no clock of a contract runs.
func TestSolutionReachesNobody(t *testing.T) {
	for _, how := range []string{"comes back", "is refused"} {
		t.Run(how, func(t *testing.T) {
			s := play(t, careDesk(t))
			s.requested("Come si installa?", request)
			s.says(anna, "question\nok\n"+words)
			if how == "is refused" {
				s.server = func(l store.Letter) desk.Ended {
					if l.Customer {
						return desk.Ended{Outcome: "refused", Code: 550, Reply: "550 5.1.1 no such user", At: s.now}
					}
					return desk.Ended{Outcome: "sent", At: s.now}
				}
			}
			s.at("15:10").says(anna, "fixed: corretta la guida\nOra la guida dice tutto.")
			if how == "comes back" {
				s.wantState(1, ticket.Resolved)
				s.comesBack(s.last(mario))
			}
			s.wantState(1, ticket.Open)
			s.checkFold()
		})
	}
}

// Whoever corrects the address of a letter that came back, or was refused, has not to find his words again: they are the draft, with the date
// he promised, and go only once he has approved them for the new address.
func TestWordsComeBack(t *testing.T) {
	for _, how := range []string{"comes back", "is refused"} {
		t.Run(how, func(t *testing.T) {
			s := play(t, agency(t))
			s.requested("Carrello", request)
			if how == "is refused" {
				s.server = func(l store.Letter) desk.Ended {
					if l.Customer && l.To[0] == mario {
						return desk.Ended{Outcome: "refused", Code: 550, Reply: "550 5.1.1 no such user", At: s.now}
					}
					return desk.Ended{Outcome: "sent", At: s.now}
				}
			}
			s.says(anna, "eta 2026-11-24 16:00\n"+words)
			if how == "comes back" {
				s.comesBack(s.last(mario))
			}
			if d := s.ticket(1).Draft; d.Personal != words || d.Times["eta"] == "" {
				t.Errorf("the draft is %+v", d)
			}
			s.at("15:10").says(anna, "customer rossi@cliente.example")
			s.says(anna, "ok")
			s.wantText("rossi@cliente.example", "il registro dei pagamenti", "Prevedo di risolvere entro martedì 24 novembre 2026")
			if eta, _ := s.ticket(1).Duty("eta"); !eta.Running() {
				t.Errorf("the customer was promised a date: %+v", eta)
			}
			s.checkFold()
		})
	}
}

// What a person is writing meanwhile stays when an earlier letter comes back.
func TestDraftInHandStays(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	first := s.last(mario)
	s.at("15:10").says(anna, "Ho trovato il difetto nel modulo delle spese.")
	s.comesBack(first)
	s.wantText(anna, "Ho trovato il difetto nel modulo delle spese.")
	if d := s.ticket(1).Draft; d.By != anna || d.Template == "reply" {
		t.Errorf("the acknowledgement is owed again: %+v", d)
	}
	s.checkFold()
}

// I2: a refusal that came back is somebody's draft, though it had no words of his: who has not seen it does not send it with his own.
func TestReturnedTextIsShownFirst(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "refuse 3")
	s.wantLetters(1)
	s.comesBack(s.last(mario))
	s.says(marco, "help")
	s.says(marco, "ok\nScrivo io.") // a mail that shows no draft
	s.wantLetters(1)
	s.wantText(marco, "Scrivo io.")
	s.says(marco, "ok")
	s.wantLetters(2)
	s.checkFold()
}
