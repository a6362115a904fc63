package desk_test

import (
	"context"
	"replyby/desk/arrival"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/ticket/kind"
)

// late plays an approval whose proof cannot be looked up until some minutes have passed, and how it ends then.
func late(t *testing.T, minutes int, then arrival.Outcome) *scenario {
	s := asked(t)
	from := s.now.Add(time.Duration(minutes) * time.Minute)
	s.prove = func(_ context.Context, raw []byte) desk.Auth {
		outcome := then
		if s.now.Before(from) {
			outcome = arrival.Temporary
		}
		return desk.Auth{Outcome: outcome, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test: " + string(outcome)}
	}
	s.restart()
	m := s.answer(s.last(anna), anna, "ok\n\n"+words)
	m.auth = arrival.Temporary
	s.arrives(m)
	s.post()
	s.wantLetters(0)
	return s
}

func (s *scenario) minutes(n int) {
	for range n {
		s.now = s.now.Add(time.Minute)
		s.tick()
	}
}

// I3: without a proof nothing goes out, however often it is asked for; after ten minutes the person is told, once.
func TestProofNeverToBeHad(t *testing.T) {
	s := late(t, 1000, arrival.Pass)
	mails := len(s.letters(anna))
	s.minutes(9)
	if n := len(s.letters(anna)); n != mails {
		t.Errorf("%d mails while there is hope", n-mails)
	}
	s.minutes(20)
	s.wantLetters(0)
	s.wantRefused(1, "temporary")
	if n := len(s.letters(anna)); n != mails+1 || len(s.ticket(1).Postponed) != 0 {
		t.Errorf("%d mails about it, want one; still waiting: %v", n-mails, s.ticket(1).Postponed)
	}
	s.checkFold()
}

// The proof comes to nothing: what could not be looked up decides no more than what is forged.
func TestProofFailsLater(t *testing.T) {
	s := late(t, 3, arrival.Fail)
	s.minutes(5)
	s.wantLetters(0)
	s.wantRefused(1, "unproven")
	s.checkFold()
}

// I1, I6: the mail is neither lost nor decided twice, whatever restarts and however often it is delivered.
func TestProofComesLater(t *testing.T) {
	s := late(t, 3, arrival.Pass)
	s.minutes(1)
	s.restart()
	again := s.answer(s.last(anna), anna, "ok\n\n"+words)
	again.auth = arrival.Temporary
	s.arrives(again) // impatient, the same token in a mail of its own
	s.post()
	s.minutes(4)
	s.wantLetters(1)
	s.minutes(15)
	s.wantLetters(1)
	if n := s.count(1, kind.Decided); n != 1 {
		t.Errorf("decided %d times", n)
	}
	if len(s.ticket(1).Postponed) != 0 {
		t.Errorf("still waiting: %v", s.ticket(1).Postponed)
	}
	s.checkFold()
}

// Whoever is removed from the staff while his proof is looked for decides nothing (T59).
func TestRemovedWhileWaiting(t *testing.T) {
	s := late(t, 3, arrival.Pass)
	s.cfg.Staff = s.cfg.Staff[1:]
	s.restart()
	s.minutes(5)
	s.wantLetters(0)
	if len(s.ticket(1).Postponed) != 0 {
		t.Errorf("still waiting: %v", s.ticket(1).Postponed)
	}
	s.checkFold()
}
