package desk_test

import (
	"strings"
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

// Who answers an old letter under another subject has another matter: staff read his subject, and that it is urgent now.
func TestAnswerUnderAnotherSubject(t *testing.T) {
	for subject, wants := range map[string][]string{
		"URGENTE pagamento con carta":  {"Oggetto   URGENTE pagamento con carta", "!! URGENTE per contratto"},
		"Pagamento con carta":          {"Oggetto   Pagamento con carta"},
		"Re: [MB-1] Risolto: Carrello": {"Oggetto   Carrello"},
		"R: Carrello":                  {"Oggetto   Carrello"},
		"":                             {"Oggetto   Carrello"},
	} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, "fixed\n"+words)
		s.post()
		m := s.answer(s.last(mario), mario, "Il pagamento con carta dà errore.")
		m.subject = subject
		s.arrives(m)
		s.post()
		got := s.last(anna).Text
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%q: no %q in\n%s", subject, want, got)
			}
		}
		if urgent := strings.Contains(got, "!! URGENTE"); urgent != (len(wants) > 1) {
			t.Errorf("%q: urgent is %v", subject, urgent)
		}
	}
}
