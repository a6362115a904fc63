package desk_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// torn is a store of which one ticket cannot be read.
type torn struct {
	store.Store
	number uint64
}

func (s torn) Load(ctx context.Context, desk string, number uint64) (ticket.Ticket, error) {
	if number == s.number {
		return ticket.Ticket{}, fmt.Errorf("load ticket %d: %w", number, store.ErrDamaged)
	}
	return s.Store.Load(ctx, desk, number)
}

func (s torn) Find(ctx context.Context, q store.Query) ([]ticket.Ticket, error) {
	found, err := s.Store.Find(ctx, q)
	if slices.ContainsFunc(found, func(t ticket.Ticket) bool { return t.Number == s.number }) {
		return nil, fmt.Errorf("find tickets: %w", store.ErrDamaged)
	}
	return found, err
}

func (s torn) Each(ctx context.Context, q store.Query) iter.Seq2[ticket.Ticket, error] {
	return func(yield func(ticket.Ticket, error) bool) {
		for t, err := range s.Store.Each(ctx, q) {
			if t.Number == s.number {
				t, err = ticket.Ticket{Desk: t.Desk, Number: t.Number}, fmt.Errorf("load ticket %d: %w", t.Number, store.ErrDamaged)
			}
			if !yield(t, err) {
				return
			}
		}
	}
}

// tears has a ticket unreadable from now on.
func (s *scenario) tears(number uint64) {
	s.desk = s.hireAt(s.cfg, torn{s.store, number})
}

// I5, I7: a ticket that cannot be read is told of at each beat, and keeps no other from its steps, in time or late.
func TestDamagedTicketAlone(t *testing.T) {
	for name, late := range map[string]time.Duration{"in time": 0, "late": 3 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.tick()
			for range 3 {
				s.arrives(mail{from: mario, subject: "Carrello", text: fmt.Sprint(request, s.uid)})
			}
			s.tears(1)
			if s.now = s.ticket(2).NextDue(); late > 0 {
				s.now = s.now.Add(late)
			}
			if err := s.beat(); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("the beat says %v, want what is damaged", err)
			}
			for _, n := range []int64{1, 2, 3} {
				if got := s.count(n, kind.Warned) + s.count(n, kind.Breached); (got > 0) != (n > 1) {
					t.Errorf("ticket %d took %d steps", n, got)
				}
			}
			s.checkFold()
		})
	}
}

// The start computes anew what can be read, and tells of the rest.
func TestDamagedTicketAtStart(t *testing.T) {
	s := play(t, careDesk(t))
	s.opens(3)
	cal, err := s.cfg.Policy.Calendar.WithClosures([]sla.Closure{{From: "2026-11-16", To: "2027-01-15", NotifiedAt: s.now.AddDate(0, -1, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	p := sla.BusinessCare(cal)
	s.cfg.Policy = &p
	s.tears(2)
	if err := errors.Join(s.desk.Retime(t.Context(), s.now), s.desk.Reassign(t.Context(), s.now)); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("the start says %v, want what is damaged", err)
	}
	for _, n := range []int64{1, 2, 3} {
		if got := s.count(n, kind.Retimed); (got > 0) != (n != 2) {
			t.Errorf("ticket %d was moved %d times", n, got)
		}
	}
}

// A letter of a ticket that cannot be read waits, and the next one goes.
func TestLetterOfDamagedTicket(t *testing.T) {
	s := asked(t)
	s.arrives(s.answer(s.last(anna), anna, "ok\n\n"+words))
	s.now = s.now.Add(5 * time.Minute)
	waiting, err := s.desk.Outbox(t.Context(), s.now, 1)
	if err != nil || len(waiting) != 1 || !waiting[0].Customer {
		t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	s.tears(1)
	if err := s.desk.Begin(t.Context(), waiting[0], s.now); !errors.Is(err, desk.ErrWithdrawn) || !errors.Is(err, store.ErrDamaged) {
		t.Errorf("its beginning says %v, want that it is not to go, and why", err)
	}
}

// A mail to staff that has gone about a ticket that cannot be read leaves the outbox: it would go again at every start.
func TestStaffLetterOfDamagedTicket(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	waiting, err := s.desk.Outbox(t.Context(), s.now, 0)
	if err != nil || len(waiting) == 0 || waiting[0].Customer {
		t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	s.tears(1)
	for _, l := range waiting {
		if err := s.desk.End(t.Context(), l, desk.Ended{Outcome: "sent", At: s.now}); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := s.desk.Outbox(t.Context(), s.now, 0); err != nil || len(left) > 0 {
		t.Errorf("%d letters are left, %v", len(left), err)
	}
}

// I5, I7, I10: managers get their digest, with all that can be read and the tickets that cannot, an open one and one that was closed since.
func TestDigestNamesDamagedTickets(t *testing.T) {
	for name, closed := range map[string]bool{"open": false, "closed since": true} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.tick()
			for range 3 {
				s.arrives(mail{from: mario, subject: fmt.Sprint("Carrello ", s.uid), text: fmt.Sprint(request, s.uid)})
			}
			s.post()
			if closed {
				s.saysOf(anna, "MB-2", "bill 30: lavoro\nclose")
			}
			s.tears(2)
			s.now = s.ticket(0).NextDue()
			if err := s.beat(); err != nil && !errors.Is(err, store.ErrDamaged) {
				t.Fatal(err)
			}
			s.post()
			d := s.digests()
			if len(d) != 1 {
				t.Fatalf("%d digests, want 1", len(d))
			}
			subject, text, _ := strings.Cut(d[0], "\n")
			if !strings.Contains(text, "MB-1") || !strings.Contains(text, "MB-3") || !strings.Contains(text, "non si può leggere dal registro: MB-2") || !strings.Contains(subject, "problema") {
				t.Errorf("the digest:\n%s", d[0])
			}
			s.checkFold()
		})
	}
}

// I7: one of the tickets that wait for the same correction cannot be read, before it is shown or after: it is left out and named, the others get
// their letters.
func TestPatchPastDamagedTicket(t *testing.T) {
	for name, after := range map[string]bool{"before it is shown": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			s := waiting(t, 0)
			if !after {
				s.tears(3)
			}
			s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
			review := mailparse.Parse(s.last(anna).Bytes).Text
			if after {
				s.tears(3)
			}
			s.says(anna, "ok")
			s.post()
			s.wantLetters(3)
			named := review
			if after {
				named = mailparse.Parse(s.last(anna).Bytes).Text
			}
			if !strings.Contains(named, "MB-3") || !strings.Contains(folded(named), "non si può leggere dal registro") {
				t.Errorf("who approves is not told:\n%s", named)
			}
		})
	}
}

// A summary of what was over a budget goes out past a ticket that cannot be read.
func TestSummaryPastDamagedTicket(t *testing.T) {
	s := play(t, agency(t))
	s.until("15:00")
	s.pour(60, func(i int) mail {
		return mail{from: fmt.Sprintf("Cliente <c%d@molti.example>", i), subject: fmt.Sprint("Carrello ", i), text: request}
	})
	s.post()
	s.tears(50)
	s.now = s.now.Add(11 * time.Minute)
	if err := s.beat(); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("the beat says %v, want what is damaged", err)
	}
	s.post()
	s.summary(anna)
}

// I4: a letter that an earlier run began to send, and whose ticket cannot be read since, stays where it is: nobody can say how it ended. It keeps
// no other, and does not end the program at each start.
func TestLetterInDoubtOfDamagedTicket(t *testing.T) {
	s := asked(t)
	s.arrives(s.answer(s.last(anna), anna, "ok\n\n"+words))
	s.now = s.now.Add(5 * time.Minute)
	waiting, err := s.desk.Outbox(t.Context(), s.now, 1)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	if err := s.desk.Begin(t.Context(), waiting[0], s.now); err != nil {
		t.Fatal(err)
	}
	s.arrives(mail{from: "luigi@altro.example", subject: "Altro", text: request})
	s.tears(1)
	left, err := s.desk.Outbox(t.Context(), s.now, 0)
	if !errors.Is(err, store.ErrDamaged) || len(left) == 0 {
		t.Errorf("%d letters, %v", len(left), err)
	}
	for _, l := range left {
		if l.ID == waiting[0].ID {
			t.Error("the letter in doubt is to be dealt with")
		}
	}
}

// The desk's own file says whether letters may go and who is whom: without it a beat, a letter and a mail end with that, and nothing is
// decided.
func TestDamagedOwnFile(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tears(0)
	head, _ := s.store.Head(t.Context(), s.cfg.Name)
	s.now = s.ticket(1).NextDue()
	_, out := s.desk.Outbox(t.Context(), s.now, 0)
	for what, err := range map[string]error{
		"the beat": s.beat(), "the outbox": out, "the mail": s.desk.Receive(t.Context(), s.batch(1)), "the start": s.desk.Retime(t.Context(), s.now),
	} {
		if !errors.Is(err, desk.ErrOwnFile) || !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s says %v", what, err)
		}
	}
	cursor, err := s.store.Cursor(t.Context(), s.cfg.Name, "INBOX")
	if now, _ := s.store.Head(t.Context(), s.cfg.Name); now != head || err != nil || cursor.UID >= s.uid {
		t.Errorf("something was decided: %+v after %+v, cursor %+v at mail %d", now, head, cursor, s.uid)
	}
}
