package desk_test

import (
	"slices"
	"strings"
	"testing"

	"replyby/desk/trace"
	"replyby/mailparse"
	"replyby/ticket"
)

// Staff read of a new request what others of the same company have open: who wrote what and when, and what makes one of the two. Whoever has an
// address where anybody has one is nobody's colleague, and nor is it one of ours. No customer reads of it.
func TestReviewNamesWhatIsOpenOfTheCompany(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string
		named         bool
	}{
		"same domain":        {"mario@bar-luna.it", "info@bar-luna.it", true},
		"domain below":       {"mario@bar-luna.it", "info@Mail.bar-luna.it", true},
		"domain above":       {"mario@shop.bar-luna.it", "info@bar-luna.it", true},
		"other domain":       {"mario@bar-luna.it", "info@bar-sole.it", false},
		"suffix of anybody":  {"mario@bar-luna.com.es", "info@bar-sole.com.es", false},
		"provider of mail":   {"mario@gmail.com", "info@gmail.com", false},
		"provider of access": {"mario@orange.fr", "info@orange.fr", false},
		"provider of PEC":    {"mario@pec.it", "info@pec.it", false},
		"our own":            {"mario@mb.example", "info@mb.example", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: "Mario Rossi <" + c.first + ">", subject: "Sito fermo", text: request})
			s.at("15:40").arrives(mail{from: c.second, subject: "Il sito non va", text: request})
			s.post()
			if got := strings.Contains(read(s.about(anna, "MB-2")), "MB-1"); got != c.named {
				t.Errorf("named %v:\n%s", got, read(s.about(anna, "MB-2")))
			}
			s.saysOf(anna, "MB-2", "ok\n"+words)
			s.wantLetters(1)
			if read := mailparse.Parse(s.last(strings.ToLower(c.second)).Bytes).Text; strings.Contains(read, "MB-1") || strings.Contains(read, "Mario") || strings.Contains(read, "fermo") {
				t.Errorf("the customer reads:\n%s", read)
			}
		})
	}
}

// The mail offers what works: two lines make one ticket of the two, and only the customer of that is answered. The customer's own come first, and
// three are named at most.
func TestMergeWithinTheCompany(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: "Mario Rossi <mario@bar-luna.it>", subject: "Sito fermo", text: request})
	s.at("15:40").arrives(mail{from: "info@bar-luna.it", subject: "Il sito non va", text: request})
	s.post()
	want := `Anche un'altra persona di bar-luna.it ha una richiesta aperta, MB-1: "Sito fermo" (Mario Rossi <mario@bar-luna.it>, oggi 15:00; assegnata a nessuno). ` +
		`Se è la stessa cosa, rispondi con due righe, "customer mario@bar-luna.it" e sotto "merge MB-1": in questo caso la risposta andrà solo a mario@bar-luna.it.`
	if got := read(s.about(anna, "MB-2")); !strings.Contains(got, want) {
		t.Errorf("not %s:\n%s", want, got)
	}
	s.saysOf(anna, "MB-2", "merge MB-1")
	if s.ticket(2).MergedInto != 0 {
		t.Error("joined without a word of whose it is")
	}
	s.saysOf(anna, "MB-2", "customer mario@bar-luna.it\nmerge MB-1")
	if s.ticket(2).MergedInto != 1 {
		t.Errorf("not joined: %+v", s.ticket(2).Refusals)
	}
	s.saysOf(anna, "MB-1", "ok\n"+words)
	s.wantLetters(1)
	if to := s.last("mario@bar-luna.it").To; len(to) != 1 {
		t.Errorf("answered: %v", to)
	}
	for range 2 {
		s.arrives(mail{from: "carla@bar-luna.it", subject: "Altro", text: request + " " + s.now.String()})
		s.at(s.now.Add(60e9).In(s.cfg.Zone).Format("15:04"))
	}
	s.arrives(mail{from: "luigi@bar-luna.it", subject: "Stampante", text: request})
	s.arrives(mail{from: "carla@bar-luna.it", subject: "Ancora io", text: request + " "})
	s.post()
	named := read(s.about(anna, "MB-6"))
	if a, b, c := strings.Index(named, "anche MB-4:"), strings.Index(named, "anche MB-3:"), strings.Index(named, "aperta, MB-5:"); a < 0 || b < a || c < b || strings.Contains(named, "MB-1") {
		t.Errorf("named otherwise:\n%s", named)
	}
	if s.ticket(6).State != ticket.New {
		t.Errorf("%+v", s.ticket(6).State)
	}
	s.checkFold()
}

// I11: what staff read of a colleague stays on the record of another customer's ticket, and whoever has him erased is told where.
func TestErasedColleagueIsNamedElsewhere(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: "mario@bar-luna.it", subject: "Sito fermo", text: request})
	s.at("15:40").arrives(mail{from: "info@bar-luna.it", subject: "Il sito non va", text: request})
	s.post()
	s.saysOf(anna, "MB-1", "close")
	if _, err := s.desk.Erase(t.Context(), 1, anna, s.now); err != nil {
		t.Fatal(err)
	}
	found, err := s.desk.Forget(t.Context(), trace.Person{Address: "mario@bar-luna.it", Refs: []string{"MB-1"}}, anna, s.now)
	if err != nil || !slices.Equal(found.Tickets, []string{"MB-2"}) {
		t.Errorf("found %+v, %v", found, err)
	}
}
