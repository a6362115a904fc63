package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
	"replyby/ticket"
)

// Whoever takes a letter back because its ticket goes on in another one finds its words there, and they go once he approves them.
func TestUndoAndMerge(t *testing.T) {
	for _, said := range []string{"undo\nmerge MB-2", "merge MB-2\nundo"} {
		s := held(t)
		s.requested("Carrello", request)
		s.requested("Ancora il carrello", request)
		s.saysOf(anna, "MB-1", "ok\n"+words)
		s.at("15:01").saysOf(anna, "MB-1", said)
		s.wantState(1, ticket.Closed)
		if d := s.ticket(2).Draft; d.Personal != words {
			t.Errorf("%q: the draft of MB-2 is %+v", said, d)
		}
		s.at("15:10").tick()
		s.wantLetters(0)
		s.arrives(s.answer(s.about(anna, "MB-2"), anna, "ok"))
		s.at("15:20").tick()
		s.wantLetters(1)
		s.wantText(mario, "il registro dei pagamenti")
		s.checkFold()
	}
}

// What somebody is writing there stays.
func TestUndoAndMergeLeavesDraftInHand(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.requested("Ancora il carrello", request)
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "ok\n"+words))
	s.saysOf(marco, "MB-2", "Ho trovato il difetto nel modulo delle spese.")
	s.at("15:01").saysOf(anna, "MB-1", "undo\nmerge MB-2")
	if d := s.ticket(2).Draft; d.Personal != "Ho trovato il difetto nel modulo delle spese." {
		t.Errorf("the draft of MB-2 is %+v", d)
	}
	s.checkFold()
}

// Who is asked about a ticket into which a colleague merged another reads that, and not that the customer has written.
func TestMergeIsNoMailOfTheCustomers(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.requested("Ancora il carrello", "Non va ancora, sempre il carrello.")
	s.saysOf(anna, "MB-1", "merge MB-2")
	s.wantText(marco, "Another ticket of Mario Rossi goes on in this one.", "MB-1 → MB-2 – Carrello (Anna Verdi)", "il carrello del nostro negozio", "!has written again")
	if got := mailparse.Parse(s.last(marco).Bytes).Subject; !strings.Contains(got, "[MB-2] Another ticket merged") {
		t.Errorf("marco got %q", got)
	}
	s.checkFold()
}
