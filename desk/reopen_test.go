package desk_test

import (
	"testing"
	"time"

	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
)

// stillBroken lets the customer answer in the conversation.
func (s *scenario) stillBroken() {
	s.Helper()
	s.arrives(mail{from: mario, subject: "Re: Il modulo", reply: []string{s.ticket(1).Thread[0]}, text: "No, il guasto c'è ancora, il modulo non stampa."})
	s.post()
}

// A fault that was called solved and is there still has its thirty days again, from the request.
func TestFaultThatIsThereStill(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.at("15:10").says(anna, "fault\nok\n\n"+words)
	before, _ := s.ticket(1).Duty("fix")
	s.at("15:30").says(anna, "fixed\n\nHo corretto il file di stampa, provi adesso per favore.")
	s.at("15:35").says(anna, "fault") // said of what is solved
	if fix, _ := s.ticket(1).Duty("fix"); fix.Running() {
		t.Error("a clock of the correction runs for what is solved")
	}
	s.at("15:40").stillBroken()
	s.at("15:45").says(anna, "fault")
	s.at("15:50").says(anna, "ok\n\nHa ragione, il guasto c'è ancora: ci lavoro.")
	if fix, _ := s.ticket(1).Duty("fix"); !fix.Running() || !fix.Limit.Equal(before.Limit) {
		t.Errorf("the person said fault, the ticket is %s, and the correction is owed by %+v", s.ticket(1).State, fix)
	}
	s.at("2027-01-05 12:00").tick() // past the 30 working days from the request
	if s.count(1, kind.Breached) == 0 {
		t.Error("the 30 working days passed and nobody was told")
	}
	s.checkFold()
}

// Where the customer writes to a ticket that staff had closed, the clocks run on that its closing stopped: they ran from the request.
func TestCustomerWritesAfterClose(t *testing.T) {
	for _, how := range []string{"close", "spam"} {
		s := play(t, careDesk(t))
		s.requested("Il modulo non stampa", request)
		ack, _ := s.ticket(1).Duty("ack")
		s.at("15:10").says(anna, how)
		s.at("15:40").stillBroken()
		for _, name := range []duty.Name{"ack", "fix"} {
			if o, _ := s.ticket(1).Duty(name); !o.Running() {
				t.Errorf("%s: the ticket is %s again and %s does not run", how, s.ticket(1).State, name)
			}
		}
		if _, twice := s.ticket(1).Duty("next_reply"); twice {
			t.Errorf("%s: two answers are owed", how)
		}
		s.until("2026-11-24 16:00")
		if s.count(1, kind.Breached) == 0 {
			t.Errorf("%s: nobody answered, and the limit %s passed untold", how, ack.Limit.In(s.cfg.Zone))
		}
		s.checkFold()
	}
}

// A mail that crosses the letter with which a ticket is closed keeps the clock of the correction running.
func TestCustomerWritesWhileTheClosingLetterWaits(t *testing.T) {
	cfg := careDesk(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.requested("Il modulo non stampa", request)
	s.at("15:10").says(anna, "close\nok\n\n"+words)
	s.at("15:11").stillBroken()
	s.at("15:13").tick()
	s.wantLetters(1)
	if fix, _ := s.ticket(1).Duty("fix"); s.ticket(1).State != ticket.Open || !fix.Running() {
		t.Errorf("the ticket is %s, its correction %+v", s.ticket(1).State, fix)
	}
	s.checkFold()
}

// What a refusal ended has ended, whatever the customer writes then: he is owed an answer and no correction.
func TestCustomerWritesAfterARefusal(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.at("15:10").says(anna, "refuse 3\n"+words)
	s.wantState(1, ticket.Closed)
	s.at("15:40").stillBroken()
	fix, _ := s.ticket(1).Duty("fix")
	if next, _ := s.ticket(1).Duty("next_reply"); fix.Running() || !next.Running() {
		t.Errorf("after a refusal: fix %+v, next reply %+v", fix, next)
	}
	s.checkFold()
}

// Whoever opens a ticket again gets it with its draft, which one word sends; words below become the draft.
func TestReopenBringsTheDraft(t *testing.T) {
	for said, want := range map[string]string{
		"reopen":                       "[qui le tue parole]",
		"reopen\ntake":                 "[qui le tue parole]",
		"reopen\n\n" + words:           "il registro dei pagamenti",
		"reopen\nnote: ha telefonato":  "[qui le tue parole]",
		"reopen\n\nHa ragione, scusi.": "Ha ragione, scusi.",
	} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, "close")
		s.at("15:10").says(anna, said)
		s.wantText(anna, "Richiesta riaperta.", "Presa in carico obiettivo oggi 18:00", want, "Buongiorno Mario Rossi", "!non l'ho usato")
		s.wantLetters(0)
		s.says(anna, "ok\n\n"+words)
		s.wantLetters(1)
		s.checkFold()
	}
}
