package desk_test

import (
	"fmt"
	"strings"
	"testing"
)

// Who writes a note writes it for the others. They read it wherever they are asked about the ticket, and the customer nowhere.
func TestNotesAreRead(t *testing.T) {
	cfg := agency(t)
	cfg.Staff[1].Language = "it"
	s := play(t, cfg)
	s.acknowledged("Carrello")
	s.at("15:05").says(anna, "assign Marco\nnote Il tema vecchio sta in /themes/old")
	const note = "oggi 15:05, Anna Verdi: Il tema vecchio sta in /themes/old"
	whole := func(who string) string { return strings.Join(strings.Fields(s.text(who)), " ") }
	if got := whole(marco); !strings.Contains(got, "Ora è tua") && !strings.Contains(got, "affidata a te") || !strings.Contains(got, note) {
		t.Errorf("who got the ticket does not read the note:\n%s", got)
	}
	s.says(marco, "ok\n"+secondWords)
	if got := whole(mario); strings.Contains(got, "/themes/old") {
		t.Errorf("the customer reads the note:\n%s", got)
	}
	for i := range 6 {
		s.says(marco, fmt.Sprintf("note numero %d", i))
	}
	s.at("15:30").arrives(mail{from: mario, subject: "Re: Carrello", text: laterWords, reply: []string{s.last(mario).MessageID}})
	s.post()
	if got := whole(anna); !strings.Contains(got, "Marco Neri: numero 5") || !strings.Contains(got, "Marco Neri: numero 1") || strings.Contains(got, "numero 0") {
		t.Errorf("not the latest five:\n%s", got)
	}
	s.until("17:55")
	if got := s.lastWarning(anna); !strings.Contains(got, "numero 5") {
		t.Errorf("who is warned does not read the notes:\n%s", got)
	}
	s.checkFold()
}
