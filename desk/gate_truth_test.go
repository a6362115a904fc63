package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"replyby/desk/arrival"
	"replyby/ticket/kind"
)

// Conditions of the approval rule, one bit each.
const (
	singletons = 1 << iota // fields that may occur once do
	enrolled               // From is one enrolled ASCII address
	authentic              // proven to come from there
	personal               // no mark of automation
	unspent                // a token of this person and ticket
	explicit               // a verb on the first fresh line
	current                // the draft is the one shown
	cells      = 1 << iota
)

// I3: of all 128 ways in which the seven conditions can hold, one sends a letter; every other leaves the reason behind.
func TestTruthTable(t *testing.T) {
	t.Parallel() // a long one
	reasons := map[string]int{}
	for cell := range cells {
		t.Run(fmt.Sprintf("%07b", cell), func(t *testing.T) {
			s := asked(t)
			s.arrives(s.cellMail(cell))
			s.post()
			if cell == cells-1 {
				s.wantLetters(1)
				return
			}
			s.wantLetters(0)
			if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() {
				t.Error("the clock stopped")
			}
			reason := s.reasonOf(cell)
			if reason == "" {
				t.Errorf("no reason is kept: %v", s.events(-1))
			}
			reasons[strings.Fields(reason + " ?")[0]]++
		})
	}
	t.Logf("cells: %d, first words of the reasons: %v", cells, reasons)
}

// cellMail writes the reply in which exactly the conditions of the cell hold.
func (s *scenario) cellMail(cell int) mail {
	s.Helper()
	toAnna, toMarco := s.last(anna), s.last(marco)
	if cell&current == 0 {
		s.says(marco, "Un'altra bozza, scritta da Marco per questo cliente.")
	}
	text := "ok\n\n" + words
	if cell&explicit == 0 {
		text = words
	}
	m := s.answer(toAnna, anna, text)
	if cell&unspent == 0 {
		m.subject = s.answer(toMarco, marco, "").subject
	}
	if cell&singletons == 0 {
		m.head = append(m.head, "To: "+support)
	}
	if cell&enrolled == 0 {
		m.from = "\u0430nna@mb.example" // a Cyrillic letter
	}
	if cell&authentic == 0 {
		m.auth = arrival.Fail
	}
	if cell&personal == 0 {
		m.head = append(m.head, "Auto-Submitted: auto-replied")
	}
	return m
}

// reasonOf reads what the desk kept of a refused mail, and checks that it is the reason that comes first.
func (s *scenario) reasonOf(cell int) string {
	s.Helper()
	one, own := s.ticket(1), s.ticket(0)
	switch {
	case cell&personal == 0:
		filed := append(one.Filed, own.Filed...)
		if len(filed) != 1 || !strings.Contains(filed[0].Reason, "Auto-Submitted") {
			s.Errorf("filed %+v", filed)
			return ""
		}
		return "filed: " + filed[0].Reason
	case cell&enrolled == 0: // a stranger's request, however it looks
		if two := s.ticket(2); len(two.Links) != 1 {
			s.Errorf("links %v", two.Links)
		}
		return "stranger"
	}
	for _, c := range []struct {
		bit  int
		code string
	}{{singletons, "repeated_field: To"}, {unspent, "other_person"}, {authentic, "unproven"}} {
		if cell&c.bit == 0 {
			s.wantRefused(1, c.code)
			return c.code
		}
	}
	if cell&explicit == 0 {
		want := 2
		if cell&current == 0 {
			want = 3
		}
		if one.Draft.Version != want || s.count(1, kind.Decided) != 0 || s.last(anna).Purpose != "review" {
			s.Errorf("draft %d, want the text mailed back as %d", one.Draft.Version, want)
		}
		return "shown again"
	}
	s.wantRefused(1, "superseded")
	return "superseded"
}
