package desk_test

import (
	"testing"
	"time"

	"replyby/store"
)

// A correction that a colleague proposes stays the draft, with its tickets, where an earlier letter is taken back or comes back. No mail from
// before publishes it.
func TestProposedCorrectionSurvives(t *testing.T) {
	for name, happens := range map[string]func(s *scenario, l store.Letter){
		"undo":   func(s *scenario, l store.Letter) { s.arrives(s.answer(l, anna, "undo")) },
		"bounce": func(s *scenario, _ store.Letter) { s.comesBack(s.last("c1@cliente.example")) },
	} {
		s := waiting(t, 2*time.Minute)
		s.saysOf(anna, "MB-1", "ok\n"+words)
		receipt, gone := s.about(anna, "MB-1"), 0
		if name == "bounce" {
			s.at("15:10").tick()
			gone = 1
		}
		s.wantLetters(gone)
		s.saysOf(marco, "MB-1", "help")
		s.saysOf(marco, "MB-1", "patch 1.2.3\nCorretto il calcolo delle spese.")
		was, proposal := s.ticket(1).Draft, s.about(marco, "MB-1")
		happens(s, receipt)
		s.post()
		if is := s.ticket(1).Draft; is.Template != was.Template || is.Personal != was.Personal || len(is.With) != 3 {
			t.Errorf("%s: the draft is %+v", name, is)
		}
		s.arrives(s.answer(proposal, marco, "ok"))
		s.post()
		s.wantRefused(1, "superseded")
		s.saysOf(marco, "MB-1", "ok")
		s.arrives(s.answer(s.about(marco, "MB-1"), marco, "ok"))
		s.at("15:30").tick()
		s.wantLetters(gone + 4)
		s.checkFold()
	}
}

// What an undone correction said is the draft again, in its own text.
func TestUndoneCorrectionKeepsItsText(t *testing.T) {
	s := waiting(t, 2*time.Minute)
	s.saysOf(anna, "MB-1", "patch 1.2.3\nCorretto il calcolo delle spese.")
	s.says(anna, "ok")
	s.says(anna, "undo")
	s.wantText(anna, "nella versione 1.2.3", "Corretto il calcolo delle spese.", "!ho preso in carico")
	s.says(anna, "ok")
	s.at("15:10").tick()
	s.wantLetters(4)
	s.wantText("c1@cliente.example", "nella versione 1.2.3")
	s.checkFold()
}

// Whoever answers an old mail when a colleague has changed the draft and sent it hears who answered the customer, not only that the draft is
// another: his words would be a second answer.
func TestAnsweredInOtherWords(t *testing.T) {
	s := waiting(t, 0)
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	s.says(anna, "ok")
	s.saysOf(marco, "MB-1", "ok\n\n"+words)
	s.wantRefused(1, "spent: "+anna)
	s.wantText(marco, "decided by Anna Verdi")
}
