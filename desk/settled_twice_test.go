package desk_test

import (
	"testing"

	"replyby/desk"
	"replyby/desk/ending"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// again plays until a letter in doubt was ordered once more, the second copy ending as the server says.
func again(t *testing.T, ends ending.Outcome) (*scenario, store.Letter) {
	t.Helper()
	s, first := inDoubt(t)
	s.until("15:20")
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: ends, Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	return s, first
}

// I4: the copies of a letter sent twice are the same bytes. Whichever comes into the mailbox, the customer has them: nothing is in doubt.
func TestCopyOfLetterSentAgain(t *testing.T) {
	s, first := again(t, "unknown")
	s.says(anna, "resend")
	s.delivers(first.Bytes, "")
	s.post()
	if s.posted(1, posted.Unknown) {
		t.Error("the copy is here, and the letter is still in doubt")
	}
	if ack, _ := s.ticket(1).Duty("ack"); ack.Running() {
		t.Error("the proven letter did not stop the clock")
	}
	before := s.last(anna)
	s.until("15:45")
	if l := s.last(anna); l.ID != before.ID && l.Purpose == "question" {
		t.Errorf("anna is asked about a letter that has arrived:\n%s", l.Bytes)
	}
	s.says(anna, "resend")
	s.wantRefused(1, "no_doubt")
}

// I4: a second copy that waits does not go when the first one shows that it has arrived.
func TestFirstCopyStopsTheSecond(t *testing.T) {
	s, first := again(t, "sent")
	s.arrives(s.answer(s.last(anna), anna, "resend"))
	s.delivers(first.Bytes, "")
	s.post()
	s.wantLetters(0)
	if p, _ := s.ticket(1).Letter(first.ID); p.State != posted.Sent {
		t.Errorf("the first copy is %q", p.State)
	}
	if s.posted(1, posted.Queued) {
		t.Error("the second copy waits for ever")
	}
	if !s.ticket(1).UnheardAt.IsZero() {
		t.Error("what the letter answered is unheard")
	}
	if ack, _ := s.ticket(1).Duty("ack"); ack.Running() || ack.MetBy != first.ID {
		t.Errorf("ack %+v, want met by the first copy", ack)
	}
}

// I4, I10: a letter sent again and come back is a letter come back.
func TestLetterSentAgainComesBack(t *testing.T) {
	s, first := again(t, "sent")
	s.says(anna, "resend")
	s.wantLetters(1)
	s.comesBack(first)
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() || s.ticket(1).State != ticket.New {
		t.Errorf("ack %+v, state %s after the report", ack, s.ticket(1).State)
	}
}

// A letter acts once: the copy of a letter sent twice, read late, closes nothing again.
func TestLateCopyClosesOnce(t *testing.T) {
	s, first := again(t, "sent")
	s.delivers(first.Bytes, "")
	s.server = func(l store.Letter) desk.Ended {
		return desk.Ended{Outcome: map[bool]ending.Outcome{true: "unknown", false: "sent"}[l.Customer], Stage: "dot", At: s.now}
	}
	s.says(anna, "close\nNon avendo avuto risposta chiudo la richiesta.")
	s.says(anna, "ok")
	s.until("15:40")
	s.server = nil
	s.says(anna, "resend")
	s.wantState(1, ticket.Closed)
	closing := s.last(mario)
	s.says(anna, "reopen")
	s.wantState(1, ticket.Open)
	s.delivers(closing.Bytes, "")
	s.wantState(1, ticket.Open)
}
