package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// Staff are shown all that the customer writes also where it stands below a line or in somebody else's mail: only the letter of ours that he
// answers is left out.
func TestFurtherMailIsShownWhole(t *testing.T) {
	for name, c := range map[string]struct{ text, word string }{
		"forwarded below": {"Ecco cosa dice il nostro provider:\n\n---------- Forwarded message ---------\nDa: Hosting <help@hosting.example>\nDate: lun 23 nov 2026 alle ore 15:20\n" +
			"Subject: porta 443\nTo: <mario@cliente.example>\n\nLa porta 443 è chiusa verso 192.0.2.7.\n", "192.0.2.7"},
		"a log between lines":      {"Il messaggio:\n________________\nFatal error in cart.php line 12\n________________\nche cosa devo fare?", "cart.php"},
		"what others wrote to us":  {"Vedete sotto.\n\nDa: Hosting\nInviato: lunedì 23 novembre 2026 10:00\nA: assistenza <" + support + ">\nOggetto: porta 443\n\nLa porta è chiusa verso 192.0.2.7.\n", "192.0.2.7"},
		"a sentence like a footer": {"Inviato da iPhone l'ordine resta bloccato, da PC no.", "bloccato"},
		"what a colleague wrote":   {"Buongiorno.\n\nIl 22/11/2026 alle 10:00 Paolo ci ha scritto:\nil carrello è fermo anche per lui.\n\nPotete guardare?", "Potete guardare"},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: c.text})
			s.post()
			if first := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(first, c.word) {
				t.Errorf("not even as a first mail:\n%s", first)
			}
			s.says(anna, "ok\n\n"+words)
			m := s.answer(s.last(mario), mario, "")
			m.text = c.text + "\n"
			m.subject = "Re: " + m.subject
			s.arrives(m)
			s.post()
			again := mailparse.Parse(s.last(anna).Bytes).Text
			if !strings.Contains(again, c.word) {
				_, shown, _ := strings.Cut(again, "Ricevuta")
				shown, _, _ = strings.Cut(shown, "BOZZA")
				t.Errorf("staff never see %q; the mail shows\n%s", c.word, shown)
			}
		})
	}
}

// The letter of ours that a customer answers is not shown again, however his program introduces it.
func TestOurLetterIsNotShownAgain(t *testing.T) {
	for _, above := range []string{
		"Il giorno lun 23 nov 2026 alle ore 15:00 Anna Verdi <\n" + support + "> ha scritto:\n\n> LETTERA", "Il 23/11/2026 15:00, Anna Verdi ha scritto:\n> LETTERA",
		"________________________________\nDa: Anna Verdi <" + support + ">\nInviato: lunedì 23 novembre 2026 15:00\nA: Mario\nOggetto: Re: Carrello\n\nLETTERA",
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "Carrello", text: request})
		s.post()
		s.says(anna, "ok\n\n"+words)
		m := s.answer(s.last(mario), mario, "")
		ours := strings.TrimSpace(mailparse.Parse(s.last(mario).Bytes).Text)
		above = strings.Replace(above, "> LETTERA", "> "+strings.ReplaceAll(ours, "\n", "\n> "), 1)
		m.text = "Adesso funziona di nuovo.\n\n" + strings.Replace(above, "LETTERA", ours, 1) + "\n"
		s.arrives(m)
		s.post()
		if again := mailparse.Parse(s.last(anna).Bytes).Text; strings.Contains(again, "certificato scaduto") || !strings.Contains(again, "Adesso funziona") {
			t.Errorf("%s\n%s", above, again)
		}
	}
}
