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
)

// warned lists the warnings a person got, by subject.
func (s *scenario) warned(to string) []string {
	var at []string
	for _, l := range s.letters(to) {
		if l.Purpose == "warning" {
			at = append(at, l.Subject)
		}
	}
	return at
}

// I5: what nobody answers climbs, in working time, each step once, also across restarts.
func TestLadder(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 16:00") // two hours of service to the target at 18:00: 50% is 17:00, 75% 17:30, 90% 17:48
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	for _, step := range []struct {
		at                string
		anna, marco, boss int
	}{
		{"16:59", 0, 0, 0},
		{"17:00", 1, 1, 0}, // nobody is assigned: the team
		{"17:29", 1, 1, 0},
		{"17:30", 2, 2, 0},
		{"17:47", 2, 2, 0},
		{"17:48", 3, 3, 1},
		{"18:30", 3, 3, 1}, // no step at the target
	} {
		s.until(step.at)
		s.restart()
		if a, m, b := len(s.warned(anna)), len(s.warned(marco)), len(s.warned(boss)); a != step.anna || m != step.marco || b != step.boss {
			t.Fatalf("%s: anna %d, marco %d, manager %d; want %+v", step.at, a, m, b, step)
		}
	}
	s.until("2026-11-24 17:01") // the limit: four hours of service, Tuesday 17:00
	if len(s.warned(anna)) != 4 || len(s.warned(boss)) != 2 || s.count(1, kind.Breached) != 1 {
		t.Errorf("at the limit: anna %d, manager %d, breaches %d", len(s.warned(anna)), len(s.warned(boss)), s.count(1, kind.Breached))
	}
	s.until("2026-11-26 12:00")
	if got := s.count(1, kind.Warned) + s.count(1, kind.Breached); got != 4 {
		t.Errorf("%d steps in all, want 4", got)
	}
	s.checkFold()
}

// An assigned ticket warns its person first.
func TestLadderAssignee(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 16:00")
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.says(marco, "take")
	s.until("17:01")
	if len(s.warned(anna)) != 0 || len(s.warned(marco)) != 1 {
		t.Errorf("at 50%%: anna %d, marco %d; want only marco", len(s.warned(anna)), len(s.warned(marco)))
	}
}

// An answered ticket is silent.
func TestNoWarningAfterAnswer(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 16:00")
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.at("16:30").says(anna, "ok\n\n"+words)
	s.until("2026-11-25 18:30")
	if len(s.warned(anna))+len(s.warned(boss)) != 0 {
		t.Errorf("warnings after the answer: anna %v, manager %v", s.warned(anna), s.warned(boss))
	}
}

// A letter that waits for a server does not stop the clock.
func TestWarningWhileLetterWaits(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 16:00")
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: "deferred", Code: 451, Reply: "451 4.7.1 try later", At: s.now, Next: s.now.Add(5 * time.Minute)}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.says(anna, "ok\n\n"+words)
	s.until("17:05")
	if len(s.warned(anna)) != 1 {
		t.Errorf("anna was warned %d times while her letter waited", len(s.warned(anna)))
	}
	s.server = nil
	s.until("17:20")
	s.wantLetters(1)
}

// After an outage one summary says what passed, instead of a mail for each step of each ticket; then the ladder goes on.
func TestOutage(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 15:00")
	for i := range 10 {
		s.arrives(mail{from: mario, subject: "Richiesta " + string(rune('A'+i)), text: request})
	}
	s.tick()
	s.restart()
	before := len(s.letters(anna))
	s.at("17:50").tick() // nothing ran since 15:00: 50%, 75% and 90% have passed
	got := s.letters(anna)[before:]
	if len(got) != 1 || got[0].Purpose != "summary" {
		t.Fatalf("anna got %d mails, the first a %s; want one summary", len(got), got[0].Purpose)
	}
	if len(s.letters(boss)) != 1 {
		t.Errorf("the manager got %d mails, want the summary", len(s.letters(boss)))
	}
	if s.count(0, kind.Outage) != 2 || s.count(5, kind.Warned) != 3 {
		t.Errorf("outages %d, steps recorded on a ticket %d, want the beginning and end of one, and 3", s.count(0, kind.Outage), s.count(5, kind.Warned))
	}
	s.tick()
	if len(s.letters(anna)) != before+1 {
		t.Error("a second summary")
	}
	s.checkFold()
}

// A single late step says itself that it is late, and why.
func TestLateStepSaysSo(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 16:00")
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.at("17:40").tick()
	w := s.warned(anna)
	if len(w) != 1 {
		t.Fatalf("%d warnings for two passed steps, want the higher one", len(w))
	}
	if s.count(1, kind.Warned) != 2 {
		t.Errorf("%d steps recorded, want 2", s.count(1, kind.Warned))
	}
}

// The summary of what is late reaches whoever is named by the steps it stands for, also one who is neither of the team nor a manager: of one
// ticket or of several, and he hears of those alone.
func TestOnCallHearsOfWhatIsLate(t *testing.T) {
	const reachable = "reperibile@mb.example"
	for tickets := 1; tickets <= 2; tickets++ {
		cfg := careDesk(t)
		cfg.OnCall = reachable
		cfg.Policy.Ladder = []sla.Step{{At: "limit", To: []string{"on_call", "managers"}}}
		s := play(t, cfg)
		s.now = s.now.Add(-5 * time.Hour) // Monday 10:00: the limit is Tuesday 10:00, when nobody is in
		for _, who := range []string{mario, "luigi@altro.example"}[:tickets] {
			s.arrives(mail{from: who, subject: "URGENTE: negozio fermo", text: request})
		}
		s.arrives(mail{from: "carla@terzo.example", subject: "Domanda sul modulo", text: "Buongiorno, vorremmo capire come si esporta l'elenco dei clienti."})
		s.tick()
		s.hourly("2026-11-24 09:45")
		before := len(s.letters(reachable))
		s.at("09:59").tick()
		s.at("10:05").tick() // the machine was restarted
		s.until("10:30")
		if len(s.letters(reachable)) == before {
			t.Fatalf("%d urgent tickets past their limit: who is on call heard of none", tickets)
		}
		text := func(to string) string { return mailparse.Parse(s.last(to).Bytes).Text }
		if other := "Domanda sul modulo"; strings.Contains(text(reachable), other) || !strings.Contains(text(boss), other) {
			t.Errorf("who is on call got\n%s\nthe manager\n%s", text(reachable), text(boss))
		}
		s.checkFold()
	}
}

// Where steps are minutes apart nobody is warned of the same twice: who is new hears of it, and the limit is told to all.
func TestLadderMinutesApart(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 17:20") // 40 minutes to the target at 18:00: 50% is 17:40, 75% 17:50, 90% 17:56
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.says(marco, "take")
	for _, step := range []struct {
		at                string
		anna, marco, boss int
	}{{"17:41", 0, 1, 0}, {"17:51", 1, 2, 0}, {"17:57", 1, 2, 1}, {"2026-11-25 15:30", 2, 3, 2}} {
		s.until(step.at)
		if a, m, b := len(s.warned(anna)), len(s.warned(marco)), len(s.warned(boss)); a != step.anna || m != step.marco || b != step.boss {
			t.Fatalf("%s: anna %d, marco %d, manager %d; want %+v", step.at, a, m, b, step)
		}
	}
	if got := s.count(1, kind.Warned) + s.count(1, kind.Breached); got != 4 {
		t.Errorf("%d steps taken, want 4", got)
	}
	s.checkFold()
}

// Who was warned a moment ago is a matter of people, not of roles: whoever holds the ticket or comes back meanwhile is new, and ten minutes
// count from a mail, not from a step that told others.
func TestLadderTellsWhoIsNew(t *testing.T) {
	type told struct {
		at          string
		anna, marco int
	}
	for name, c := range map[string]struct {
		who, first, then string // what he says at 17:31, and at 17:47
		steps            []told // 30 minutes to the target at 18:00: 50% is 17:45, 75% 17:52:30, 90% 17:57
	}{
		"handed over":  {anna, "take", "assign marco", []told{{"17:46", 1, 0}, {"17:53", 1, 1}, {"17:58", 2, 1}}},
		"held by one":  {anna, "take", "", []told{{"17:46", 1, 0}, {"17:53", 1, 1}, {"17:58", 2, 1}}},
		"held by none": {anna, "", "", []told{{"17:46", 1, 1}, {"17:53", 1, 1}, {"17:58", 2, 2}}},
		"comes back":   {marco, "absent until 2026-11-23 17:55", "", []told{{"17:46", 1, 0}, {"17:53", 1, 0}, {"17:58", 2, 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.at(monday + " 17:30")
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.tick()
			say := func(at, what string) {
				if s.until(at); what != "" {
					s.says(c.who, what)
				}
			}
			say("17:31", c.first)
			for i, step := range c.steps {
				s.until(step.at)
				if a, m := len(s.warned(anna)), len(s.warned(marco)); a != step.anna || m != step.marco {
					t.Errorf("%s: anna %d, marco %d; want %+v", step.at, a, m, step)
				}
				if i == 0 {
					say("17:47", c.then)
				}
				s.restart()
			}
			s.checkFold()
		})
	}
}

// A target that was moved nearer is another: whoever was warned of the old one a moment ago hears of it.
func TestLadderOfAMovedTarget(t *testing.T) {
	s := play(t, agency(t))
	s.at(monday + " 16:00") // the target is 18:00, and 50% of the way 17:00
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.until("17:01")
	cal, err := sla.NewCalendar(sla.Spec{Name: "service", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-17:20"}, Holidays: []string{"IT"}})
	if err != nil {
		t.Fatal(err)
	}
	p := sla.Agency(cal)
	s.cfg.Service, s.cfg.Policy = cal, &p
	s.started()
	s.until("17:03") // 75% of the way to 17:20 was 17:00
	if got := s.warned(anna); len(got) != 2 || !strings.Contains(got[1], "17:20") {
		t.Errorf("anna was warned %q", got)
	}
	s.checkFold()
}

// I10: the log says of a step that mailed nobody why.
func TestLadderSaysWhyItToldNobody(t *testing.T) {
	cfg := agency(t)
	cfg.Staff, cfg.Managers = cfg.Staff[:1], []string{anna}
	s := play(t, cfg)
	s.at(monday + " 17:20")
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.until("17:57")
	var reasons []string
	for r, err := range s.store.Log(t.Context(), cfg.Name, 1, 1) {
		if err != nil {
			t.Fatal(err)
		}
		if e := s.event(r); e.Kind == kind.Warned {
			if told := len(e.Body.Letters) > 0; told == (e.Body.Reason != "") {
				t.Errorf("%s: %d letters, reason %q", e.At, len(e.Body.Letters), e.Body.Reason)
			}
			reasons = append(reasons, e.Body.Reason)
		}
	}
	if len(reasons) != 3 || reasons[2] != "told a moment ago by the step before" {
		t.Errorf("%q", reasons)
	}
}
