package desk_test

import (
	"strings"
	"testing"

	"replyby/desk"
	"replyby/store"
)

// Words of the grammar and names of places are none of the language in which a person is told what his mail did.
func TestReceiptInWords(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Modulo SEO", request)
	s.says(anna, "care yes")
	s.wantText(anna, "Stato di Business Care confermato: attivo", "!: yes")
	s.says(anna, "care no\nnote visto nel portale")
	s.wantText(anna, "Stato di Business Care confermato: non attivo")
	s.says(anna, "presale\nfield product: Modulo SEO\nfield version: 2.3.1\nok\n\n"+words)
	s.wantText(anna, "Nella lettera, il prodotto: Modulo SEO", "Nella lettera, la versione: 2.3.1", "!product:")
}

// What goes again is shown as it was the first time.
func TestResendShowsLetter(t *testing.T) {
	s := asked(t)
	first := true
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer && first {
			first = false
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "sent", Code: 250, Reply: "250 ok", Server: "smtp.test:465", At: s.now}
	}
	s.says(anna, "ok\n\n"+words)
	s.until("15:30")
	s.says(anna, "resend")
	s.wantLetters(1)
	s.wantText(anna, "La lettera parte di nuovo", strings.Join(strings.Fields(words), " "))
}

// "Si no se corrige, reembolso": when the thirty days are over the mail says what the contract asks for now.
func TestMissedCorrectionNamesRefund(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Modulo SEO", request)
	s.says(anna, "fault\nok\n\n"+words)
	s.until("2027-01-05 00:00")
	s.wantText(boss, "Correzione: limite superato", "Il contratto prevede ora il rimborso")
	page := strings.Join(strings.Fields(s.evidence(1)["timeline.txt"]), " ")
	for _, want := range []string{"Wednesday 23 December 2026, end of day", "Monday 4 January 2027, end of day"} {
		if !strings.Contains(page, want) { // as the mails say it: nobody reads "Tuesday 00:00" as Monday
			t.Errorf("the evidence does not say %q:\n%s", want, page)
		}
	}
}

// Whoever names a place means it, wherever in the mail he does: minutes fill that of the estimate only where nobody has.
func TestNamedEstimateStays(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Tema", request)
	s.says(anna, "field rate: 60 EUR l'ora\nfield estimate: 90 EUR\nbill 90: cambiare i colori del tema\nok\n\n"+words)
	s.wantLetters(1)
	s.wantText(mario, "cambiare i colori del tema", "La stima è di 90 EUR.", "!1 h 30 min")
}

// What we call the reminder of a contract's end is no word of the customer's who answers it, and none to him.
func TestAnsweredReminderHasNoNameOfOurs(t *testing.T) {
	cfg := both(t)
	cfg.Notices.RenewalDays = 30
	s := play(t, cfg)
	s.contracts(mario + ",agency,,2026-01-01,2026-12-31,")
	s.at("2026-12-01 15:00").tick()
	s.says(anna, "ok")
	s.until("15:05")
	s.wantText(mario, "Per rinnovarlo basta rispondere a questo messaggio.")
	s.at("15:10").arrives(s.answer(s.last(mario), mario, "Va bene, rinnovo. Mario"))
	s.post()
	s.wantText(anna, "Oggetto [MB-1] Presa in carico ---", "!Oggetto [MB-1] Presa in carico: "+mario)
	s.says(anna, "ok\n\n"+words)
	if l := s.last(mario); l.Subject != "[MB-1] Presa in carico" {
		t.Errorf("the customer reads %q", l.Subject)
	}
}

// Whoever fills a place that the letter before him does not have is told so, and not left to think that the ticket keeps it.
func TestPlaceThatLetterLacksIsSaid(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Modulo SEO", request)
	s.says(anna, "take\nfault\nfield product: Modulo SEO")
	s.wantLetters(0)
	s.wantText(anna, "Annotato, il prodotto: Modulo SEO. La lettera qui sotto non ne parla")
	s.says(anna, "presale\nfield product: Modulo SEO") // one that has it
	s.wantText(anna, "!Annotato, il prodotto", "grazie per l'interesse per Modulo SEO")
}
