package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/classifier"
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

// patronSaint makes Tuesday 24 November a holiday of the agency.
func (s *scenario) patronSaint() {
	s.Helper()
	cal, err := sla.NewCalendar(sla.Spec{Name: "service", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-18:00"}, Holidays: []string{"IT", "2026-11-24 Patrono"}})
	if err != nil {
		s.Fatal(err)
	}
	p := sla.Agency(cal)
	s.cfg.Policy, s.cfg.Service = &p, cal
}

// counted is how many limits the figures call kept and missed.
func (s *scenario) counted() (kept, missed int64) {
	s.Helper()
	days, err := s.store.Tallies(s.Context(), s.cfg.Name, "2026-11-01", "2027-12-31")
	if err != nil {
		s.Fatal(err)
	}
	for _, d := range days {
		kept, missed = kept+d.Count["kept"], missed+d.Count["missed"]
	}
	return kept, missed
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

	s.patronSaint()
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
	if all := s.reasons(1, kind.Retimed); len(all) > 0 {
		why = all[len(all)-1]
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

// A policy that a source named and that was renamed since takes no deadline along: the thirty days of a fault stay, with all their steps.
func TestPolicyRenamed(t *testing.T) {
	cfg := agency(t)
	care := *careDesk(t).Policy
	care.Name = "modules"
	cfg.Policies = map[string]*sla.Policy{"modules": &care}
	s := play(t, cfg)
	source := portal()
	source.Policy = "modules"
	s.judge.Sources, s.judge.AuthservID = []classifier.Source{source}, "mx.seller.example"
	s.restart()
	s.notice("8841", "pass", "Buongiorno, la pagina mostra un errore.")
	before := s.ticket(1).Duties
	if len(before) != 2 || before[1].Limit.IsZero() {
		t.Fatalf("the clocks of a fault: %+v", before)
	}
	s.cfg.Policies = map[string]*sla.Policy{"module-sales": &care}
	s.started()
	for i, o := range s.ticket(1).Duties {
		if was := before[i]; !o.Limit.Equal(was.Limit) || !o.Target.Equal(was.Target) || len(o.Rungs) != len(was.Rungs) {
			t.Errorf("%s: limit %s, was %s; %d steps, were %d", o.Name, o.Limit, was.Limit, len(o.Rungs), len(was.Rungs))
		}
	}
	s.checkFold()
}

// What was closed when the rules changed is counted by the new ones once it is open again, not only after the next start.
func TestReopenedUnderNewRules(t *testing.T) {
	for _, who := range []string{anna, mario} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, "close")
		s.patronSaint()
		s.started()
		s.at("15:10")
		if who == anna {
			s.says(anna, "reopen")
		} else {
			s.arrives(mail{from: mario, subject: "Re: Carrello", reply: s.ticket(1).Thread[:1], text: "È ancora così."})
		}
		if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() || ack.Limit.In(s.cfg.Zone).Day() != 25 {
			t.Errorf("reopened by %s: limit %s, though nobody is in on the 24th", who, ack.Limit.In(s.cfg.Zone))
		}
		changes := s.count(1, kind.Retimed)
		s.started()
		if s.count(1, kind.Retimed) != changes {
			t.Errorf("reopened by %s: the next start moves it", who)
		}
		s.checkFold()
	}
}

// A limit that has passed and lies ahead again after an edit is told again when it passes then.
func TestMovedLimitIsToldAgain(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday+" 16:00").requested("Carrello", request)
	s.until("2026-11-24 17:05") // the limit, Tuesday 17:00, has been told
	before := len(s.stamps(boss))
	s.patronSaint()
	s.at("2026-11-25 09:00").started() // somebody remembers the patron saint
	ack, _ := s.ticket(1).Duty("ack")
	s.until("2026-11-25 18:30")
	if len(s.stamps(boss)) == before {
		t.Errorf("the limit is now %s, and it passed with nobody told", ack.Limit.In(s.cfg.Zone))
	}
	s.checkFold()
}

// And it is counted as missed only if it is missed then.
func TestMovedLimitIsCountedOnce(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday+" 16:00").requested("Carrello", request)
	s.until("2026-11-24 17:05")
	s.patronSaint()
	s.at("2026-11-25 09:00").started()
	s.at("15:10").says(anna, "ok\n\n"+words)
	if kept, missed := s.counted(); kept != 1 || missed != 0 {
		t.Errorf("one limit, met in time: %d kept, %d missed", kept, missed)
	}
	s.checkFold()
}

// An edit of a ladder alone reaches the tickets that are open: their deadlines have not moved, but who is told has.
func TestEditedLadderReachesOpenTickets(t *testing.T) {
	cfg := careDesk(t)
	cfg.Policy.FixLadder = []sla.Step{{At: "15wd before", To: []string{marco}}, {At: "limit", To: []string{marco}}}
	s := play(t, cfg)
	s.requested("Il modulo non stampa", request)
	s.at("15:30").says(anna, "ok\n\n"+words)
	p := *cfg.Policy
	p.FixLadder = []sla.Step{{At: "15wd before", To: []string{anna}}, {At: "limit", To: []string{anna, "managers"}}}
	s.cfg.Policy, s.cfg.Staff = &p, cfg.Staff[:1] // marco has left
	s.started()
	s.hourly("2027-01-05 12:00")
	if len(s.stamps(marco)) > 0 || len(s.stamps(anna)) == 0 || len(s.stamps(boss)) == 0 {
		t.Errorf("who has left was warned at %q; anna at %q, the manager at %q", s.stamps(marco), s.stamps(anna), s.stamps(boss))
	}
	s.checkFold()
}

// A start with nothing changed records nothing, whatever steps are due, taken or repeated, and however late or near the clock was set.
func TestStartChangesNothing(t *testing.T) {
	cfg := careDesk(t)
	cfg.Policy.Ladder = []sla.Step{{At: "50%", To: []string{"assignee"}}, {At: "limit", To: []string{"team", "on_call"}}, {At: "every working morning", To: []string{"managers"}}}
	s := play(t, cfg)
	s.requested("Il modulo non stampa", request)
	s.at("2026-11-24 12:00").tick()
	for _, when := range []string{"2026-11-24 15:10", "2026-11-27 16:00", "2026-12-02 16:00"} {
		s.at(when)
		s.started() // before the steps that have become due are taken
		s.until(s.now.Add(10 * time.Minute).In(s.cfg.Zone).Format("2006-01-02 15:04"))
		s.started()
	}
	s.says(anna, "ok\n\n"+words)
	s.at("2026-12-03 14:50").stillBroken()
	s.at("2026-12-03 15:00").says(anna, "question")
	s.at("2026-12-21 15:00").says(anna, "fault\neta 2026-12-23 16:00\n"+words) // the target of the correction is the day after next
	s.at("2026-12-21 17:55").stillBroken()
	s.started()
	s.at("2026-12-22 17:00").started()
	s.until("17:10")
	s.started()
	if n := s.count(1, kind.Retimed); n != 0 {
		t.Errorf("deadlines moved %d times", n)
	}
	for _, why := range s.reasons(1, kind.Reclassified) {
		if strings.Contains(why, "ladder") {
			t.Error("nothing was changed: " + why)
		}
	}
	s.checkFold()
}

// Nor where a request had waited in the mailbox until its target was so near that one warning stands for all.
func TestStartChangesNothingOfWhatCameLate(t *testing.T) {
	s := play(t, agency(t))
	s.at("17:45").takesIn(1, s.now.Add(-25*time.Minute))
	s.tick()
	s.started()
	if n := s.count(1, kind.Retimed) + s.count(1, kind.Reclassified); n != 0 {
		t.Errorf("nothing was changed, and the log says %d times that it was: %q", n, s.reasons(1, kind.Reclassified))
	}
}
