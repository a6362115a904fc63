package desk_test

import (
	"flag"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/budget"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/store"
)

// flood is how many mails come in the hour of the flood: -flood=50000 for the figure.
var flood = flag.Int("flood", 2000, "mails in the hour of the flood")

// perHour is the most that one person gets in an hour: both shares of his budget, and a summary in every slot.
const perHour = budget.Ordinary + budget.Reserve + int(time.Hour/budget.Pause)

// T56: a flood becomes tickets, every one, and few mails to staff; what is urgent and from somebody else is told at once all the same,
// and what was not told is in a summary.
func TestFlood(t *testing.T) {
	s := play(t, agency(t))
	s.until("15:00")
	batches := 60
	start := s.now
	for b := range batches {
		s.now = start.Add(time.Duration(b) * time.Minute)
		s.pour((b+1)**flood/batches-b**flood/batches, func(i int) mail {
			return mail{from: fmt.Sprintf("Cliente <c%d-%d@molti.example>", b, i), subject: fmt.Sprintf("Carrello %d", i), text: request}
		})
		if b == 40 {
			s.arrives(mail{from: "Luigi <luigi@altro.example>", subject: "URGENTE: negozio fermo", text: "URGENTE, il negozio non vende più."})
			s.post()
			if !strings.Contains(s.last(anna).Subject, "URGENTE") || !strings.Contains(s.last(marco).Subject, "URGENTE") {
				t.Errorf("the urgent one of another customer is not told: %q", s.last(anna).Subject)
			}
		}
		s.tick()
	}
	head, err := s.store.Head(t.Context(), s.cfg.Name)
	if err != nil || int(head.Next)-1 != *flood+1 {
		t.Errorf("%d tickets, %v", head.Next-1, err)
	}
	s.wantBudgets()
	s.now = start.Add(71 * time.Minute)
	s.tick()
	said := 0
	for _, l := range s.letters(anna) {
		if l.Purpose == "summary" {
			var n int
			m := mailparse.Parse(l.Bytes)
			if _, err := fmt.Sscanf(m.Subject, "[MB] %d richieste", &n); err != nil || len(m.Text) > 64<<10 {
				t.Errorf("summary %q of %d bytes", m.Subject, len(m.Text))
			}
			said += n
		}
	}
	single := s.reviews(anna)
	if total := int(head.Next) - 1; said+single != total {
		t.Errorf("anna was told of %d + %d of %d tickets", single, said, total)
	}
	t.Logf("%d mails in an hour: %d tickets, %d mails to anna, %d of them summaries", *flood, head.Next-1, len(s.letters(anna)), len(s.letters(anna))-single)
}

// T57: whoever writes a thousand urgent mails buries nobody: the one of somebody else is told at once, and has a line of its own in the
// summary where it is not.
func TestUrgentFlood(t *testing.T) {
	s := play(t, agency(t))
	s.until("15:00")
	s.pour(1000, func(i int) mail {
		return mail{from: "Rosa <rosa@forte.example>", subject: fmt.Sprintf("URGENTE %d", i), text: "URGENTE, tutto fermo."}
	})
	s.arrives(mail{from: "Luigi <luigi@altro.example>", subject: "Un dubbio sul carrello", text: request})
	s.post()
	if l := s.last(anna); !strings.Contains(l.Subject, "Un dubbio") {
		t.Errorf("the last mail is %q", l.Subject)
	}
	if n := s.reviews(anna); n != budget.Apiece+1 {
		t.Errorf("%d review mails, want %d of the loud one and one of the other", n, budget.Apiece)
	}
	s.until("15:20")
	m := mailparse.Parse(s.summary(anna).Bytes)
	if strings.Count(m.Text, "  Rosa\n") != 1 || !strings.Contains(m.Text, fmt.Sprintf("altre %d dello stesso", 1000-budget.Apiece-1)) {
		t.Errorf("the summary does not group by customer:\n%s", m.Text)
	}
	s.wantBudgets()
}

// A summary lists the most pressing requests, wherever among the many they came, each customer once, and counts the others.
func TestSummaryOfManyCustomers(t *testing.T) {
	s := play(t, agency(t))
	s.until("15:00")
	const customers, urgent, twice = 300, 20, 40
	s.pour(customers, func(i int) mail {
		m := mail{from: fmt.Sprintf("c%d@molti.example", i), subject: fmt.Sprintf("Carrello %d", i), text: request}
		if i >= customers-urgent {
			m.subject = "URGENTE " + m.subject
		}
		return m
	})
	s.pour(twice, func(i int) mail {
		return mail{from: fmt.Sprintf("c%d@molti.example", customers-1-i), subject: fmt.Sprintf("Altro %d", i), text: request}
	})
	s.until("15:11")
	m := mailparse.Parse(s.summary(anna).Bytes)
	single := s.reviews(anna)
	if want := fmt.Sprintf("%d richieste", customers+twice-single); !strings.Contains(m.Subject, want) {
		t.Errorf("subject %q, want %s", m.Subject, want)
	}
	for i := customers - urgent + budget.Reserve; i < customers; i++ {
		if n := strings.Count(m.Text, fmt.Sprintf("URGENTE Carrello %d", i)); n != 1 {
			t.Errorf("an urgent request, %d, is listed %d times", i, n)
		}
	}
	if n := strings.Count(m.Text, "Carrello ") + strings.Count(m.Text, "Altro "); n != letter.MaxRows {
		t.Errorf("%d requests listed, want %d", n, letter.MaxRows)
	}
	// who was told of his urgent request at once wrote another, which has a line
	if want := fmt.Sprintf("altre %d", customers-single+budget.Reserve-letter.MaxRows); !strings.Contains(m.Text, want) {
		t.Errorf("no word of %s:\n%s", want, m.Text[len(m.Text)-900:])
	}
}

// What a summary says a person can do brings the mail with the draft, and its answer sends the letter.
func TestFromSummaryToLetter(t *testing.T) {
	s := play(t, agency(t))
	s.until("15:00")
	s.pour(200, func(i int) mail {
		return mail{from: fmt.Sprintf("c%d@molti.example", i), subject: fmt.Sprintf("Carrello %d", i), text: request}
	})
	s.until("15:11")
	s.summary(anna)
	s.restart()
	s.arrives(mail{from: anna, subject: "[MB-150]", text: "status"})
	s.post()
	if l := s.last(anna); !strings.Contains(l.Subject, "MB-150") || !tokenForm.Match(l.Bytes) {
		t.Fatalf("%q came back", l.Subject)
	}
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	s.until("16:00")
	if n := len(s.ticket(150).Unsaid); n != 1 {
		t.Errorf("%d people were not told of the ticket, want marco alone", n)
	}
}

// A summary comes once, whatever restarts, and also after a stop.
func TestSummaryOnce(t *testing.T) {
	s := play(t, agency(t))
	s.until("15:00")
	s.pour(100, func(i int) mail {
		return mail{from: fmt.Sprintf("c%d@molti.example", i), subject: fmt.Sprintf("Carrello %d", i), text: request}
	})
	s.restart()
	s.at("15:25")
	s.tick()
	s.restart()
	s.until("15:40")
	n := 0
	for _, l := range s.letters(marco) {
		if l.Purpose == "summary" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d summaries, want 1", n)
	}
}

// pour delivers n mails at once and lets the letters out.
func (s *scenario) pour(n int, mail func(i int) mail) {
	s.Helper()
	var mails []desk.Incoming
	for i := range n {
		raw := s.raw(mail(i))
		s.uid++
		mails = append(mails, desk.Incoming{UID: s.uid, Internal: s.now, Raw: raw})
	}
	if err := s.desk.Receive(s.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: s.uid, Mails: mails, Now: s.now}); err != nil {
		s.Fatal(err)
	}
	s.post()
}

// reviews counts the mails to a person that ask for a decision on one ticket.
func (s *scenario) reviews(to string) int {
	n := 0
	for _, l := range s.letters(to) {
		if l.Purpose == "review" {
			n++
		}
	}
	return n
}

// summary is the latest a person got.
func (s *scenario) summary(to string) store.Letter {
	s.Helper()
	var last store.Letter
	for _, l := range s.letters(to) {
		if l.Purpose == "summary" {
			last = l
		}
	}
	if last.ID == "" {
		s.Fatalf("%s got no summary", to)
	}
	return last
}

// wantBudgets holds that nobody of our side got more in any hour of the clock than his budget, answers to his own mails and the digest
// beside it.
func (s *scenario) wantBudgets() {
	s.Helper()
	got := map[string]int{}
	for _, l := range s.sent {
		if l.Customer || l.Purpose == "digest" {
			continue
		}
		key := mailparse.Parse(l.Bytes).Date.UTC().Format("2006-01-02T15 ") + l.To[0]
		if got[key]++; got[key] > perHour {
			s.Fatalf("%s: %d mails in an hour, want at most %d", key, got[key], perHour)
		}
	}
}

// I5: steps of the ladder over somebody's budget are each named in a summary, also where one customer has many tickets.
func TestEveryStepIsNamed(t *testing.T) {
	const tickets = 25
	s := play(t, agency(t))
	s.pour(tickets, func(i int) mail {
		return mail{from: mario, subject: fmt.Sprintf("Carrello %d", i), text: request}
	})
	s.until("2026-11-24 15:59")
	seen := len(s.sent)
	s.until("2026-11-24 16:12") // the limit was at 16:00
	s.wantBudgets()
	told := map[string]bool{}
	for _, l := range s.sent[seen:] {
		if l.To[0] != boss || l.Purpose != "warning" && l.Purpose != "summary" {
			continue
		}
		text := mailparse.Parse(l.Bytes).Text
		for n := 1; n <= tickets; n++ {
			ref := fmt.Sprintf("MB-%d", n)
			if named := regexp.MustCompile(`\b` + ref + `\b`); l.Purpose == "warning" && strings.Contains(l.Subject, "["+ref+"]") ||
				l.Purpose == "summary" && named.MatchString(text) && strings.Contains(text, "Presa in carico: limite superato") {
				told[ref] = true
			}
		}
	}
	if len(told) != tickets {
		t.Errorf("the manager heard of %d of %d limits: %v\n%s", len(told), tickets, told, mailparse.Parse(s.summary(boss).Bytes).Text)
	}
}
