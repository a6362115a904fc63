package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// The mail to staff that an answer holds goes to no customer, whatever the language of the mail program that put it there without marks
// of a quote: the person's words come back first, and once they are shown a bare ok sends them.
func TestMailToStaffInUnknownTongue(t *testing.T) {
	for name, above := range map[string]string{
		"block, hungarian":        "Feladó: assistenza <" + support + ">\nElküldve: 2026. november 23., hétfő 15:00\nCímzett: Anna Verdi <" + anna + ">\nTárgy: [MB-1] Carrello\n\n",
		"block, croatian, drawn":  "________________________________\nŠalje: assistenza <" + support + ">\nPoslano: 23. studenog 2026. 15:00\nPrima: Anna Verdi <" + anna + ">\nPredmet: [MB-1] Carrello\n\n",
		"line, hungarian":         "assistenza <" + support + "> ezt írta ekkor: 2026. nov. 23., H 15:00:\n\n",
		"line, basque, two lines": "2026(e)ko aza. 23(a), al. (15:00), assistenza\n<" + support + "> erabiltzaileak hau idatzi du:\n\n",
		"nothing":                 "",
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			says := func(text string) {
				t.Helper()
				m := s.answer(s.last(anna), anna, "")
				m.text = text + "\n\n" + above + strings.TrimSpace(mailparse.Parse(s.last(anna).Bytes).Text)
				s.arrives(m)
				s.post()
				for _, l := range s.letters(mario) {
					if got := mailparse.Parse(l.Bytes).Text; strings.Contains(got, "Nuova richiesta") || strings.Contains(got, support) {
						t.Fatalf("the customer got\n%s", got)
					}
				}
			}
			says("ok\n\n" + words)
			if above == "" { // its words alone say where our mail begins
				s.wantLetters(1)
				return
			}
			s.wantLetters(0)
			says("ok")
			s.wantLetters(1)
			if got := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(got, "certificato scaduto") {
				t.Errorf("the customer got\n%s", got)
			}
		})
	}
}
