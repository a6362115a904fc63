package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// Words that go on with a merged ticket are the draft of one ticket alone, also when that one is opened again.
func TestMergedWordsAreOneDraft(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.requested("Ancora il carrello", request)
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, words))
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "merge MB-2"))
	s.post()
	if got := strings.Join(strings.Fields(mailparse.Parse(s.about(anna, "MB-1").Bytes).Text), " "); !strings.Contains(got, "i termini e l'eventuale bozza passati a MB-2 restano lì") {
		t.Errorf("the receipt:\n%s", got)
	}
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "reopen"))
	s.post()
	if one, two := s.ticket(1).Draft, s.ticket(2).Draft; one.Personal != "" || one.By != "" || two.Personal != words {
		t.Errorf("the same words stand as the draft of MB-1 %+v and of MB-2 %+v", one, two)
	}
	s.arrives(s.answer(s.about(marco, "MB-2"), marco, "ok"))
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "ok"))
	s.post()
	n := 0
	for _, l := range s.letters(mario) {
		if strings.Contains(strings.Join(strings.Fields(mailparse.Parse(l.Bytes).Text), " "), "il registro dei pagamenti") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d letters have the same words", n)
	}
	s.checkFold()
}

// Words that stay behind because a colleague has a draft where their ticket goes on are found there when it is opened again.
func TestWordsThatDidNotGoOn(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.requested("Ancora il carrello", request)
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, words))
	s.arrives(s.answer(s.about(marco, "MB-2"), marco, "I have found the fault in the payment module."))
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "merge MB-2"))
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "reopen"))
	s.post()
	if one, two := s.ticket(1).Draft, s.ticket(2).Draft; one.Personal != words || two.Personal == words {
		t.Errorf("draft of MB-1 %+v, of MB-2 %+v", one, two)
	}
	s.checkFold()
}

// The text of the merged ticket stands under its own number, subject and arrival.
func TestMergeShowsWhichMessageItIs(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.at("15:20").requested("Ancora il carrello", "Non va ancora, sempre il carrello.")
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "merge MB-2"))
	s.post()
	s.wantText(marco, "Subject [MB-1] Carrello Received Monday 23 November 2026, 15:00", "!Subject Ancora il carrello")
}
