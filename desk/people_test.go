package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/budget"
	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
)

const (
	carla = "carla@mb.example"
	dario = "dario@mb.example"
)

// five is a desk with a team too large to ask everybody.
func five(t *testing.T) desk.Config {
	c := agency(t)
	c.Staff = append(c.Staff, desk.Person{Name: "Carla Blu", Addresses: []string{carla}, Language: "es"},
		desk.Person{Name: "Dario Rosa", Addresses: []string{dario, "dario@casa.example"}, Language: "fr"})
	return c
}

// asked lists who got a review of a ticket.
func (s *scenario) asked(ref string) []string {
	var who []string
	for _, l := range s.sent {
		if l.Purpose == "review" && strings.Contains(l.Subject, "["+ref+"]") && !slices.Contains(who, l.To[0]) {
			who = append(who, l.To[0])
		}
	}
	slices.Sort(who)
	return who
}

func (s *scenario) requests(n int, from string) {
	s.Helper()
	for i := range n {
		s.arrives(mail{from: fmt.Sprintf("%s%d@cliente.example", from, i), subject: fmt.Sprint("Carrello ", i), text: request})
	}
	s.post()
}

func (s *scenario) wantAssigned(want ...string) {
	s.Helper()
	for i, who := range want {
		if got := s.ticket(uint64(i + 1)).Assignee; got != who {
			s.Errorf("ticket %d has %s, want %s", i+1, got, who)
		}
	}
}

// T59: a token dies with the removal of its person, whatever address of his the mail comes from; his tickets go to others.
func TestPersonRemoved(t *testing.T) {
	s := play(t, five(t))
	s.requests(4, "a")
	s.wantAssigned(anna, marco, carla, dario)
	old := s.last(dario)
	s.cfg.Staff = s.cfg.Staff[:3]
	s.restart()
	for _, from := range []string{dario, "dario@casa.example"} {
		s.arrives(s.answer(old, from, "ok\n\n"+words))
		s.arrives(s.answer(old, from, "absent until 2026-12-24"))
	}
	s.post()
	s.wantLetters(0)
	if tk := s.ticket(4); tk.State != ticket.New || s.count(4, kind.Decided) != 0 || len(s.ticket(0).Roster) != 0 {
		t.Fatalf("a person who left decided: %v", s.events(4))
	}
	if err := s.desk.Reassign(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.post()
	s.wantAssigned(anna, marco, carla, "") // three are asked all together
	s.until("17:45")
	for _, l := range s.letters(dario) {
		if mailparse.Parse(l.Bytes).Date.After(old.NotBefore) && l.Purpose == "warning" {
			t.Errorf("a person who left is warned: %s", l.Subject)
		}
	}
	if len(s.stamps(anna)) == 0 {
		t.Error("nobody is warned of his ticket")
	}
}

// A summary of what was over a budget goes to nobody who has left since: he hears of no customer any more. Who stays gets his.
func TestNoSummaryForWhoLeft(t *testing.T) {
	s := play(t, agency(t))
	s.requests(budget.Ordinary+5, "a")
	s.cfg.Staff = s.cfg.Staff[:1]
	s.start()
	if err := s.desk.Reassign(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	before := len(s.letters(marco))
	s.until("15:15")
	if more := s.letters(marco)[before:]; len(more) > 0 {
		t.Errorf("he got %q", more[0].Subject)
	}
	s.summary(anna)
}

// In a larger team who takes over the ticket of a person who left gets a mail to answer.
func TestRemovedFromLargerTeam(t *testing.T) {
	s := play(t, five(t))
	s.cfg.Staff = append(s.cfg.Staff, desk.Person{Name: "Elio", Addresses: []string{"elio@mb.example"}, Language: "it"})
	s.restart()
	s.requests(5, "a")
	s.wantAssigned(anna, marco, carla, dario, "elio@mb.example")
	s.cfg.Staff = s.cfg.Staff[:4]
	s.restart()
	if err := s.desk.Reassign(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.post()
	s.wantAssigned(anna, marco, carla, dario, anna)
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	if s.last("a4@cliente.example").By != anna {
		t.Error("who took over cannot answer")
	}
	if err := s.desk.Reassign(t.Context(), s.now); err != nil || s.count(5, kind.Assigned) != 2 {
		t.Errorf("assigned %d times, %v", s.count(5, kind.Assigned), err)
	}
	s.checkFold()
}

// The next ticket goes to whoever has the fewest, in the order of the configuration, and to nobody who is away.
func TestAssignmentByLoad(t *testing.T) {
	s := play(t, five(t))
	s.requests(4, "a")
	s.wantAssigned(anna, marco, carla, dario)
	s.says(carla, "close") // she has none now
	s.requests(1, "b")
	s.wantAssigned(anna, marco, carla, dario, carla)
	s.says(anna, "absent until 2026-11-24 09:00")
	s.says(marco, "absent until 2026-11-24 09:00")
	s.requests(3, "c")
	s.wantAssigned(anna, marco, carla, dario, carla, carla, dario, carla)
	if got := s.asked("MB-6"); !slices.Equal(got, []string{carla}) {
		t.Errorf("asked of MB-6: %v", got)
	}
	s.checkFold()
}

// Whoever is away is not asked until then, from then on he is; when everybody is away everybody is asked.
func TestAbsent(t *testing.T) {
	s := play(t, agency(t))
	s.requests(1, "a")
	s.says(anna, "absent until 2026-11-24 09:00")
	if got := s.text(anna); !strings.Contains(got, "24 novembre 2026") {
		t.Errorf("the receipt does not say until when:\n%s", got)
	}
	if s.count(0, kind.Absent) != 1 || s.count(1, kind.Absent) != 0 {
		t.Error("an absence is about the desk, not about the ticket")
	}
	s.requests(1, "b")
	if got := s.asked("MB-2"); !slices.Equal(got, []string{marco}) {
		t.Errorf("asked while anna is away: %v", got)
	}
	s.says(marco, "absent until 2026-11-23 17:00")
	s.requests(1, "c")
	if got := s.asked("MB-3"); !slices.Equal(got, []string{anna, marco}) {
		t.Errorf("asked while all are away: %v", got)
	}
	s.at("17:01").requests(1, "d")
	if got := s.asked("MB-4"); !slices.Equal(got, []string{marco}) {
		t.Errorf("asked when marco is back: %v", got)
	}
	s.at("2026-11-24 09:00").requests(1, "e")
	if got := s.asked("MB-5"); !slices.Equal(got, []string{anna, marco}) {
		t.Errorf("asked when all are back: %v", got)
	}
	s.checkFold()
}

// One's own absence needs no ticket and no token, but it needs the person: proven, not automatic, and nothing else in the mail.
func TestAbsentWithoutTicket(t *testing.T) {
	for _, c := range []struct {
		name string
		m    mail
		away bool
	}{
		{"no proof", mail{from: anna, subject: "x", text: "absent until 2026-12-24", auth: arrival.None}, false},
		{"proof failed", mail{from: anna, subject: "x", text: "absent until 2026-12-24", auth: arrival.Fail}, false},
		{"a stranger", mail{from: mario, subject: "x", text: "absent until 2026-12-24"}, false},
		{"automatic", mail{from: anna, subject: "x", text: "absent until 2026-12-24", head: []string{"Auto-Submitted: auto-replied"}}, false},
		{"more than that", mail{from: anna, subject: "x", text: "absent until 2026-12-24\nclose"}, false},
		{"a date that is none", mail{from: anna, subject: "x", text: "absent until whenever"}, false},
		{"a request", mail{from: anna, subject: "x", text: "Il mio computer non si accende più, qualcuno può guardare?"}, false},
		{"plainly", mail{from: anna, subject: "Ferie", text: "assente fino al 24/12\n\n-- \nAnna Verdi"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(c.m)
			s.post()
			s.wantLetters(0)
			if got := s.ticket(0).Roster.Away([]string{anna}, s.now); got != c.away {
				t.Errorf("away %t: %v, %v", got, s.events(0), s.ticket(0).Roster)
			}
			if _, err := s.store.Load(t.Context(), s.cfg.Name, 1); c.away && err == nil {
				t.Error("it became a ticket too")
			}
			s.checkFold()
		})
	}
}

// A manager of the staff can say it in answer to a digest.
func TestAbsentFromDigest(t *testing.T) {
	cfg := agency(t)
	cfg.Managers = []string{anna}
	s := play(t, cfg)
	s.until("2026-11-24 14:01")
	s.says(anna, "absent until 2026-11-30")
	if !s.ticket(0).Roster.Away([]string{anna}, s.now) {
		t.Errorf("refused: %+v", s.ticket(0).Refusals)
	}
}

// An automatic reply of a colleague to a mail of ours means that he does not read it: for a day, or until the date it names plainly.
func TestAutomaticReplyOfStaff(t *testing.T) {
	for _, c := range []struct {
		text string
		back string
	}{
		{"Grazie per il messaggio, sono fuori ufficio.", "2026-11-24 15:00"},
		{"I am out of the office until 30 November and will answer then.", "2026-11-30 18:00"},
		{"Sono in ferie fino al 30/11/2026. In caso di urgenza scrivere a Marco.", "2026-11-30 18:00"},
		{"Estoy de vacaciones hasta el 1 de diciembre, un saludo.", "2026-12-01 18:00"},
		{"Je suis absente jusqu'au vendredi 27 novembre inclus.", "2026-11-27 18:00"},
		{"I am away until further notice.", "2026-11-24 15:00"},
		{"I am away until 30 November 2031.", "2026-11-24 15:00"},
	} {
		s := play(t, agency(t))
		s.requests(1, "a")
		m := s.answer(s.last(anna), anna, c.text)
		m.head = []string{"Auto-Submitted: auto-replied"}
		s.arrives(m)
		s.post()
		e := s.ticket(0).Roster.Of([]string{anna})
		if got := e.Away.In(s.cfg.Zone).Format("2006-01-02 15:04"); got != c.back {
			t.Errorf("%q: away until %s, want %s", c.text, got, c.back)
		}
		s.wantLetters(0)
		s.checkFold()
	}
}

// What does not answer a mail of ours to that person says nothing about him: a forged vacation must not take people off a ticket.
func TestForgedAbsence(t *testing.T) {
	s := play(t, agency(t))
	s.requests(1, "a")
	s.says(marco, "ok\n\n"+words)
	ours := mailparse.Parse(s.last("a0@cliente.example").Bytes).MessageID
	auto := []string{"Auto-Submitted: auto-replied"}
	s.arrives(mail{from: anna, subject: "Fuori ufficio [MB-1]", text: "Sono in ferie fino al 30/11.", head: auto})
	s.arrives(mail{from: anna, subject: "Fuori ufficio", text: "Sono in ferie fino al 30/11.", head: auto, reply: []string{ours}}) // the customer knows that id
	m := s.answer(s.last(anna), anna, "Sono in ferie fino al 30/11.")
	m.head, m.auth = auto, arrival.Fail
	s.arrives(m)
	if got := s.ticket(0).Roster; len(got) != 0 {
		t.Errorf("believed: %+v", got)
	}
}

// In a larger team the ticket of a person whose mail answers by itself goes to the next at once.
func TestAwayHandsOver(t *testing.T) {
	s := play(t, five(t))
	s.requests(1, "a")
	m := s.answer(s.last(anna), anna, "Sono in ferie fino al 30/11.")
	m.head = []string{"Auto-Submitted: auto-replied"}
	s.arrives(m)
	s.post()
	s.wantAssigned(marco)
	if got := s.text(marco); !strings.Contains(got, "in your hands") {
		t.Fatalf("marco is not asked:\n%s", got)
	}
	s.says(marco, "ok\n\n"+words)
	s.wantLetters(1)
	s.checkFold()
}

// A colleague who is assigned a ticket gets a mail to answer it with.
func TestAssignAsks(t *testing.T) {
	s := play(t, five(t))
	s.requests(1, "a")
	s.says(anna, "assign Dario")
	s.wantAssigned(dario)
	s.arrives(s.answer(s.last(dario), "dario@casa.example", "ok\n\n"+words)) // from his other address
	s.post()
	s.wantLetters(1)
	if s.last("a0@cliente.example").By != dario {
		t.Errorf("by %s", s.last("a0@cliente.example").By)
	}
}

// Whoever hands a ticket to a colleague who is away is told so, and until when.
func TestAssignToSomebodyAway(t *testing.T) {
	s := play(t, five(t))
	s.requests(2, "a")
	s.says(marco, "absent until 2026-12-01")
	s.says(anna, "assign Marco")
	s.wantAssigned(marco)
	s.wantText(anna, "Assegnata a Marco Neri, che però è assente fino a martedì 1 dicembre 2026")
	s.arrives(s.answer(s.last(marco), marco, "assign Carla"))
	s.wantAssigned(carla)
	s.post()
	s.wantText(marco, "Assigned to Carla", "!away")
}

// A name that two colleagues share is asked back, whoever stands first in the configuration; the whole name and the address are not.
func TestAssignToOneOfTwo(t *testing.T) {
	cfg := five(t)
	cfg.Staff[2].Name = "Marco Blu"
	s := play(t, cfg)
	s.requests(1, "a")
	s.says(anna, "assegna a Marco")
	s.wantRefused(1, "several")
	s.wantText(anna, "Marco Neri ("+marco+"), Marco Blu ("+carla+")", "il nome intero")
	s.wantAssigned(anna)
	s.says(anna, "assegna a marco blu")
	s.wantAssigned(carla)
	s.says(carla, "assign "+marco)
	s.wantAssigned(marco)
	s.cfg.Staff[3].Name = "Marco" // his whole name
	s.restart()
	s.says(marco, "assign Marco")
	s.wantAssigned(dario)
}

// Each address of a person decides, and what is told goes to the first.
func TestSeveralAddresses(t *testing.T) {
	s := play(t, five(t))
	s.requests(4, "a")
	const home = "Dario@Casa.example"
	s.arrives(s.answer(s.last(dario), home, "note visto"))
	s.post()
	s.arrives(s.answer(s.last(dario), home, "take"))
	s.arrives(s.answer(s.last(dario), home, "absent until 2026-11-25 09:00"))
	s.post()
	if len(s.letters(home)) != 0 || s.ticket(4).Assignee != dario || !s.ticket(0).Roster.Away([]string{dario}, s.now) {
		t.Errorf("mails to the second address %d, assignee %s, roster %v", len(s.letters(home)), s.ticket(4).Assignee, s.ticket(0).Roster)
	}
	m := mail{from: home, to: "a3@cliente.example", subject: "Re: Carrello 3", text: "Le scrivo direttamente.", reply: []string{s.ticket(4).Thread[0]}, head: []string{"Cc: " + support}}
	s.now = s.now.Add(time.Minute)
	s.arrives(m) // an answer outside counts from any of them
	if s.count(4, kind.AnsweredOutside) != 1 {
		t.Errorf("events %v", s.events(4))
	}
	s.checkFold()
}

// T56: whoever leaves with many tickets fills nobody's mailbox: those who get them are told of some, and of the rest in a summary.
func TestManyTicketsOfOneWhoLeft(t *testing.T) {
	s := play(t, five(t))
	s.pour(200, func(i int) mail {
		return mail{from: fmt.Sprintf("c%d@cliente.example", i), subject: fmt.Sprint("Carrello ", i), text: request}
	})
	s.at("2026-11-24 09:00")
	s.cfg.Staff = append(s.cfg.Staff[:3:3], desk.Person{Name: "Elsa", Addresses: []string{"elsa@mb.example"}, Language: "it"})
	s.restart()
	seen := len(s.sent)
	if err := s.desk.Reassign(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.post()
	s.post()
	s.post()
	got := map[string]int{}
	for _, l := range s.sent[seen:] {
		if l.Purpose == "review" {
			got[l.To[0]]++
		}
	}
	for who, n := range got {
		if n > perHour {
			t.Errorf("%s got %d mails at once", who, n)
		}
	}
	if s.at("09:11").tick(); len(got) == 0 || s.summary("elsa@mb.example").ID == "" {
		t.Errorf("nobody was told: %v", got)
	}
}

// Whoever holds a ticket is named as colleagues call him, in reviews, warnings and lists of tickets.
func TestHolderIsCalledByName(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "assign marco")
	s.until("17:50")
	s.wantText(boss, "Assegnata a Marco Neri", "!marco@")
	s.says(anna, "assign anna")
	s.requested("Listino", request)
	s.says(anna, "assign marco")
	s.says(anna, "ok")
	s.wantText(anna, "Marco Neri", "!marco@")
	s.at("2026-11-27 15:00").tick()
	s.wantText(anna, "non ha lavorato", "Marco Neri", "!marco@")
	s.checkFold()
}
