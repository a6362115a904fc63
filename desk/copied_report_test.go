package desk_test

import (
	"strings"
	"testing"

	"replyby/store"
)

// returned is the report that a letter could not be delivered to somebody.
func returned(l store.Letter, to string) []byte {
	return []byte(strings.ReplaceAll(strings.ReplaceAll(bounce, "MESSAGE-ID", l.MessageID), mario, to))
}

// I4, I10: a report about somebody who was copied, or about our own copy, says nothing of the customer: his clocks stay as they are, nobody
// is invited to write to him again, and a report about him is still heard.
func TestReportAboutSomebodyCopied(t *testing.T) {
	for _, other := range []string{"Socio@cliente.example", support} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "Carrello", text: request, head: []string{"Cc: socio@cliente.example"}})
		s.post()
		s.says(anna, "ok all\n\n"+words)
		l := s.last(mario)
		before := len(s.letters(anna))
		s.at("15:30").delivers(returned(l, other), "")
		s.post()
		if ack, _ := s.ticket(1).Duty("ack"); ack.Running() {
			t.Errorf("%s did not get it: mario did, and his clock runs again", other)
		}
		if told := len(s.letters(anna)) > before; !told {
			t.Errorf("nobody is told that %s did not get it", other)
		}
		s.wantText(anna, other, "!non ha ricevuto nulla")
		before = len(s.letters(anna))
		s.at("15:35").delivers(returned(l, mario), "")
		s.post()
		if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() || len(s.letters(anna)) == before {
			t.Errorf("%s, then mario did not get it: nobody is told of the second", other)
		}
	}
}
