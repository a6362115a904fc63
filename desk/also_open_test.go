package desk_test

import (
	"fmt"
	"strings"
	"testing"
)

// Staff read of a new request which others of its customer are open, the latest first and three at most, with what joins them. Those of
// others, and what is closed, are not named.
func TestReviewNamesWhatIsOpenToo(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: "luigi@altro.example", subject: "Altro cliente", text: request})
	for i := range 6 {
		s.requested(fmt.Sprint("Carrello ", i), fmt.Sprint(request, i))
		s.at(fmt.Sprintf("15:%02d", i+1))
		switch i {
		case 0:
			s.wantText(anna, "!aperta anche")
		case 3:
			s.arrives(s.answer(s.last(anna), anna, "take"))
			s.saysOf(anna, "MB-4", "close")
		}
	}
	text := read(s.about(anna, "MB-7"))
	want := `Dello stesso cliente è aperta anche MB-6: "Carrello 4" (oggi 15:04; assegnata a nessuno). Se è la stessa cosa, rispondi "merge MB-6". ` +
		`Dello stesso cliente è aperta anche MB-5: "Carrello 3" (oggi 15:03; assegnata a Anna Verdi). Se è la stessa cosa, rispondi "merge MB-5". ` +
		`Dello stesso cliente è aperta anche MB-3: "Carrello 1" (oggi 15:01; assegnata a nessuno). Se è la stessa cosa, rispondi "merge MB-3".`
	if !strings.Contains(text, want) || strings.Contains(text, "MB-1 ") || strings.Contains(text, "MB-2") {
		t.Errorf("what else is open:\n%s", text)
	}
	s.saysOf(anna, "MB-7", "merge MB-6")
	if s.ticket(7).MergedInto != 6 {
		t.Errorf("not joined: %+v", s.ticket(7).Refusals)
	}
	s.checkFold()
}
