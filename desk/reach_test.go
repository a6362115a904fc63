package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
)

// I10: what went wrong with a letter is told to whoever is here, not to the person who has the ticket and is away.
func TestFailureReachesWhoIsHere(t *testing.T) {
	cfg := five(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.requests(1, "a")
	s.wantAssigned(anna)
	s.says(anna, "ok\n\n"+words)
	s.arrives(mail{from: anna, subject: "via", text: "absent until 2026-12-20"})
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: "refused", Code: 550, Reply: "550 no such user", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.until("15:04")
	if got := s.asked("MB-1"); !slices.Contains(got, marco) {
		t.Errorf("told of the failed letter, or asked before: %v, want somebody who is here", got)
	}
}

// What opens a ticket by itself asks whoever is here.
func TestRenewalAsksWhoIsHere(t *testing.T) {
	cfg := five(t)
	cfg.Notices.RenewalDays = 30
	s := play(t, cfg)
	s.contracts("mario@cliente.example,agency,,2026-01-01,2026-12-10,")
	s.arrives(mail{from: anna, subject: "via", text: "absent until 2026-12-20"})
	s.tick()
	s.wantAssigned(marco)
	if got := s.asked("MB-1"); !slices.Equal(got, []string{marco}) {
		t.Errorf("asked %v", got)
	}
}

// I5: what stopped the clocks of one customer stops none of another's, whose ticket it turns out to be; nor has he agreed to anything.
func TestCustomerBringsHisOwnTerms(t *testing.T) {
	s := closing(t)
	s.says(anna, "ok")
	s.until("09:05")
	s.at("2026-12-23 17:00").arrives(mail{from: mario, subject: "Aiuto", text: request})
	s.post()
	n := s.ticketOf(mario).Number
	s.says(anna, "customer "+elena)
	tk := s.ticket(n)
	if ack, _ := tk.Duty("ack"); !ack.Limit.Equal(time.Date(2026, 12, 24, 16, 0, 0, 0, time.UTC)) || len(tk.Told) != 0 {
		t.Errorf("who was not told is owed an answer by %s; told %v", ack.Limit, tk.Told)
	}
	s.says(anna, "customer "+luigi)
	tk = s.ticket(n)
	if ack, _ := tk.Duty("ack"); !ack.Limit.Equal(time.Date(2027, 1, 7, 16, 0, 0, 0, time.UTC)) || len(tk.Told) != 1 {
		t.Errorf("who was told is owed an answer by %s; told %v", ack.Limit, tk.Told)
	}
	s.checkFold()
}

// I5: a letter on its way to one customer must not stop the clock of another.
func TestCustomerWaitsForLetters(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.says(anna, "ok\n\n"+words)
	s.says(anna, "customer "+luigi)
	s.wantRefused(1, "letter_waiting")
	s.says(anna, "undo")
	s.says(anna, "customer "+luigi)
	if got := s.ticket(1).Customer.Addr; got != luigi {
		t.Errorf("customer %s", got)
	}
	s.until("15:10")
	s.wantLetters(0)
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() {
		t.Error("nobody wrote to him and nothing is owed")
	}
}

// I5: the message that a letter would have answered is owed an answer again when that letter goes nowhere, although one decided before
// the message stopped the clocks meanwhile.
func TestSecondLetterGoesNowhere(t *testing.T) {
	for _, how := range []string{"recalled", "failed", "bounced"} {
		t.Run(how, func(t *testing.T) {
			cfg := agency(t)
			cfg.Hold = 5 * time.Minute
			s := play(t, cfg)
			s.requested("Carrello", request)
			s.at("15:01").says(anna, "ok\n\n"+words)
			s.at("15:02").arrives(mail{from: mario, subject: "Re: Carrello", reply: []string{s.ticket(1).Thread[0]}, text: "E anche la stampa è ferma, non esce nessuna fattura."})
			s.post()
			s.at("15:03").says(anna, "ok\n\nGuardo anche la stampa delle fatture.")
			if how == "recalled" {
				s.at("15:04").says(anna, "undo")
			}
			s.server = func(l store.Letter) desk.Ended {
				if how == "failed" && strings.Contains(string(l.Bytes), "stampa delle fatture") {
					return desk.Ended{Outcome: "refused", Code: 550, Reply: "550 no", At: s.now}
				}
				return desk.Ended{Outcome: "sent", At: s.now}
			}
			s.until("15:10")
			if how == "bounced" {
				s.comesBack(s.last(mario))
			}
			tk := s.ticket(1)
			if next, _ := tk.Duty("next_reply"); !next.Running() || !next.From.Equal(time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC)) {
				t.Errorf("the message of 15:02 is unanswered and its clock is %+v: %v", next, s.events(1))
			}
			s.checkFold()
		})
	}
}

// I5: nor does a letter decided before the message stop the clock of a ticket that the message opened again.
func TestReopenedWhileALetterWaits(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 5 * time.Minute
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.at("15:01").says(anna, "ok\n\n"+words)
	s.at("15:02").says(anna, "close")
	s.at("15:03").arrives(mail{from: mario, subject: "Re: Carrello", reply: []string{s.ticket(1).Thread[0]}, text: "E anche la stampa è ferma, non esce nessuna fattura."})
	s.until("15:10")
	s.wantLetters(1)
	if next, _ := s.ticket(1).Duty("next_reply"); !next.Running() || s.ticket(1).State != ticket.Open {
		t.Errorf("the message of 15:03 is unanswered and its clock is %+v, the ticket %s", next, s.ticket(1).State)
	}
	s.checkFold()
}

// A refund that the customer did not get to know of is agreed again, and ends the ticket then.
func TestRefundAgreedAgain(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Modulo", request)
	refund := "refund 49,00 EUR\nfield order: XK-4711\nfield product: Modulo SEO\n"
	s.says(anna, refund+words)
	s.wantState(1, ticket.Closed)
	s.comesBack(s.last(mario))
	s.wantState(1, ticket.New)
	s.at("15:30").says(anna, refund+"Le restituiamo l'importo pagato per il modulo, ci scusiamo.")
	s.wantLetters(2)
	s.wantState(1, ticket.Closed)
	if at := s.ticket(1).RefundedAt; !at.Equal(s.now) {
		t.Errorf("refunded at %s", at)
	}
	s.checkFold()
}

// T17: staff see where a mail wants its answers, since they go to its author; where both are one nothing is said.
func TestReplyToIsShown(t *testing.T) {
	for at, want := range map[string]bool{"contabilita@cliente.example": true, strings.ToUpper(mario): false} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "Carrello", text: request, head: []string{"Reply-To: Ufficio <" + at + ">"}})
		s.post()
		if got := strings.Contains(mailparse.Parse(s.last(anna).Bytes).Text, "Chiede risposta a"); got != want {
			t.Errorf("answers wanted at %s: said %v, want %v", at, got, want)
		}
		if to := s.ticket(1).Draft.To; len(to) != 1 || to[0].Addr != mario {
			t.Errorf("the draft is for %q", to)
		}
	}
}
