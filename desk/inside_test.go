package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// Staff are shown what the customer writes into the letter of ours that he answers, where his program marks no quote.
func TestWordsWithinOurLetterAreShown(t *testing.T) {
	const answer = "Il codice cliente è 4711."
	for name, c := range map[string]struct {
		write func(ours string) string
		whole bool
	}{
		"between the lines": {func(ours string) string {
			return strings.Replace(ours, "Le scrivo", answer+"\n\nLe scrivo", 1)
		}, true},
		"behind a line": {func(ours string) string {
			return strings.Replace(ours, "richiesta risolta.", "richiesta risolta. -> "+answer, 1)
		}, true},
		"below":   {func(ours string) string { return ours + "\n\n" + answer }, true},
		"nothing": {func(ours string) string { return ours }, false},
		"nothing, broken otherwise": {func(ours string) string {
			return strings.ReplaceAll(folded(ours), ". ", ".\n \n")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			s.says(anna, "ok\n\n"+words)
			ours := mailparse.Parse(s.last(mario).Bytes)
			m := s.answer(s.last(mario), mario, "")
			m.subject = "R: " + m.subject
			m.text = "Vedete le risposte sotto, in rosso.\n\nDa: assistenza <" + support + ">\nInviato: lunedì 23 novembre 2026 15:10\nA: Mario <" + mario + ">\nOggetto: " +
				ours.Subject + "\n\n" + c.write(strings.TrimSpace(ours.Text)) + "\n"
			s.arrives(m)
			s.post()
			again := mailparse.Parse(s.last(anna).Bytes).Text
			if !strings.Contains(again, "in rosso") || strings.Contains(again, "4711") != c.whole {
				t.Errorf("shown: %v\n%s", strings.Contains(again, "4711"), again)
			}
			if !c.whole && strings.Contains(again, "Inviato: luned") {
				t.Errorf("our own letter is shown again\n%s", again)
			}
		})
	}
}
