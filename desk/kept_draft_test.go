package desk_test

import (
	"testing"

	"replyby/desk/arrival"
	"replyby/ticket"
)

// outside lets somebody answer the first message of a ticket without the program.
func (s *scenario) outside(from string, n uint64, text string) {
	s.Helper()
	m := mail{from: from, to: mario, subject: "Re: Carrello", text: text, reply: []string{s.ticket(n).Thread[0]}}
	if from == support {
		s.puts(arrival.Sent, m)
	} else {
		m.head = []string{"Cc: " + support}
		s.puts(arrival.Inbox, m)
	}
	s.post()
}

// What a colleague was writing when somebody answers the customer without the program goes nowhere by itself and stays his draft. He hears of
// both, also where colleagues are told nothing else.
func TestDraftOutlivesAnAnswerFromOutside(t *testing.T) {
	for _, from := range []string{anna, support} {
		for _, tell := range []bool{true, false} {
			s := telling(t)
			s.cfg.TellColleagues = tell
			s.restart()
			s.requested("Carrello", request)
			s.says(marco, words)
			proposed := s.last(marco)
			s.outside(from, 1, "Ci guardo subito, Mario.")
			news := s.news(marco)
			if len(news) != 1 || len(s.news(carla)) != len(news)*map[bool]int{true: 1}[tell] {
				t.Fatalf("%s, %t: marco was told %d times, carla %d", from, tell, len(news), len(s.news(carla)))
			}
			s.wantText(marco, "Ci guardo subito, Mario.", "What you had written has not been sent", "[MB-1] in the subject")
			s.arrives(s.answer(proposed, marco, "ok"))
			s.post()
			s.wantRefused(1, "superseded")
			s.wantText(marco, "il registro dei pagamenti")
			s.says(marco, "ok")
			s.at("15:10").tick()
			s.wantLetters(1)
			s.checkFold()
		}
	}
}

// It does not where he sent just that himself, or its author wrote another.
func TestDraftGivenOutside(t *testing.T) {
	for from, text := range map[string]string{anna: "Ci guardo subito.", support: "Buongiorno,\n" + words + "\nAnna"} {
		s := telling(t)
		s.requested("Carrello", request)
		s.says(anna, words)
		s.outside(from, 1, text)
		if d := s.ticket(1).Draft; d.By != "" || d.Personal != "" {
			t.Errorf("%s: the draft is %+v", from, d)
		}
		s.checkFold()
	}
}

// Nor does a colleague's closing take a draft away unsaid, nor an answer a correction that was proposed to several.
func TestDraftOfAClosedTicketIsTold(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(marco, words)
	s.arrives(mail{from: anna, subject: "[MB-1]"})
	s.post()
	s.says(anna, "close")
	s.wantText(marco, "Anna Verdi has closed MB-1", "What you had written has not been sent")
	s.wantText(carla, "Anna Verdi ha cerrado MB-1", "!habías escrito")
	s.wantState(1, ticket.Closed)
	s.checkFold()
}

// Whoever is shown a draft that a colleague wrote reads whose words he would send, and its author does not.
func TestDraftSaysWhoWroteIt(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(marco, words)
	s.wantText(marco, "!Written by")
	s.says(marco, "absent until 2026-12-07 09:00")
	s.arrives(mail{from: mario, subject: "Re: Carrello", text: "Ancora non va!", reply: []string{s.ticket(1).Thread[0]}})
	s.post()
	s.wantText(anna, "Scritta da Marco Neri", "il registro dei pagamenti")
	s.wantText(carla, "Escrito por Marco Neri")
	s.says(anna, "ok\nLo guardo io adesso.")
	s.at("15:10").tick()
	s.wantLetters(1)
	s.wantText(mario, "Lo guardo io adesso.", "!Marco Neri", "!registro")
	s.checkFold()
}
