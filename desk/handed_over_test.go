package desk_test

import (
	"strings"
	"testing"
)

// Who gets a ticket is shown the draft as the same mail leaves it, and may send it.
func TestHandedOverWithTheDraftOfThatMail(t *testing.T) {
	for _, c := range []struct{ first, said, shown string }{
		{"", "field order: 4711\nassign marco", ""},
		{"", "assign marco\nfield order: 4711", ""},
		{"", "assign marco\nnext 2026-11-25 16:00", ""},
		{"", "assign marco\nnote: per Marco", ""},
		{"", "assign marco\ncustomer " + luigi, ""},
		{"ok\n" + words, "undo\nassign marco\nIl certificato vale ora per un anno.", "Il certificato vale ora per un anno."},
		{"ok\n" + words, "assign marco\nundo", "il registro dei pagamenti"},
		{"ok\n" + words, "undo\neta 2026-11-25 16:00\nassign marco", "mercoledì 25 novembre 2026"},
		{"", "eta 2026-11-25 16:00\nassign marco\n" + words, ""},
		{"", "assign marco\nok\n" + words, ""},
	} {
		s := held(t)
		s.requested("Carrello", request)
		if c.first != "" {
			s.says(anna, c.first)
		}
		s.at("15:01").says(anna, c.said)
		s.at("15:10").tick()
		before := len(s.ticket(1).Refusals)
		if c.shown != "" {
			s.wantText(marco, c.shown)
		}
		s.says(marco, "ok\nCi penso io, Marco.")
		if now := s.ticket(1).Refusals; len(now) > before {
			t.Errorf("%q: %+v", c.said, now)
		}
		s.checkFold()
	}
}

// Who gets a ticket reads what its customer was last told, in the words of whoever wrote it: the customer takes it that he knows.
func TestHandedOverWithTheLastAnswer(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\n\n"+words)
	s.post()
	s.at("15:30").saysOf(anna, "MB-1", "assign marco")
	s.post()
	s.wantText(marco, "THE LAST ANSWER TO THE CUSTOMER Subject [MB-1] Presa in carico: Carrello Written today 15:00, Anna Verdi", "| Sto guardando il registro dei pagamenti")
	s.checkFold()

	s = play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "assign marco")
	s.post()
	if text := s.text(marco); strings.Contains(strings.ToLower(text), "last answer") {
		t.Errorf("nobody has written to the customer:\n%s", text)
	}
}

// So he does of an answer that was given without us, which giving him the ticket does not make older.
func TestHandedOverWithAnAnswerFromOutside(t *testing.T) {
	for _, portal := range []bool{false, true} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, "ok\n\n"+words)
		s.post()
		how := "from their own mail program"
		if s.at("15:20"); portal {
			s.saysOf(anna, "MB-1", "posted\nIl certificato vale di nuovo.")
			how = "in the portal"
		} else {
			s.outside(anna, 1, "Il certificato vale di nuovo.")
		}
		s.at("15:30").saysOf(anna, "MB-1", "assign marco")
		s.post()
		s.wantText(marco, "THE LAST ANSWER TO THE CUSTOMER", "today 15:20, Anna Verdi, "+how, "!Written")
		s.checkFold()
	}
}
