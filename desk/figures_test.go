package desk_test

import (
	"testing"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
)

// An answer given in the portal, or from somebody's own client, keeps a limit as a letter does.
func TestFiguresOfAnswersElsewhere(t *testing.T) {
	s := seller(t)
	s.notice("8841", "pass", "Buongiorno, la pagina del modulo mostra un errore dopo l'aggiornamento.")
	s.post()
	s.at("15:30").says(anna, "posted\n\n"+words)
	if kept, missed := s.counted(); kept != 1 || missed != 0 {
		t.Errorf("answered in time in the portal: %d kept, %d missed", kept, missed)
	}
	s = play(t, agency(t))
	s.requested("Carrello", request)
	s.at("15:30").arrives(mail{from: anna, to: mario, subject: "Re: Carrello", text: "Ci guardo subito.", reply: s.ticket(1).Thread[:1], head: []string{"Cc: " + support}})
	if kept, missed := s.counted(); kept != 1 || missed != 0 {
		t.Errorf("answered in time from her own client: %d kept, %d missed", kept, missed)
	}
}

// What a letter had kept and that came back is not kept: the limit is counted when it passes, or is kept by another.
func TestFiguresOfABounce(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.at("15:30").says(anna, "ok\n\n"+words)
	s.comesBack(s.last(mario))
	s.until("2026-11-24 17:30")
	if kept, missed := s.counted(); kept != 0 || missed != 1 {
		t.Errorf("an answer that nobody got, and then the limit: %d kept, %d missed", kept, missed)
	}
}

// So does an answer given while the program did not run, to a request that it takes in later.
func TestFiguresOfAnAnswerBeforeIntake(t *testing.T) {
	s := play(t, agency(t))
	first := s.raw(mail{from: mario, subject: "Carrello", text: request})
	came := s.now
	id := mailparse.Parse(first).MessageID
	s.at("15:15")
	answer := s.raw(mail{from: anna, to: mario, subject: "Re: Carrello", text: "Ci guardo subito.", reply: []string{id}, head: []string{"Cc: " + support}})
	answered := s.now
	s.at("15:20")
	prove := func() desk.Auth { return desk.Auth{Outcome: arrival.Pass, From: anna, Evidence: "test: pass"} }
	b := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 2, Now: s.now, Mails: []desk.Incoming{
		{UID: 1, Internal: came, Raw: first, Prove: prove}, {UID: 2, Internal: answered, Raw: answer, Prove: prove}}}
	if err := s.desk.Receive(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if ack, _ := s.ticket(1).Duty("ack"); ack.Running() {
		t.Fatal("not taken for an answer")
	}
	if kept, missed := s.counted(); kept != 1 || missed != 0 {
		t.Errorf("answered in time before it was taken in: %d kept, %d missed", kept, missed)
	}
}
