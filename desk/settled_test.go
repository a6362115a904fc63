package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// loses lets no answer come about any letter to a customer, and returns where the latest of them will be.
func (s *scenario) loses() *store.Letter {
	var lost store.Letter
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			lost = l
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	return &lost
}

// inDoubt plays until a letter to Mario is in doubt, and returns it.
func inDoubt(t *testing.T) (*scenario, store.Letter) {
	t.Helper()
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	lost := s.loses()
	s.says(anna, "ok\n\n"+words)
	return s, *lost
}

// I4, I10: the field that marks our letters is something anybody can write: a mail with it and another body settles no doubt and stops
// no clock.
func TestForgedOwnLetter(t *testing.T) {
	s, lost := inDoubt(t)
	s.arrives(mail{from: support, to: mario, subject: "Re: Carrello", head: []string{"X-Replyby-Letter: " + s.store.ID() + "/" + lost.ID}, text: "Tutto a posto."})
	p, _ := s.ticket(1).Letter(lost.ID)
	if ack, _ := s.ticket(1).Duty("ack"); p.State != posted.Unknown || p.Proof != "" || !ack.Running() {
		t.Errorf("the letter is %q by %q, acknowledged %s", p.State, p.Proof, ack.MetAt)
	}
	s.delivers(lost.Bytes, "")
	if p, _ := s.ticket(1).Letter(lost.ID); p.State != posted.Sent || !strings.HasPrefix(p.Proof, "copy") {
		t.Errorf("the true copy: the letter is %q by %q", p.State, p.Proof)
	}
}

// The mark of a letter to staff on somebody else's mail hides nothing: it is his request. What comes back from us, or forwarded with our
// address to answer to, is the letter itself.
func TestMarkOfALetterToStaff(t *testing.T) {
	for name, c := range map[string]struct {
		from, answers string
		opens         bool
	}{
		"a customer's":           {from: mario, opens: true},
		"from us":                {from: support},
		"forwarded, From is not": {from: "Gruppo <gruppo@mb.example>", answers: support},
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: "luca@altro.example", subject: "Fattura", text: request})
		s.post()
		mark := mailparse.Parse(s.last(anna).Bytes).Header.Get("X-Replyby-Letter")
		head := []string{"X-Replyby-Letter: " + mark}
		if c.answers != "" {
			head = append(head, "Reply-To: "+c.answers)
		}
		s.arrives(mail{from: c.from, subject: "Carrello", text: request, head: head})
		if opened := len(s.events(2)) > 0; opened != c.opens {
			t.Errorf("%s: a ticket of its own: %v, want %v; %v", name, opened, c.opens, s.events(1))
		}
	}
}

// I5: a limit that passes between two beats of the metronome, or while nothing ran, is missed also where the answer is faster than the next
// beat.
func TestMissedBetweenBeats(t *testing.T) {
	s := play(t, agency(t))
	s.now = s.now.Add(30 * time.Second) // the limit is half a minute from any beat
	s.requested("Carrello", request)
	s.until("2026-11-24 16:00")
	s.now = s.now.Add(40 * time.Second)
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	s.until("2026-11-24 16:10")
	if kept, missed := s.counted(); kept != 0 || missed != 1 || s.count(1, kind.Breached) != 1 {
		t.Errorf("answered ten seconds after the limit: %d kept, %d missed; noted %d times", kept, missed, s.count(1, kind.Breached))
	}
	s.checkFold()
}

// So is one at which a ladder of one's own tells nobody.
func TestMissedWithoutAStep(t *testing.T) {
	cfg := agency(t)
	cfg.Policy.Ladder = []sla.Step{{At: "50%", To: []string{"assignee"}}}
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.until("2026-11-24 16:10")
	got := len(s.warned(boss))
	if kept, missed := s.counted(); kept != 0 || missed != 1 || got != 0 {
		t.Errorf("nobody answered: %d kept, %d missed, the manager has %d warnings", kept, missed, got)
	}
	s.started()
	if s.count(1, kind.Reclassified)+s.count(1, kind.Retimed) != 0 {
		t.Error("a start without a change moves the steps")
	}
	s.checkFold()
}

// I5: the limit is the first instant that is late: what the server accepts then has not kept it, and what it accepts a microsecond
// before has.
func TestKeptAtTheLimit(t *testing.T) {
	for before, want := range map[time.Duration]int64{0: 0, time.Microsecond: 1} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "Carrello", text: request})
		s.post()
		ack, _ := s.ticket(1).Duty("ack")
		s.now = ack.Limit.Add(-before)
		s.says(anna, "ok\n\n"+words)
		s.wantLetters(1)
		day := s.now.In(s.cfg.Zone).Format(time.DateOnly)
		days, err := s.store.Tallies(t.Context(), s.cfg.Name, monday, day)
		if err != nil {
			t.Fatal(err)
		}
		kept := int64(0)
		for _, d := range days {
			kept += d.Count["kept"]
		}
		if kept != want {
			t.Errorf("accepted %s before the limit: %d kept, want %d", before, kept, want)
		}
	}
}
