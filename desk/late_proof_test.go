package desk_test

import (
	"testing"

	"replyby/desk"
	"replyby/store"
	"replyby/ticket"
)

// I4: a letter whose proof comes after that of one decided later does nothing to the ticket, also one that a person let rest before, whose
// effects were taken then.
func TestLateProofClosesNothing(t *testing.T) {
	for _, left := range []bool{false, true} {
		s := play(t, agency(t))
		s.acknowledged("Carrello")
		var closing store.Letter
		s.server = func(l store.Letter) desk.Ended {
			if l.Customer {
				closing = l
				return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
			}
			return desk.Ended{Outcome: "sent", At: s.now}
		}
		s.says(anna, "close\nNon avendo avuto risposta chiudo la richiesta.")
		s.says(anna, "ok")
		if left {
			s.until("15:20")
			s.says(anna, "leave")
			s.wantState(1, ticket.Closed)
		}
		s.server = nil
		s.at("15:25").arrives(s.answer(closing, mario, "Succede ancora, per favore guardate."))
		s.post()
		s.says(anna, "eta 2026-11-24 17:00\nGuardo di nuovo il registro.")
		s.wantLetters(2)
		s.at("15:40").delivers(closing.Bytes, "")
		s.post()
		if eta, _ := s.ticket(1).Duty("eta"); s.ticket(1).State != ticket.Open || !eta.Running() {
			t.Errorf("left %v: the ticket is %s, its promise void %v", left, s.ticket(1).State, eta.Void)
		}
	}
}

// I4: the clock runs to the last promise that was made, in whatever order the letters are proven.
func TestLateProofOfOldPromise(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	var first store.Letter
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			first = l
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.says(anna, "eta 2026-11-27 17:00\nServe un pezzo di ricambio.")
	s.server = nil
	s.at("15:05").says(anna, "eta 2026-11-24 16:00 perché il pezzo è arrivato.\nFacciamo prima.")
	s.at("15:12").delivers(first.Bytes, "")
	if eta, _ := s.ticket(1).Duty("eta"); eta.From.In(s.cfg.Zone).Day() != 24 {
		t.Errorf("promised last for the 24th, the clock runs to %s", eta.From)
	}
}

// I5: a letter keeps no promise that was made after it, however late its copy is read.
func TestLateCopyStopsNoLaterClock(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.says(anna, "fixed: rinnovato il certificato\nOra funziona di nuovo.")
	solved := s.last(mario)
	s.at("15:30").arrives(s.answer(solved, mario, "No, succede ancora."))
	s.post()
	s.says(anna, "eta 2026-11-24 17:00\nGuardo di nuovo il registro.")
	s.wantLetters(3)
	s.at("16:00").delivers(solved.Bytes, "")
	if eta, _ := s.ticket(1).Duty("eta"); !eta.Running() {
		t.Errorf("the copy of an earlier letter kept the promise of %s, at %s", eta.From, eta.MetAt)
	}
}
