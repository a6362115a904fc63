package desk_test

import (
	"testing"

	"replyby/desk"
)

// alone is a desk of one person, who is its manager too.
func alone(t testing.TB) desk.Config {
	t.Helper()
	c := agency(t)
	c.Staff, c.Managers = []desk.Person{{Name: "Anna Verdi", Addresses: []string{anna}, Language: "it"}}, []string{anna}
	return c
}

// Whoever works alone has each ticket from the beginning: no mail says that nobody has it, and none offers to take it.
func TestWorksAlone(t *testing.T) {
	s := play(t, alone(t))
	s.requested("Carrello", request)
	s.wantText(anna, "Assegnata a Anna Verdi")
	s.wantText(anna, "!take")
	s.until("2026-11-24 16:00")
	s.wantText(anna, "!take")
	s.at("2026-11-25 14:00").tick()
	s.post()
	s.wantText(anna, "Anna Verdi Mario Rossi: presa in carico")
	s.wantText(anna, "!nessuno")
	s.checkFold()
}
