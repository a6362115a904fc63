package desk_test

import (
	"testing"

	"replyby/desk/arrival"
	"replyby/store"
)

// Whoever of the staff names a ticket at the beginning of a subject gets its draft, with brackets around the number or without, each time he asks.
func TestStaffAskByNumber(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	for _, subject := range []string{"[MB-1]", "MB-1", "mb-1 help", "Re: MB-1: stato?", "[MB-1]"} {
		n := len(s.letters(anna))
		s.arrives(mail{from: anna, subject: subject, text: "aiuto"})
		s.post()
		s.wantRefused(1, "by_number")
		if got := s.letters(anna); len(got) != n+1 {
			t.Fatalf("%q brought %d mails", subject, len(got)-n)
		}
		s.wantText(anna, "Hai indicato il numero di questa richiesta")
	}
	s.says(anna, "ok\n"+words)
	s.wantLetters(1)
	s.checkFold()
}

// What names it elsewhere, a number that there is not, and what a customer writes is a request.
func TestNumberThatAsksForNothing(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	for _, m := range []mail{
		{from: anna, subject: "Come MB-1, ma da me"}, {from: anna, subject: "MB-10"}, {from: anna, subject: "MB-1000 nuovi utenti"}, {from: anna, subject: "MB-1b"},
		{from: mario, subject: "MB-1"}, {from: "altro@cliente.example", subject: "MB-1"},
	} {
		before := s.tickets()
		m.text = "Il computer non si accende più, qualcuno può guardare?"
		s.arrives(m)
		s.post()
		if s.tickets() != before+1 {
			t.Errorf("%q of %s is no request", m.subject, m.from)
		}
	}
	s.checkFold()
}

// Where nothing proves who asks, the person is told once an hour.
func TestUnprovenAskByNumber(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	n := len(s.letters(anna))
	for _, when := range []string{"15:10", "15:20", "16:20"} {
		s.at(when).arrives(mail{from: anna, subject: "[MB-1]", auth: arrival.None})
		s.post()
	}
	if got := len(s.letters(anna)) - n; got != 2 {
		t.Errorf("told %d times, want twice", got)
	}
}

// tickets counts the tickets.
func (s *scenario) tickets() (n int) {
	s.Helper()
	for _, err := range s.store.Each(s.Context(), store.Query{Desk: s.cfg.Name}) {
		if err != nil {
			s.Fatal(err)
		}
		n++
	}
	return n
}
