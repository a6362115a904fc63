package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk/arrival"
	"replyby/ticket"
)

// proposed is a correction for MB-1, 2, 3 and 6 that anna has been shown.
func proposed(t *testing.T, hold time.Duration) *scenario {
	s := waiting(t, hold)
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	return s
}

// A correction whose ticket turns out to be another customer's keeps its tickets: the list comes back for the new one, and one word sends it.
func TestCustomerOfACorrection(t *testing.T) {
	for _, said := range []string{"customer rossi@cliente.example", "customer rossi@cliente.example\nok", "customer rossi@cliente.example\nnote: ha scritto dal telefono"} {
		s := proposed(t, 0)
		s.says(anna, said)
		s.wantLetters(0)
		s.wantText(anna, "rossi@cliente.example", "MB-2", "MB-3", "MB-6", "Abbiamo corretto", "Il cliente di questa richiesta ora è rossi@cliente.example")
		s.says(anna, "ok")
		s.wantLetters(4)
		s.wantText("rossi@cliente.example", "nella versione 1.2.3", "Abbiamo corretto")
		if n := len(s.letters("c1@cliente.example")); n != 0 {
			t.Errorf("whose ticket it is not any more got %d letters", n)
		}
		s.checkFold()
	}
}

// A mail may say whose ticket it is, and propose the correction.
func TestCustomerAndCorrection(t *testing.T) {
	s := waiting(t, 0)
	s.saysOf(anna, "MB-1", "customer rossi@cliente.example\npatch 1.2.3\n"+solved)
	s.wantText(anna, "rossi@cliente.example", "MB-2", "MB-3", "MB-6")
	s.says(anna, "ok")
	s.wantLetters(4)
	s.checkFold()
}

// What a correction does not tell its customers is refused and not dropped: nothing goes, and the mail says what.
func TestCorrectionHasNoPlace(t *testing.T) {
	for _, said := range []string{"next 2026-11-25 12:00\nok", "close: fatto\nok", "wait: la versione\nok", "next 2026-11-25 12:00", "patch 1.2.4\neta 2026-11-25 12:00"} {
		s := proposed(t, 0)
		s.says(anna, said)
		s.wantLetters(0)
		s.wantRefused(1, "no_place")
		s.wantText(anna, "Il testo che partirebbe non dice al cliente")
		s.says(anna, "ok")
		s.says(anna, "ok")
		s.wantLetters(4)
		s.checkFold()
	}
}

// A text of somebody's own that has a place for the date tells it to each of them.
func TestCorrectionWithADate(t *testing.T) {
	s := proposed(t, 0)
	s.texts = map[string][]byte{"resolved_patch.it": []byte("Subject: [{ref}] Corretto in {product} {version}\n\nBuongiorno,\n\ncorretta nella versione {version} di {product}. Mi faccio vivo {next_update?}.\n\n{personal}\n\n{agent}\n")}
	s.restart()
	s.says(anna, "next 2026-11-25 12:00\nok")
	s.wantLetters(0)
	s.wantText(anna, "mercoledì 25 novembre 2026", "MB-2")
	s.says(anna, "ok")
	s.wantLetters(4)
	for _, who := range []string{"c1@cliente.example", "c2@cliente.example"} {
		s.wantText(who, "Mi faccio vivo mercoledì 25 novembre 2026")
	}
	s.checkFold()
}

// New words for a place of the text, or a further recipient, are shown before they go, also beside ok.
func TestNewWordsOfACorrection(t *testing.T) {
	s := proposed(t, 0)
	s.says(anna, "field link: https://shop.example/seo-1.2.3b.zip\nok")
	s.wantLetters(0)
	s.wantText(anna, "https://shop.example/seo-1.2.3b.zip", "MB-2")
	s.says(anna, "ok")
	s.wantLetters(4)
	s.wantText("c2@cliente.example", "https://shop.example/seo-1.2.3b.zip")
	s.checkFold()
}

// `ok all` shows the list with those whom the customer copied, and they get the letter.
func TestCorrectionToAll(t *testing.T) {
	s := waiting(t, 0)
	s.arrives(mail{from: mario, subject: "Modulo SEO", text: fault, head: []string{"Cc: " + pedro}})
	s.post()
	s.saysOf(anna, "MB-7", "field product: Modulo SEO\npatch 1.2.3: MB-2\n"+solved)
	s.says(anna, "ok all")
	s.wantLetters(0)
	s.says(anna, "ok")
	s.wantLetters(2)
	s.wantText(pedro, "nella versione 1.2.3")
	s.checkFold()
}

// A correction that is taken back is proposed again, with every ticket whose letter was stopped.
func TestUndoneCorrectionIsProposedAgain(t *testing.T) {
	s := proposed(t, 2*time.Minute)
	s.says(anna, "ok")
	s.says(anna, "undo")
	s.wantText(anna, "Lettera fermata in tempo", "MB-2", "MB-3", "MB-6", "Abbiamo corretto", "Con un solo")
	s.says(anna, "ok")
	s.at("15:10").tick()
	s.wantLetters(4)
	s.wantText("c2@cliente.example", "nella versione 1.2.3", "Abbiamo corretto")
	for _, n := range []uint64{1, 2, 3, 6} {
		s.wantState(n, ticket.Resolved)
	}
	s.checkFold()
}

// It may be corrected in the same mail that takes it back.
func TestUndoneCorrectionIsCorrected(t *testing.T) {
	for said, want := range map[string]string{"undo\nChiedo scusa, ora è giusto.": "nella versione 1.2.3", "undo\npatch 1.2.4": "nella versione 1.2.4",
		"undo\npatch 1.2.4: MB-2 MB-3 MB-6": "nella versione 1.2.4", "undo\nfield version: 1.2.5": "nella versione 1.2.5"} {
		s := proposed(t, 2*time.Minute)
		s.says(anna, "ok")
		s.says(anna, said)
		personal := "Abbiamo corretto"
		if strings.Contains(said, "scusa") {
			personal = "Chiedo scusa, ora è giusto."
		}
		s.wantText(anna, want, "MB-2", "MB-3", "MB-6", personal)
		s.says(anna, "ok")
		s.at("15:10").tick()
		s.wantLetters(4)
		s.wantText("c2@cliente.example", want, personal)
		s.checkFold()
	}
}

// What a colleague is writing in another ticket of a correction stays its draft.
func TestCorrectionLeavesDraftsInHand(t *testing.T) {
	s := waiting(t, 0)
	s.arrives(s.answer(s.about(marco, "MB-2"), marco, firstWords))
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	s.saysOf(anna, "MB-1", "ok")
	s.wantLetters(4)
	if d := s.ticket(2).Draft; d.Personal != firstWords || d.By != marco {
		t.Errorf("the draft of MB-2 is %+v", d)
	}
	s.saysOf(marco, "MB-2", "status")
	s.wantText(marco, firstWords)
	s.checkFold()
}

// Whoever approves a correction reads in which of its tickets somebody else is writing, and whom a customer had copied; so does its receipt, also
// of what somebody began since.
func TestCorrectionNamesDraftsAndCopies(t *testing.T) {
	s := waiting(t, 0)
	s.arrives(mail{from: mario, subject: "Modulo SEO", text: fault, head: []string{"Cc: Capo Rossi <" + pedro + ">"}})
	s.arrives(s.answer(s.about(marco, "MB-2"), marco, firstWords))
	s.saysOf(anna, "MB-1", "patch 1.2.3: MB-2 MB-3 MB-7\n\n"+solved)
	const drafted, copied = "c'è anche una bozza di Marco Neri: resta nella richiesta", "non va a Capo Rossi <" + pedro + ">, che il cliente aveva in copia"
	s.wantText(anna, "MB-2", "MB-7", drafted, copied)
	s.arrives(s.answer(s.about(marco, "MB-3"), marco, firstWords))
	s.saysOf(anna, "MB-1", "ok")
	s.wantLetters(4)
	s.wantText(anna, "MB-2", "MB-7", drafted, copied)
	if n := strings.Count(s.text(anna), drafted); n != 2 {
		t.Errorf("the receipt names %d drafts, want 2", n)
	}
	if n := len(s.letters(pedro)); n != 0 {
		t.Errorf("who was copied got %d letters", n)
	}
	s.checkFold()
}

// What would answer one customer alone takes nothing from the others: it is refused with a word about them, and the list that was shown is as
// good as before.
func TestCorrectionIsNotDroppedForOne(t *testing.T) {
	for _, said := range []string{"eta 2026-11-25 12:00", "noeta: dipende dal fornitore", "fixed", "fixed: fatto\n" + words, "refuse 3", "refund 49,00 EUR",
		"customer rossi@cliente.example\nfixed"} {
		s := proposed(t, 0)
		list := s.last(anna)
		s.says(anna, said)
		s.wantLetters(0)
		s.wantRefused(1, "to_one")
		s.wantText(anna, "risponderebbe solo a questo cliente", "svuota prima l'elenco")
		s.arrives(s.answer(list, anna, "ok"))
		s.post()
		s.wantLetters(4)
		s.checkFold()
	}
}

// So it is where nothing proves the sender, and where the letters have just been taken back.
func TestCorrectionIsNotDroppedUnproven(t *testing.T) {
	s := proposed(t, 2*time.Minute)
	m := s.answer(s.last(anna), anna, "fixed")
	m.auth = arrival.None
	s.arrives(m)
	s.post()
	s.wantRefused(1, "to_one")
	s.arrives(s.answer(s.last(anna), anna, "ok"))
	s.post()
	s.says(anna, "ok")
	s.says(anna, "undo\neta 2026-11-25 12:00")
	s.at("15:10").tick()
	s.wantLetters(0)
	if d := s.ticket(1).Draft; len(d.With) != 3 {
		t.Errorf("the draft is %+v", d)
	}
	s.wantText(anna, "La lettera è fermata", "risponderebbe solo a questo cliente", "MB-2")
	s.checkFold()
}

// The way that the refusal names leads there.
func TestCorrectionOfOneAlone(t *testing.T) {
	s := proposed(t, 0)
	s.says(anna, "fixed")
	s.says(anna, "patch 1.2.3: MB-1")
	s.wantLetters(0)
	s.says(anna, "eta 2026-11-25 12:00")
	s.wantLetters(1)
	s.wantText("c1@cliente.example", "mercoledì 25 novembre 2026")
	s.checkFold()
}

// Whoever closes the ticket on which a correction for several was proposed reads that the others have not got it, and which they are.
func TestClosedLeadSaysWhoIsLeft(t *testing.T) {
	for _, closed := range []string{"close", "spam"} {
		s := proposed(t, time.Minute)
		s.says(anna, closed)
		s.wantText(anna, "(MB-2, MB-3, MB-6) non è partita", `scrivi di nuovo "patch"`)
		s.says(anna, "note: fatto")
		s.wantText(anna, "!non è partita")
		s.saysOf(anna, "MB-2", "patch 1.2.3\n\n"+solved)
		s.says(anna, "ok")
		s.at("15:20").tick()
		s.wantLetters(3)
		s.checkFold()
	}
}

// Who wants the people copied that the customers copied has each letter copied to those of its own customer, as the list says before.
func TestCorrectionIsCopiedToEachCustomersOwn(t *testing.T) {
	s := shop(t, time.Minute)
	for i, cc := range []string{"", "socio@due.example", "capo@tre.example", ""} {
		m := mail{from: fmt.Sprintf("c%d@cliente.example", i+1), subject: "Modulo SEO", text: fault}
		if cc != "" {
			m.head = []string{"Cc: " + cc}
		}
		s.arrives(m)
		s.post()
	}
	s.saysOf(anna, "MB-1", "patch 1.2.3: MB-2 MB-3 MB-4\nfield product: Modulo SEO\n\n"+solved)
	s.wantText(anna, `Con "ok all"`, "non va a socio@due.example")
	s.says(anna, "ok all")
	s.wantLetters(0)
	s.wantText(anna, "c2@cliente.example", "in copia a socio@due.example", "in copia a capo@tre.example", "!non va a", "!ok all")
	s.says(anna, "ok")
	s.at("15:20").tick()
	s.wantLetters(4)
	for i, want := range [][]string{{"c1@cliente.example"}, {"c2@cliente.example", "socio@due.example"}, {"c3@cliente.example", "capo@tre.example"}, {"c4@cliente.example"}} {
		if got := s.last(want[0]).To; !slices.Equal(got, want) {
			t.Errorf("%d: to %v, want %v", i+1, got, want)
		}
	}
	s.checkFold()
}
