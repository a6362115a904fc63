package desk_test

import (
	"strings"
	"testing"

	"replyby/ticket"
)

// Whoever was asked hears that a closed ticket is open again, and how to get its draft; and then of the answer, which he may give as well.
func TestColleaguesHearOfReopen(t *testing.T) {
	for _, closed := range []string{"close", "spam", "close: già risolto"} {
		s := telling(t)
		s.requested("Carrello", request)
		asked := s.last(carla)
		s.says(anna, closed)
		s.wantNews(map[string]int{marco: 1, carla: 1})
		s.says(anna, "reopen")
		s.wantNews(map[string]int{marco: 2, carla: 2})
		s.wantText(carla, "Anna Verdi ha reabierto MB-1 (hoy 15:00).", "con [MB-1] en el asunto")
		s.wantText(marco, "Anna Verdi has reopened MB-1")
		s.below(s.last(carla), asked)
		s.says(anna, "reopen")
		s.wantNews(map[string]int{marco: 2, carla: 2})
		s.says(anna, "ok\n"+words)
		s.wantNews(map[string]int{marco: 3, carla: 3})
		s.checkFold()
	}
}

// So does whoever closed it and was told by nobody.
func TestWhoClosedHearsOfReopen(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(anna, "close")
	s.arrives(mail{from: marco, subject: "[MB-1]"})
	s.post()
	s.says(marco, "reopen\nok\n"+words)
	s.wantNews(map[string]int{anna: 1, marco: 1, carla: 2})
	s.wantText(anna, "Marco Neri ha riaperto MB-1")
	s.says(marco, "ok")
	s.wantNews(map[string]int{anna: 2, marco: 1, carla: 3})
	s.wantState(1, ticket.New)
	s.checkFold()
}

// A solved ticket that is taken up again is told like a closed one.
func TestColleaguesHearThatItIsNotSolved(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(anna, "fixed\n"+words)
	s.at("15:10").tick()
	s.wantState(1, ticket.Resolved)
	s.says(anna, "reopen")
	s.wantNews(map[string]int{marco: 2, carla: 2})
	s.wantText(carla, "Anna Verdi ha reabierto MB-1 (hoy 15:10).")
	s.checkFold()
}

// A code that the closing made void sends nothing once the ticket is open again: the draft comes back, with the words, to be approved.
func TestCodeOfATicketClosedMeanwhile(t *testing.T) {
	for _, both := range []bool{true, false} {
		s := telling(t)
		s.requested("Carrello", request)
		asked := s.last(marco)
		s.says(anna, "close")
		if both {
			s.says(anna, "reopen\nok\n"+words)
		} else {
			s.says(anna, "reopen")
			s.arrives(s.answer(asked, marco, "ok\n"+words))
			s.post()
		}
		who := map[bool]string{true: anna, false: marco}[both]
		s.wantText(who, map[bool]string{true: "di nuovo aperta", false: "is open again"}[both])
		if l := s.last(who); l.Purpose != "review" || len(s.ticket(1).Refusals) > 0 {
			t.Errorf("both %t: answered by %q, refusals %+v", both, l.Subject, s.ticket(1).Refusals)
		}
		s.at("15:10").tick()
		s.wantLetters(0)
		s.says(who, "ok")
		s.at("15:20").tick()
		s.wantLetters(1)
		s.wantText(mario, "il registro dei pagamenti")
		s.checkFold()
	}
}

// The receipt of what closes a ticket says how to open it again, and so does the answer to whoever tries "undo", or asks for its draft. Nothing
// offers a letter that would be refused.
func TestClosedTicketOffersReopen(t *testing.T) {
	for _, closed := range []string{"close", "spam", "merge MB-2"} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.requested("Ancora il carrello", request)
		s.saysOf(anna, "MB-1", closed)
		says := func(words ...string) {
			t.Helper()
			got := read(s.about(anna, "MB-1"))
			for _, w := range append(words, "reopen Riapre la richiesta.") {
				if !strings.Contains(got, w) {
					t.Errorf("%s: %q is not said:\n%s", closed, w, got)
				}
			}
			if strings.Contains(got, "Invia la bozza") {
				t.Errorf("%s: a letter is offered:\n%s", closed, got)
			}
		}
		how := "Per riaprirla rispondi"
		if closed == "merge MB-2" {
			how = "i termini e l'eventuale bozza passati a MB-2 restano lì"
		}
		says(how)
		s.saysOf(anna, "MB-1", "undo")
		says("finché non la riapri non parte nulla", `rispondi "reopen"`)
		if want := closed == "merge MB-2"; strings.Contains(s.text(anna), "separate di nuovo") != want {
			t.Errorf("%s: how to take them apart is said: %t", closed, !want)
		}
		s.arrives(mail{from: anna, subject: "[MB-1]"})
		s.post()
		says("finché non la riapri non parte nulla")
		s.saysOf(anna, "MB-1", "status")
		says("finché non la riapri non parte nulla")
		s.saysOf(anna, "MB-1", "reopen")
		if s.ticket(1).State == ticket.Closed {
			t.Errorf("%s: it is still closed", closed)
		}
		s.checkFold()
	}
}
