package desk_test

import (
	"strings"
	"testing"
)

// What the configuration lists among its products, and a subject names, needs nobody's `field product`.
func TestProductOfSubject(t *testing.T) {
	for subject, want := range map[string]string{
		"Errore con il modulo seo dopo l'aggiornamento":         "Modulo SEO",
		"MODULO-SEO PRO: pagina bianca":                         "Modulo SEO Pro",
		"Il Modulo SEO e il Modulo Cassa non vanno più insieme": "", // which of them?
		"Modulo Seoul": "",
	} {
		c := agency(t)
		c.Products = []string{"Modulo SEO", "Modulo SEO Pro", "Modulo Cassa"}
		s := play(t, c)
		s.requested(subject, request)
		s.arrives(mail{from: "luigi@altro.example", subject: subject, text: "Anche da noi il modulo mostra un errore in ogni pagina del negozio."})
		s.post()
		s.says(anna, "patch 1.2.3\n\n"+solved)
		text := s.text(anna)
		if holds := strings.Contains(text, "nella versione 1.2.3 di "+want+","); holds != (want != "") {
			t.Errorf("%q: %v that it is about %q:\n%s", subject, holds, want, text)
		}
		if want != "" && (!strings.Contains(text, "MB-1") || !strings.Contains(text, "MB-2")) {
			t.Errorf("%q: who waits for the same is not shown:\n%s", subject, text)
		}
	}
}
