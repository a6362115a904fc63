package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// I2, I11: when two people decide at the same time the first wins, the customer gets one letter, and the other is told who and when.
func TestTwoPeopleAtOnce(t *testing.T) {
	t.Parallel() // a long one
	rounds := 1000
	if testing.Short() {
		rounds = 100
	}
	s := play(t, agency(t))
	won := map[string]int{}
	for round := range rounds {
		s.now = s.now.Add(3 * time.Minute) // within everybody's budget
		s.arrives(mail{from: fmt.Sprintf("cliente%d@cliente.example", round), subject: fmt.Sprint("Carrello ", round), text: request})
		s.post()
		n := uint64(round + 1)
		ballots := map[string][]byte{}
		for i, who := range []string{anna, marco} {
			m := s.answer(s.last(who), who, rival(round, i))
			s.uid++
			ballots[who] = s.raw(m)
		}
		s.together(ballots)
		s.sent = nil
		s.post()
		winner := s.oneDecision(n)
		won[winner]++
		loser := map[string]string{anna: marco, marco: anna}[winner]
		text := s.text(loser)
		when := map[string]string{anna: "Anna Verdi", marco: "Marco Neri"}[winner] + s.now.In(s.cfg.Zone).Format(", 02/01/2006 15:04")
		if !strings.Contains(text, "ha già deciso "+when) && !strings.Contains(text, "decided by "+when) {
			t.Fatalf("round %d: %s is not told that %s decided, and when:\n%s", round, loser, winner, text)
		}
	}
	t.Logf("rounds %d, won %v", rounds, won)
	s.checkFold()
}

// rival is what one of two says: in turn a bare approval, one with words, and an estimate.
func rival(round, who int) string {
	own := fmt.Sprintf("Parole scritte per il caso %d dalla persona %d.", round, who)
	return []string{"ok", "ok\n\n" + own, "eta 2026-12-24 17:00\n" + own}[(round+who)%3]
}

// together delivers the mails of several people at the same moment, each from a mailbox connection of its own.
func (s *scenario) together(ballots map[string][]byte) {
	s.Helper()
	var all sync.WaitGroup
	begin := make(chan struct{})
	for who, raw := range ballots {
		s.uid++
		b := desk.Batch{Folder: "INBOX " + who, Role: arrival.Inbox, UIDValidity: 1, UID: s.uid, Now: s.now,
			Mails: []desk.Incoming{{UID: s.uid, Internal: s.now, Raw: raw, Prove: func() desk.Auth { return desk.Auth{Outcome: arrival.Pass, From: who, Evidence: "test"} }}}}
		all.Go(func() {
			<-begin
			if err := s.desk.Receive(s.Context(), b); err != nil {
				s.Error(err)
			}
		})
	}
	close(begin)
	all.Wait()
}

// oneDecision returns who decided the ticket, and fails unless exactly one letter was decided and accepted.
func (s *scenario) oneDecision(n uint64) string {
	s.Helper()
	tk := s.ticket(n)
	var mine []ticket.Posted
	for _, p := range tk.Posted {
		if p.Customer {
			mine = append(mine, p)
		}
	}
	sent := 0
	for _, l := range s.sent {
		if l.Customer {
			sent++
		}
	}
	if len(mine) != 1 || sent != 1 || mine[0].State != posted.Sent || s.count(int64(n), kind.Decided) != 1 || s.count(int64(n), kind.DecisionRefused) != 1 {
		s.Fatalf("ticket %d: %d letters, %d accepted, %v", n, len(mine), sent, s.events(int64(n)))
	}
	if !slices.Contains([]string{anna, marco}, mine[0].By) {
		s.Fatalf("decided by %q", mine[0].By)
	}
	return mine[0].By
}
