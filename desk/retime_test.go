package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/sla"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// started is what the program does at a start.
func (s *scenario) started() {
	s.Helper()
	s.restart()
	if err := s.desk.Retime(s.Context(), s.now); err != nil {
		s.Fatal(err)
	}
	if err := s.desk.Reassign(s.Context(), s.now); err != nil {
		s.Fatal(err)
	}
}

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

// retimed starts the desk anew under a changed configuration and returns the acknowledgement before and after.
func (s *scenario) retimed(change func(*desk.Config)) (before, after ticket.Obligation, why string) {
	s.Helper()
	before, _ = s.ticket(1).Duty("ack")
	change(&s.cfg)
	s.restart()
	for range 2 {
		if err := s.desk.Retime(s.Context(), s.now); err != nil {
			s.Fatal(err)
		}
	}
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, 1) {
		if err != nil {
			s.Fatal(err)
		}
		if r.Kind == kind.Retimed {
			e, err := r.Event()
			if err != nil {
				s.Fatal(err)
			}
			why = e.Body.Reason
		}
	}
	after, _ = s.ticket(1).Duty("ack")
	return before, after, why
}

// Closures and policies move deadlines like calendars do: a closure only from its notice on, and the log says what changed.
func TestRetimeWhy(t *testing.T) {
	shut := func(told string) func(*desk.Config) {
		return func(c *desk.Config) {
			closure := sla.Closure{From: "2026-11-24", To: "2026-11-25"}
			if told != "" {
				closure.NotifiedAt, _ = time.Parse(time.RFC3339, told)
			}
			cal, err := c.Service.WithClosures([]sla.Closure{closure})
			if err != nil {
				t.Fatal(err)
			}
			p := sla.Agency(cal)
			c.Policy, c.Service = &p, cal
		}
	}
	for _, c := range []struct {
		name   string
		change func(*desk.Config)
		limit  string // local
		says   string
	}{
		{"nothing", func(*desk.Config) {}, "Nov 24 17:00", ""},
		{"closure with notice", shut("2026-11-20T10:00:00+01:00"), "Nov 26 17:00", "service@"},
		{"closure nobody announced: only our own hours move", shut(""), "Nov 24 17:00", "service@"},
		{"policy", func(c *desk.Config) {
			p := *c.Policy
			p.Ack.Limit.Amount = 2
			c.Policy = &p
		}, "Nov 23 18:00", "policy agency"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, agency(t))
			s.at(monday + " 16:00").arrives(mail{from: mario, subject: "Carrello", text: request})
			s.tick()
			before, after, why := s.retimed(c.change)
			if got := after.Limit.In(s.cfg.Zone).Format("Jan 2 15:04"); got != c.limit {
				t.Errorf("limit %s, want %s", got, c.limit)
			}
			if !strings.Contains(why, c.says) || (why == "") != (c.says == "") {
				t.Errorf("the log says %q, want %q in it", why, c.says)
			}
			if why != "" && !strings.Contains(why, "was target "+before.Target.Format(time.RFC3339)) {
				t.Errorf("the log does not say what was: %q", why)
			}
			s.checkFold()
		})
	}
}
