package desk_test

import (
	"testing"
	"time"

	"replyby/desk"
	"replyby/store"
)

const (
	firstWords  = "Ho trovato il difetto nel modulo delle spese."
	secondWords = "Domani mattina aggiorno anche il tema del negozio."
)

// Of two letters that reach nobody one after the other the first is the draft, and the words of the second are shown beside it: nobody has to
// look for them in his folder of sent mail.
func TestSecondLetterThatComesBack(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	first := s.last(mario)
	s.at("15:10").says(anna, "eta 2026-11-25 16:00\n"+secondWords)
	second := s.last(mario)
	s.at("15:15").comesBack(first)
	s.wantText(anna, "il registro dei pagamenti", "!"+secondWords)
	s.at("15:16").comesBack(second)
	for _, who := range []string{anna, marco} {
		s.wantText(who, "il registro dei pagamenti", secondWords, "mercoledì 25 novembre 2026", "Anna Verdi")
	}
	s.wantText(anna, "Scritto da Anna Verdi e non compreso nella bozza")
	s.says(anna, "ok\n"+secondWords)
	s.wantLetters(3)
	s.wantText(mario, secondWords, "!"+"il registro dei pagamenti")
	s.checkFold()
}

// Neither is a letter that the server refuses lost while somebody writes another.
func TestRefusedLetterBesideADraftInHand(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: "refused", Code: 550, Reply: "550 5.1.1 no such user", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.says(anna, "ok\n"+words)
	s.at("15:01").says(anna, firstWords)
	s.at("15:05").tick()
	s.post()
	s.wantText(anna, firstWords, "il registro dei pagamenti")
	s.wantText(marco, firstWords, "il registro dei pagamenti")
	s.checkFold()
}

// A letter that comes back while its own words are the draft adds none.
func TestSameWordsComeBack(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.at("15:10").says(anna, words)
	s.comesBack(s.last(mario))
	s.wantText(anna, "il registro dei pagamenti", "!non compreso nella bozza")
	s.checkFold()
}

// Whoever takes a letter back while another text is in hand is shown what it said.
func TestTakenBackBesideADraftInHand(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "eta 2026-11-24 16:00\n"+words)
	receipt := s.last(anna)
	for _, said := range []string{"undo", "undo\nclose", "undo\nassign Marco", "undo\nmerge MB-9", "undo\nappruva"} {
		s.at("15:01").says(anna, firstWords)
		s.arrives(s.answer(receipt, anna, said))
		s.post()
		s.wantText(anna, "Scritto da Anna Verdi e non compreso nella bozza", "il registro dei pagamenti", "martedì 24 novembre 2026")
		s.checkFold()
		s = held(t)
		s.requested("Carrello", request)
		s.says(anna, "eta 2026-11-24 16:00\n"+words)
		receipt = s.last(anna)
	}
}
