package desk_test

import (
	"testing"
	"time"

	"replyby/desk"
	"replyby/ticket/kind"
)

// I10: a mailbox that cannot be read reaches team and managers within five minutes, once.
func TestMailboxTrouble(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	began := s.now
	for _, step := range []struct {
		after   time.Duration
		trouble string
		mails   int
	}{
		{time.Minute, "connection refused", 0},
		{4 * time.Minute, "connection refused", 1},
		{20 * time.Minute, "no route to host", 1},
		{21 * time.Minute, "", 1},
		{22 * time.Minute, "", 1},
	} {
		s.now = began.Add(step.after)
		h := desk.Health{ReadTrouble: step.trouble, ReadSince: began}
		if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now, Health: h}); err != nil {
			t.Fatal(err)
		}
		s.post()
		if a, b := len(s.letters(anna)), len(s.letters(boss)); a != step.mails || b != step.mails {
			t.Errorf("after %s: anna has %d mails, the manager %d, want %d", step.after, a, b, step.mails)
		}
	}
	if s.count(0, kind.Outage) != 2 {
		t.Errorf("%d events, want the trouble and its end", s.count(0, kind.Outage))
	}
	s.checkFold()
}
