package desk_test

import (
	"strings"
	"testing"
)

// A question that is answered is answered: nothing is taken in charge, and no word of a solution is promised. Whoever owes a word of the
// solution still says so.
func TestQuestionIsAnswered(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Come esporto i tag?", "Buongiorno, come esporto i tag dei prodotti con il modulo? Grazie.")
	s.says(anna, "question\nok\n\n"+words)
	s.wantLetters(1)
	s.wantText(mario, strings.Join(strings.Fields(words), " "), "!preso in carico", "!a richiesta risolta")
	if ack, _ := s.ticket(1).Duty("ack"); ack.MetBy == "" {
		t.Errorf("the first answer is still owed: %+v", ack)
	}
	s.at("15:10").requested("Altra domanda", "Buongiorno, come cambio la lingua del modulo? Grazie.")
	s.says(anna, "question\nok\nnext domani 17:00\n\nVerifico con lo sviluppatore e Le rispondo.")
	s.wantText(mario, "Il prossimo aggiornamento arriva entro martedì 24 novembre 2026, ore 17:00")

	a := play(t, agency(t))
	a.requested("Come esporto i tag?", "Buongiorno, come esporto i tag dei prodotti? Grazie.")
	a.says(anna, "question\nok\n\n"+words)
	a.wantText(mario, "preso in carico", "Le scrivo in ogni caso a richiesta risolta")
}
