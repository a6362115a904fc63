package desk_test

import (
	"testing"

	"replyby/ticket/verdict"
)

// An answer repeats the subject of the ticket. That does not make urgent again what a person has lowered; the term written anew does.
func TestLoweredStaysLowered(t *testing.T) {
	for said, want := range map[string]verdict.Urgency{
		"":                           verdict.NotUrgent,
		"URGENTE: ":                  verdict.Urgent,
		"URGENTE pagamento fermo - ": verdict.Urgent,
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "URGENTE carrello vuoto", text: request})
		s.post()
		s.says(anna, "normal: non blocca le vendite\nok\n"+words)
		m := s.answer(s.last(mario), mario, "Grazie, il numero d'ordine è 4711.")
		m.subject = said + m.subject
		s.arrives(m)
		if got := s.ticket(1).Verdict.Urgency; got != want {
			t.Errorf("%q: %s, want %s", m.subject, got, want)
		}
		s.checkFold()
	}
}
