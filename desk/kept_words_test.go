package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/store"
	"replyby/ticket"
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

// What somebody is writing in a ticket that goes on in another one is the draft there, and one word sends it.
func TestMergeCarriesTheDraft(t *testing.T) {
	s := two(t)
	s.saysOf(anna, "MB-2", firstWords)
	s.at("15:10").saysOf(marco, "MB-2", "merge MB-1")
	s.wantState(2, ticket.Closed)
	for _, who := range []string{anna, marco} {
		if !strings.Contains(s.about(who, "MB-1").Text, firstWords) {
			t.Errorf("%s is not shown the draft:\n%s", who, s.about(who, "MB-1").Text)
		}
	}
	s.saysOf(anna, "MB-1", "ok")
	s.wantLetters(1)
	s.wantText(mario, firstWords)
	s.checkFold()
}

// A draft that somebody has there stays, with the code to send it, and the other one is shown beside it.
func TestMergeOfTwoDrafts(t *testing.T) {
	s := two(t)
	s.arrives(s.answer(s.about(anna, "MB-2"), anna, firstWords))
	s.saysOf(marco, "MB-1", secondWords)
	marcos := s.about(marco, "MB-1")
	s.at("15:10").saysOf(anna, "MB-2", "merge MB-1")
	for _, who := range []string{anna, marco} {
		text := folded(s.about(who, "MB-1").Text)
		if _, beside, _ := strings.Cut(text, "Anna Verdi"); !strings.Contains(text, secondWords) || !strings.Contains(beside, firstWords) {
			t.Errorf("%s is not shown both:\n%s", who, text)
		}
	}
	s.arrives(s.answer(marcos, marco, "ok"))
	s.post()
	s.wantLetters(1)
	s.wantText(mario, secondWords, "!"+firstWords)
	s.checkFold()
}

// A correction that is proposed in a ticket is proposed, with its other tickets, where that goes on.
func TestMergeCarriesTheCorrection(t *testing.T) {
	s := waiting(t, 0)
	s.report("c1@cliente.example", "Modulo Cassa", fault)
	s.post()
	s.saysOf(anna, "MB-1", "patch 1.2.3: MB-2 e MB-3\n"+solved)
	s.saysOf(anna, "MB-1", "merge MB-7")
	s.wantState(1, ticket.Closed)
	s.saysOf(anna, "MB-7", "ok")
	s.wantLetters(0)
	s.wantText(anna, "MB-2", "MB-3", "Abbiamo corretto")
	s.says(anna, "ok")
	s.wantLetters(3)
	s.checkFold()
}

// A date that the text would not tell is refused beside the name of another customer too, and not dropped.
func TestNextBesideCustomer(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "fixed: rinnovato il certificato\n"+words)
	s.says(anna, "undo")
	s.at("15:10").says(anna, "customer rossi@cliente.example\nnext 2026-11-25 12:00")
	s.wantRefused(1, "no_place")
	if c := s.ticket(1).Customer.Addr; c != mario {
		t.Errorf("the customer is %s", c)
	}
	s.checkFold()
}

// Of two who write at the same time the one whose words are the draft now is shown what the other had written, and had not been shown to him.
func TestTwoWriteAtTheSameTime(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, firstWords)
	s.says(marco, secondWords) // below the mail that told of the request
	s.wantText(marco, secondWords, "Written by Anna Verdi", firstWords)
	s.says(marco, "ok")
	s.wantLetters(1)
	s.wantText(mario, secondWords, "!"+firstWords)
	s.checkFold()
}

// Who was shown the other's words, or wrote both, is not shown them again.
func TestWordsReplacedOnPurpose(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, firstWords)
	s.says(marco, "help")
	s.says(marco, "status")
	s.wantText(marco, firstWords)
	s.says(marco, secondWords)
	s.wantText(marco, secondWords, "!"+firstWords)
	s.says(marco, firstWords)
	s.wantText(marco, firstWords, "!"+secondWords)
	s.checkFold()
}

// A receipt shows no draft: who answers it with words has not seen those of a colleague.
func TestWordsBelowAReceipt(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, firstWords)
	s.says(marco, "note: chiamo io")
	s.says(marco, "ok\n"+secondWords)
	s.wantLetters(0)
	s.wantText(marco, secondWords, "Written by Anna Verdi", firstWords)
	s.checkFold()
}

// Words below a note are for colleagues, and no draft, whatever stands beside it.
func TestNoteBesideCustomer(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "customer rossi@cliente.example\nnote: ha cambiato indirizzo\nNon paga da mesi.")
	s.wantText(anna, "Nota interna aggiunta: ha cambiato indirizzo Non paga da mesi.")
	if d := s.ticket(1).Draft; d.Personal != "" {
		t.Errorf("the draft says %q", d.Personal)
	}
	s.checkFold()
}

// The same holds where a correction is taken back.
func TestNoteBesideUndoOfCorrection(t *testing.T) {
	s := proposed(t, 2*time.Minute)
	s.says(anna, "ok")
	s.says(anna, "undo\nnote: aspettiamo\nIl pacchetto era vecchio.")
	s.wantText(anna, "Nota interna aggiunta: aspettiamo Il pacchetto era vecchio.", "Abbiamo corretto")
	if d := s.ticket(1).Draft; strings.Contains(d.Personal, "vecchio") || len(d.With) != 3 {
		t.Errorf("the draft is %+v", d)
	}
	s.checkFold()
}

// Words that correct a letter taken back take its place, and those that were the draft meanwhile stand beside them.
func TestUndoWithWordsBesideADraftInHand(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	receipt := s.last(anna)
	s.at("15:01").says(anna, firstWords)
	s.arrives(s.answer(receipt, anna, "undo\n"+secondWords))
	s.post()
	s.wantText(anna, secondWords, firstWords, "il registro dei pagamenti")
	s.checkFold()
}
