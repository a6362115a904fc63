package desk_test

import (
	"strings"
	"testing"
	"time"

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

// A customer whose language the desk has no letters in is answered in one that he is likelier to read than the desk's own: English, or Spanish
// where he wrote in Catalan.
func TestForeignTongue(t *testing.T) {
	for text, want := range map[string]string{
		"Guten Tag, seit gestern funktioniert das Modul nicht mehr und Kunden können nicht bestellen. Können Sie bitte helfen?":                "en",
		"Goedendag, sinds gisteren werkt de module niet meer en kunnen klanten geen bestelling plaatsen. Kunt u ons helpen?":                   "en",
		"Dzień dobry, od wczoraj moduł nie działa i klienci nie mogą składać zamówień. Proszę o szybką pomoc, bo sklep stoi.":                  "en",
		"Merhaba, dünden beri modül çalışmıyor ve müşteriler sipariş veremiyor. En kısa sürede yardımcı olabilir misiniz?":                     "en",
		"Καλημέρα, από χθες το module δεν λειτουργεί και οι πελάτες δεν μπορούν να παραγγείλουν. Μπορείτε να βοηθήσετε;":                       "en",
		"Hei. Siden i går virker ikke modulen lenger, og kundene våre får ikke bestilt. Kan dere hjelpe oss?":                                  "en",
		"Bon dia, des d'ahir el mòdul no funciona i els clients no poden fer comandes. Ens podeu ajudar, si us plau?":                          "es",
		"Bonjour, depuis hier le module ne fonctionne plus et les clients ne peuvent pas commander. Pouvez-vous nous aider, s'il vous plaît ?": "fr",
		"Sito?": "it",
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "SEO Pro", text: text})
		if got := s.ticket(1).Draft.Language; got != want {
			t.Errorf("%q is answered in %s, want %s", text, got, want)
		}
	}
	italian := agency(t)
	italian.Languages = []string{"it"}
	s := play(t, italian)
	s.arrives(mail{from: mario, subject: "SEO Pro", text: "Guten Tag, seit gestern funktioniert das Modul nicht mehr und Kunden können nicht bestellen."})
	if got := s.ticket(1).Draft.Language; got != "it" {
		t.Errorf("a desk without English answers in %s", got)
	}
}

// A warning that our gateway writes above each mail from outside is in the gateway's language, not in the customer's.
func TestTongueBelowAWarning(t *testing.T) {
	const english = "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.\n\n"
	const italian = "ATTENZIONE: Questa email proviene dall'esterno dell'organizzazione. Non cliccare sui link e non aprire gli allegati se non riconosci il mittente.\n\n"
	for text, want := range map[string]string{
		english + "Buongiorno, da ieri il carrello non va.":   "it",
		english + "Bonjour, le panier est vide depuis hier.":  "fr",
		italian + "Bonjour, le panier est vide depuis hier.":  "fr",
		english + "Hello, the cart is empty since yesterday.": "en",
		italian + "Ok.": "it",
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "SEO Pro", text: text})
		if got := s.ticket(1).Draft.Language; got != want {
			t.Errorf("%q is answered in %s, want %s", text, got, want)
		}
	}
}

// A few words do not turn a thread to another language, however long the warning is that a gateway writes above them.
func TestFewWordsBelowAWarning(t *testing.T) {
	const warning = "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.\n\n"
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Panier", text: "Bonjour, le panier de notre boutique est vide depuis hier et les clients ne peuvent plus payer."})
	s.post()
	s.says(anna, "ok\n"+words)
	s.now = s.now.Add(3 * time.Minute)
	s.post()
	ours := []string{mailparse.Parse(s.last(mario).Bytes).MessageID}
	for text, want := range map[string]string{"Va bene, grazie mille, a presto!": "fr", "": "fr"} {
		s.arrives(mail{from: mario, subject: "Re: Panier", reply: ours, text: warning + text})
		if got := s.ticket(1).Verdict.Language; got != want {
			t.Errorf("%q turned the thread to %s", text, got)
		}
	}
}
