package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

const laterWords = "La fattura 77 porta ancora l'indirizzo vecchio, e dobbiamo consegnarla oggi."

// What is to be answered is what the customer wrote last. Whoever is warned of the next reply, or gets the ticket from a colleague, reads that, and
// what it all began with below.
func TestLatestMessageIsShown(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.at("15:10").arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "Re: Carrello", text: laterWords, reply: []string{s.last(mario).MessageID}})
	s.post()
	if text := s.text(anna); strings.Count(text, "fattura 77") != 1 {
		t.Errorf("the mail about it shows it %d times:\n%s", strings.Count(text, "fattura 77"), text)
	}
	s.until("17:55")
	shows := func(what, text string) {
		t.Helper()
		latest, first := strings.Index(text, "fattura 77"), strings.Index(text, strings.Fields(request)[0])
		if latest < 0 || first < latest || strings.Count(text, "fattura 77") != 1 || !strings.Contains(text, "L'ULTIMO MESSAGGIO DEL CLIENTE") && !strings.Contains(text, "THE CUSTOMER'S LATEST MESSAGE") {
			t.Errorf("%s does not show first what came last:\n%s", what, text)
		}
	}
	shows("the warning", s.lastWarning(anna))
	s.says(anna, "assign Marco")
	shows("the mail to who got it", mailparse.Parse(s.last(marco).Bytes).Text)
	s.checkFold()
}
