package desk_test

import (
	"strings"
	"testing"

	"replyby/sla"
	"replyby/ticket/kind"
)

// I5: a change of the calendar moves the deadlines of open tickets, says so, and leaves closed ones alone.
func TestRetime(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 17:00")
	s.arrives(mail{from: mario, subject: "Aperto", text: request})
	s.arrives(mail{from: "luigi@altro.example", subject: "Chiuso", text: request})
	s.tick()
	s.says(anna, "close") // the latest, number 2
	before, _ := s.ticket(1).Duty("ack")
	closed, _ := s.ticket(2).Duty("ack")
	s.until("17:31") // half of the way: one step taken

	cal, err := sla.NewCalendar(sla.Spec{Name: "service", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-18:00"}, Holidays: []string{"IT", "2026-11-24 Patrono"}})
	if err != nil {
		t.Fatal(err)
	}
	p := sla.Agency(cal)
	s.cfg.Policy, s.cfg.Service = &p, cal
	s.restart()
	for range 2 { // a second start changes nothing more
		if err := s.desk.Retime(t.Context(), s.now); err != nil {
			t.Fatal(err)
		}
	}
	after, _ := s.ticket(1).Duty("ack")
	if !after.Limit.After(before.Limit) || after.Calendar == before.Calendar {
		t.Errorf("limit %s, was %s", after.Limit, before.Limit)
	}
	if s.count(1, kind.Retimed) != 1 || s.count(2, kind.Retimed) != 0 {
		t.Errorf("retimed %d and %d times, want 1 and 0", s.count(1, kind.Retimed), s.count(2, kind.Retimed))
	}
	if now, _ := s.ticket(2).Duty("ack"); !now.Limit.Equal(closed.Limit) {
		t.Error("a closed ticket was moved")
	}
	warned := len(s.warned(anna))
	s.until("17:40")
	if len(s.warned(anna)) != warned {
		t.Error("a step already taken was taken again")
	}
	s.until("2026-11-25 14:00")
	if all := strings.Join(s.digests(), "\n"); strings.Count(all, "scadenza spostata") != 1 {
		t.Errorf("not exactly one digest says which deadline moved:\n%s", all)
	}
	s.checkFold()
}
