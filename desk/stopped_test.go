package desk_test

import (
	"testing"
	"time"

	"replyby/desk/arrival"
)

// A letter that a person wants stopped is stopped, whatever becomes of the rest of his mail; the answer says what was done and what was not,
// and the words are the draft again.
func TestUndoStopsWhateverElseIsRefused(t *testing.T) {
	const stopped = "Lettera fermata in tempo"
	for _, c := range []struct {
		said string
		want []string
	}{
		{"undo\nok", []string{"Contraddice", "!Non ho fatto nulla"}},
		{"ok\nundo", []string{"Contraddice", "!Non ho fatto nulla"}},
		{"assgin marco\nundo", []string{"assgin marco", "!Non ho fatto nulla"}},
		{"undo\nannulla", []string{"!Non ho fatto nulla"}},
		{"undo\neta 2026-02-31 10:00", []string{"2026-02-31", "!Non ho fatto nulla"}},
		{"undo\nassign Nessuno", []string{"Nessuno", "!non ha avuto effetto"}},
		{"assign Nessuno\nundo", []string{"Nessuno", "!non ha avuto effetto"}},
		{"undo\nmerge MB-7", []string{"MB-7", "!non ha avuto effetto"}},
		{"undo\nrefuse 5\nassign Nessuno\nAltre parole.", []string{"Nessuno", "!non ha avuto effetto"}},
		{"undo\nresend", []string{"Contraddice", "!Non ho fatto nulla"}},
	} {
		s := held(t)
		s.requested("Carrello", request)
		s.says(anna, "eta 2026-11-24 16:00\n"+words)
		s.at("15:01").says(anna, c.said)
		s.wantText(anna, append(c.want, stopped, "il registro dei pagamenti", "martedì 24 novembre 2026")...)
		s.at("15:10").tick()
		if n := len(s.letters(mario)); n != 0 {
			t.Errorf("%q: %d letters", c.said, n)
		}
		s.says(anna, "ok")
		s.at("15:20").tick()
		s.wantLetters(1)
		s.checkFold()
	}
}

// It is stopped also by a second mail that is refused within the hour, in which nobody is told of refusals again: that it was stopped he hears.
func TestUndoIsAnsweredAlsoBesideSecondRefusal(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	receipt := s.last(anna)
	s.at("15:01").says(anna, "assign Nessuno")
	s.arrives(s.answer(receipt, anna, "undo\nassign Nessuno"))
	s.post()
	s.wantText(anna, "Lettera fermata in tempo", "Nessuno")
	s.at("15:10").tick()
	s.wantLetters(0)
	s.checkFold()
}

// Where nothing waits any more the mail comes back as a whole, and says so.
func TestUndoTooLateBesideDoubt(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	receipt := s.last(anna)
	s.at("15:10").tick()
	s.wantLetters(1)
	s.arrives(s.answer(receipt, anna, "undo\nok"))
	s.post()
	s.wantText(anna, "Non ho fatto nulla", "!Lettera fermata")
	s.checkFold()
}

// I3: who is not proven stops nothing.
func TestUndoUnprovenBesideDoubt(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	m := s.answer(s.last(anna), anna, "undo\nok")
	m.auth = arrival.None
	s.at("15:01").arrives(m)
	s.post()
	s.at("15:10").tick()
	s.wantLetters(1)
	s.checkFold()
}

// All letters of a correction are stopped with the one.
func TestUndoOfCorrectionBesideDoubt(t *testing.T) {
	s := waiting(t, 2*time.Minute)
	s.saysOf(anna, "MB-1", "patch 1.2.3\nCorretto il calcolo delle spese.")
	s.says(anna, "ok")
	s.at("15:01").says(anna, "undo\nassign Nessuno")
	s.wantText(anna, "Lettera fermata in tempo", "Nessuno", "MB-2")
	s.says(anna, "ok")
	s.wantText(anna, "Con un solo", "MB-2", "MB-3", "MB-6")
	s.at("15:10").tick()
	s.wantLetters(0)
	s.checkFold()
}

// Where the letter has left before its undo came, words that nothing sends do not hide it.
func TestUndoTooLateBesideWords(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	receipt := s.last(anna)
	s.at("15:10").tick()
	s.arrives(s.answer(receipt, anna, "undo\nwait: il registro\nMi serve ancora il registro."))
	s.post()
	s.wantRefused(1, "nothing_to_undo")
	s.checkFold()
}

// The letters of a notice that have not left are stopped as well.
func TestUndoOfNoticeBesideDoubt(t *testing.T) {
	for _, said := range []string{"undo\nok", "undo\nassign Nessuno", "undo\neta 2026-12-24 16:00"} {
		cfg := shuts(t)
		cfg.Notices.PerMinute = 1
		s := play(t, cfg)
		s.contracts(mario+",business-care,,2026-01-01,2027-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
		s.at("2026-12-20 09:00").tick()
		s.says(anna, "ok")
		s.post()
		s.wantTold(luigi)
		s.says(anna, said)
		s.wantText(anna, "Lettera fermata in tempo")
		s.until("09:30")
		s.wantTold(luigi)
		s.checkFold()
	}
}
