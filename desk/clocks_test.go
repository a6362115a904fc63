package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket/kind"
)

// hourly lets weeks pass, a beat each quarter of an hour.
func (s *scenario) hourly(when string) {
	s.Helper()
	from := s.now
	s.at(when)
	to := s.now
	for s.now = from; s.now.Before(to); s.now = s.now.Add(15 * time.Minute) {
		s.tick()
	}
	s.now = to
	s.tick()
}

// stamps lists when a person was warned, in local time.
func (s *scenario) stamps(to string) []string {
	var at []string
	for _, l := range s.letters(to) {
		if l.Purpose == "warning" {
			at = append(at, mailparse.Parse(l.Bytes).Date.In(s.cfg.Zone).Format("Jan 2 15:04"))
		}
	}
	return at
}

func (s *scenario) wantStamps(to string, want ...string) {
	s.Helper()
	if got := s.stamps(to); !slices.Equal(got, want) {
		s.Errorf("%s was warned at\n%q, want\n%q", to, got, want)
	}
}

// lastWarning is the text of the latest warning a person got.
func (s *scenario) lastWarning(to string) string {
	s.Helper()
	for _, l := range slices.Backward(s.letters(to)) {
		if l.Purpose == "warning" {
			return l.Subject + "\n" + mailparse.Parse(l.Bytes).Text
		}
	}
	s.Fatalf("%s was never warned", to)
	return ""
}

// I5: a step a fixed time before the limit, and one every working morning after it until somebody acts: over a weekend and a
// holiday, across restarts, once each.
func TestReminders(t *testing.T) {
	cfg := agency(t)
	cfg.Policy.Ladder = []sla.Step{{At: "30 min before limit", To: []string{anna}}, {At: "limit", To: []string{marco}}, {At: "every working morning", To: []string{"managers"}}}
	s := play(t, cfg)
	s.at("2026-12-03 16:00").arrives(mail{from: mario, subject: "Carrello", text: request}) // Thursday; the limit is Friday 17:00
	s.tick()
	s.hourly("2026-12-07 16:00")
	s.restart()
	s.hourly("2026-12-10 16:00")
	s.wantStamps(anna, "Dec 4 16:30")
	s.wantStamps(marco, "Dec 4 17:00")
	s.wantStamps(boss, "Dec 7 15:00", "Dec 9 15:00", "Dec 10 15:00") // the 8th is a holiday
	if text := s.lastWarning(boss); !strings.Contains(text, "limite superato") {
		t.Errorf("the reminder speaks as if the limit lay ahead:\n%s", text)
	}
	s.says(anna, "ok\n\n"+words)
	s.hourly("2026-12-15 16:00")
	if n := len(s.stamps(boss)); n != 3 {
		t.Errorf("%d reminders, want none after somebody acted", n)
	}
	s.checkFold()
}

// Out of hours the on-call person hears only of what is urgent, whenever it became so.
func TestOnCallOutOfHours(t *testing.T) {
	const reachable = "reperibile@mb.example"
	for _, c := range []struct {
		name string
		act  func(s *scenario)
		want int
	}{
		{"not urgent", func(*scenario) {}, 0},
		{"raised by hand", func(s *scenario) { s.says(anna, "urgent il negozio è fermo") }, 1},
		{"raised by the customer", func(s *scenario) {
			first := s.ticket(1).Thread[0]
			s.arrives(mail{from: mario, subject: "URGENTE: Re: Modulo", reply: []string{first}, text: request})
		}, 1},
		{"raised and lowered", func(s *scenario) {
			s.says(anna, "urgent il negozio è fermo")
			s.at("15:30").says(anna, "normal il cliente dice che può aspettare")
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := careDesk(t)
			cfg.OnCall = reachable
			cfg.Policy.Ladder = []sla.Step{{At: "limit", To: []string{"on_call", "managers"}}}
			s := play(t, cfg)
			s.now = s.now.Add(-5 * time.Hour) // Monday 10:00: the limit is Tuesday 10:00, when nobody is in
			s.arrives(mail{from: mario, subject: "Modulo", text: request})
			s.tick()
			s.at("15:10")
			c.act(s)
			s.hourly("2026-11-24 12:00")
			if got := len(s.stamps(reachable)); got != c.want || len(s.stamps(boss)) != 1 {
				t.Errorf("the on-call person was told %d times, want %d; the manager %d", got, c.want, len(s.stamps(boss)))
			}
			s.checkFold()
		})
	}
}

// What becomes urgent at night in a further mail reaches who is on call then, as a first mail does, and not only with the next step.
func TestOnCallHearsOfFurtherMail(t *testing.T) {
	const reachable = "reperibile@mb.example"
	for subject, want := range map[string]int{"URGENTE: Re: Carrello": 1, "Re: Carrello": 0} {
		cfg := agency(t)
		cfg.OnCall = reachable
		s := play(t, cfg)
		s.requested("Carrello", request)
		s.at("22:00").arrives(mail{from: mario, subject: subject, reply: s.ticket(1).Thread[:1], text: "Adesso non si apre più nessuna pagina."})
		s.post()
		if got := len(s.letters(reachable)); got != want {
			t.Errorf("%q at night: the on-call person got %d mails, want %d", subject, got, want)
		}
	}
}

// A step for who is on call alone is for others while he is away.
func TestOnCallIsAway(t *testing.T) {
	cfg := careDesk(t)
	cfg.OnCall = anna
	cfg.Policy.Ladder = []sla.Step{{At: "limit", To: []string{"on_call"}}}
	s := play(t, cfg)
	s.now = s.now.Add(-5 * time.Hour)
	s.arrives(mail{from: mario, subject: "URGENTE: negozio fermo", text: request})
	s.tick()
	s.says(anna, "absent until 2026-12-10")
	s.hourly("2026-11-24 12:00")
	if len(s.stamps(marco))+len(s.stamps(boss)) == 0 {
		t.Errorf("only anna was told, who is away: %q", s.stamps(anna))
	}
	s.checkFold()
}

// The thirty days of a fault: 15, 5 and 1 working days before the target, the refund at it, breached at the limit and not before.
func TestThirtyDays(t *testing.T) {
	cfg := careDesk(t)
	cfg.Policy.Ladder = []sla.Step{{At: "limit", To: []string{"elsewhere@mb.example"}}}
	s := play(t, cfg)
	s.arrives(mail{from: mario, subject: "Modulo", text: request})
	s.tick()
	s.at("15:30").says(anna, "ok\n\n"+words)
	s.hourly("2026-12-23 23:45")
	s.wantStamps(anna, "Dec 1 15:00", "Dec 16 15:00", "Dec 22 15:00")
	s.wantStamps(boss, "Dec 22 15:00")
	s.hourly("2026-12-24 00:00")
	if text := s.lastWarning(anna); !strings.Contains(text, "rimborso") {
		t.Errorf("the warning at the target does not propose the refund:\n%s", text)
	}
	s.hourly("2027-01-04 23:45")
	if s.count(1, kind.Breached) != 0 {
		t.Error("breached before the limit")
	}
	s.hourly("2027-01-05 00:00")
	s.wantStamps(boss, "Dec 22 15:00", "Dec 24 00:00", "Jan 5 00:00")
	if s.count(1, kind.Breached) != 1 {
		t.Error("not breached at the limit")
	}
	s.checkFold()
}

// A date promised to the customer: a warning half a working day before, and a promise that passes is reported apart from limits.
func TestPromise(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.says(anna, "take")
	s.at("15:30").says(anna, "eta 2026-11-25 16:00\n"+words)
	s.hourly("2026-11-25 15:45")
	s.wantStamps(anna, "Nov 24 17:30") // an hour and a half of service before
	s.hourly("2026-11-25 16:00")
	s.wantStamps(boss, "Nov 25 16:00")
	if text := s.lastWarning(boss); !strings.Contains(text, "promessa è passata") {
		t.Errorf("the warning does not say that the promise has passed:\n%s", text)
	}
	s.hourly("2026-11-26 14:00")
	d := s.digests()
	last := d[len(d)-1]
	if !strings.Contains(last, "PROMESSE NON MANTENUTE (1)") || strings.Contains(last, "IN RITARDO (") {
		t.Errorf("a passed promise is not reported apart from limits:\n%s", last)
	}
	if s.count(1, kind.Breached) != 0 {
		t.Error("a promise is no limit")
	}
	s.at("15:10").says(anna, "eta 2026-11-27 16:00\nServe un giorno in più, il fornitore risponde domani.")
	if eta, _ := s.ticket(1).Duty("eta"); !eta.Running() || eta.Target.In(s.cfg.Zone).Day() != 27 {
		t.Errorf("the new promise: %+v", eta)
	}
	s.hourly("2026-11-27 14:00")
	if d = s.digests(); strings.Contains(d[len(d)-1], "PROMESSE NON MANTENUTE") {
		t.Error("a promise moved in time is still reported as passed")
	}
	s.checkFold()
}

// The mail that says "solved" is owed too: while no server takes it, its clock climbs.
func TestResolutionNoticeClimbs(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.says(anna, "ok\n\n"+words)
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: "deferred", Code: 451, Reply: "451 try later", At: s.now, Next: s.now.Add(time.Hour)}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.at("15:30").says(anna, "fixed\n\nHo rinnovato il certificato, i pagamenti funzionano.")
	if o, ok := s.ticket(1).Duty("resolution_notice"); !ok || !o.Running() || !s.ticket(1).IsOpen() {
		t.Fatalf("the notice is not owed: %+v", o)
	}
	s.until("17:50")
	if len(s.stamps(anna)) == 0 || len(s.stamps(boss)) == 0 {
		t.Errorf("warned of the notice: anna %q, manager %q", s.stamps(anna), s.stamps(boss))
	}
	s.checkFold()
}

// A range of hours is no offset from UTC: the mail is asked back, and no customer is promised a time that nobody wrote.
func TestRangeOfHoursIsNoZone(t *testing.T) {
	for _, line := range []string{"eta domani 15:00-16:00", "eta 24/11 9:00–10:30", "eta 2026-11-24 15:00-17:00: aspetto il fornitore", "eta demain 17h-18h"} {
		t.Run(line, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			s.at("15:20").says(anna, line+"\n\n"+words)
			if n := len(s.letters(mario)); n > 0 {
				eta, _ := s.ticket(1).Duty("eta")
				t.Errorf("%q promised the customer %s", line, eta.Target.In(s.cfg.Zone))
			}
		})
	}
}

// Who is on call and not of the staff hears of what is urgent, and is not asked to approve what his answer could not.
func TestOnCallDecidesNothing(t *testing.T) {
	const reachable = "reperibile@mb.example"
	cfg := agency(t)
	cfg.OnCall = reachable
	s := play(t, cfg)
	s.at("22:00").arrives(mail{from: mario, subject: "URGENTE: negozio fermo", text: request})
	s.post()
	for who, asked := range map[string]bool{reachable: false, anna: true} {
		m := mailparse.Parse(s.last(who).Bytes)
		if got := strings.Contains(m.Subject, "(rb:") && strings.Contains(m.Text, "COME RISPONDERE"); got != asked || !strings.Contains(m.Text, "negozio fermo") {
			t.Errorf("%s is asked to decide: %t\n%s\n%s", who, got, m.Subject, m.Text)
		}
	}
}
