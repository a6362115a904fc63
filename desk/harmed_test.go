package desk_test

import (
	"errors"
	"strings"
	"testing"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/store/bolt/harm"
	"replyby/ticket/kind"
)

// harms closes the store, harms it and opens it again.
func (s *scenario) harms(how func(dir, desk string) error) {
	s.Helper()
	s.store.Close()
	if err := how(s.dir, s.cfg.Name); err != nil {
		s.Fatal(err)
	}
	s.open()
}

// harmedTicket is a desk with a request of mario, the draft with Anna, of which something is harmed.
func harmedTicket(t *testing.T, how func(dir, desk string) error) *scenario {
	t.Helper()
	s := play(t, agency(t))
	s.tick()
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.harms(how)
	return s
}

func snapshot(dir, desk string) error { return harm.Ticket(dir, desk, 1) }

func listings(dir, desk string) error {
	return errors.Join(harm.Index(dir, desk, "open", 1), harm.Index(dir, desk, "updated", 1), harm.Index(dir, desk, "due", 1), harm.Index(dir, desk, "customer", 1))
}

// I7, I8: what is kept of a ticket beside its records follows from them. Where that is harmed, mail about the ticket, of its customer and of staff
// is taken in as ever, its steps are taken, and what is written about the ticket writes that anew.
func TestHarmedRowStopsNothing(t *testing.T) {
	for name, how := range map[string]func(dir, desk string) error{
		"the ticket": snapshot, "what lists it": listings,
		"both":                    func(dir, desk string) error { return errors.Join(snapshot(dir, desk), listings(dir, desk)) },
		"the desk's own file":     func(dir, desk string) error { return harm.Ticket(dir, desk, 0) },
		"the counters of the day": func(dir, desk string) error { return harm.Counters(dir, desk, "2026-11-23") },
	} {
		t.Run(name, func(t *testing.T) {
			s := harmedTicket(t, how)
			review := s.last(anna)
			s.arrives(mail{from: mario, subject: "Re: Carrello", text: "Ancora io", reply: []string{mailparse.Parse(review.Bytes).MessageID}})
			s.arrives(mail{from: mario, subject: "Altro", text: "Un'altra cosa: " + request})
			s.arrives(s.answer(review, anna, "ok\n\n"+words))
			s.post()
			s.wantLetters(1)
			s.now = s.ticket(2).NextDue()
			s.tick()
			if s.count(2, kind.Warned) == 0 {
				t.Error("no step was taken")
			}
			if got := s.count(1, kind.Decided); got != 1 {
				t.Errorf("staff decided %d times", got)
			}
			s.checkFold()
		})
	}
}

// I7, I10: the digest goes out though counters are lost, and says so and what else is harmed.
func TestDigestOfHarmedDay(t *testing.T) {
	s := harmedTicket(t, func(dir, desk string) error { return harm.Counters(dir, desk, "2026-11-23") })
	s.now = s.ticket(0).NextDue()
	if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now, Health: desk.Health{Harmed: []string{"desk x, ticket 7: damaged"}}}); err != nil {
		t.Fatal(err)
	}
	s.post()
	d := s.digests()
	if len(d) != 1 || !strings.Contains(d[0], "counters of 2026-11-23 were lost") || !strings.Contains(d[0], "the database is harmed: desk x, ticket 7") {
		t.Errorf("digests: %q", d)
	}
}
