package desk_test

import "testing"

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
