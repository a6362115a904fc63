package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/ending"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// I4: a letter whose proof comes after that of one decided later does nothing to the ticket, also one that a person let rest before, whose
// effects were taken then.
func TestLateProofClosesNothing(t *testing.T) {
	for _, left := range []bool{false, true} {
		s := play(t, agency(t))
		s.acknowledged("Carrello")
		closing := s.loses()
		s.says(anna, "close\nNon avendo avuto risposta chiudo la richiesta.")
		s.says(anna, "ok")
		if left {
			s.until("15:20")
			s.says(anna, "leave")
			s.wantState(1, ticket.Closed)
		}
		s.server = nil
		s.at("15:25").arrives(s.answer(*closing, mario, "Succede ancora, per favore guardate."))
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
	first := s.loses()
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

// I5, I10: what came back of the first of two letters opens nothing that the second answered too; where that one comes back as well, it does.
func TestFirstLetterExpiresAfterSecond(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	first := s.last(mario)
	s.at("15:20").arrives(mail{from: mario, subject: "Re: Carrello", reply: s.ticket(1).Thread[:1], text: "Ci siete?"})
	s.post()
	s.says(anna, "ok\n\nSì, lo sto guardando, e Le scrivo appena ho finito.")
	s.wantLetters(2)
	s.hourly("2026-11-28 16:00") // five days, as a mail queue keeps a letter
	s.comesBack(first)
	if second, _ := s.ticket(1).Duty("ack"); !s.ticket(1).UnheardAt.IsZero() || second.MetBy != s.letters(mario)[1].ID {
		t.Errorf("ack %+v, unheard since %s", second, s.ticket(1).UnheardAt)
	}
	s.hourly("2026-11-30 16:00")
	if ack, _ := s.ticket(1).Duty("ack"); ack.Running() || s.count(1, kind.Breached) > 0 {
		days, _ := s.store.Tallies(t.Context(), s.cfg.Name, monday, "2026-12-01")
		kept, missed := int64(0), int64(0)
		for _, d := range days {
			kept, missed = kept+d.Count["kept"], missed+d.Count["missed"]
		}
		t.Errorf("he was answered at 15:20; acknowledgement owed %v, %d breaches, kept %d, missed %d", ack.Running(), s.count(1, kind.Breached), kept, missed)
	}
	s.comesBack(s.letters(mario)[1])
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() || s.ticket(1).State != ticket.New || !s.ticket(1).UnheardAt.Equal(s.ticket(1).ReceivedAt) {
		t.Errorf("both came back: ack %+v, state %s, unheard since %s", ack, s.ticket(1).State, s.ticket(1).UnheardAt)
	}
	s.checkFold()
}

// I10: a letter that closed a ticket and comes back opens it, unless one decided after it has told the customer the same.
func TestFirstClosingComesBack(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	for _, at := range []string{"15:10", "15:30"} {
		s.at(at).says(anna, "close\nChiudo la richiesta.")
		s.says(anna, "ok")
		s.wantState(1, ticket.Closed)
		if at == "15:10" {
			s.at("15:20").arrives(s.answer(s.last(mario), mario, "Succede ancora."))
			s.post()
		}
	}
	s.comesBack(s.letters(mario)[1])
	s.wantState(1, ticket.Closed)
	s.comesBack(s.letters(mario)[2])
	s.wantState(1, ticket.Open)
}

// I10: a report that is read before the server has answered for the letter is not undone by what the server says then.
func TestReportFasterThanTheAnswer(t *testing.T) {
	for _, outcome := range []ending.Outcome{"sent", "unknown", "deferred", "refused"} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.server = func(l store.Letter) desk.Ended {
			if !l.Customer {
				return desk.Ended{Outcome: "sent", Code: 250, At: s.now}
			}
			s.delivers([]byte(strings.ReplaceAll(bounce, "MESSAGE-ID", l.MessageID)), "")
			return desk.Ended{Outcome: outcome, At: s.now, Next: s.now.Add(time.Minute)}
		}
		s.says(anna, "ok\n\n"+words)
		if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() || !s.posted(1, posted.Bounced) {
			t.Errorf("%s: the letter came back; clock runs %v, %d reports on record", outcome, ack.Running(), s.count(1, kind.Bounced))
		}
		rows, err := s.desk.Outbox(t.Context(), s.now.Add(time.Hour), 100)
		if err != nil || slices.ContainsFunc(rows, func(l store.Letter) bool { return l.Customer }) {
			t.Errorf("%s: the letter is still to be sent: %v, %v", outcome, rows, err)
		}
		days, err := s.store.Tallies(t.Context(), s.cfg.Name, monday, monday)
		if err != nil || days[0].Count["kept"]+days[0].Count["failed"]+days[0].Count["unknown"] != 0 || days[0].Count["bounced"] != 1 {
			t.Errorf("%s: the day counts %v, %v", outcome, days, err)
		}
		s.checkFold()
	}
}
