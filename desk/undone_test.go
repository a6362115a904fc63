package desk_test

import (
	"slices"
	"testing"
	"time"

	"replyby/ticket"
)

// held is an agency whose letters wait two minutes.
func held(t *testing.T) *scenario {
	t.Helper()
	cfg := agency(t)
	cfg.Hold = 2 * time.Minute
	return play(t, cfg)
}

// Whoever takes a letter back has not to find his words again: the mail that says so shows them as the draft, with the date he promised,
// and they go once he approves them.
func TestWordsTakenBackAreTheDraft(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "eta 2026-11-24 16:00\n"+words)
	s.at("15:01").says(anna, "undo")
	s.wantText(anna, "il registro dei pagamenti", "martedì 24 novembre 2026", "Lettera fermata in tempo")
	s.says(anna, "ok")
	s.at("15:10").tick()
	s.wantLetters(1)
	s.wantText(mario, "il registro dei pagamenti", "Prevedo di risolvere entro martedì 24 novembre 2026")
	if eta, _ := s.ticket(1).Duty("eta"); !eta.Running() {
		t.Errorf("the customer was promised a date: %+v", eta)
	}
	s.checkFold()
}

// New words in the mail that takes the old ones back are their correction: it comes back as the draft, and one word sends it.
func TestWordsTakenBackAreCorrected(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "fixed: rinnovato il certificato\n"+words)
	s.at("15:01").says(anna, "undo\nIl certificato vale ora per un anno.")
	s.wantText(anna, "Il certificato vale ora per un anno.", "rinnovato il certificato", "!il registro dei pagamenti")
	s.at("15:10").tick()
	s.wantLetters(0)
	s.wantState(1, ticket.New)
	s.says(anna, "ok")
	s.at("15:15").tick()
	s.wantText(mario, "Il certificato vale ora per un anno.", "rinnovato il certificato")
	s.wantState(1, ticket.Resolved)
	s.checkFold()
}

// I2: words that were taken back go only to whoever has read them, and no mail from before shows them.
func TestWordsTakenBackAreShownFirst(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	forMarco := s.last(marco)
	s.says(anna, "refuse 3")
	receipt := s.last(anna)
	s.at("15:01").arrives(s.answer(receipt, anna, "undo"))
	for _, m := range []mail{s.answer(receipt, anna, "ok"), s.answer(receipt, anna, "ok\nScrivo ora altro."), s.answer(forMarco, marco, "ok\nScrivo io.")} {
		s.arrives(m)
	}
	s.at("15:10").tick()
	s.wantLetters(0)
	s.arrives(s.answer(forMarco, marco, "help"))
	s.post()
	s.says(marco, "ok\nScrivo io.") // a mail that shows no draft
	s.at("15:20").tick()
	s.wantLetters(0)
	s.wantText(marco, "Scrivo io.")
	s.checkFold()
}

// One mail may take a letter back and say what goes in its place.
func TestUndoAndSayElse(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:01").says(anna, "undo\neta 2026-11-25 16:00\nVi tengo al corrente.")
	s.at("15:10").tick()
	s.wantLetters(1)
	s.wantText(mario, "Vi tengo al corrente.", "mercoledì 25 novembre 2026", "!il registro dei pagamenti")
	s.checkFold()
}

// A date alone is the date of the words that were taken back, and nothing goes before they are shown with it.
func TestUndoAndOtherDate(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "eta 2026-11-24 16:00\n"+words)
	s.at("15:01").says(anna, "undo\neta 2026-11-25 16:00")
	s.wantText(anna, "il registro dei pagamenti", "mercoledì 25 novembre 2026", "!martedì 24 novembre 2026")
	s.at("15:10").tick()
	s.wantLetters(0)
	s.says(anna, "ok")
	s.at("15:20").tick()
	s.wantLetters(1)
	s.wantText(mario, "il registro dei pagamenti", "mercoledì 25 novembre 2026")
	s.checkFold()
}

// What a person is writing meanwhile stays, also when he takes an earlier letter back.
func TestUndoLeavesDraftInHand(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	receipt := s.last(anna)
	s.at("15:01").says(anna, "Ho trovato il difetto nel modulo delle spese.")
	s.arrives(s.answer(receipt, anna, "undo"))
	s.post()
	s.wantText(anna, "Ho trovato il difetto nel modulo delle spese.")
	s.says(anna, "ok")
	s.at("15:10").tick()
	s.wantLetters(1)
	s.wantText(mario, "Ho trovato il difetto nel modulo delle spese.")
	s.checkFold()
}

// Words below a note are the note's, and no draft.
func TestUndoWithNote(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:01").says(anna, "undo\nnote: aspettiamo\nIl cliente non ha pagato.")
	if d := s.ticket(1).Draft; d.Personal != words {
		t.Errorf("the draft is %+v", d)
	}
	s.wantText(anna, "il registro dei pagamenti")
	s.checkFold()
}

// Who gets the ticket with the same mail is shown the words that were taken back, and may send them.
func TestUndoAndHandOver(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:01").says(anna, "undo\nassign marco")
	s.wantText(marco, "il registro dei pagamenti")
	s.says(marco, "ok")
	s.at("15:10").tick()
	s.wantLetters(1)
	s.wantText(mario, "il registro dei pagamenti", "Marco Neri")
	s.checkFold()
}

// With a ticket that the same mail closes nothing is left to answer.
func TestUndoAndClose(t *testing.T) {
	for _, said := range []string{"undo\nclose", "undo\nspam"} {
		s := held(t)
		s.requested("Carrello", request)
		s.says(anna, "ok\n"+words)
		s.at("15:01").says(anna, said)
		s.at("15:10").tick()
		s.wantLetters(0)
		s.wantState(1, ticket.Closed)
		s.checkFold()
	}
}

// A reminder that is taken back is the draft again, and no ordinary answer to nobody's question.
func TestUndoneReminderIsTheDraft(t *testing.T) {
	cfg := agency(t)
	cfg.Hold, cfg.Notices.RenewalDays, cfg.Notices.RenewHow = 2*time.Minute, 30, "Per rinnovare basta rispondere."
	s := play(t, cfg)
	s.contracts(mario + ",agency,,2026-01-01,2026-12-10,")
	s.tick()
	was := s.ticket(1).Draft.Template
	s.says(anna, "ok")
	if !slices.ContainsFunc(s.ticket(1).Posted, func(p ticket.Posted) bool { return p.Customer }) {
		t.Fatalf("no letter: %+v", s.ticket(1).Refusals)
	}
	s.at("15:01").says(anna, "undo")
	if is := s.ticket(1).Draft.Template; is != was {
		t.Errorf("the draft is %q, was %q", is, was)
	}
	s.checkFold()
}

// Each ticket of a correction that is taken back has its words again, and the one that asked has the list.
func TestUndoneCorrectionKeepsItsWords(t *testing.T) {
	s := waiting(t, 2*time.Minute)
	s.saysOf(anna, "MB-1", "patch 1.2.3\nCorretto il calcolo delle spese.")
	s.says(anna, "ok")
	s.says(anna, "undo")
	s.wantText(anna, "MB-2", "Corretto il calcolo delle spese.")
	for _, n := range []uint64{1, 2, 3} {
		if d := s.ticket(n).Draft; d.Personal != "Corretto il calcolo delle spese." || len(d.With) != map[uint64]int{1: 3}[n] {
			t.Errorf("the draft of MB-%d is %+v", n, d)
		}
	}
	s.at("15:10").tick()
	s.wantLetters(0)
	s.checkFold()
}

// A letter is taken back also where the rest of the mail comes back for a word to send it.
func TestUndoBesideWordsWithoutVerb(t *testing.T) {
	for _, c := range []string{"wait: il registro", "close: nessuna risposta", "bill 30"} {
		s := held(t)
		s.requested("Carrello", request)
		s.says(anna, "ok\n"+words)
		s.at("15:01").says(anna, "undo\n"+c+"\nMi serve ancora il registro.")
		s.wantText(anna, "Lettera fermata in tempo", "!non è cambiato nulla", "Mi serve ancora il registro.")
		s.at("15:10").tick()
		s.wantLetters(0)
		s.checkFold()
	}
}
