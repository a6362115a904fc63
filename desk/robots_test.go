package desk_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/store"
)

// robotDays is how long two installations and the robots talk: -robots=365 for the figure.
var robotDays = flag.Int("robots", 14, "days in which robots answer each other")

// robot answers a mail by itself: further header lines and a text; "" keeps silent.
type robot struct {
	address string
	answer  func(l store.Letter, n int) (head []string, subject, text string)
}

// outsiders are what answers letters to customers out there, each without end.
func outsiders() []robot {
	re := func(l store.Letter) string { return "Re: " + l.Subject }
	return []robot{
		{"ferie@robot1.example", func(l store.Letter, _ int) ([]string, string, string) {
			return []string{"Auto-Submitted: auto-replied"}, re(l), "Sono in ferie."
		}},
		{"vacanze@robot2.example", func(l store.Letter, _ int) ([]string, string, string) {
			return nil, re(l), "Sono in ferie fino al 30, per urgenze chiamate il 118."
		}},
		{"ticket@robot3.example", func(l store.Letter, n int) ([]string, string, string) {
			return nil, fmt.Sprintf("[Ticket #%d] %s", n, l.Subject), fmt.Sprintf("Abbiamo aperto il ticket #%d.", n)
		}},
		{"rotta@robot4.example", func(l store.Letter, _ int) ([]string, string, string) {
			return []string{"Return-Path: <>"}, "Undelivered Mail Returned to Sender", "550 5.1.1 unknown user"
		}},
		{"lista@robot5.example", func(l store.Letter, _ int) ([]string, string, string) {
			return []string{"List-Id: <lista.robot5.example>", "Precedence: list"}, re(l), l.Text
		}},
		{"prova@robot6.example", func(l store.Letter, _ int) ([]string, string, string) {
			return nil, "Please confirm your message", "Click https://robot6.example/confirm to deliver your mail."
		}},
		{"inoltro@robot7.example", func(l store.Letter, _ int) ([]string, string, string) {
			return []string{"X-Replyby-Letter: " + mailparse.Parse(l.Bytes).Header.Get("X-Replyby-Letter")}, l.Subject, mailparse.Parse(l.Bytes).Text
		}},
		{"fuori@robot8.example", func(l store.Letter, _ int) ([]string, string, string) {
			return nil, "Re: Automatic reply: " + l.Subject, "Out of office."
		}},
		{"letto@robot9.example", func(l store.Letter, _ int) ([]string, string, string) {
			return []string{"Disposition-Notification-To: letto@robot9.example", "Auto-Submitted: auto-generated"}, "Letto: " + l.Subject, "Il messaggio è stato letto."
		}},
		{"helpdesk@robot10.example", func(l store.Letter, n int) ([]string, string, string) {
			return nil, "[MB-1] " + l.Subject, fmt.Sprintf("Thank you for contacting us, case %d.", n)
		}},
	}
}

// world is two installations, each the other's customer, and the robots, all on one calendar.
type world struct {
	desks  []*scenario
	read   []int // letters of each that were carried on
	robots map[string]robot
	mails  int
}

// I9: two installations and ten robots answer each other, day after day: whatever comes, no mail goes to a stranger that no person decided,
// and nobody of our side gets more than his budget.
func TestRobots(t *testing.T) {
	days := *robotDays
	w := &world{robots: map[string]robot{}, read: make([]int, 2)}
	for _, domain := range []string{"mb.example", "due.example"} {
		cfg := agency(t)
		cfg.Address = "assistenza@" + domain
		s := play(t, cfg)
		s.tick()
		w.desks = append(w.desks, s)
	}
	for _, r := range outsiders() {
		w.robots[r.address] = r
	}
	w.robots[marco] = robot{marco, func(l store.Letter, n int) ([]string, string, string) { // staff, unmarked, a new text each time
		return nil, "Re: " + mailparse.Parse(l.Bytes).Subject, fmt.Sprintf("Sono fuori ufficio, messaggio %d.", n)
	}}
	w.robots[boss] = robot{boss, func(l store.Letter, _ int) ([]string, string, string) {
		return []string{"Auto-Submitted: auto-replied"}, "Re: " + l.Subject, "Ferie."
	}}
	a, b := w.desks[0], w.desks[1]
	for _, r := range outsiders() {
		a.arrives(mail{from: r.address, subject: "Carrello", text: request})
	}
	b.arrives(mail{from: a.cfg.Address, subject: "Carrello", text: request})
	a.arrives(mail{from: b.cfg.Address, subject: "Carrello", text: request})
	decided := w.approve(a) + w.approve(b)
	for range days {
		for range 3 {
			w.carry()
		}
		for _, s := range w.desks {
			s.now = s.now.Add(24*time.Hour - 3*time.Minute)
			s.tick()
		}
	}
	for i, s := range w.desks {
		customers := 0
		for _, l := range s.sent {
			if l.Customer {
				customers++
			} else if !slices.Contains([]string{anna, marco, boss}, l.To[0]) {
				t.Errorf("an automatic mail to %q: %s", l.To, l.Subject)
			}
		}
		s.wantAnswersWithin()
		t.Logf("desk %d: %d letters to customers, %d mails to staff in %d days", i+1, customers, len(s.sent)-customers, days)
		decided -= customers
	}
	t.Logf("%d mails of robots", w.mails)
	if decided != 0 || w.mails < days {
		t.Errorf("%d more letters to customers than anybody decided; %d mails of robots", -decided, w.mails)
	}
}

// approve lets anna approve the first draft of every ticket there is, and returns how many letters that made.
func (w *world) approve(s *scenario) int {
	s.post()
	n := 0
	for _, l := range s.letters(anna) {
		if tokenForm.Match(l.Bytes) {
			m := s.answer(l, anna, fmt.Sprintf("ok\n\nParole scritte per il caso %s, e per nessun altro.", l.Subject))
			s.arrives(m)
			n++
		}
	}
	s.now = s.now.Add(time.Minute)
	s.tick()
	return n
}

// carry brings every letter to where it goes; robots answer it.
func (w *world) carry() {
	for i, s := range w.desks {
		s.now = s.now.Add(time.Minute)
		letters := s.sent[w.read[i]:]
		w.read[i] = len(s.sent)
		for _, l := range letters {
			for _, to := range l.To {
				w.deliver(s, to, l)
			}
		}
		s.post()
	}
}

func (w *world) deliver(s *scenario, to string, l store.Letter) {
	for _, other := range w.desks {
		if other != s && other.cfg.Address == to {
			other.plain(l.Bytes)
			other.post()
		}
	}
	r, ok := w.robots[to]
	if !ok {
		return
	}
	w.mails++
	head, subject, text := r.answer(l, w.mails)
	if text != "" {
		s.arrives(mail{from: to, subject: subject, text: text, head: head, reply: []string{mailparse.Parse(l.Bytes).MessageID}})
	}
}

func (s *scenario) plain(raw []byte) {
	s.Helper()
	s.delivers(append([]byte("Received: from a by b; "+s.now.Format(time.RFC1123Z)+"\r\n"), raw...), "none")
}

// wantAnswersWithin holds that nobody got more in an hour than both his budgets.
func (s *scenario) wantAnswersWithin() {
	s.Helper()
	got := map[string]int{}
	for _, l := range s.sent {
		if !l.Customer {
			hour := mailparse.Parse(l.Bytes).Date.UTC().Format("2006-01-02T15 ") + strings.Join(l.To, ",")
			if got[hour]++; got[hour] > perHour+60 {
				s.Fatalf("%s: %d mails in an hour", hour, got[hour])
			}
		}
	}
}
