package desk_test

import (
	"testing"
	"time"
)

// What a colleague is writing stays the draft when an answer that was written elsewhere is recorded, and whoever records it reads so.
func TestPostedLeavesDraftsInHand(t *testing.T) {
	for _, said := range []string{"posted\n" + words, "posted"} {
		s := asked(t)
		s.saysOf(marco, "MB-1", firstWords)
		proposed := s.about(marco, "MB-1")
		s.saysOf(anna, "MB-1", said)
		if d := s.ticket(1).Draft; d.Personal != firstWords || d.By != marco {
			t.Errorf("%q: the draft is %+v", said, d)
		}
		s.wantText(anna, "La bozza di Marco Neri")
		s.wantText(marco, "What you had written has not been sent")
		s.arrives(s.answer(proposed, marco, "ok"))
		s.post()
		s.wantLetters(0)
		s.wantRefused(1, "superseded")
		s.wantText(marco, firstWords)
		s.checkFold()
	}
}

// What somebody was writing himself, or what he has posted of a colleague's draft, is answered by that.
func TestPostedEndsTheDraftItSays(t *testing.T) {
	for name, by := range map[string]string{"his own": anna, "a colleague's, posted as it is": marco} {
		s := asked(t)
		s.saysOf(by, "MB-1", firstWords)
		said := firstWords
		if by == anna {
			said = words
		}
		s.saysOf(anna, "MB-1", "posted\n"+said)
		if d := s.ticket(1).Draft; d.Personal != "" || d.By != "" {
			t.Errorf("%s: the draft is %+v", name, d)
		}
		s.wantText(anna, "!La bozza di")
		s.checkFold()
	}
}

// A correction proposed to several stays proposed, whoever proposed it.
func TestPostedLeavesCorrections(t *testing.T) {
	s := proposed(t, time.Minute)
	s.says(anna, "posted\n"+words)
	if d := s.ticket(1).Draft; len(d.With) != 3 {
		t.Errorf("the draft is %+v", d)
	}
	s.wantText(anna, "La correzione proposta per più richieste")
	s.saysOf(anna, "MB-1", "ok")
	s.wantText(anna, "MB-2", "MB-3", "MB-6")
	s.checkFold()
}
