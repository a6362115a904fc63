package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/sla"
	"replyby/ticket/kind"
)

// takesIn reads requests now that came to the mailbox at an instant.
func (s *scenario) takesIn(n int, came time.Time) {
	s.Helper()
	now := s.now
	b := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, Now: now}
	for s.now = came; len(b.Mails) < n; s.uid++ {
		b.Mails = append(b.Mails, desk.Incoming{UID: s.uid + 1, Internal: came, Raw: s.raw(mail{from: mario, subject: "Richiesta", text: request})})
	}
	s.now, b.UID = now, s.uid
	if err := s.desk.Receive(s.Context(), b); err != nil {
		s.Fatal(err)
	}
}

// A digest that fell due while nothing ran waits for the mailbox to be read: what waited there is in it.
func TestDigestAfterDowntimeKnowsTheMailbox(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	beat := func(h desk.Health) {
		if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.alive, Health: h}); err != nil {
			t.Fatal(err)
		}
		s.alive = s.now
		s.post()
	}
	s.at("2026-11-24 15:30")
	s.restart()
	beat(desk.Health{Unread: true})
	if n := len(s.digests()); n != 0 {
		t.Fatalf("%d digests before the mailbox was read", n)
	}
	s.arrives(mail{from: mario, subject: "URGENTE: sito offline", text: request})
	s.restart() // it waits however often the program starts
	beat(desk.Health{Unread: true})
	s.at("15:31")
	beat(desk.Health{LastRead: s.now})
	if d := s.digests(); len(d) != 1 || !strings.Contains(d[0], "URGENTE: sito offline") {
		t.Fatalf("%d digests: %q", len(d), d)
	}
	s.at("2026-11-25 15:30")
	beat(desk.Health{ReadTrouble: "connection refused", ReadSince: s.now}) // nobody waits for a mailbox in trouble
	if n := len(s.digests()); n != 2 {
		t.Errorf("%d digests, want the second one to tell of the trouble", n)
	}
	s.checkFold()
}

func (s *scenario) summaries(to string) (n int) {
	for _, l := range s.letters(to) {
		if l.Purpose == "summary" {
			n++
		}
	}
	return n
}

// After downtime staff get one summary, however many tickets are concerned.
func TestOutageOfManyTickets(t *testing.T) {
	s := play(t, agency(t))
	s.takesIn(520, s.now) // more than one beat takes in hand
	s.at("17:50").tick()
	for range 3 {
		s.now = s.now.Add(time.Minute)
		s.tick()
	}
	// besides it, one of the requests that were over her budget while they came in
	if n := s.summaries(anna); n != 2 || len(s.letters(boss)) != 1 || len(s.warned(anna)) != 0 {
		t.Errorf("anna got %d summaries and %d warnings, the manager %d mails, want one summary each, and hers of the requests", n, len(s.warned(anna)), len(s.letters(boss)))
	}
	s.checkFold()
}

// Mail that waited in the mailbox while nothing ran comes with its deadlines passed: one summary says so, besides the mails that ask
// for the answers.
func TestBacklog(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	came := s.now
	s.at("2026-11-26 15:00").tick() // three days later, every limit has passed
	s.takesIn(10, came)
	s.until("15:05")
	if w := append(s.warned(anna), s.warned(boss)...); len(w) != 0 {
		t.Errorf("%d mails, one for each ticket, want a summary: %q", len(w), w[0])
	}
	if n := s.summaries(boss); n != 1 || s.count(1, kind.Breached) != 1 {
		t.Errorf("%d summaries, %d breaches of ticket 1, want 1 and 1", n, s.count(1, kind.Breached))
	}
	s.checkFold()
}

// A clock that jumps ahead and is set right again takes no step twice, and the digest does not stay away until the wrong day.
func TestClockJumps(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 16:00").arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.until("16:30")
	right := s.now
	s.at("2027-11-23 16:30").tick() // a year ahead
	steps := s.count(1, kind.Warned) + s.count(1, kind.Breached)
	if steps != 4 || len(s.stamps(anna)) != 1 {
		t.Errorf("%d steps taken, anna was told %d times, want 4 and 1", steps, len(s.stamps(anna)))
	}
	digests := len(s.digests())
	s.now = right
	s.until("2026-11-26 18:00")
	if got := s.count(1, kind.Warned) + s.count(1, kind.Breached); got != steps {
		t.Errorf("%d steps after the clock was set right, want %d", got, steps)
	}
	if got := len(s.digests()) - digests; got != 3 {
		t.Errorf("%d digests in the three days after, want 3", got)
	}
	s.now = s.now.Add(-48 * time.Hour) // and back
	s.tick()
	s.until("2026-11-26 18:00")
	if got := len(s.digests()) - digests; got != 3 {
		t.Errorf("%d digests, want none again for days that had theirs", got)
	}
	s.checkFold()
}

// A reminder that is late together with the limit leaves that told and counted once.
func TestReminderAfterOutage(t *testing.T) {
	cfg := agency(t)
	cfg.Policy.Ladder = []sla.Step{{At: "limit", To: []string{marco}}, {At: "every working morning", To: []string{"managers"}}}
	s := play(t, cfg)
	s.at(monday+" 16:00").requested("Carrello", request) // limit Tuesday 17:00
	s.until("2026-11-24 16:55")
	s.at("2026-11-25 15:10") // stopped over the limit and the next opening
	s.until("15:20")
	if _, missed := s.counted(); s.count(1, kind.Breached) != 1 || missed != 1 {
		t.Errorf("one limit passed: %d breaches in the log, %d counted", s.count(1, kind.Breached), missed)
	}
	s.checkFold()
}
